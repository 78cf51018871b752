"""Reads what chatlog (by sjzar, March to October 2025, and its forks) answers as JSON or CSV.

Known from its sources: the message model, and the route `/api/v1/chatlog`. A query may cover
several chats. `seq` is the second with a running number and no id of WeChat's. `chatlog_text` reads
its third form. A speaker without a nickname in the group stands under the remark of whoever
exported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO

from knowledge.archive import texts
from knowledge.archive.formats.chatlog_words import SYSTEM, plain, referred
from knowledge.archive.formats.csv_records import Records, header_of, moment
from knowledge.archive.formats.wechat_terms import (
    OWN_REMARKS,
    Once,
    Told,
    is_room,
    kind_of,
    notice,
    stand_in,
)
from knowledge.archive.objects import Fields, Objects, inner, listed, places, text
from knowledge.archive.packed import Packed
from knowledge.archive.reading import (
    UNSAID,
    Chat,
    Loss,
    Quoted,
    Reader,
    ReadFile,
    ReadMessage,
    hookimpl,
)
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import iso

_HEADER = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")
_BEGINS = re.compile(r'"?\d{4}[-/]\d\d?[-/]\d\d? \d\d?:\d\d')
_STICKER = "[动画表情]"


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's readers, for the registry."""
    return [ChatlogReader(), ChatlogCsvReader()]


class ChatlogReader:
    """Reader of chatlog's JSON."""

    name = "chatlog-json"
    written_by = "chatlog"
    how = "访问 /api/v1/chatlog?time=起~止&talker=群&format=json，把结果存成 .json 文件"
    caveat = OWN_REMARKS
    suffixes = frozenset({".json"})

    def recognises(self, head: bytes) -> bool:
        """An array of messages that name their talker and sender."""
        found = places(head)
        return all(f"item.{key}" in found for key in ("seq", "time", "talker", "sender", "type"))

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file."""
        chats = _Chats()
        objects = Objects(stream, "item")
        for number, message in objects:
            _message(chats, message, number)
        return chats.file(objects.losses)


class ChatlogCsvReader:
    """Reader of chatlog's CSV."""

    name = "chatlog-csv"
    written_by = "chatlog"
    how = "访问 /api/v1/chatlog?time=起~止&talker=群&format=csv，把结果存成 .csv 文件"
    caveat = OWN_REMARKS
    suffixes = frozenset({".csv"})

    def recognises(self, head: bytes) -> bool:
        """Its header row."""
        return header_of(head) == _HEADER

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file."""
        chats = _Chats()
        records = Records(stream, _BEGINS, frozenset({len(_HEADER)}))
        for number, fields in records:
            _record(chats, fields, number)
        return chats.file(records.losses)


class _Chats:
    """The groups of a file, each with its messages."""

    def __init__(self) -> None:
        self.losses = Tally()
        self.once = Once()
        self._groups: dict[str, str] = {}
        self._messages: dict[str, Packed[ReadMessage]] = {}

    def add(self, talker: str, group: str, message: ReadMessage) -> None:
        """Take a message of a group."""
        self._groups[talker] = group or self._groups.get(talker, "")
        self._messages.setdefault(talker, Packed(ReadMessage)).append(message)

    def file(self, losses: Iterable[Loss]) -> ReadFile:
        """All of them."""
        chats = tuple(
            Chat(self._groups[talker] or None, messages, talker)
            for talker, messages in self._messages.items()
        )
        return ReadFile(chats, (*losses, *self.losses.losses))


def _message(chats: _Chats, fields: Fields, number: int) -> None:
    """Take a message of the JSON."""
    talker = clean(text(fields.get("talker")))
    if not (fields.get("isChatRoom") is True or is_room(talker)):
        return chats.losses.lose(number, "a message between two people, of no group; left out")
    when = _when(fields)
    if when is None:
        return chats.losses.lose(number, "a message without a time was left out")
    found = _told(fields)
    sender = clean(text(fields.get("sender")))
    speaker = clean(text(fields.get("senderName"))) or sender or NAMELESS
    if found.kind in UNSAID or sender == SYSTEM:
        sender = speaker = ""
    date, time, speaker, sender = chats.once(when[0], when[1], speaker, sender)
    message = ReadMessage(
        date,
        time,
        speaker,
        chats.losses.cut(found.text, number),
        number,
        kind=found.kind,
        sender_id=sender,
        reply=found.quoted,
        attachment=found.attachment,
        at=when[2],
    )
    return chats.add(talker, clean(text(fields.get("talkerName"))), message)


def _when(fields: Fields) -> tuple[str, str, int | None] | None:
    """When it was said; the program writes the year 1 where it does not know."""
    when = iso(fields.get("time"))
    return None if when is None or (when[2] or 0) < 0 else when


def _told(fields: Fields) -> Told:
    kind = kind_of(fields.get("type"), fields.get("subType"))
    content = clean(text(fields.get("content")))
    if kind == "system":
        return notice(content)
    more = inner(fields.get("contents"))
    title, url = clean(text(more.get("title"))), clean(text(more.get("url")))
    if kind == "text":
        return Told(kind, content, quoted=_quoted(more.get("refer")))
    if kind == "forward":
        return Told(kind, texts.forward(*_forwarded(more)))
    if kind == "link" and (title or url):
        return Told(kind, texts.link(title, url))
    if kind == "file" and title:
        return Told(kind, texts.placeholder(kind, title), title)
    if kind == "location":
        place = " ".join(clean(text(more.get(key))) for key in ("label", "cityname"))
        return Told(kind, texts.placeholder(kind, place.strip() or content))
    return Told(kind, content or (_STICKER if kind == "sticker" else stand_in(kind)))


def _quoted(refer: object) -> Quoted | None:
    """The message that one replies to: told by its sender and second, and by its words."""
    if not isinstance(refer, dict):
        return None
    who = clean(text(refer.get("sender"))) or clean(text(refer.get("senderName")))
    when = _when(refer)
    stated = f"{when[0]} {when[1]}" if when else ""
    kind = kind_of(refer.get("type"), refer.get("subType"))
    words = clean(text(refer.get("content"))) or stand_in(kind)
    return Quoted(who, words, stated) if words or stated else None


def _forwarded(more: Fields) -> tuple[str, list[tuple[str, str]]]:
    """Title and messages of a forwarded record, by the names of the program's own fields."""
    record = inner(more.get("recordInfo"))
    lines = [
        (
            text(item.get("SourceName")),
            text(item.get("DataDesc")) or text(item.get("DataTitle")) or "[…]",
        )
        for item in listed(inner(record.get("DataList")).get("DataItems"))
    ]
    return text(record.get("Title")) or text(more.get("title")), lines


def _record(chats: _Chats, fields: list[str], number: int) -> None:
    """Take a record of the CSV: its time is a wall clock's."""
    time, name, sender, group, talker, content = map(clean, fields)
    stated, rewritten = moment(time)
    when = iso(stated)
    if when is None:
        return chats.losses.lose(number, "a record without a time was left out")
    if rewritten:
        chats.losses.lose(0, "a spreadsheet has rewritten this file; times may have no seconds")
    if not is_room(talker):
        return chats.losses.lose(number, "a message between two people, of no group; left out")
    found = notice(content) if sender == SYSTEM else plain(content)
    if found.kind == "text":
        found = referred(found.text, f"{when[0]} {when[1]}")
    if sender == SYSTEM:
        sender = name = ""
    else:
        name = name or sender or NAMELESS
    message = ReadMessage(
        when[0],
        when[1],
        name,
        chats.losses.cut(found.text, number),
        number,
        kind=found.kind,
        sender_id=sender,
        reply=found.quoted,
        attachment=found.attachment,
    )
    return chats.add(talker, group, message)
