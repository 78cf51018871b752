"""A chat as QQ Chat Exporter holds it: its messages, and which of them each reply means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.archive.formats.qce_message import Reply, said
from knowledge.archive.objects import Fields, text
from knowledge.archive.packed import Packed
from knowledge.archive.reading import UNSAID, Quoted, ReadMessage
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import epoch, in_utc, iso

_NOBODY = frozenset({"", "0", "未知"})
_RECALLED = "撤回了一条消息"


def info(found: Any) -> tuple[str | None, str, bool]:
    """Name and id of the chat that `chatInfo` tells of, and whether it is no group."""
    if not isinstance(found, dict):
        return None, "", False
    name = clean(text(found.get("name"))) or None
    return name, text(found.get("peerUid")), text(found.get("type")) in ("private", "temp")


class Gathered:
    """Messages as they come, and then all of them with their replies."""

    def __init__(self, losses: Tally) -> None:
        self._losses = losses
        self._found = Packed(ReadMessage)
        self._replies: dict[int, Reply] = {}

    def take(self, number: int, found: Fields) -> None:
        """Add a message; one that cannot be dated is told as a loss."""
        moment = _moment(found)
        if moment is None:
            self._losses.lose(number, "a message without a time was left out")
            return
        date, time, at = moment
        content = said(found)
        name, alias, who = self._speaker(number, found)
        kind, words = content.kind, content.text
        if found.get("system") is True or found.get("isSystemMessage") is True or not who:
            kind = "recall" if _RECALLED in words else "system"
        elif found.get("recalled") is True or found.get("isRecalled") is True:
            kind, words = "recall", ""
        silent = kind in UNSAID
        if content.reply and not silent:
            self._replies[len(self._found)] = content.reply
        self._found.append(
            ReadMessage(
                *(date, time, "" if kind == "system" else name),
                *(self._losses.cut(words, number), number),
                kind=kind,
                id=_id(found),
                sender_id=who,
                alias="" if silent or alias == name else alias,
                attachment="" if silent else content.attachment,
                at=at,
            )
        )

    def _speaker(self, number: int, found: Fields) -> tuple[str, str, str]:
        """Name in the group, the account's, and number; all empty for the system.

        `name` is what the exporter displays: it may be a remark where nothing else is there.
        """
        sender, raw = found.get("sender"), found.get("rawMessage")
        sender = sender if isinstance(sender, dict) else {}
        raw = raw if isinstance(raw, dict) else {}
        uin, uid = text(sender.get("uin")), text(sender.get("uid"))
        name = clean(text(sender.get("name")))
        who = uin if uin not in _NOBODY else uid if uid not in _NOBODY else ""
        if not who and name in ("", "0", "系统消息"):
            return "", "", ""
        card = clean(text(sender.get("groupCard")) or text(raw.get("sendMemberName")))
        account = clean(text(sender.get("nickname")) or text(raw.get("sendNickName")))
        if not card and not account and name and name == clean(text(sender.get("remark"))):
            what = "names may be your own remarks; export with group nicknames"
            self._losses.lose(number, what)
        return card or account or name or who or NAMELESS, account or name, who or name

    def messages(self) -> Packed[ReadMessage]:
        """All messages, in order, each with what it replies to."""
        replies = self._replies
        ids = {reply.id for reply in replies.values()}
        meant = {(reply.at, reply.sender_id) for reply in replies.values()}
        senders: dict[str, str] = {}
        moments: dict[tuple[int, str], str] = {}
        begun = 0
        for m in self._found if replies else ():
            if m.id and m.id in ids:
                senders[m.id] = m.sender_id
            if m.at:
                begun = min(begun or m.at, m.at)
                if m.id and (m.at, m.sender_id) in meant:
                    moments.setdefault((m.at, m.sender_id), m.id)
        answered = {
            i: there
            for i, reply in replies.items()
            if (there := _answered(reply, senders, moments, begun)) is not None
        }
        if not answered:
            return self._found
        return Packed(
            ReadMessage,
            (
                replace(m, reply=answered[i]) if i in answered else m
                for i, m in enumerate(self._found)
            ),
        )


def _answered(
    reply: Reply, senders: dict[str, str], moments: dict[tuple[int, str], str], begun: int
) -> str | Quoted | None:
    """What a message of a chat that begun then replies to.

    `senders` are those of the messages by their ids, `moments` the ids by when and by whom.
    """
    sender = senders.get(reply.id)
    meant = sender is not None and reply.sender_id in ("", sender)
    if meant or (reply.id and 0 < reply.at < begun):  # or it stands in an earlier file
        return reply.id
    if (there := moments.get((reply.at, reply.sender_id))) is not None:
        return there
    if reply.words:
        return Quoted(reply.sender_id or reply.name, reply.words)
    return reply.id if reply.id and sender is None else None


def _id(found: Fields) -> str:
    id = text(found.get("id")) or text(found.get("messageId"))
    return "" if id == "0" else id


def _moment(found: Fields) -> tuple[str, str, int | None] | None:
    """Date, time and moment: milliseconds, else an ISO text."""
    at = epoch(found.get("timestamp"))
    if at:
        return (*in_utc(at), at)
    return iso(found.get("time")) or iso(found.get("timestamp"))
