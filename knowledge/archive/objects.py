"""Objects out of a JSON file that need not fit into memory, as far as it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate
from typing import Any, BinaryIO

import ijson

from knowledge.archive.reading import Loss

Fields = dict[str, Any]
"""An object of JSON: what stands in it, nobody knows before it was looked at."""


DEEPEST = 100
"""How deep what stands in a file can be nested: no chat nests so, and a parser's time would grow
with the square of it."""

LONGEST = 300
"""The most characters of a number: one of over 4,300 digits ends ijson 3.6, and the process."""

_NUMBER = re.compile(rb"[0-9.eE+-]{%d}" % (LONGEST + 1))
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_STRING_END = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord(bracket): step for bracket, step in (("[", 1), ("{", 1), ("]", -1), ("}", -1))}


class _Shallow:
    """A stream of JSON that ends with a ValueError where it is nested, or counts, too far."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._depth = 0
        self._before = b""
        self._in_string = self._escaped = False

    def read(self, size: int = -1) -> bytes:
        """What the stream gives, within `DEEPEST` and `LONGEST`."""
        data = self._stream.read(size)
        outside = self._outside(data)
        if _NUMBER.search(self._before + outside):
            raise ValueError(f"a number has over {LONGEST} characters")
        self._before = (self._before + outside)[-LONGEST:]
        brackets = outside.translate(None, _NO_BRACKETS)
        depths = list(accumulate(map(_STEPS.__getitem__, brackets), initial=self._depth))
        if max(depths) > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST}")
        self._depth = depths[-1]
        return data

    def _outside(self, data: bytes) -> bytes:
        """What stands outside of strings; a string can go on over several reads."""
        start = 0
        if self._in_string:
            start = 1 if self._escaped else 0
            end = _STRING_END.match(data, start)
            if end is None:
                self._note_open(data[start:])
                return b""
            start, self._in_string, self._escaped = end.end(), False, False
        outside = _STRING.sub(b"", data[start:])
        before, quote, inside = outside.partition(b'"')
        if quote:
            self._in_string = True
            self._note_open(inside)
        return before

    def _note_open(self, inside: bytes) -> None:
        """Note whether what ends within a string ends with half of an escape."""
        self._escaped = (len(inside) - len(inside.rstrip(b"\\"))) % 2 == 1


class Objects:
    """The objects below a place of a JSON file, one after the other; `losses` when it breaks off.

    `place` is as ijson has it: `messages.item`, or `item` for a bare array.
    """

    def __init__(self, stream: BinaryIO, place: str) -> None:
        self._stream = stream
        self._place = place
        self.losses: list[Loss] = []

    def __iter__(self) -> Iterator[tuple[int, Fields]]:
        """Each with its number from 1; what is no object is left out."""
        number = 0
        try:
            items = ijson.items(_Shallow(self._stream), self._place)
            for number, found in enumerate(items, 1):
                if isinstance(found, dict):
                    yield number, found
        except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError) as e:
            said = str(e).splitlines()[0][:80] if str(e) else type(e).__name__
            what = f"the file is no whole JSON behind message {number}: {said}"
            self.losses.append(Loss(number, what))


def first(stream: BinaryIO, place: str) -> Any:
    """The first value at a place of a JSON file; None when there is none before it breaks off."""
    try:
        return next(iter(ijson.items(_Shallow(stream), place)), None)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError):
        return None


def text(value: object) -> str:
    """A field that ought to be a text or a number, as text; anything else is an empty one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return str(value)
