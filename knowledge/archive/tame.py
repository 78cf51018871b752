"""Bytes of a JSON file as its parser can bear them: UTF-8 without a mark, and not nested deep."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from knowledge.archive.decoding import encoding_of

DEPTH = 500
"""Objects and lists within one another; no export has 20, and the parser's memory is its square."""

_LOOK = 1 << 20  # bytes by which an encoding is told, as for text files
_CHUNK = 1 << 16
_KEPT = b'[]{}"'
_OTHERS = bytes(c for c in range(256) if c not in _KEPT)


class Tame:
    """Reads a stream from where it stands; ValueError when it nests deeper than DEPTH."""

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

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none at the end; at most `size`, where that is not negative."""
        if size == 0:
            return b""
        if not self._ready:
            self._ready = self._next()
        wanted = min(size, _CHUNK) if size > 0 else _CHUNK
        chunk, self._ready = self._ready[:wanted], self._ready[wanted:]
        self._look(chunk)
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
        chunk = chunk.replace(b"\\\\", b"").replace(b'\\"', b"")
        self._cut = b"\\" if chunk.endswith(b"\\") else b""
        marks = chunk.translate(None, _OTHERS).replace(b'""', b"")
        parts = marks.split(b'"')
        outside = b"".join(parts[1::2] if self._in_text else parts[::2])
        self._in_text ^= len(parts) % 2 == 0
        opened = outside.count(b"[") + outside.count(b"{")
        if self._depth + opened > DEPTH:
            self._walk(outside)
        self._depth += 2 * opened - len(outside)

    def _walk(self, marks: bytes) -> None:
        depth = self._depth
        for mark in marks:
            depth += 1 if mark in b"[{" else -1
            if depth > DEPTH:
                raise ValueError(f"it is nested deeper than {DEPTH}")
