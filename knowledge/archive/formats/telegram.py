"""Reads `result.json` of Telegram Desktop: one chat, or all of an account.

Telegram Desktop writes it on any platform, since version 1.4 of 2018 and still in 2026, as its
source says (export_output_json.cpp). A topic of a forum is a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

import ijson

from knowledge.archive.decoding import text_of
from knowledge.archive.formats.telegram_content import content
from knowledge.archive.objects import Fields, Objects, first, text
from knowledge.archive.packed import Packed
from knowledge.archive.reading import HEAD_BYTES, Chat, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.tame import Tame
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import epoch, in_utc, iso

_TYPE = re.compile(
    r'"type"\s*:\s*"(?:(?:private|public)_(?:group|supergroup|channel)|personal_chat|bot_chat'
    r'|saved_messages)"'
)
_MESSAGES = re.compile(r'"messages"\s*:\s*\[')
_ACCOUNT = re.compile(r'\s*\{\s*"about"\s*:\s*"[^"]{0,500}Telegram')
_LIST = re.compile(r'"chats"\s*:\s*\{[^{}\[\]]*"list"\s*:\s*\[')
_ESCAPED = re.compile(rb"\\x([0-9A-Fa-f]{2})|(\\x?[0-9A-Fa-f]?\Z)|\\.", re.DOTALL)
_STRANGE = "what is no message was left out"
_NEVER = "1970-01-0"  # how old versions dated the edit of what was not edited


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [TelegramReader()]


class TelegramReader:
    """Reader of Telegram Desktop's JSON."""

    name = "telegram-json"
    written_by = "Telegram Desktop"
    how = "Telegram 桌面版：打开群，右上角 ⋮，“导出聊天记录”，格式选 JSON，得到 result.json"
    suffixes = frozenset({".json"})

    def recognises(self, head: bytes) -> bool:
        """A type of chat as only Telegram names them, before messages; or an account's data."""
        begun = text_of(head)
        known = _ACCOUNT.match(begun) or _is_chat(begun) or _is_list(begun)
        return bool(known) and begun.lstrip().startswith("{")

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; chats of two people are left out."""
        losses = Tally()
        begun = text_of(stream.read(HEAD_BYTES))
        stream.seek(0)
        single = _is_chat(begun) and not _ACCOUNT.match(begun)
        chats = []
        for chat in _single(stream, losses) if single else _chats(stream, losses):
            if chat.kind in ("personal_chat", "bot_chat", "saved_messages"):
                losses.lose(0, "a chat that is no group was left out")
            elif chat.messages or chat.name:
                chats.append(Chat(clean(chat.name) or None, chat.threaded(), chat.id))
        return ReadFile(tuple(chats), losses.losses)


def _is_chat(begun: str) -> bool:
    messages = _MESSAGES.search(begun)
    is_list = messages and _LIST.search(begun, 0, messages.start())
    return bool(messages and not is_list and _TYPE.search(begun, 0, messages.start()))


def _is_list(begun: str) -> bool:
    return bool(_LIST.search(begun) and _TYPE.search(begun))


class _Chat:
    """A chat as it is read: what it is, its messages, and what threads are told by."""

    def __init__(self) -> None:
        self.name, self.kind, self.id = "", "", ""
        self.messages = Packed(ReadMessage)
        self._count = 0
        self._topics: set[str] = set()

    def take(self, found: Fields, losses: Tally) -> None:
        """Add a message, or tell why not."""
        self._count += 1
        number, id = self._count, text(found.get("id"))
        if found.get("type") not in ("message", "service"):
            what = "of a kind that the exporter does not know; left out"
            return losses.lose(number, f"messages {what}")
        at = epoch(found.get("date_unixtime"))
        moment = (*in_utc(at), at) if at else iso(found.get("date"))
        if moment is None:
            return losses.lose(number, "a message without a date was left out")
        date, time, at = moment
        service = found["type"] == "service"
        if service and found.get("action") == "topic_created":
            self._topics.add(id)
        kind, words, attachment = content(found)
        who = text(found.get("actor_id" if service else "from_id"))
        speaker = "" if service else clean(text(found.get("from"))) or clean(who) or NAMELESS
        elsewhere = "reply_to_peer_id" in found
        reply = "" if elsewhere or service else text(found.get("reply_to_message_id"))
        self.messages.append(
            ReadMessage(
                *(date, time, speaker, losses.cut(words, number), number),
                kind=kind,
                id=id,
                sender_id=who,
                reply=reply or None,
                alias=clean(text(found.get("author"))),
                attachment=attachment,
                edited=_edited(found),
                at=at,
            )
        )
        return None

    def threaded(self) -> Packed[ReadMessage]:
        """The messages with topics as threads: who answers a topic's beginning is in the topic.

        Whoever answers a message of a topic is in it, too.
        """
        if not self._topics:
            return self.messages
        answered = {m.id: m.reply for m in self.messages if m.id and isinstance(m.reply, str)}
        topics = {topic: topic for topic in self._topics}  # a message's id -> its topic's
        return Packed(
            ReadMessage,
            (self._in_topic(m, _topic(m.id, answered, topics)) for m in self.messages),
        )

    def _in_topic(self, m: ReadMessage, topic: str) -> ReadMessage:
        if not topic:
            return m

        return replace(m, thread=topic, reply=None if m.reply in self._topics else m.reply)


def _topic(id: str, answered: dict[str, str], topics: dict[str, str]) -> str:
    """The topic at the end of a chain of answers; empty where there is none."""
    chain: list[str] = []
    while id in answered and id not in topics:
        chain.append(id)
        topics[id] = ""  # until it is known: a chain that bites its tail has none
        id = answered[id]
    topic = topics.get(id, "")
    topics.update(dict.fromkeys(chain, topic))
    return topic


def _edited(found: Fields) -> bool:
    if at := text(found.get("edited_unixtime")):
        return at != "0"
    when = text(found.get("edited"))
    return bool(when) and not when.startswith(_NEVER)


def _single(stream: BinaryIO, losses: Tally) -> Iterator[_Chat]:
    """The chat of a file of one: its messages are read as they are parsed, which is faster."""
    chat, told = _Chat(), []
    for key in ("name", "type", "id"):
        told.append(text(first(stream, key)))
        stream.seek(0)
    chat.name, chat.kind, chat.id = told
    objects, last = Objects(cast(BinaryIO, _Escaped(stream)), "messages.item"), 0
    for number, found in objects:
        if number - last > 1:
            losses.lose(last + 1, _STRANGE, number - last - 1)
        last = number
        chat.take(found, losses)
    for loss in objects.losses:
        losses.lose(loss.line, loss.what)
    yield chat


def _chats(stream: BinaryIO, losses: Tally) -> Iterator[_Chat]:
    """The chats of a file, one after the other, each when it has ended or the file breaks off."""
    chat, builder, inner = _Chat(), None, ""
    try:
        for prefix, event, value in ijson.parse(
            Tame(cast(BinaryIO, _Escaped(stream))), use_float=True
        ):
            if builder is not None:
                builder.event(event, value)
                if prefix == inner and event == "end_map":
                    chat.take(builder.value, losses)
                    builder = None
                continue
            below = _below_chat(prefix)
            if below is None:
                continue
            if event == "start_map" and below == "messages.item":
                builder, inner = ijson.ObjectBuilder(), prefix
                builder.event(event, value)
            elif below == "messages.item" and event != "end_array":
                losses.lose(0, _STRANGE)
            elif event in ("string", "number") and below in ("name", "type", "id"):
                setattr(chat, {"type": "kind"}.get(below, below), text(value))
            elif event == "end_map" and below == "":
                yield chat
                chat = _Chat()
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError) as e:
        said = str(e).splitlines()[0][:80] if str(e) else type(e).__name__
        losses.lose(0, f"the file is no whole JSON behind what was read: {said}")
        yield chat


def _below_chat(prefix: str) -> str | None:
    """Where in a chat a place of the file is; None outside of chats."""
    for top in ("chats.list.item", "left_chats.list.item"):
        if prefix.startswith(top):
            return prefix[len(top) + 1 :]
    return None if prefix.startswith(("chats", "left_chats")) else prefix


class _Escaped:
    """A stream with control characters as JSON has them: Telegram writes `\\xHH`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._kept = b""  # the beginning of an escape, at the end of a piece

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        if not piece:
            return self._rest()
        if b"\\" not in piece and not self._kept:
            return piece
        whole, self._kept = self._kept + piece, b""
        return _ESCAPED.sub(self._mended, whole) or self.read(size)

    def _rest(self) -> bytes:
        rest, self._kept = self._kept, b""
        return rest

    def _mended(self, m: re.Match[bytes]) -> bytes:
        if m[1]:
            return rb"\u00" + m[1]
        if m[2] is not None:
            self._kept = m[2]
            return b""
        return m[0]
