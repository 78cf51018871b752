"""What a file, a folder or a zip holds, as the first reader that knows it reads it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone, tzinfo
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

from knowledge.archive.bundles import Folder, Zip
from knowledge.archive.formats import bundle_readers, readers
from knowledge.archive.merging import merged
from knowledge.archive.packed import Packed, column
from knowledge.archive.reading import (
    HEAD_BYTES,
    UNSAID,
    Bundle,
    BundleReader,
    Chat,
    Loss,
    Losses,
    Quoted,
    Reader,
    ReadFile,
    ReadMessage,
)
from knowledge.archive.replies import resolved
from knowledge.archive.watched import Passed, watched
from knowledge.errors import LoadError
from knowledge.groups import group_name, group_of
from knowledge.paths import actual
from knowledge.regular import opened

ZIP = ".zip"

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of groups, if no other is named."""


def recognised(path: str) -> bool:
    """Whether anything knows the format of a file, folder or zip; OSError: it cannot be read."""
    place = Path(actual(path))
    if place.is_dir():
        return bundled(Folder(place)) is not None
    if place.suffix.lower() == ZIP:
        with closing(Zip(place)) as zipped:
            return bundled(zipped) is not None or any(_readable(name) for name in zipped.names)
    with opened(place) as stream:
        return reader_of(place.name, stream) is not None


def read(path: str, zone: tzinfo, passed: Passed = lambda share: None) -> ReadFile | None:
    """A file, folder or zip as the first reader that knows it reads it, its moments in a zone.

    None when none does; OSError as above. What nobody said is left out: lines of the system, and
    messages that were recalled. How far it has come is `passed` on, of several files by their
    number.
    """
    place = Path(actual(path))
    if place.is_dir():
        found = _of_bundle(Folder(place), passed)
    elif place.suffix.lower() == ZIP:
        with closing(Zip(place)) as zipped:
            found = _of_bundle(zipped, passed)
    else:
        with opened(place) as stream:
            reader = reader_of(place.name, stream)
            found = as_read(reader, watched(stream, passed), place.name) if reader else None
    if found is None:
        return None
    chats, losses = list(found.chats), found.losses
    del found
    return said(chats, losses, zone)


def chats_in(path: str, reading: ReadFile) -> dict[str, Sequence[ReadMessage]]:
    """The messages of each group in a file: of that which it states, else of its folder's."""
    place = Path(path)
    own = place.stem if place.suffix.lower() == ZIP else ""
    default = group_name(own) if own else group_of(place if place.suffix else place / "within")
    parts: dict[str, list[Sequence[ReadMessage]]] = {}
    for chat in reading.chats:
        group = group_name(chat.group) if chat.group else default
        parts.setdefault(group, []).append(chat.messages)
    return {group: _once(chats) for group, chats in parts.items()}


def chats_of(path: str, reading: ReadFile, group: str | None) -> dict[str, Sequence[ReadMessage]]:
    """The same, all of it under one name where one is given.

    LoadError: there are several groups, which one name cannot stand for.
    """
    chats = chats_in(path, reading)
    if group is None:
        return chats
    if len(chats) > 1:
        raise LoadError(
            f"{path} holds {len(chats)} groups ({', '.join(sorted(chats)[:5])}), which one name"
            " cannot stand for; load it without --group"
        )
    return {group: next(iter(chats.values()), ())}


def _once(chats: list[Sequence[ReadMessage]]) -> Sequence[ReadMessage]:
    """What several files of a zip hold of one group, each message once, as if they lay apart."""
    if len(chats) == 1:
        return chats[0]
    days: dict[str, list[tuple[int, list[ReadMessage]]]] = {}
    for i, messages in enumerate(chats):
        for m in messages:
            held = days.setdefault(m.date, [])
            if not held or held[-1][0] != i:
                held.append((i, []))
            held[-1][1].append(m)
    return [m for date in sorted(days) for _, m, _ in merged(days[date])]


def _readable(name: str) -> bool:
    suffix = os.path.splitext(name)[1].lower()
    return any(suffix in reader.suffixes for reader in readers())


def reader_of(name: str, stream: BinaryIO) -> Reader | None:
    """The first reader that knows the format of a stream, which stands at its beginning again."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    suffix = os.path.splitext(name)[1].lower()
    return next((r for r in readers() if suffix in r.suffixes and r.recognises(head)), None)


def as_read(reader: Reader, stream: BinaryIO, name: str) -> ReadFile:
    """A file as its reader reads it, with what has to be said of its format, if anything has."""
    found = reader.read(stream, name)
    caveat = getattr(reader, "caveat", "")
    if not caveat or not any(chat.messages for chat in found.chats):
        return found
    return replace(found, losses=(*found.losses, Loss(0, caveat)))


MARKS = frozenset({"users.json", "realm.json", "manifest.json"})
"""Files by one of which a folder may be an archive of several."""


def marks(name: str) -> bool:
    """Whether a file may mark the folder that it is in as an archive of several files."""
    return name in MARKS or name.endswith(".annotation.txt")


def bundled(bundle: Bundle) -> BundleReader | None:
    """The first reader that knows the format of files together."""
    return next((r for r in bundle_readers() if r.recognises_bundle(bundle)), None)


def _of_bundle(bundle: Folder | Zip, passed: Passed) -> ReadFile | None:
    """What files together hold: each archive of several as one, all others by themselves."""
    chats: list[Chat] = []
    losses: list[Loss] = []
    taken: list[str] = []
    places = {name.rpartition("/")[0] for name in bundle.names if marks(name.rpartition("/")[2])}
    for place in sorted(places):
        if any(place == t or place.startswith(f"{t}/") or not t for t in taken):
            continue
        part = _Part(bundle, place)
        if reader := bundled(part):
            found = reader.read_bundle(part)
            chats += found.chats
            losses += found.losses
            taken.append(place)
    if not taken and (reader := bundled(bundle)):
        found = reader.read_bundle(bundle)
        return replace(found, losses=(*found.losses, *bundle.losses))
    rest = [n for n in bundle.names if not any(n.startswith(f"{t}/") or not t for t in taken)]
    others = _one_by_one(bundle, rest, passed)
    if others:
        chats += others.chats
        losses += others.losses
    return ReadFile(tuple(chats), (*losses, *bundle.losses)) if chats else None


class _Part:
    """The files below a folder of a bundle, as a bundle of their own."""

    def __init__(self, bundle: Bundle, place: str) -> None:
        self._bundle = bundle
        self._prefix = f"{place}/" if place else ""
        self.name = place.rpartition("/")[2] or bundle.name
        self.names = [
            name.removeprefix(self._prefix)
            for name in bundle.names
            if name.startswith(self._prefix)
        ]

    def open(self, name: str) -> BinaryIO:
        """Open one of them."""
        return self._bundle.open(self._prefix + name)


def _one_by_one(bundle: Bundle, names: Iterable[str], passed: Passed) -> ReadFile | None:
    chats: list[Chat] = []
    losses: list[Loss] = []
    readable = [*filter(_readable, names)]
    for done, name in enumerate(readable):
        passed(done / len(readable))
        try:
            with bundle.open(name) as stream:
                reader = reader_of(name, stream)
                reading = as_read(reader, stream, name.rpartition("/")[2]) if reader else None
        except OSError as e:
            losses.append(Loss(0, f"{name}: cannot be read: {e.strerror or e}"))
            continue
        if reading is None:
            losses.append(Loss(0, f"{name}: looks like no chat archive; it was left out"))
            continue
        folder = name.rpartition("/")[0].rpartition("/")[2]
        chats += (replace(c, group=c.group or folder or None) for c in reading.chats)
        losses += (Loss(x.line, f"{name}: {x.what}") for x in reading.losses)
    return ReadFile(tuple(chats), tuple(losses)) if chats else None


def said(chats: list[Chat], losses: Sequence[Loss], zone: tzinfo) -> ReadFile:
    """What people said, with the dates and times of a zone where messages have moments.

    `chats` are used up: a file can have a million messages.
    """
    chats.reverse()
    found: list[Chat] = []
    kept: dict[str, str] = {}
    while chats:
        chat = chats.pop()
        messages = Packed(
            ReadMessage,
            (_in_zone(m, zone, kept) for m in _linked(chat.messages) if m.kind not in UNSAID),
        )
        if _tells_minutes(messages):
            messages = Packed(ReadMessage, (replace(m, seconds=False) for m in messages))
        found.append(Chat(chat.group, messages, chat.id))
    return ReadFile(tuple(found), Losses(losses).all())


def _tells_minutes(messages: Sequence[ReadMessage]) -> bool:
    """Whether times are of minutes: none has seconds, which is chance where all are one.

    Where there are moments or ids, those tell what is the same.
    """
    return (
        all(m.time.endswith(":00") and m.at is None and m.id[:1] in ("", "~") for m in messages)
        and len({m.time for m in messages}) > 1
    )


def _linked(messages: Sequence[ReadMessage]) -> Iterable[ReadMessage]:
    """Messages that reply by ids alone: what others quote gets one where its format has none."""
    if not any(isinstance(reply, Quoted) for reply in column(messages, "reply")):
        return messages
    places = {
        i: place
        for i, (reply, place) in enumerate(
            zip(column(messages, "reply"), resolved(messages), strict=True)
        )
        if isinstance(reply, Quoted)
    }
    targets = {place for place in places.values() if place is not None}
    ids = {i: _id(m) for i, m in enumerate(messages) if i in targets}

    def linked(i: int, m: ReadMessage) -> ReadMessage:
        if i in places:
            place = places[i]
            m = replace(m, reply=None if place is None else ids[place])
        return replace(m, id=ids[i]) if i in ids else m

    return (linked(i, m) for i, m in enumerate(messages))


def _id(message: ReadMessage) -> str:
    """A message's id; one that its format gave none has one by what it says, in any export."""
    if message.id:
        return message.id
    said = f"{message.date}\0{message.time}\0{message.speaker}\0{message.text}"
    return "~" + blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _in_zone(message: ReadMessage, zone: tzinfo, kept: dict[str, str]) -> ReadMessage:
    """A message with date and time of a zone, of which each is `kept` in memory once."""
    if message.at is None:
        return message
    moment = datetime.fromtimestamp(message.at, zone).isoformat()
    date, time = moment[:10], moment[11:19]
    return ReadMessage(
        kept.setdefault(date, date), kept.setdefault(time, time), *_BEHIND_TIME(message)
    )


# As `replace` does, in half the time: it is done for every message.
_BEHIND_TIME = attrgetter(*(f.name for f in fields(ReadMessage) if f.name not in ("date", "time")))
