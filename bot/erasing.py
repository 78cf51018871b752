"""Takes what is forgotten out of the files that the bot writes itself: live archive and answers."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.live import LiveArchive
from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.groups import group_name, group_of
from knowledge.model import Citation
from knowledge.store.forget import Forgotten

log = logging.getLogger("palou")


class WrittenFiles:
    """The daily files below folders that no process but this one writes to.

    `live` is what appends to them, if anything does.
    """

    def __init__(self, folders: Sequence[Path], live: LiveArchive | None = None) -> None:
        self._folders = folders
        self._live = live

    def erase(self, forgotten: Forgotten) -> None:
        """Rewrite the files that hold something of what is forgotten; OSError: one could not be.

        A message keeps its place and time, so that all others are cited as before.
        """
        for folder in self._folders:
            for path in sorted(folder.rglob(f"*{writing.SUFFIX}")):
                if path.is_file():
                    self._erase(path, forgotten)

    def _erase(self, path: Path, forgotten: Forgotten) -> None:
        with path.open("rb") as stream:
            reading = MarkdownReader().read(stream, path.name)
        if not reading.messages:
            return
        group = group_name(reading.group) if reading.group else group_of(path)
        seconds: Counter[tuple[str, str]] = Counter()
        said = []
        for m in reading.messages:
            n = seconds[m.date, m.time]
            seconds[m.date, m.time] += 1
            cited = str(Citation(group, m.date, m.time, n))
            said.append((m.time, *forgotten.masked(group, cited, m.speaker, m.text)))
        if said == [(m.time, m.speaker, m.text) for m in reading.messages]:
            return
        if reading.losses:
            log.warning("%s: %d lines that are no message are left out", path, len(reading.losses))
        _replace(path, writing.day(reading.messages[0].date, said, group))
        if self._live:
            self._live.reopen()


def _replace(path: Path, text: str) -> None:
    """Put a text in place of a file's: all of it is there after a crash, or none."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(text.encode("utf-8", "replace"))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
