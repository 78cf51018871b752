"""Reads what is copied out of a chat window of QQ on a desktop, or of its message manager.

QQ for Windows and QQ NT write it, since about 2010 and still in 2026. Its form is known from the
tests of parser_chat and from qq-chat-history (2023).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta
from typing import BinaryIO, NamedTuple

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.headers import (
    DAY,
    HEADER_CHARACTERS,
    Header,
    Row,
    clock_of,
    day_of,
    messages,
    ordered,
)
from knowledge.archive.formats.qq_texts import grey, grey_message, identified, told
from knowledge.archive.reading import Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally

_HEADER = re.compile(rf"(.*?\S) +(?:({DAY}) )?((?:[上下]午 ?)?\d{{1,2}}:\d\d:\d\d(?: ?[AP]M)?) ?")
_CHATLOG = re.compile(r"\((?:[A-Za-z][\w-]{5,}|\w+@\w+)\)(?: \[.*\])?$")
_NAMED_DAY = re.compile(r"(\d{4})[-._/年]?(\d{1,2})[-._/月]?(\d{1,2})")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [QQCopyReader()]


class QQCopyReader:
    """Reader of what is copied out of QQ on a desktop."""

    name = "qq-copy"
    written_by = "QQ (Windows, macOS)"
    how = "在电脑版 QQ 的群里选中消息，复制，粘贴到 .txt；群名取自文件夹名"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """It begins with a header of QQ's, or a grey line, and has more headers with words."""
        lines = text_of(head).splitlines()
        rows = list(enumerate(lines, 1))
        found = _looks(rows)
        if not found or any(_CHATLOG.search(look.name) for look in found):
            return False
        above = [line for line in lines[: found[0].place] if line.strip() and not grey(line)]
        first = found[0]
        marked = bool(first.day or identified(first.name) != (first.name, ""))
        worded = [f for f in found if any(line.strip() for line in lines[f.place + 1 :][:1])]
        return not above and marked and len(worded) > 1

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; it states no group. A file name gives the day where no header does."""
        lines, losses = Lines(stream), Tally()
        rows = list(lines)
        headers = ordered(_dated(rows, _looks(rows), filename, losses))
        greys = _greys(rows, {h.place for h in headers})
        bare = [(n, "" if i in greys else line) for i, (n, line) in enumerate(rows)]
        said = told(messages(bare, headers, losses))
        found = sorted((*said, *_told_grey(rows, greys, headers)), key=lambda m: m.line)
        return ReadFile.single(None, found, [*lines.losses, *losses.losses])


class _Look(NamedTuple):
    """A line that looks like a header: its place, the name in it, the day if any, the time."""

    place: int
    name: str
    day: str
    time: str


def _looks(rows: list[Row]) -> list[_Look]:
    """Lines that look like headers: below a blank line, or with a number in brackets."""
    found = []
    for i, (_, line) in enumerate(rows):
        m = _HEADER.fullmatch(line) if len(line) <= HEADER_CHARACTERS else None
        time = clock_of(m[3]) if m else None
        if m is None or time is None:
            continue
        day = day_of(m[2]) if m[2] else ""
        apart = not i or not rows[i - 1][1].strip() or identified(m[1])[1]
        if apart and day is not None:
            found.append(_Look(i, m[1], day, time))
    return found


def _dated(rows: list[Row], looks: list[_Look], filename: str, losses: Tally) -> Iterator[Header]:
    """The headers with their days: that of the one before, one more when the clock falls back.

    Between two headers of one day it does not fall back: what seems so is a text.
    """
    m = _NAMED_DAY.search(filename)
    day = (day_of("-".join(m.groups())) if m else None) or ""
    last = ""
    for look, until in zip(looks, _next_days(looks), strict=True):
        if look.day:
            day = look.day
        elif not day:
            losses.lose(rows[look.place][0], "no day stands above a message; it was left out")
            continue
        elif look.time < last and day != until:
            day = (Date.fromisoformat(day) + timedelta(days=1)).isoformat()
        last = look.time
        yield Header(look.place, day, look.time, *identified(look.name))


def _next_days(looks: list[_Look]) -> list[str]:
    """For each the day of the next one that states any; empty where none does."""
    found, day = list[str](), ""
    for look in reversed(looks):
        day = look.day or day
        found.append(day)
    return found[::-1]


def _greys(rows: list[Row], headers: set[int]) -> set[int]:
    """Places of grey lines: each a paragraph of its own, that no further words of a text follow."""
    found: set[int] = set()
    below = True  # whether a header, a grey line or nothing is what stands below
    for i in range(len(rows) - 1, -1, -1):
        line = rows[i][1]
        if not line.strip():
            continue
        apart = (i == 0 or not rows[i - 1][1].strip()) and (
            i + 1 == len(rows) or not rows[i + 1][1].strip()
        )
        is_grey = below and apart and i not in headers and grey(line)
        if is_grey:
            found.add(i)
        below = is_grey or i in headers
    return found


def _told_grey(rows: list[Row], greys: set[int], headers: list[Header]) -> Iterator[ReadMessage]:
    """The messages of the grey lines, at the time of the header above, else of the first one."""
    k = 0
    for i in sorted(greys):
        while k + 1 < len(headers) and headers[k + 1].place < i:
            k += 1
        if headers:
            yield grey_message(rows[i][1], headers[k].date, headers[k].time, rows[i][0])
