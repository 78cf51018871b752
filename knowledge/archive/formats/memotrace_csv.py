"""Reads MemoTrace's CSV of both generations.

MemoTrace (留痕, LC044/WeChatMsg) wrote the first from November 2023, with WeChat's own numbers and
XML; the second with version 2 (2024 to 2025), in its own words. Known from its `exporter_csv.py`,
from issues there, and from files that it wrote. Of a reply the first has no words at all. Its
`Remark` is what the exporting person noted for himself, and no name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import BinaryIO

from knowledge.archive import texts
from knowledge.archive.formats.csv_records import Records, header_of, moment, spoilt
from knowledge.archive.formats.memotrace_words import CAVEAT, kind_by_mark, said, unquoted
from knowledge.archive.formats.wechat_terms import Told, kind_of, notice, stand_in
from knowledge.archive.reading import UNSAID, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import epoch, in_utc, iso

_OLD_IDS = ("localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status")
_OLD = (*_OLD_IDS, "StrContent", "StrTime", "Remark", "NickName", "Sender")
_NEW = ("消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息")
_OLD_BEGINS = re.compile(r"\d+,\d+,\d+,\d+,\d*,\d")
_NEW_BEGINS = re.compile(r'"?[\d.eE+]*"?,"?[^",\s]{2,12}"?,')
_PRIVATE = 9  # fields of a row of the first CSV in a chat of two: nobody's name
_KINDS = {
    "文本": "text",
    "引用消息": "text",
    "图片": "image",
    "语音": "voice",
    "视频": "video",
    "表情包": "sticker",
    "动画表情": "sticker",
    "文件": "file",
    "分享链接": "link",
    "小程序": "link",
    "视频号": "link",
    "音乐分享": "link",
    "红包": "redpacket",
    "转账": "transfer",
    "合并转发的聊天记录": "forward",
    "位置分享": "location",
    "位置": "location",
    "名片": "card",
    "公众号名片": "card",
    "系统消息": "system",
    "拍一拍": "poke",
    "音视频通话": "call",
    "群公告": "announcement",
}
_REPLY = "引用消息"
_XML_TITLE = re.compile(r"<title>(?:<!\[CDATA\[)?([^<\]]{1,500})")
_XML_URL = re.compile(r"<url>(?:<!\[CDATA\[)?(https?://[^<\]\s]{1,2000})")
_XML_LABEL = re.compile(r'\b(?:poiname|label|nickname) ?= ?"([^"]{1,200})"')
_XML_LOOK = 20_000  # characters of such XML that are looked at
_ANCHOR = re.compile(r"<a [^<>]{0,500}>[^<>]{0,100}</a>")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's readers, for the registry."""
    return [MemoTraceOldCsvReader(), MemoTraceCsvReader()]


class MemoTraceOldCsvReader:
    """Reader of the CSV of MemoTrace's first versions."""

    name = "memotrace-csv-1"
    written_by = "留痕 MemoTrace 1 (WeChatMsg)"
    how = "导出聊天记录时选 CSV；这一代的 CSV 没有引用回复的内容，TXT 里有"
    suffixes = frozenset({".csv"})

    def recognises(self, head: bytes) -> bool:
        """Its header row."""
        return header_of(head) == _OLD

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; `filename` is the group's name, as MemoTrace names files."""
        file, private = _File(), False
        records = Records(stream, _OLD_BEGINS, frozenset({_PRIVATE, len(_OLD)}))
        for line, fields in records:
            if private := len(fields) == _PRIVATE:
                file.losses.lose(0, "a chat of two people and no group's; left out")
            else:
                _old(file, fields, line)
        group = clean(filename.rsplit(".", 1)[0].removesuffix("_utf8")) or None
        losses = (*records.losses, *file.losses.losses)
        if private and not file.messages:
            return ReadFile((), losses)
        return ReadFile.single(group, file.messages, losses)


class MemoTraceCsvReader:
    """Reader of the CSV of MemoTrace 2."""

    name = "memotrace-csv-2"
    written_by = "留痕 MemoTrace 2 (WeChatMsg)"
    how = "导出聊天记录时选 CSV，名字用群昵称；不要用 Excel 另存"
    caveat = CAVEAT
    suffixes = frozenset({".csv"})

    def recognises(self, head: bytes) -> bool:
        """Its header row."""
        return header_of(head) == _NEW

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; `filename` is the group's name, as MemoTrace names files."""
        file = _File()
        records = Records(stream, _NEW_BEGINS, frozenset({len(_NEW)}))
        for line, fields in records:
            _new(file, fields, line)
        group = clean(filename.rsplit(".", 1)[0]) or None
        return ReadFile.single(group, file.told(), (*records.losses, *file.losses.losses))


class _File:
    """What was read of a file so far, and whether a spreadsheet has rewritten it."""

    def __init__(self) -> None:
        self.losses = Tally()
        self.messages: list[ReadMessage] = []
        self._rewritten = False

    def add(self, found: Told, when: tuple[str, str, int | None], message: ReadMessage) -> None:
        """Take a message that came out of a record."""
        date, time, at = when
        self.messages.append(
            replace(
                message,
                date=date,
                time=time,
                at=at,
                kind=found.kind,
                text=self.losses.cut(found.text, message.line),
                reply=found.quoted,
                attachment=found.attachment,
            )
        )

    def when(self, stated: str, line: int) -> tuple[str, str, int | None] | None:
        """A wall clock's time of a record; one without is lost."""
        stated, rewritten = moment(stated)
        self._rewritten |= rewritten
        when = iso(stated)
        if when is None:
            self.losses.lose(line, "a record without a time was left out")
        return when

    def id(self, stated: str) -> str:
        """An id, unless a spreadsheet has rounded it."""
        self._rewritten |= spoilt(stated)
        return "" if spoilt(stated) else clean(stated)

    def told(self) -> list[ReadMessage]:
        """All messages; those of a file that went through a spreadsheet without their ids."""
        if not self._rewritten:
            return self.messages
        what = "a spreadsheet has rewritten this file: ids are left out, times may have no seconds"
        self.losses.lose(0, f"{what}; export it again, and do not save it from there")
        return [replace(message, id="") for message in self.messages]


def _old(file: _File, fields: list[str], line: int) -> None:
    """Take a record of the first CSV."""
    _, _, type, subtype, _, created, _, content, stated, remark, name, sender = fields
    at = epoch(created) if created.isdecimal() else None
    when = (*in_utc(at), at) if at is not None else file.when(stated, line)
    if when is None:
        return
    found = _told_old(type, subtype, content)
    if kind_of(type, subtype) == "text" and not found.text:
        file.losses.lose(line, "the words of a quoting reply are not in this format")
    nobody = found.kind in UNSAID
    account, remark, sender = clean(name), clean(remark), clean(sender)
    speaker = account or sender or NAMELESS
    message = ReadMessage(
        "",
        "",
        "" if nobody else speaker,
        "",
        line,
        sender_id="" if nobody else sender,
        alias="" if nobody or remark == speaker else remark,
    )
    file.add(found, when, message)


def _told_old(type: str, subtype: str, content: str) -> Told:
    """The content of a record of the first CSV: XML, except of words and system messages."""
    kind = kind_of(type, subtype)
    if kind == "system":
        words = content.strip().removeprefix("<![CDATA[").removesuffix("]]>")
        return notice(clean(unescape(_ANCHOR.sub("", words))))
    if kind == "text":
        return Told(kind, clean(content))
    look = content[:_XML_LOOK]
    title, url = _XML_TITLE.search(look), _XML_URL.search(look)
    words = clean(unescape(title[1])) if title else ""
    if kind == "link" and (words or url):
        return Told(kind, texts.link(words, unescape(url[1]) if url else ""))
    if kind in ("file", "forward", "announcement"):
        return Told(kind, texts.placeholder(kind, words), words if kind == "file" else "")
    if kind in ("location", "card") and (label := _XML_LABEL.search(look)):
        return Told(kind, texts.placeholder(kind, unescape(label[1])))
    return Told(kind, words if kind in ("poke", "other") else stand_in(kind))


def _new(file: _File, fields: list[str], line: int) -> None:
    """Take a record of the second CSV."""
    id, type, name, stated, content, remark, account, _ = fields
    when = file.when(stated, line)
    if when is None:
        return
    content, type = clean(content), type.strip()
    kind = _KINDS.get(type, "other")
    if kind == "other":
        kind = kind_by_mark(content)
        kind = "other" if kind == "text" else kind
    if kind == "system":
        found = notice(content)
    elif type == _REPLY:
        found = unquoted(content)
    else:
        found = Told("text", content) if kind == "text" else said(kind, content)
    nobody = found.kind in UNSAID
    speaker, account, remark = clean(name), clean(account), clean(remark)
    speaker = speaker or account or NAMELESS
    alias = account if account != speaker else remark if remark != speaker else ""
    message = ReadMessage(
        "",
        "",
        "" if nobody else speaker,
        "",
        line,
        id=file.id(id),
        alias="" if nobody else alias,
    )
    file.add(found, when, message)
