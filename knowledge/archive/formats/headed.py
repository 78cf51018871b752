"""Text files in which each message stands below a header line with its time, behind a blank line.

A line of a text can look like a header. Exports are sorted, and what somebody pasted is older than
where he pasted it: of all that look like headers, those are that make the longest run forwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.limits import TEXT_CHARACTERS
from knowledge.archive.reading import Loss
from knowledge.archive.runs import forward
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean

HEADER_CHARACTERS = 300
"""A longer line heads no message: names have some 30 characters."""

_ODD = 0.05  # of the lines that look like headers, what may be texts; more are several exports
_FEW = 3  # or as many, in a short file


class Headed:
    """The messages of a file: line, header as it matched, clean text; `losses` at the end.

    `moment` makes of a header what sorts by its time, or None where that is none.
    """

    def __init__(
        self,
        stream: BinaryIO,
        header: re.Pattern[str],
        moment: Callable[[re.Match[str]], str | None],
    ) -> None:
        self._stream = stream
        self._header = header
        self._moment = moment
        self._losses = Tally()
        self._lost: list[Loss] = []

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What was lost, when all was read."""
        return (*self._lost, *self._losses.losses)

    def __iter__(self) -> Iterator[tuple[int, re.Match[str], str]]:
        headers = self._headers()
        self._stream.seek(0)
        lines = Lines(self._stream)
        head: tuple[int, re.Match[str]] | None = None
        body: list[str] = []
        length = 0
        for number, line in lines:
            if number in headers and (m := matched(self._header, bare(line))):
                if head is not None:
                    yield *head, clean("\n".join(body))
                head, body, length = (number, m), [], 0
            elif head is None:
                if line.strip("\ufeff \t"):
                    self._losses.lose(number, "a line before the first message was left out")
            elif length <= 2 * TEXT_CHARACTERS:
                body.append(line)
                length += len(line) + 1
        if head is not None:
            yield *head, clean("\n".join(body))
        self._lost = lines.losses

    def _headers(self) -> frozenset[int]:
        """The numbers of the lines that head messages."""
        found: list[tuple[int, str]] = []
        behind = True
        for number, line in Lines(self._stream):
            line = bare(line)
            m = matched(self._header, line) if behind else None
            if m is not None and (moment := self._moment(m)) is not None:
                found.append((number, moment))
            behind = not line
        kept = forward([moment for _, moment in found])
        if kept.count(False) > max(_FEW, _ODD * len(found)):
            self._losses.lose(0, "times run backwards, as in several exports in one file")
            return frozenset(number for number, _ in found)
        return frozenset(number for (number, _), is_one in zip(found, kept, strict=True) if is_one)


def bare(line: str) -> str:
    """A line without the blanks at its end, and without a byte-order mark."""
    return line.lstrip("\ufeff").rstrip()


def matched(header: re.Pattern[str], line: str) -> re.Match[str] | None:
    """A line as a header, if it can be one."""
    return header.fullmatch(line) if 0 < len(line) <= HEADER_CHARACTERS else None


def headers_in(head: bytes, header: re.Pattern[str]) -> list[re.Match[str]]:
    """The headers in the beginning of a file; none where that is no file of such messages.

    Such a file begins with a header, most of what looks like one stands behind a blank line, and
    below one stands a text: not so in the log of a program.
    """
    found: list[re.Match[str]] = []
    within, behind, begun, above, texts = 0, True, False, False, 0
    for line in map(bare, text_of(head).split("\n")):
        m = matched(header, line)
        if m is not None and behind:
            found.append(m)
        elif m is not None:
            within += 1
        if line and not begun:
            if m is None:
                return []
            begun = True
        texts += above and bool(line) and m is None
        above = m is not None and behind
        behind = not line
    return found if texts and len(found) > within else []
