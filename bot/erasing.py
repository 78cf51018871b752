"""The files that the bot writes itself, live archive and answers: what of them is not loaded yet.

And they are rewritten without what is forgotten.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.live import LiveArchive
from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.reading import ReadMessage
from knowledge.groups import group_name, group_of
from knowledge.language.retelling import parts
from knowledge.model import Citation
from knowledge.paths import written
from knowledge.store import browse, files
from knowledge.store.browse import Spoken
from knowledge.store.forgotten import Forgotten

log = logging.getLogger("palou")


class WrittenFiles:
    """The daily files below folders that no process but this one writes to.

    `live` is what appends to them, if anything does.
    """

    def __init__(self, folders: Sequence[Path], live: LiveArchive | None = None) -> None:
        self._folders = folders
        self._live = live

    def unloaded(self, conn: sqlite3.Connection) -> dict[str, dict[str, Spoken]]:
        """What no load has read yet, by group and name."""
        known, found = files.known(conn), dict[str, dict[str, Spoken]]()
        for path in self._files():
            try:
                if _is_loaded(path, known):
                    continue
                group, messages, _ = _read(path)
            except OSError:
                continue  # a load warns of it
            for date in {m.date for m in messages}:
                left = browse.times(conn, group, date)
                for m in messages:
                    if m.date != date:
                        continue
                    if left[m.time]:
                        left[m.time] -= 1
                        continue
                    names = found.setdefault(group, {})
                    names[m.speaker] = Spoken(1, f"{date}T{m.time}") + names.get(m.speaker)
        return found

    def answered(self) -> Iterator[tuple[str, str, str]]:
        """The questions that were archived with an answer: group, question, moment of the answer.

        A file that cannot be read holds up no wish: nothing of it can be loaded either.
        """
        for path in self._files():
            try:
                group, messages, _ = _read(path)
            except OSError:
                continue
            for m in messages:
                if retold := parts(m.text):
                    yield group, retold[0], f"{m.date}T{m.time}"

    def erase(self, forgotten: Forgotten) -> None:
        """Rewrite the files that hold something of what is forgotten; OSError: one could not be.

        A message keeps its place and time, so that all others are cited as before.
        """
        for path in self._files():
            self._erase(path, forgotten)

    def _files(self) -> Iterator[Path]:
        for folder in self._folders:
            for path in sorted(folder.rglob(f"*{writing.SUFFIX}")):
                if path.is_file():
                    yield path

    def _erase(self, path: Path, forgotten: Forgotten) -> None:
        group, messages, losses = _read(path)
        if not messages:
            return
        seconds: Counter[tuple[str, str]] = Counter()
        said = []
        for m in messages:
            n = seconds[m.date, m.time]
            seconds[m.date, m.time] += 1
            cited = str(Citation(group, m.date, m.time, n))
            said.append((m.time, *forgotten.in_file(group, cited, m.speaker, m.text)))
        if said == [(m.time, m.speaker, m.text) for m in messages]:
            return
        if losses:
            log.warning("%s: %d lines that are no message are left out", path, losses)
        _replace(path, writing.day(messages[0].date, said, group))
        if self._live:
            self._live.reopen()


def _is_loaded(path: Path, known: Mapping[str, files.Known]) -> bool:
    """Whether a load has read a file as it is now."""
    noted = known.get(written(str(path.resolve())))
    if noted is None:
        return False
    with path.open("rb") as stream:
        return noted.sha256 == hashlib.file_digest(stream, "sha256").hexdigest()


def _read(path: Path) -> tuple[str, Sequence[ReadMessage], int]:
    """The group and the messages of a file, and how many lines of it are no message."""
    with path.open("rb") as stream:
        reading = MarkdownReader().read(stream, path.name)
    group = group_name(reading.group) if reading.group else group_of(path)
    return group, reading.messages, len(reading.losses)


def _replace(path: Path, text: str) -> None:
    """Put a text in place of a file's: all of it is there after a crash, or none."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(text.encode("utf-8", "replace"))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
