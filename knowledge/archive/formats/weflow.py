"""Reads the detailed JSON of EchoTrace, WeFlow and CipherTalk, and WeFlow's arkme variant.

EchoTrace wrote it from October 2025 to January 2026, WeFlow (the same author's) to July 2026,
CipherTalk since April 2026; known from their exporters' sources and from files that they wrote.
`localId` counts within one export and is no id of a message. The name of a speaker is by default
what the exporting person noted for himself; a group's nickname stands beside it in some versions.
"""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import BinaryIO

from knowledge.archive import texts
from knowledge.archive.formats.json_heads import field, leading
from knowledge.archive.formats.wechat_terms import (
    OWN_REMARKS,
    Once,
    Told,
    forwarded,
    is_room,
    kind_of,
    told,
)
from knowledge.archive.objects import Fields, Objects, first, inner, listed, places, text
from knowledge.archive.packed import Packed
from knowledge.archive.reading import Quoted, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.records import Head, ItemRecords
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import epoch, in_utc

_KINDS = {
    "文本消息": "text",
    "引用消息": "text",
    "图片消息": "image",
    "语音消息": "voice",
    "视频消息": "video",
    "文件消息": "file",
    "动画表情": "sticker",
    "名片消息": "card",
    "位置消息": "location",
    "系统消息": "system",
    "链接消息": "link",
    "小程序消息": "link",
    "音乐消息": "link",
    "图文消息": "link",
    "卡片式链接": "link",
    "小程序分享": "link",
    "视频号直播卡片": "link",
    "转账消息": "transfer",
    "转账卡片": "transfer",
    "红包消息": "redpacket",
    "红包卡片": "redpacket",
    "聊天记录": "forward",
    "聊天记录合并转发": "forward",
    "群公告": "announcement",
    "通话消息": "call",
}
_GROUP, _PRIVATE = "群聊", "私聊"
_MARKS = ("weflow", "exportInfo", "messages.item.senderDisplayName")
_REFERMSG = 4000  # characters of it that are looked at: ids and names stand first
_REFERRED = re.compile(r"<svrid>\s{0,9}([0-9]{1,25})\s{0,9}</svrid>")
_REFERRED_NAME = re.compile(r"<displayname>([^<]{0,200})</displayname>")
_REFERRED_WORDS = re.compile(r"<content>([^<]{1,2000})")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WeFlowReader()]


class WeFlowReader:
    """Reader of the detailed JSON of WeFlow and its kin."""

    name = "weflow-json"
    written_by = "WeFlow, EchoTrace, CipherTalk"
    how = (
        "导出聊天记录时选 JSON（详细）或 arkme JSON，名字用群昵称；能选 ChatLab 格式的话，选它更好"
    )
    caveat = OWN_REMARKS
    suffixes = frozenset({".json"})
    records = ItemRecords("messages")

    def recognises(self, head: bytes) -> bool:
        """A session with a WeChat id, and what else only these programs write."""
        found = places(head)
        return (
            "session.wxid" in found
            and "chatlab" not in found
            and (
                not found.isdisjoint(_MARKS)
                or first(BytesIO(head), "session.type") in (_GROUP, _PRIVATE)
            )
        )

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file."""
        top = leading(stream, "messages")
        senders = listed(field(top, stream, "senders")) if _arkme(top) else []
        chat = _Chat(inner(field(top, stream, "session")), senders)
        objects = Objects(stream, "messages.item")
        for number, message in objects:
            chat.message(message, number)
        losses = (*objects.losses, *chat.losses.losses)
        if chat.private:
            return ReadFile((), losses)
        return ReadFile.single(chat.group, chat.messages, losses, chat.id)

    def told_by_head(self, content: bytes) -> Head | None:
        """What stands before the messages, unless it stands behind them."""
        top = leading(BytesIO(content), "messages")
        if "session" not in top or (_arkme(top) and "senders" not in top):
            return None
        return _Chat(inner(top["session"]), listed(top.get("senders")) if _arkme(top) else []).head


def _arkme(top: Fields) -> bool:
    return "senders" in top or inner(top.get("weflow")).get("format") == "arkme-json"


class _Chat:
    """What was read of a chat so far."""

    def __init__(self, session: Fields, senders: list[Fields]) -> None:
        self.id = clean(text(session.get("wxid")))
        names = (clean(text(session.get(key))) for key in ("nickname", "displayName"))
        self.group = next((name for name in names if name), None)
        self.private = session.get("type") == _PRIVATE
        self.losses = Tally()
        self._once = Once()
        self.messages = Packed(ReadMessage)
        self._senders: dict[str, tuple[str, str, str]] = {}  # wxid, speaker, account's name
        for sender in senders:
            self._sender(sender)

    @property
    def head(self) -> Head:
        """What the messages hang on; senders go by numbers, which may be others' the next time."""
        return Head(repr((self.group, self.id, self.private, self._senders)), {})

    def _sender(self, fields: Fields) -> None:
        """Take a sender of the arkme variant: his remark is not his name where another is known."""
        wxid, shown, account, remark, card = (
            clean(text(fields.get(key)))
            for key in ("wxid", "displayName", "nickname", "remark", "groupNickname")
        )
        if remark and shown == remark:
            shown = account
            if not (card or shown):
                self.losses.lose(0, f"a speaker has no other name than a remark: {OWN_REMARKS}")
                shown = remark
        self._senders[text(fields.get("senderID"))] = (wxid, card or shown or account, account)

    def message(self, fields: Fields, number: int) -> None:
        """Take a message; one without a time is lost."""
        at = epoch(fields.get("createTime"))
        if self.private:
            return self.losses.lose(0, "a chat of two people and no group's; left out")
        if at is None:
            return self.losses.lose(number, "a message without a time was left out")
        found = self._told(fields)
        sender, speaker, account = self._who(fields)
        if found.kind == "system" and (is_room(sender) or sender == self.id):
            sender = speaker = account = ""
        date, time, speaker, sender, account = self._once(*in_utc(at), speaker, sender, account)
        message = ReadMessage(
            date,
            time,
            speaker,
            self.losses.cut(found.text, number),
            number,
            kind=found.kind,
            id=clean(text(fields.get("platformMessageId"))),
            sender_id=sender,
            reply=_reply(fields, found),
            alias=account if account != speaker else "",
            attachment=found.attachment,
            at=at,
        )
        return self.messages.append(message)

    def _who(self, fields: Fields) -> tuple[str, str, str]:
        """Id, name in the group and name of the account of a sender."""
        if (known := self._senders.get(text(fields.get("senderID")))) is not None:
            wxid, speaker, account = known
            return wxid, speaker or wxid or NAMELESS, account
        wxid, shown, card = (
            clean(text(fields.get(key)))
            for key in ("senderUsername", "senderDisplayName", "groupNickname")
        )
        return wxid, card or shown or wxid or NAMELESS, shown

    def _told(self, fields: Fields) -> Told:
        kind = _KINDS.get(text(fields.get("type")).strip(), "")
        kind = kind or kind_of(fields.get("localType"))
        if kind == "other" and "appMsgType" in fields:
            kind = kind_of(49, fields["appMsgType"])
        found = told(kind, clean(text(fields.get("content"))))
        if found.kind == "link" and (url := clean(text(fields.get("linkUrl")))):
            return Told("link", texts.link(text(fields.get("linkTitle")), url))
        records = listed(fields.get("chatRecords"))
        if found.kind == "forward" and records and "\n" not in found.text:
            return Told("forward", forwarded(found.text.removeprefix("[聊天记录]"), records))
        return found


def _reply(fields: Fields, found: Told) -> str | Quoted | None:
    """What a message replies to: by id, by what WeChat's own record of it says, by words."""
    if (id := clean(text(fields.get("replyToMessageId")))) not in ("", "0"):
        return id
    if found.kind == "text" and (referred := _referred(text(fields.get("rawContent")))):
        return referred
    name, words = (clean(text(fields.get(key))) for key in ("quotedSender", "quotedContent"))
    return Quoted(name, words) if words else found.quoted


def _referred(raw: str) -> str | Quoted | None:
    """What WeChat's own XML of a reply says that it refers to."""
    begin = raw.find("<refermsg>")
    if begin < 0:
        return None
    refer = raw[begin : begin + _REFERMSG]
    if (m := _REFERRED.search(refer)) and m[1].strip("0"):
        return m[1]
    name, words = _REFERRED_NAME.search(refer), _REFERRED_WORDS.search(refer)
    if words is None or words[1].startswith("&lt;"):  # more XML: the quoted message is no text
        return None
    return Quoted(clean(unescape(name[1])) if name else "", clean(unescape(words[1])))
