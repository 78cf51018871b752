"""A file that tells how much of it was read, for whoever waits for a long one."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import BinaryIO

Passed = Callable[[float], None]
"""Called with the share of a file that was read, 0 to 1; it never falls."""

_PIECE = 1 << 18  # bytes between two calls: some 10 ms of reading JSON


def watched(stream: BinaryIO, passed: Passed) -> BinaryIO:
    """A stream of a whole file that calls `passed` as it is read; closing is left to the file's."""
    return io.BufferedReader(_Watched(stream, passed), _PIECE)


class _Watched(io.RawIOBase):
    def __init__(self, stream: BinaryIO, passed: Passed) -> None:
        self._stream = stream
        self._passed = passed
        self._size = max(1, os.fstat(stream.fileno()).st_size)
        self._farthest = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        at = self._stream.tell()
        if at > self._farthest:  # a reader may look at the head first, and begin again
            self._farthest = at
            self._passed(min(1.0, at / self._size))
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()
