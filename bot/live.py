"""Writes what is said in the rooms into daily files of the archive's format, as it is said."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from bot.terms import Incoming
from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.disk import append
from knowledge.groups import folder_of
from knowledge.language.retelling import retelling

log = logging.getLogger("palou.live")

_IDS = ".ids"  # instead of the suffix of a day's file: beside it, and no archive
_ID_CHARACTERS = 32  # of a hash: 128 bits, so that two of them are never the same by chance

_Said = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Day:
    """What a day's file holds: the ids that were noted, and messages that may lack theirs."""

    ids: set[str]
    without: Counter[_Said]


class LiveArchive:
    """The daily files below a folder, one a day and group.

    A message is appended by one write, so a crash leaves it whole, or cut at the end of the file,
    where the next start mends it. What a chat delivers again after a restart is told by its id,
    which is appended to a file beside the day's after the message, and not written twice. A message
    that was killed before its id, or that was written by a palou that noted none, is told by time,
    speaker and text. `lost` counts what could not be written, `trouble` is why.
    """

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self._folder = folder
        self._zone = zone
        self._day: dict[Path, _Day] = {}
        self.lost = 0
        self.trouble = ""

    def keep(self, group: str, incoming: Incoming, name: str, text: str) -> None:
        """Append a message, if that can be done: a full disk is no reason not to answer it."""
        try:
            self.write(group, incoming, name, text)
        except OSError as e:
            why = e.strerror or type(e).__name__
            self.lost += 1
            if self.trouble != why:
                log.error("the live archive cannot be written: %s", why)
            self.trouble = why
        else:
            self.trouble = ""

    def write(self, group: str, incoming: Incoming, name: str, text: str) -> bool:
        """Append a message to its day's file; false when it stood there already.

        OSError: it cannot be written; then nothing of it stands there.
        """
        at = incoming.sent_at.astimezone(self._zone)
        path = self._folder / folder_of(group) / f"{at:%Y-%m-%d}{writing.SUFFIX}"
        day = self._day.get(path) or self._open(path, group, at)
        id = _id(incoming)
        if id in day.ids:
            return False
        said = f"{at:%H:%M:%S}", writing.tame_name(name), writing.tame_text(text)
        there = day.without[said] > 0
        try:
            if there:
                day.without[said] -= 1
            else:
                append(path, writing.block(*said))
            day.ids.add(id)
            append(_ids(path), f"{id}\n")
        except OSError:
            del self._day[path]  # what stands there now is to be seen, and mended, by the next one
            raise
        return not there

    def reopen(self) -> None:
        """Read the files of the day again before they are written to: they were changed."""
        self._day.clear()

    def _open(self, path: Path, group: str, at: datetime) -> _Day:
        """Make ready a day's file: new, or as a run before left it."""
        self._day = {p: d for p, d in self._day.items() if p.parent != path.parent}
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size == 0:
            append(path, writing.front_matter(f"{at:%Y-%m-%d}", group))
        elif not writing.is_whole(path.read_bytes()):
            append(path, writing.END)
        with path.open("rb") as stream:
            reading = MarkdownReader().read(stream, path.name)
        ids = _read_ids(_ids(path))
        # Each of them has its id, so that another one of the same second may say the same.
        all_noted = len(ids) >= len(reading.messages)
        there = () if all_noted else ((m.time, m.speaker, m.text) for m in reading.messages)
        day = self._day[path] = _Day(ids, Counter(there))
        return day


def archive_answer(folder: Path, zone: tzinfo, group: str, asked: str, answer: Incoming) -> None:
    """Archive somebody's answer to a question, as a message of his that retells both."""
    text = retelling(asked, answer.text)
    LiveArchive(folder, zone).write(group, answer, answer.sender.name, text)


def _id(incoming: Incoming) -> str:
    """What tells a message when it comes again: its id in the chat with what it said.

    A gateway may count from 1 again after a restart. It is kept as a hash, which tells nobody what
    was said and is a line whatever the chat's ids look like.
    """
    delivered = f"{incoming.id}\0{incoming.text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(delivered).hexdigest()[:_ID_CHARACTERS]


def _ids(path: Path) -> Path:
    return path.with_suffix(_IDS)


def _read_ids(path: Path) -> set[str]:
    """The ids that were noted, the last one's line ended if a crash cut it."""
    if not path.exists():
        return set()
    noted = path.read_text("ascii", "replace")
    if noted and not noted.endswith("\n"):
        append(path, "\n")
    return {line for line in noted.split() if len(line) == _ID_CHARACTERS}
