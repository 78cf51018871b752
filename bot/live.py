"""Writes what is said in the rooms into daily files of the archive's format, as it is said."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, tzinfo
from pathlib import Path

from bot.terms import Incoming
from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.groups import folder_of
from knowledge.language.retelling import retelling

_Said = tuple[str, str, str]


class LiveArchive:
    """The daily files below a folder, one a day and group.

    A message is appended by one write, so a crash leaves it whole, or cut at the end of the file,
    where the next start mends it. What a chat delivers again after a restart is told by time,
    speaker and text, and not written twice.
    """

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self._folder = folder
        self._zone = zone
        self._day: dict[Path, Counter[_Said]] = {}

    def write(self, group: str, incoming: Incoming, name: str, text: str) -> bool:
        """Append a message to its day's file; false when it stood there already."""
        at = incoming.sent_at.astimezone(self._zone)
        path = self._folder / folder_of(group) / f"{at:%Y-%m-%d}{writing.SUFFIX}"
        before = self._day.get(path)
        if before is None:
            before = self._open(path, group, at)
        said = f"{at:%H:%M:%S}", writing.tame_name(name), writing.tame_text(text)
        if before[said] > 0:
            before[said] -= 1
            return False
        _append(path, writing.block(*said))
        return True

    def reopen(self) -> None:
        """Read the files of the day again before they are written to: they were changed."""
        self._day.clear()

    def _open(self, path: Path, group: str, at: datetime) -> Counter[_Said]:
        """Make ready a day's file: new, or as a run before left it."""
        self._day = {p: c for p, c in self._day.items() if p.parent != path.parent}
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size == 0:
            _append(path, writing.front_matter(f"{at:%Y-%m-%d}", group))
        elif not writing.is_whole(path.read_bytes()):
            _append(path, writing.END)
        with path.open("rb") as stream:
            reading = MarkdownReader().read(stream, path.name)
        there = Counter((m.time, m.speaker, m.text) for m in reading.messages)
        self._day[path] = there
        return there


def archive_answer(folder: Path, zone: tzinfo, group: str, asked: str, answer: Incoming) -> None:
    """Archive somebody's answer to a question, as a message of his that retells both."""
    text = retelling(asked, answer.text)
    LiveArchive(folder, zone).write(group, answer, answer.sender.name, text)


def _append(path: Path, block: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, block.encode("utf-8", "replace"))
    finally:
        os.close(descriptor)
