"""Bytes of a JSON file as its parser can bear them: UTF-8 without a mark, no trap of nesting.

The parser keeps the names of all that it is within, joined, and joins them anew for each name: with
deep nesting or a name of megabytes, time and memory are the square of what a file holds.
"""

from __future__ import annotations

import codecs
from typing import BinaryIO

from knowledge.archive.decoding import encoding_of

DEPTH = 100
"""Objects and lists within one another that are borne; no export has 20."""

NAME = 1000
"""Bytes of a name in an object that are borne; those of exports are words and ids."""

_LOOK = 1 << 20  # bytes by which an encoding is told, as for text files
_CHUNK = 1 << 16
_FOLDS = 4  # times that what opens and closes at once is taken out, before all is walked through
_KEPT = b'[]{}"'
_OTHERS = bytes(c for c in range(256) if c not in _KEPT)


class Tame:
    """Reads a stream from where it stands; ValueError when DEPTH or NAME is passed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ready = stream.read(_LOOK)
        encoding = encoding_of(self._ready)
        self._decoder = None
        if encoding == "utf-8-sig":
            self._ready = self._ready[len(codecs.BOM_UTF8) :]
        elif encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")
            self._ready = self._decoder.decode(self._ready).encode("utf-8", "replace")
        self._depth = 0
        self._in_text = False
        self._cut = b""  # a backslash at the end of a chunk
        self._since = 0  # bytes since the last quote
        self._closed = False  # whether that has ended a text that is longer than a name can be

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none at the end; at most `size`, where that is not negative."""
        if size == 0:
            return b""
        if not self._ready:
            self._ready = self._next()
        wanted = min(size, _CHUNK) if size > 0 else _CHUNK
        chunk, self._ready = self._ready[:wanted], self._ready[wanted:]
        while True:
            before = (self._depth, self._in_text, self._cut, self._since, self._closed)
            try:
                self._look(chunk)
            except ValueError:
                if len(chunk) == 1:
                    raise
                # What stands before the trap is read.
                self._depth, self._in_text, self._cut, self._since, self._closed = before
                half = len(chunk) // 2
                chunk, self._ready = chunk[:half], chunk[half:] + self._ready
            else:
                return chunk

    def _next(self) -> bytes:
        while raw := self._stream.read(_CHUNK):
            if self._decoder is None:
                return raw
            if text := self._decoder.decode(raw):
                return text.encode("utf-8", "replace")
        return b""

    def _look(self, chunk: bytes) -> None:
        """Count how deep it stands: without escapes, what quotes enclose is no structure."""
        chunk = self._cut + chunk
        chunk = chunk.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        self._cut = b"\\" if chunk.endswith(b"\\") else b""
        self._look_at_names(chunk)
        marks = chunk.translate(None, _OTHERS).replace(b'""', b"")
        parts = marks.split(b'"')
        outside = b"".join(parts[1::2] if self._in_text else parts[::2])
        self._in_text ^= len(parts) % 2 == 0
        opened = outside.count(b"[") + outside.count(b"{")
        if self._depth + opened > DEPTH:
            rest = outside
            for _ in range(_FOLDS):
                rest = rest.replace(b"[]", b"").replace(b"{}", b"")
            # Each fold takes two levels at most from what is left.
            if self._depth + rest.count(b"[") + rest.count(b"{") + 2 * _FOLDS > DEPTH:
                self._walk(outside)
        self._depth += 2 * opened - len(outside)

    def _look_at_names(self, chunk: bytes) -> None:
        """Refuse a long text that a colon follows: it is a name."""
        step = NAME // 2
        starts = range(0, len(chunk), step)
        if (
            not self._closed
            and self._since < step
            and all(chunk.find(b'"', start, start + step) >= 0 for start in starts)
        ):
            self._since = len(chunk) - chunk.rfind(b'"') - 1
            return
        parts = chunk.split(b'"')
        if self._closed:
            self._refuse(parts[0])
            self._closed = len(parts) == 1 and not parts[0].strip()
        length = self._since + len(parts[0])
        for i, part in enumerate(parts[1:], 1):
            if length > NAME and (i % 2 == 0) != self._in_text:
                self._refuse(part)
                self._closed = i == len(parts) - 1 and not part.strip()
            length = len(part)
        self._since = length

    def _refuse(self, behind: bytes) -> None:
        if behind.lstrip().startswith(b":"):
            raise ValueError(f"a name in it is longer than {NAME}")

    def _walk(self, marks: bytes) -> None:
        depth = self._depth
        for mark in marks:
            depth += 1 if mark in b"[{" else -1
            if depth > DEPTH:
                raise ValueError(f"it is nested deeper than {DEPTH}")
