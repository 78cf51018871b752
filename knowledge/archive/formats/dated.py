"""Texts of chats with the day on a line of its own, and a header above each message."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from knowledge.archive.formats import headers
from knowledge.archive.formats.headers import HEADER_CHARACTERS, Header, Row, clock_of, in_order
from knowledge.archive.reading import ReadMessage
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean


class Shape(NamedTuple):
    """How a format writes the line of a day (a group: the day) and a header (name, time)."""

    day: re.Pattern[str]
    header: re.Pattern[str]

    def day_of(self, line: str) -> str | None:
        """The day that a line states, in ISO; None when it states none of the calendar."""
        m = self.day.fullmatch(line) if len(line) <= HEADER_CHARACTERS else None
        return headers.day_of(m[1]) if m else None

    def header_of(self, line: str) -> tuple[str, str] | None:
        """`HH:MM:SS` and name of a line that looks like a header."""
        m = self.header.fullmatch(line) if len(line) <= HEADER_CHARACTERS else None
        time = clock_of(m[2]) if m else None
        return (time, clean(m[1]) or NAMELESS) if m and time else None

    def looks(self, text: str, above: int) -> bool:
        """Whether a file begins with a day below at most so many lines, and has a header then."""
        lines = (line for line in text.splitlines() if line.strip())
        begun = any(self.day_of(line) for line in islice(lines, above + 1))
        return begun and any(self.header_of(line) for line in lines)


def messages(rows: Sequence[Row], shape: Shape, losses: Tally) -> Iterator[ReadMessage]:
    """The messages of a text, in its order; what belongs to none is told as a loss."""
    days = _days(rows, shape)
    found = headers.ordered(_headers(rows, shape, days))
    bare = [(number, "" if i in days else line) for i, (number, line) in enumerate(rows)]
    return headers.messages(bare, found, losses)


def _days(rows: Sequence[Row], shape: Shape) -> dict[int, str]:
    """The places of the lines that begin a day; one that falls back out of order is a text."""
    found = [(i, day) for i, (_, line) in enumerate(rows) if (day := shape.day_of(line))]
    kept = in_order([day for _, day in found])
    return {i: day for (i, day), is_one in zip(found, kept, strict=True) if is_one}


def _headers(rows: Sequence[Row], shape: Shape, days: dict[int, str]) -> Iterator[Header]:
    """Lines that look like headers, with as many blank lines around as most of these have.

    Mail programs lose blank lines: then there are none around any.
    """
    found: list[tuple[Header, bool | None, bool]] = []
    day = ""
    for i, (_, line) in enumerate(rows):
        day = days.get(i, day)
        if day and i not in days and (header := shape.header_of(line)):
            # Directly behind a day nothing can be told of the lines above the others.
            above = None if i - 1 in days else not rows[i - 1][1].strip()
            below = i + 1 == len(rows) or not rows[i + 1][1].strip()
            found.append((Header(i, day, *header), above, below))
    above_most = _most(above for _, above, _ in found)
    below_most = _most(below for _, _, below in found)
    for h, above, below in found:
        if (above is not False or not above_most) and (below or not below_most):
            yield h


def _most(values: Iterable[bool | None]) -> bool:
    """Whether more of the values are true than false."""
    counted = Counter(values)
    return counted[True] > counted[False]
