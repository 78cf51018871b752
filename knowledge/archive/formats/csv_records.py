"""Records of a CSV file as exporters write it: fields in quotes hold lines, quotes are doubled.

A quote that never closes costs what stands up to the next record, not the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.reading import Loss
from knowledge.archive.tally import Tally

RECORD_CHARACTERS = 131_072
"""A record that is not closed by then is damaged; so long is a field that Python's csv reads."""

_SPREADSHEET_TIME = re.compile(r"(\d{4})/(\d\d?)/(\d\d?) (\d\d?):(\d\d)(?::(\d\d))?")
_SPREADSHEET_ID = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")


def header_of(head: bytes) -> tuple[str, ...]:
    """The fields of the first row of a file that begins so."""
    line = text_of(head).split("\n", 1)[0].strip("\r\ufeff")
    return tuple(_fields(line) or ()) if len(line) < 1000 else ()


class Records:
    """The records below the header row, each with the line that it begins in; `losses` at the end.

    `begins` is how the line looks in which a record of this format begins; `widths` how many fields
    it may have.
    """

    def __init__(self, stream: BinaryIO, begins: re.Pattern[str], widths: frozenset[int]) -> None:
        self._lines = Lines(stream)
        self._begins = begins
        self._widths = widths
        self._losses = Tally()
        self._again: list[tuple[int, str]] = []
        self._quotes = self._length = 0  # in the record that is open

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What was lost so far."""
        return (*self._lines.losses, *self._losses.losses)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        open_: list[tuple[int, str]] = []  # the lines of the record that is not closed yet
        for number, line in self._lines:
            if number == 1 or (not open_ and not line.strip()):
                continue
            open_.append((number, line))
            self._quotes += line.count('"')
            self._length += len(line) + 1
            if self._quotes % 2 == 0 or self._length > RECORD_CHARACTERS:
                yield from self._records(open_)
                open_ = self._again
                self._quotes = sum(line.count('"') for _, line in open_)
                self._length = sum(len(line) + 1 for _, line in open_)
        if open_:
            yield from self._records(open_)

    def _records(self, lines: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
        """The record that the lines make; if they make none, those that are whole in one line.

        A last line that begins a record of several lines is to be read again with what follows.
        """
        self._again = []
        if self._quotes % 2 == 0 and (fields := self._whole("\n".join(x for _, x in lines))):
            yield lines[0][0], fields
            return
        self._losses.lose(lines[0][0], "no whole record of this format; left out")
        for number, line in lines[1:]:
            if not self._begins.match(line):
                continue
            if fields := self._whole(line):
                yield number, fields
            elif number == lines[-1][0]:
                self._again = [(number, line)]
            else:
                self._losses.lose(number, "no whole record of this format; left out")

    def _whole(self, record: str) -> list[str] | None:
        fields = _fields(record) if record.count('"') % 2 == 0 else None
        return fields if fields is not None and len(fields) in self._widths else None


def moment(text: str) -> tuple[str, bool]:
    """A time as it stands, and whether a spreadsheet has rewritten it: then in ISO's form again."""
    m = _SPREADSHEET_TIME.fullmatch(text.strip())
    if m is None:
        return text.strip(), False
    year, month, day, hour, minute, second = m.groups()
    said = f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{minute}:{second or '00'}"
    return said, True


def spoilt(id: str) -> bool:
    """Whether a spreadsheet has made a number with a loss of digits of an id."""
    return _SPREADSHEET_ID.fullmatch(id.strip()) is not None


def _fields(record: str) -> list[str] | None:
    try:
        return next(csv.reader([record], strict=True), None)
    except csv.Error:
        return None
