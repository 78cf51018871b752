"""How formats keep records behind a head: as lines of JSON, or as the objects of an array in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol, runtime_checkable

from knowledge.archive.reading import Reader

_CHUNK = 1 << 20
_LONGEST = 1 << 24  # bytes without structure, as those of a picture, that are looked through
# What stands before the next brace or bracket that is no part of a text, and that.
_NEXT = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+[{}\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """All that stands before the records of a file and that what they say hangs on.

    `names` are what it calls single senders, by their ids; the rest is in `told`, in any form.
    """

    told: str
    names: Mapping[str, tuple[str, ...]]


class Records(Protocol):
    """Where the records of a file begin, by its bytes."""

    def begin(self, stream: BinaryIO) -> int | None:
        """Where the first record, or the place for it, begins; None when that cannot be told."""

    def skip(self, stream: BinaryIO, start: int, count: int) -> int | None:
        """Where the record begins that so many stand before, from a record's beginning on.

        None when that cannot be told, or they are not records all of them.
        """

    def before(self, head: bytes) -> int:
        """What the number of the first record is behind such a head, but one."""


@runtime_checkable
class Growing(Reader, Protocol):
    """A reader of records each of which it reads by itself, and by what stands in the head.

    Nothing that it finds in one of them changes what it makes of another.
    """

    records: Records

    def told_by_head(self, content: bytes) -> Head | None:
        """What the bytes before the first record say; None: more of it may stand elsewhere."""


class LineRecords:
    """Records that are lines, which a number of a file's lines is told by."""

    def __init__(self, is_record: Callable[[bytes], bool]) -> None:
        self._is_record = is_record

    def begin(self, stream: BinaryIO) -> int | None:
        """Where the first line begins that is a record."""
        stream.seek(0)
        at = 0
        while line := stream.readline(_CHUNK):
            if self._is_record(line):
                return at
            if not _is_one(line):
                return None
            at += len(line)
        return None

    def skip(self, stream: BinaryIO, start: int, count: int) -> int | None:
        """Where the line begins that so many stand before, all of them records or empty."""
        stream.seek(start)
        for _ in range(count):
            line = stream.readline(_CHUNK)
            if not _is_one(line) or not (self._is_record(line) or not line.strip()):
                return None
            start += len(line)
        return start

    def before(self, head: bytes) -> int:
        """The number of its lines."""
        return head.count(b"\n")


def _is_one(line: bytes) -> bool:
    """Whether a line is whole, and one for whoever takes a carriage return for its end, too."""
    return line.endswith(b"\n") and b"\r" not in line.removesuffix(b"\n").removesuffix(b"\r")


class ItemRecords:
    """Records that are the objects of an array in the file's object."""

    def __init__(self, name: str) -> None:
        self._named = re.compile(rb'(?<!\\)"%s"\s*+:\s*+\[\Z' % re.escape(name.encode()))

    def begin(self, stream: BinaryIO) -> int | None:
        """Where the inside of the array begins."""
        depth = 0
        for end, text in _structure(stream, 0):
            if depth == 1 and self._named.search(text):
                return end
            depth += 1 if text[-1] in b"{[" else -1
        return None

    def skip(self, stream: BinaryIO, start: int, count: int) -> int | None:
        """Where the object begins that so many stand before."""
        depth = passed = 0
        for end, text in _structure(stream, start):
            if text[-1] in b"{[":
                if depth == 0:
                    if passed == count:
                        return end - 1
                    passed += 1
                depth += 1
            else:
                depth -= 1
                if depth < 0:
                    return None
        return None

    def before(self, head: bytes) -> int:
        """Items are numbered from the array's beginning on."""
        return 0


def _structure(stream: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Each brace and bracket with what stands before it, behind the one before; and its end."""
    stream.seek(start)
    left = b""
    while chunk := stream.read(_CHUNK):
        left += chunk
        at = 0
        while found := _NEXT.match(left, at):
            at = found.end()
            yield start + at, found[0]
        start += at
        left = left[at:]
        if len(left) > _LONGEST:
            return
