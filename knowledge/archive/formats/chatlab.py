"""Reads ChatLab's exchange format, one JSON file a chat or JSON lines: versions 0.0.1 and 0.0.2.

ChatLab describes it in its document `chatlab-format.md` (December 2025). WeFlow, CipherTalk and
converters of many networks write it since, and ChatLab itself. WeFlow repeats what a reply quotes
at the end of its text; both take an ASCII word with a colon at a text's beginning for a sender's
prefix, so that `Q:` is lost there.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.json_heads import field, leading
from knowledge.archive.formats.wechat_terms import Once, Told, forwarded, is_room, told
from knowledge.archive.objects import (
    Fields,
    Objects,
    first,
    in_line,
    inner,
    listed,
    places,
    text,
)
from knowledge.archive.packed import Packed
from knowledge.archive.reading import Chat, Loss, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.records import Head, ItemRecords, LineRecords
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import epoch, in_utc

_KINDS = {
    0: "text",
    1: "image",
    2: "voice",
    3: "video",
    4: "file",
    5: "sticker",
    7: "link",
    8: "location",
    20: "redpacket",
    21: "transfer",
    22: "poke",
    23: "call",
    24: "link",
    25: "text",
    26: "forward",
    27: "card",
    80: "system",
    81: "recall",
}
_HEADER, _MEMBER, _MESSAGE = "header", "member", "message"


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's readers, for the registry."""
    return [ChatLabReader(), ChatLabLinesReader()]


class ChatLabReader:
    """Reader of ChatLab's format as one JSON object."""

    name = "chatlab-json"
    written_by = "WeFlow, CipherTalk, ChatLab"
    how = "导出聊天记录时选 ChatLab 格式（JSON），名字用群昵称"
    suffixes = frozenset({".json"})
    records = ItemRecords("messages")

    def recognises(self, head: bytes) -> bool:
        """An object whose field `chatlab` has a version."""
        found = places(head)
        return "chatlab.version" in found and "_type" not in found

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file."""
        top = leading(stream, "messages")
        room = _room(field(top, stream, "meta"), field(top, stream, "members"))
        objects = Objects(stream, "messages.item")
        for number, message in objects:
            room.message(message, number)
        return _together([room], objects.losses)

    def told_by_head(self, content: bytes) -> Head | None:
        """What stands before the messages, unless it stands behind them."""
        top = leading(BytesIO(content), "messages")
        if "meta" not in top or "members" not in top:
            return None
        return _room(top["meta"], top["members"]).head


class ChatLabLinesReader:
    """Reader of ChatLab's format as JSON lines."""

    name = "chatlab-jsonl"
    written_by = "CipherTalk, ChatLab, Palou"
    how = "导出聊天记录时选 ChatLab 格式（JSONL），名字用群昵称"
    suffixes = frozenset({".jsonl", ".ndjson"})
    records = LineRecords(lambda line: _type(line) == _MESSAGE)

    def recognises(self, head: bytes) -> bool:
        """A first line, comments aside, that is a header's."""
        lines = (line.strip() for line in text_of(head).split("\n"))
        line = next((line for line in lines if line and line[0] != "#"), "")
        record = line.encode(errors="replace")
        return first(BytesIO(record), "_type") == _HEADER and "chatlab" in places(record)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; a further header begins a further chat, or goes on with one."""
        rooms: dict[str, _Room] = {}
        room = _Room({})
        broken = Tally()
        lines = Lines(stream)
        for number, line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            record = in_line(line)
            if record is None:
                broken.lose(number, "no whole JSON object; left out")
            elif record.get("_type") == _HEADER:
                new = _Room(inner(record.get("meta")))
                room = rooms.setdefault(new.id or new.group or "", new)
            elif record.get("_type") == _MEMBER:
                room.member(record)
            elif record.get("_type") == _MESSAGE:
                room.message(record, number)
        return _together(rooms.values() or [room], (*lines.losses, *broken.losses))

    def told_by_head(self, content: bytes) -> Head | None:
        """What the one header says, and the members before the messages."""
        records = [found for line in _lines(content) if (found := in_line(line))]
        headers = [record for record in records if record.get("_type") == _HEADER]
        if len(headers) != 1 or records[0] is not headers[0]:
            return None
        members = [record for record in records if record.get("_type") == _MEMBER]
        return _room(headers[0].get("meta"), members).head


def _type(line: bytes) -> object:
    """What a line of JSONL says that it is."""
    try:
        return (in_line(line.decode()) or {}).get("_type")
    except UnicodeDecodeError:
        return None


def _lines(content: bytes) -> list[str]:
    """The lines of a head, as a reading has them."""
    return [line for _, line in Lines(BytesIO(content))]


def _room(meta: object, members: object) -> _Room:
    """A chat before its first message."""
    room = _Room(inner(meta))
    for member in listed(members):
        room.member(member)
    return room


class _Room:
    """What was read of one chat so far."""

    def __init__(self, meta: Fields) -> None:
        self.group = clean(text(meta.get("name"))) or None
        self.id = clean(text(meta.get("groupId")))
        self.private = meta.get("type") == "private"
        self.losses = Tally()
        self._once = Once()
        self._names: dict[str, tuple[str, str]] = {}  # of a member: in the group, of the account
        self._messages = Packed(ReadMessage)

    @property
    def head(self) -> Head:
        """What the messages hang on; beside it, each says all of itself."""
        return Head(repr((self.group, self.id, self.private)), self._names)

    def member(self, fields: Fields) -> None:
        """Take a member."""
        names = clean(text(fields.get("groupNickname"))), clean(text(fields.get("accountName")))
        self._names[clean(text(fields.get("platformId")))] = names

    def message(self, fields: Fields, number: int) -> None:
        """Take a message; one without a time is lost."""
        at = epoch(fields.get("timestamp"))
        if self.private:
            return self.losses.lose(0, "a chat of two people and no group's; left out")
        if at is None:
            return self.losses.lose(number, "a message without a time was left out")
        sender = clean(text(fields.get("sender")))
        found = self._told(fields, number)
        if found.kind == "system" and (is_room(sender) or sender == self.id):
            sender = speaker = account = ""
        else:
            here, known = self._names.get(sender, ("", ""))
            account = clean(text(fields.get("accountName"))) or known
            speaker = clean(text(fields.get("groupNickname"))) or here or account
            speaker = speaker or sender or NAMELESS
        reply = clean(text(fields.get("replyToMessageId")))
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
            reply=(reply if reply != "0" else "") or found.quoted,
            alias=account if account != speaker else "",
            attachment=found.attachment,
            at=at,
        )
        return self._messages.append(message)

    def _told(self, fields: Fields, number: int) -> Told:
        type = epoch(fields.get("type"))  # a number, or a string of one
        content = clean(text(fields.get("content")))
        found = told(_KINDS.get(-1 if type is None else type, "other"), content)
        words, attachment = found.text, found.attachment
        records = listed(fields.get("chatRecords"))
        if found.kind == "forward" and records and "\n" not in words:
            words = forwarded(words.removeprefix("[聊天记录]"), records)
        media = clean(text(fields.get("mediaPath")))
        return Told(found.kind, words, media or attachment, found.quoted)

    def chat(self) -> Chat:
        """All of it."""
        return Chat(self.group, self._messages, self.id)


def _together(rooms: Iterable[_Room], losses: Iterable[Loss]) -> ReadFile:
    rooms = list(rooms)
    chats = tuple(room.chat() for room in rooms if not room.private)
    return ReadFile(chats, (*losses, *(loss for room in rooms for loss in room.losses.losses)))
