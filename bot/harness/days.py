"""Takes an archive apart by time: the files from before a day, and the messages of some days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from knowledge.archive.contents import ZONE, chats_in, read
from knowledge.archive.files import scan
from knowledge.archive.merging import merged
from knowledge.archive.reading import ReadMessage
from knowledge.errors import PalouError
from knowledge.groups import group_name
from knowledge.model import Citation
from knowledge.store.forgotten import Forgotten


class DaysError(PalouError):
    """There is nothing to be played; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the archive: who said what, and its citation with group, date and time.

    `sender` is the speaker's id, where the archive has ids.
    """

    citation: Citation
    speaker: str
    text: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Some days of one group, and what was archived before them.

    `before` are files that hold nothing from the first day on; `files` those that hold the days,
    with the last date in each.
    """

    group: str
    messages: tuple[Said, ...]
    before: tuple[Path, ...]
    files: tuple[tuple[str, Path], ...]


def days(
    archive: Path,
    first: str,
    last: str,
    group: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    zone: tzinfo = ZONE,
) -> Days:
    """Read the days from `first` to `last` (ISO dates) of a group, in the order of their times.

    `group` may be left out when the archive has one only. DaysError: it has several, or there are
    no messages in those days; LoadError: a path is not there.
    """
    found = scan([archive])
    wanted = group_name(group) if group else None
    held: dict[str, list[tuple[Path, list[ReadMessage]]]] = {}
    for done, name in enumerate(sorted(found.files)):
        progress(done, len(found.files))
        for own, messages in _reading(name, zone).items():
            if wanted in (None, own):
                held.setdefault(own, []).append((Path(name), _within(messages, first, last)))
    if len(held) != 1:
        there = ", ".join(sorted(held)) or f"no group {wanted}" if wanted else ", ".join(held)
        raise DaysError(f"{archive}: name one group with --room; there is {there or 'none'}")
    ((name, readings),) = held.items()
    said, before, files = _taken(name, readings, first, last)
    if not said:
        raise DaysError(f"{archive}: {name} has no message from {first} to {last}")
    return Days(name, tuple(said), tuple(before), tuple(files))


def known(days: Days, forgotten: Forgotten) -> Days:
    """Some days as far as they may be known, without what members want forgotten."""
    masked = [
        (m, forgotten.in_file(days.group, str(m.citation), m.speaker, m.text, m.sender))
        for m in days.messages
    ]
    said = tuple(Said(m.citation, speaker, text) for m, (speaker, text) in masked)
    return replace(days, messages=said)


def _reading(path: str, zone: tzinfo) -> Mapping[str, Sequence[ReadMessage]]:
    """The messages of a file by group."""
    try:
        reading = read(path, zone)
    except OSError:
        return {}  # a load warns of it; what cannot be read cannot be played
    return chats_in(path, reading) if reading else {}


def _within(messages: Sequence[ReadMessage], first: str, last: str) -> list[ReadMessage]:
    """Messages without those that are not played, of which only the last date is needed."""
    kept = [m for m in messages if first <= m.date <= last]
    newest = max(messages, key=lambda m: m.date, default=None)
    return [*kept, newest] if newest is not None and newest not in kept else kept


def _taken(
    group: str, readings: Sequence[tuple[Path, list[ReadMessage]]], first: str, last: str
) -> tuple[list[Said], list[Path], list[tuple[str, Path]]]:
    """What is said in those days, the files from before them, and theirs with their last dates."""
    by_date: dict[str, dict[Path, list[ReadMessage]]] = {}
    before: list[Path] = []
    files: list[tuple[str, Path]] = []
    for path, messages in readings:
        newest = max((m.date for m in messages), default="")
        if newest < first:
            before.append(path)
            continue
        files.append((newest, path))
        for m in messages:
            if first <= m.date <= last:
                by_date.setdefault(m.date, {}).setdefault(path, []).append(m)
    said = [
        Said(Citation(group, date, m.time, n), m.speaker, m.text, m.sender_id)
        for date, parts in sorted(by_date.items())
        for _, m, n in merged(parts.items())
    ]
    return said, before, sorted(files)
