"""Reads of an export that has grown what stands behind what was read before.

Tools export a chat from its first message on, each time anew, with what was said since at the end.
What stands before the last day need not be read again where it is the same to the byte, and what
each record says hangs on nothing but itself and the file's head. Whatever cannot be told for
certain is no reason to guess: the file is read whole then.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from knowledge.archive.contents import as_read, reader_of, said
from knowledge.archive.packed import column
from knowledge.archive.reading import Loss, Quoted, ReadFile, ReadMessage
from knowledge.archive.records import Growing
from knowledge.archive.replies import resolved
from knowledge.paths import actual
from knowledge.regular import opened

WORTH = 1 << 18
"""Bytes of a file from which on it matters: less is read in a hundredth of a second."""

_MOST = 1 << 24  # bytes of a head, or of a last day, that are held in memory
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Mark:
    """What stood before the last day of a file when it was read.

    So many `records` (of lines, all count), `messages` and bytes (`size`), the newest of the date
    `until`, with their `digest`; `first` is the number of the first. Beside it the digests of the
    head with what is set for the file, and of the names in it one by one.
    """

    names: tuple[str, ...]
    first: int
    records: int
    messages: int
    size: int
    until: str
    digest: str
    head: str


def mark(
    path: str,
    sha256: str,
    zone: tzinfo,
    settings: str,
    reading: ReadFile,
    before: Mark | None = None,
) -> Mark | None:
    """What is to be known of a file the next time; None when it has to be read whole then.

    `reading` is of all of it, or of what stands behind a mark that was made `before`, while the
    file's content had the hash. `settings` is what else its messages hang on. OSError: it cannot
    be read.
    """
    place = Path(actual(path))
    messages = reading.chats[0].messages if len(reading.chats) == 1 else ()
    if not messages or not place.is_file() or place.stat().st_size < WORTH:
        return None
    dates = [*column(messages, "date")]
    i = dates.index(dates[-1])
    last = messages[i:]
    until = max(islice(dates, i), default="")
    if any(m.date != last[0].date for m in last) or until > last[0].date:
        return None
    with opened(place) as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
            return None  # somebody has just written it
        stream.seek(0)
        file = _File.known(stream, place.name, zone, settings)
        if file is None or not file.is_free_of_losses(reading.losses):
            return None
        if i == 0:
            return before
        passed, size = (before.records, before.size) if before else (0, 0)
        records = last[0].line - 1 - file.before
        start = file.records.skip(stream, file.begin + size, records - passed)
        if start is None:
            return None
        found = file.behind(start, records)
        if found is None or found.messages != last:
            return None
        return Mark(
            file.names,
            file.before + 1,
            records,
            i + (before.messages if before else 0),
            start - file.begin,
            max(until, before.until if before else ""),
            file.digest(start),
            file.head,
        )


def behind(
    path: str, zone: tzinfo, settings: str, mark: Mark, senders: Collection[str] | None
) -> tuple[ReadFile, Mark] | None:
    """What stands behind a mark, as a reading of the whole file has it; None: read it whole.

    With it comes the mark as it is with the head that the file has now. `senders` are all whose
    messages stand before the mark; with None, they are not known, and the head may call nobody who
    was not in it. OSError: it cannot be read.
    """
    place = Path(actual(path))
    if not place.is_file():
        return None
    with opened(place) as stream:
        file = _File.known(stream, place.name, zone, settings)
        if file is None or file.head != mark.head or not file.calls_alike(mark, senders):
            return None
        start = file.begin + mark.size
        if file.digest(start) != mark.digest:
            return None
        found = file.behind(start, mark.records)
        if found is None or any(m.date <= mark.until for m in found.messages):
            return None
        now = replace(mark, first=file.before + 1, head=file.head, names=file.names)
        return found, now


class _File:
    """A file whose reader is one of growing files, as far as its head."""

    def __init__(
        self, stream: BinaryIO, name: str, zone: tzinfo, reader: Growing, content: bytes
    ) -> None:
        self._stream = stream
        self._name = name
        self._zone = zone
        self._reader = reader
        self._content = content
        self.records = reader.records
        self.begin = len(content)
        self.before = reader.records.before(content)
        self.head = ""
        self._digests: dict[str, str] = {}  # of a sender's names, by his id

    @classmethod
    def known(cls, stream: BinaryIO, name: str, zone: tzinfo, settings: str) -> _File | None:
        """The file, if its reader and its head are such."""
        reader = reader_of(name, stream)
        if not isinstance(reader, Growing):
            return None
        begin = reader.records.begin(stream)
        if begin is None or begin > _MOST:
            return None
        stream.seek(0)
        content = stream.read(begin)
        head = reader.told_by_head(content)
        if head is None:
            return None
        file = cls(stream, name, zone, reader, content)
        kind = f"{type(reader).__module__}.{type(reader).__qualname__}"
        file.head = _digest(repr((kind, str(zone), settings, head.told)))
        file._digests = {i: _digest(repr((i, names)))[:16] for i, names in head.names.items()}
        return file

    @property
    def names(self) -> tuple[str, ...]:
        """The digests of the names in its head."""
        return tuple(sorted(self._digests.values()))

    def calls_alike(self, mark: Mark, senders: Collection[str] | None) -> bool:
        """Whether all who wrote before a mark are called as they were then."""
        new = {i for i, digest in self._digests.items() if digest not in mark.names}
        if len(self._digests) - len(new) != len(mark.names):
            return False
        return not new or (senders is not None and new.isdisjoint(senders))

    def digest(self, end: int) -> str:
        """The digest of the records up to a place; of less where the file ends before."""
        self._stream.seek(self.begin)
        found, left = hashlib.sha256(), end - self.begin
        while chunk := self._stream.read(min(left, _CHUNK)):
            found.update(chunk)
            left -= len(chunk)
        return found.hexdigest()

    def is_free_of_losses(self, losses: Sequence[Loss]) -> bool:
        """Whether nothing was lost of it; what is said of its whole format is no loss of it."""
        caveat = getattr(self._reader, "caveat", "")
        return all(caveat and loss == Loss(0, caveat) for loss in losses)

    def behind(self, start: int, records: int) -> ReadFile | None:
        """What stands from a record on that so many stand before, as of the whole file."""
        if os.fstat(self._stream.fileno()).st_size - start > _MOST:
            return None
        self._stream.seek(start)
        content = self._content + self._stream.read(_MOST)
        try:
            content.decode()
        except UnicodeDecodeError:
            return None  # of another encoding, or damaged: that is told by the whole
        raw = as_read(self._reader, BytesIO(content), self._name)
        if len(raw.chats) != 1 or not self.is_free_of_losses(raw.losses):
            return None
        if not raw.messages or not all(map(_is_sure, raw.messages, _targets(raw.messages))):
            return None
        raw = ReadFile(
            tuple(
                replace(c, messages=tuple(replace(m, line=m.line + records) for m in c.messages))
                for c in raw.chats
            ),
            raw.losses,
        )
        return said(list(raw.chats), raw.losses, self._zone)


def _targets(messages: Sequence[ReadMessage]) -> Sequence[int | None]:
    if any(isinstance(m.reply, Quoted) for m in messages):
        return resolved(messages)
    return [None] * len(messages)


def _is_sure(message: ReadMessage, target: int | None) -> bool:
    """Whether a message is the same without those before: what it quotes may stand among them.

    The nearest of those that begin with its words is what it quotes: no other before can be it. And
    its moment tells when it was said, whatever the others' times are.
    """
    reply = message.reply
    if isinstance(reply, Quoted) and (reply.time or target is None):
        return False
    return message.at is not None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
