"""Objects out of a JSON file that need not fit into memory, as far as it is whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol

import ijson

from knowledge.archive.reading import Loss

Fields = dict[str, Any]
"""An object of JSON: what stands in it, nobody knows before it was looked at."""

DEEP = 200
"""What nests deeper is not read on: ijson takes memory by the square of the depth."""

_TOO_DEEP = f"it nests deeper than {DEEP}"
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"')
_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))  # all bytes but those that nest or quote


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


class Whole:
    """A stream of JSON as it is parsed: behind a byte-order mark, and nowhere nested too deep."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._depth = 0
        self._quoted = False  # within a string where the last piece ended
        self._escaped = False  # behind a backslash there
        self._begun = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes; ValueError where they nest deeper than DEEP."""
        piece = self._stream.read(size)
        if piece and not self._begun:
            self._begun = True
            if piece.startswith(codecs.BOM_UTF8):
                piece = piece[len(codecs.BOM_UTF8) :] or b" "
        self._follow(piece)
        return piece

    def _follow(self, piece: bytes) -> None:
        """Count brackets outside strings; pairs of them are taken out from the inside."""
        if self._escaped and piece:
            piece, self._escaped = piece[1:], False
        if b"\\" in piece:
            piece = _ESCAPE.sub(b"", piece)
            self._escaped = piece.endswith(b"\\")
        left = (b'"' if self._quoted else b"") + piece.translate(None, _STRUCTURE)
        left = _STRING.sub(b"", left)
        self._quoted = b'"' in left
        left = left.partition(b'"')[0]
        for _ in range(DEEP):
            fewer = left.replace(b"[]", b"").replace(b"{}", b"")
            if len(fewer) == len(left):
                break
            left = fewer
        else:
            raise ValueError(_TOO_DEEP)
        closing = len(left) - len(left.lstrip(b"]}"))
        self._depth += len(left) - 2 * closing
        if self._depth > DEEP:
            raise ValueError(_TOO_DEEP)


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
        number, strange = 0, 0
        try:
            items = ijson.items(Whole(self._stream), self._place, use_float=True)
            for number, found in enumerate(items, 1):
                if isinstance(found, dict):
                    yield number, found
                else:
                    strange = strange or number
        except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError) as e:
            said = str(e).splitlines()[0][:80] if str(e) else type(e).__name__
            what = f"the file is no whole JSON behind message {number}: {said}"
            self.losses.append(Loss(number, what))
        if strange:
            self.losses.append(Loss(strange, "what is no message was left out, here and below"))


def first(stream: BinaryIO, place: str) -> Any:
    """The first value at a place of a JSON file; None when there is none before it breaks off."""
    try:
        return next(iter(ijson.items(Whole(stream), place, use_float=True)), None)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError):
        return None


def text(value: object) -> str:
    """A field that ought to be a text or a number, as text; anything else is an empty one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
