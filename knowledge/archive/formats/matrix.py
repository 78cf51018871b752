"""Reads a room of Matrix as Element exports it in JSON: its events, with ids and replies.

Written by Element (matrix-react-sdk, `JSONExport.ts`), web and desktop, since 2021; events are
those of Matrix' client-server specification. An edit is an event of its own, which changes one
before it; a reply repeats in its text what it answers, where a program before 2024 wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from knowledge.archive.objects import Fields, Objects, first, inner, places, text
from knowledge.archive.reading import UNSAID, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean, placeholder
from knowledge.archive.times import epoch, in_utc

_FALLBACK = re.compile(r"> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n?")
_KINDS = {
    "m.image": "image",
    "m.video": "video",
    "m.audio": "voice",
    "m.file": "file",
    "m.location": "location",
}
_WORDS = frozenset(["m.text", "m.notice", "m.emote"])
_CALLS = ("m.call.", "org.matrix.msc3401.call")
_POLLS = frozenset(["m.poll.start", "org.matrix.msc3381.poll.start"])
_NO_MESSAGES = frozenset(["m.reaction", "m.room.redaction"])


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [MatrixReader()]


class MatrixReader:
    """Reader of a room as Element exports it."""

    name = "matrix-json"
    written_by = "Element"
    how = "Element 房间信息 → 导出聊天 → 格式 JSON，范围选全部"
    suffixes = frozenset({".json"})

    def recognises(self, head: bytes) -> bool:
        """The name of a room, who exported it, and events."""
        there = places(head)
        return {"room_name", "messages"} <= there and (
            "exported_by" in there or "room_creator" in there
        )

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; what is still encrypted is a loss."""
        group = clean(text(first(stream, "room_name")))
        stream.seek(0)
        objects = Objects(stream, "messages.item")
        room = _Room()
        for number, event in objects:
            room.take(number, event)
        losses = (*room.tally.losses, *objects.losses)
        return ReadFile.single(group or None, room.messages(), losses, room.id)


class _Room:
    """What was said in a room, as events come."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.id = ""
        self._names: dict[str, str] = {}
        self._found: list[ReadMessage] = []
        self._places: dict[str, int] = {}
        self._roots: set[str] = set()

    def messages(self) -> Iterator[ReadMessage]:
        """All, with names that came to be known later, and the roots of threads in them."""
        for m in self._found:
            speaker = m.speaker or self._names.get(m.sender_id) or _local(m.sender_id)
            silent = m.kind in UNSAID
            yield replace(
                m,
                speaker="" if silent else speaker,
                alias="" if silent or speaker == (local := _local(m.sender_id)) else local,
                thread=m.id if m.id in self._roots else m.thread,
            )

    def take(self, number: int, event: Fields) -> None:
        """An event: something said, a name, or a change of what was said."""
        kind, content = text(event.get("type")), inner(event.get("content"))
        self.id = self.id or clean(text(event.get("room_id")))
        if kind == "m.room.member" and text(content.get("displayname")):
            self._names[text(event.get("state_key"))] = clean(text(content.get("displayname")))
        relates = inner(content.get("m.relates_to"))
        if text(relates.get("rel_type")) == "m.replace" and content.get("m.new_content"):
            self._change(event, content, text(relates.get("event_id")))
        elif kind not in _NO_MESSAGES:
            self._add(number, kind, event, content)

    def _add(self, number: int, kind: str, event: Fields, content: Fields) -> None:
        at = epoch(event.get("origin_server_ts"))
        if at is None:
            return self.tally.lose(number, "a message without a time was left out")
        said = _said(kind, event, content)
        if said is None:
            return self.tally.lose(number, "a message that is still encrypted was left out")
        what, words, attachment = said
        sender, id = clean(text(event.get("sender"))), clean(text(event.get("event_id")))
        thread, reply = self._relations(inner(content.get("m.relates_to")))
        if id:
            self._places[id] = len(self._found)
        message = ReadMessage(
            *in_utc(at),
            self._names.get(sender, ""),
            self.tally.cut(words, number),
            number,
            what,
            id=id,
            sender_id=sender,
            reply=reply or None,
            thread=thread,
            attachment=attachment,
            at=at,
        )
        return self._found.append(message)

    def _relations(self, relates: Fields) -> tuple[str, str]:
        """Thread and reply; in a thread, what answers none of it answers its root."""
        reply = clean(text(inner(relates.get("m.in_reply_to")).get("event_id")))
        if text(relates.get("rel_type")) != "m.thread":
            return "", reply
        root = clean(text(relates.get("event_id")))
        self._roots.add(root)
        return root, root if relates.get("is_falling_back") or not reply else reply

    def _change(self, event: Fields, content: Fields, id: str) -> None:
        """Put an edit in the place of what it changes, if it is the same one's."""
        place = self._places.get(id)
        sender = clean(text(event.get("sender")))
        new = inner(content.get("m.new_content"))
        if place is None or self._found[place].sender_id != sender:
            return
        kind, words, attachment = _of_message(new)
        before = self._found[place]
        words = self.tally.cut(words, before.line)
        if before.kind != "recall":
            self._found[place] = replace(
                before, kind=kind, text=words, attachment=attachment, edited=True
            )


def _said(kind: str, event: Fields, content: Fields) -> tuple[str, str, str] | None:
    """Kind, words and file of an event; None when nobody here can read it."""
    gone = inner(event.get("unsigned")).get("redacted_because")
    if kind in ("m.room.message", "m.room.encrypted", "m.sticker") and (gone or not content):
        return "recall", "", ""
    if kind == "m.room.encrypted":
        return None
    if kind == "m.room.message":
        return _of_message(content)
    if kind == "m.sticker":
        return "sticker", placeholder("sticker", text(content.get("body"))), ""
    if kind in _POLLS:
        start = inner(content.get("m.poll") or content.get("org.matrix.msc3381.poll.start"))
        question = inner(start.get("question"))
        words = question.get("body") or question.get("org.matrix.msc1767.text")
        return "poll", placeholder("poll", text(words)), ""
    if kind.startswith(_CALLS):
        return "call", placeholder("call"), ""
    named = [text(content.get(key)) for key in ("displayname", "membership", "name", "topic")]
    return "system", clean(" ".join(part for part in named if part)), ""


def _of_message(content: Fields) -> tuple[str, str, str]:
    body, sort = text(content.get("body")), text(content.get("msgtype"))
    relates = inner(content.get("m.relates_to"))
    if sort in _WORDS or sort not in _KINDS:
        quoted = _FALLBACK.match(body)
        if quoted and relates.get("m.in_reply_to"):
            body = body[quoted.end() :]
        return ("text" if sort in _WORDS or body else "other"), clean(body), ""
    kind, name = _KINDS[sort], clean(text(content.get("filename")) or body)
    if kind == "location":
        return kind, placeholder(kind, body or text(content.get("geo_uri"))), ""
    if content.get("filename") and clean(body) not in ("", name):
        return "text", clean(body), name  # what was written to a file
    return kind, placeholder(kind, name if kind == "file" else ""), name


def _local(id: str) -> str:
    """What stands for somebody whose name is not known: his id without its server."""
    return id.removeprefix("@").partition(":")[0] or NAMELESS
