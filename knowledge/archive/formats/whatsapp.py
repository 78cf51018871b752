"""Reads the chats that WhatsApp exports as text, of iOS and of Android, in any language.

Written by WhatsApp itself (Export chat), since 2011: `_chat.txt` in a zip on iOS, `WhatsApp Chat
with NAME.txt` on Android. The head of a message is put as the language of the phone has it, so
that day and month are told apart by the whole file. Marks since 2018 (U+200E), the narrow blank
before AM since 2023, both known from public exports and from the readers whatsapp-chat-parser (npm)
and whatstk (PyPI). No ids, no replies.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.whatsapp_words import (
    ANNOUNCED,
    DELETED,
    EDITED,
    FILE_NAME,
    HALVES,
    MARK,
    media,
)
from knowledge.archive.reading import Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.runs import forward
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean

_BLANK = r"[ \u00a0\u2009\u202f]"
_HALF = r"[^\W\d_]{1,9}|[^\W\d_]\." + _BLANK + r"?[^\W\d_]\.?"
_WHEN = (
    rf"(?P<a>\d{{1,4}})[./-]{_BLANK}?(?P<b>\d{{1,2}})[./-]{_BLANK}?(?P<c>\d{{1,4}})\.?"
    rf"[,،]?{_BLANK}(?:(?:kl\.?|klo|um|at|às|à|alle){_BLANK})?"
    rf"(?:(?P<before>{_HALF}){_BLANK}?)?"
    rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)"
)
_BEHIND = rf"(?:{_BLANK}?(?P<behind>{_HALF}))?"
_PHONE = re.compile(rf"[\u200e\u200f]?\[{_WHEN}[:.](?P<second>\d\d){_BEHIND}\]{_BLANK}(?P<rest>.*)")
_ANDROID = re.compile(
    rf"[\u200e\u200f]?{_WHEN}(?P<second>){_BEHIND}{_BLANK}[-–]{_BLANK}(?P<rest>.*)"
)
_NAMED = re.compile(r"(?P<name>[^\n]{1,100}?):(?: (?P<words>.*)|$)", re.DOTALL)
_SPOKEN = re.compile(r"(?![<*(\[])[^:\n]{1,100}: ")
_QUOTE = re.compile('["“「]')
_BACK = 3600  # seconds that one head may lie before the last, as clocks of phones differ
_LOOK = 200  # characters of a line within which a head ends


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WhatsAppReader()]


class WhatsAppReader:
    """Reader of a chat exported by WhatsApp."""

    name = "whatsapp-txt"
    written_by = "WhatsApp"
    how = "WhatsApp 群资料 → 导出聊天 → 不含媒体；得到的 zip 或 txt 直接放进来"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """The first line is a message's head, another follows, and no log is written like that."""
        lines = text_of(head).lstrip("\ufeff").splitlines()
        first = next((line for line in lines if line.strip()), "")
        shape = _shape(first)
        if shape is None:
            return False
        found = (line[:_LOOK] for line in lines)
        heads = [m for line in found if (m := shape.match(line)) and _entry(shape, line, 0)]
        if shape is _PHONE:
            spoken = [m for m in heads if _SPOKEN.match(m["rest"])]
            iso = any(len(m["a"]) == 4 and "-" in m[0][:8] and ", " not in m[0][:16] for m in heads)
            return len(spoken) > 1 and (not iso or any(MARK in m[0] for m in heads))
        return len(heads) > 1 and any(_SPOKEN.match(m["rest"]) for m in heads)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; its name has the group's on Android, its system lines on iOS."""
        lines, tally = Lines(stream), Tally()
        entries = _entries(lines, tally)
        order = _order(entries, tally)
        kept = _in_order(entries, order, tally)
        system = _group(kept)
        messages = [_message(entry, at, system, tally) for entry, at in kept]
        named = FILE_NAME.fullmatch(clean(filename).removesuffix(".txt"))
        name = next((part for part in named.groups() if part), None) if named else None
        return ReadFile.single(name or system or None, messages, (*tally.losses, *lines.losses))


@dataclass(slots=True)
class _Entry:
    """A head with the lines below it; `date` as its three numbers stand there."""

    line: int
    raw: str
    date: tuple[int, int, int]
    seconds: int
    rest: str
    below: list[str] = field(default_factory=list)


def _shape(line: str) -> re.Pattern[str] | None:
    """How heads look in a file that begins with this line."""
    return next((shape for shape in (_PHONE, _ANDROID) if shape.match(line[:_LOOK])), None)


def _entries(lines: Lines, tally: Tally) -> list[_Entry]:
    found: list[_Entry] = []
    shape = None
    for number, line in lines:
        shape = shape or _shape(line)
        entry = _entry(shape, line, number) if shape else None
        if entry is not None:
            found.append(entry)
        elif found:
            found[-1].below.append(line)
        elif line.strip("\ufeff \t"):
            tally.lose(number, "text before the first message was left out")
    return found


def _entry(shape: re.Pattern[str], line: str, number: int) -> _Entry | None:
    m = shape.match(line)
    if m is None:
        return None
    half = re.sub(r"[\s.]", "", m["before"] or m["behind"] or "").lower()
    hour = _hour(int(m["hour"]), half)
    minute, second = int(m["minute"]), int(m["second"] or 0)
    if hour is None or minute > 59 or second > 59:
        return None
    seconds = hour * 3600 + minute * 60 + second
    return _Entry(number, line, (int(m["a"]), int(m["b"]), int(m["c"])), seconds, m["rest"])


def _hour(hour: int, half: str) -> int | None:
    """The hour of 24; None when there is none, or nobody knows which half of the day is meant."""
    added = HALVES.get(half) if half else 0
    if added is None or hour > 23:
        return None
    if not half or hour > 12 or (half == "中午" and hour == 11):
        return hour
    return hour % 12 + added


Order = tuple[int, int, int]
"""Which of the three numbers of a date are year, month and day."""

_ORDERS: tuple[Order, ...] = ((2, 1, 0), (2, 0, 1), (0, 1, 2))  # day first, month first, year first


def _moment(entry: _Entry, order: Order) -> datetime | None:
    year, month, day = (entry.date[place] for place in order)
    if order[0] == 2 and entry.date[0] > 31:
        return None
    year += 2000 if year < 100 else 0
    try:
        clock = (entry.seconds // 3600, entry.seconds // 60 % 60, entry.seconds % 60)
        return datetime(year, month, day, *clock)
    except ValueError:
        return None


def _order(entries: Sequence[_Entry], tally: Tally) -> Order:
    """The order in which all are dates, run forward, and lie near to each other."""

    def strange(order: Order) -> tuple[int, int, float]:
        found = [_moment(entry, order) for entry in entries]
        times = [time for time in found if time is not None]
        back = sum(b < a for a, b in pairwise(times))
        span = (max(times) - min(times)).total_seconds() if times else 0.0
        return (len(found) - len(times), back, span)

    strangeness = {order: strange(order) for order in _ORDERS}
    ranked = sorted(_ORDERS, key=strangeness.__getitem__)
    if not entries or strangeness[ranked[0]] != strangeness[ranked[1]]:
        return ranked[0]
    # Nothing in the file tells: only the United States put the month first, with `AM` and slashes.
    american = any("AM]" in e.raw[:40] or "PM]" in e.raw[:40] for e in entries) or any(
        re.search(r"/.* [AP]M - ", e.raw[:40].replace("\u202f", " ")) for e in entries
    )
    order = _ORDERS[1] if american and _ORDERS[1] in ranked[:2] else ranked[0]
    if entries[0].date[0] != entries[0].date[1]:
        first = "month" if order == _ORDERS[1] else "day" if order == _ORDERS[0] else "year"
        tally.lose(0, f"nothing tells the order of day and month: took the {first} for the first")
    return order


def _in_order(
    entries: Sequence[_Entry], order: Order, tally: Tally
) -> list[tuple[_Entry, datetime]]:
    """The entries that are messages; one that is out of time is a text that looks like a head."""
    moments = [_moment(entry, order) for entry in entries]
    dated = [(e, at) for e, at in zip(entries, moments, strict=True) if at is not None]
    runs = iter(forward([at for _, at in dated]))
    kept: list[tuple[_Entry, datetime]] = []
    for entry, at in zip(entries, moments, strict=True):
        near = at is not None and (
            next(runs) or (kept and abs((kept[-1][1] - at).total_seconds()) <= _BACK)
        )
        if at is not None and near:
            kept.append((entry, at))
        elif kept:
            kept[-1][0].below.extend((entry.raw, *entry.below))
        else:
            tally.lose(entry.line, "text before the first message was left out")
    return kept


def _group(kept: Sequence[tuple[_Entry, datetime]]) -> str:
    """Whom iOS has say the system's lines: the chat; empty when nobody says only such lines."""
    said: Counter[str] = Counter()
    people: set[str] = set()
    for entry, _ in kept:
        name, words = _split(entry)
        if not words.startswith(MARK) or media(words) or DELETED.fullmatch(clean(words)):
            people.add(name)
        elif name:
            said[name] += 1
    return next((name for name, _ in said.most_common() if name not in people), "")


def _split(entry: _Entry) -> tuple[str, str]:
    """Name and words; no name in a system line of Android."""
    whole = "\n".join((entry.rest, *entry.below)) if entry.below else entry.rest
    m = _NAMED.match(whole)
    if m is None or (ANNOUNCED.search(m["name"]) and _QUOTE.search(m["name"])):
        return "", whole
    name = re.sub(r"\s+", " ", clean(m["name"]))
    return name.removeprefix("~").strip() or NAMELESS, m["words"] or ""


def _message(entry: _Entry, at: datetime, system: str, tally: Tally) -> ReadMessage:
    name, raw = _split(entry)
    words = clean(raw)
    kind, attachment = "text", ""
    edited = EDITED.search(words) is not None
    if edited:
        words, raw = EDITED.sub("", words).rstrip(), EDITED.sub("", raw.rstrip())
    if not name or name == system:
        kind, name = "system", ""
    elif DELETED.fullmatch(words):
        kind, words = "recall", ""
    elif words == "null":
        kind, words = "other", ""
    elif found := media(raw):
        kind, words, attachment = found
    elif raw.startswith(MARK):
        kind, name = "system", ""
    return ReadMessage(
        f"{at:%Y-%m-%d}",
        f"{at:%H:%M:%S}",
        name,
        tally.cut(words, entry.line),
        entry.line,
        kind,
        attachment=attachment,
        edited=edited,
    )
