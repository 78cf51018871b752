"""Objects out of a JSON file that need not fit into memory, as far as it is whole."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, BinaryIO

import ijson

from knowledge.archive.decoding import LOOK_BYTES, encoding_of
from knowledge.archive.reading import Loss

Fields = dict[str, Any]
"""An object of JSON: what stands in it, nobody knows before it was looked at."""

DEPTH = 200
"""JSON nested deeper than this ends a file: ijson's time grows with the square of the depth.

Of all exports seen, none goes beyond 20.
"""

_LONG = 4000  # characters of a leading text that is kept: an avatar may have a megabyte
_BROKEN = (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError)
_BRACKETS = b"[]{}"
_OTHERS = bytes(set(range(256)) - set(_BRACKETS))


class Objects:
    """The objects below a place of a JSON file, one after the other; `losses` when it breaks off.

    `place` is as ijson has it: `messages.item`, or `item` for a bare array. The file is read from
    its beginning.
    """

    def __init__(self, stream: BinaryIO, place: str) -> None:
        self._stream = stream
        self._place = place
        self.losses: list[Loss] = []

    def __iter__(self) -> Iterator[tuple[int, Fields]]:
        """Each with its number from 1; what is no object is left out."""
        number = 0
        sound = _Sound(self._stream)
        try:
            items = ijson.items(sound, self._place, use_float=True)
            for number, found in enumerate(items, 1):
                if isinstance(found, dict):
                    yield number, found
        except _BROKEN as e:
            said = str(e).splitlines()[0][:80] if str(e) else type(e).__name__
            what = f"the file is no whole JSON behind message {number}: {said}"
            self.losses.append(Loss(number, what))
        if sound.replaced:
            self.losses.append(Loss(0, f"bytes that are no {sound.encoding} were replaced"))


def first(stream: BinaryIO, place: str) -> Any:
    """The first value at a place of a JSON file; None when there is none before it breaks off."""
    try:
        return next(iter(ijson.items(_Sound(stream), place, use_float=True)), None)
    except _BROKEN:
        return None


def leading(stream: BinaryIO, stop: str) -> Fields:
    """The fields of a JSON file's object that stand before its field `stop`, as far as they go.

    Texts of over 4,000 characters, such as pictures, are empty there.
    """
    builder = ijson.ObjectBuilder()
    try:
        for prefix, event, value in ijson.parse(_Sound(stream), use_float=True):
            if not prefix and event == "map_key" and value == stop:
                break
            long = event == "string" and len(value) > _LONG
            builder.event(event, "" if long else value)
    except _BROKEN:
        pass
    found = getattr(builder, "value", None)
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=2)  # every reader of JSON asks for the same head
def shape(head: bytes) -> Mapping[str, object]:
    """What stands where in a JSON file that begins so, to recognise it by.

    Each place, as ijson has it, with the first text or number there; None for what is neither.
    """
    found: dict[str, object] = {}
    try:
        for place, event, value in ijson.parse(_Sound(io.BytesIO(head)), use_float=True):
            if event in ("string", "number", "boolean"):
                found.setdefault(place, value)
            elif event in ("start_map", "start_array", "null"):
                found.setdefault(place, None)
    except _BROKEN:
        pass
    return found


def text(value: object) -> str:
    """A field that ought to be a text or a number, as text; anything else is an empty one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value)
    except ValueError:  # a number of thousands of digits
        return ""


class _Sound:
    """A stream as ijson can take it: UTF-8 whatever it was, and nothing nested beyond DEPTH."""

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        head = stream.read(LOOK_BYTES)
        stream.seek(0)
        self._stream = stream
        self.encoding = encoding_of(head)
        self.replaced = False
        self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        self._depth = 0
        self._within = b""  # the quote of a text that is open, the backslash of an escape that is

    def read(self, size: int = -1) -> bytes:
        """The next bytes, about `size`; ValueError where they are nested too deep."""
        if size == 0:
            return b""
        while raw := self._stream.read(size):
            if found := self._decoder.decode(raw):
                return self._checked(found, raw)
        return self._checked(self._decoder.decode(b"", final=True), b"")

    def _checked(self, found: str, raw: bytes) -> bytes:
        whole = found.encode()
        if "\ufffd" in found and not (self.encoding == "utf-8" and b"\xef\xbf\xbd" in raw):
            self.replaced = True
        bare = (self._within + whole).replace(rb"\\", b"")
        escape = b"\\" if bare.endswith(b"\\") else b""
        parts = bare.replace(rb"\"", b"").split(b'"')
        self._within = escape if len(parts) % 2 else b'"' + escape
        for bracket in b"".join(parts[::2]).translate(None, _OTHERS):
            self._depth += 1 if bracket in b"[{" else -1
            if self._depth > DEPTH:
                raise ValueError(f"it is nested deeper than {DEPTH}")
        return whole
