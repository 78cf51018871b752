"""Writes what is said in the rooms into daily files of the archive's format, as it is said."""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import datetime, tzinfo
from pathlib import Path

from bot.terms import Incoming
from knowledge.archive.formats.markdown import MarkdownReader

_HEADER = re.compile(r"^(> )", re.MULTILINE)
_LINE_END = re.compile(r"[ \t\u3000]+\n")
_BLANKS = re.compile(r"\s+")
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
        path = self._folder / group / f"{at:%Y-%m-%d}-chat.md"
        before = self._day.get(path)
        if before is None:
            before = self._open(path, group, at)
        said = (f"{at:%H:%M:%S}", _BLANKS.sub(" ", name).strip() or "无名", _tame(text))
        key = said[0], said[1], _LINE_END.sub("\n", said[2]).strip()
        if before[key] > 0:
            before[key] -= 1
            return False
        _append(path, f"> {said[0]}  {said[1]}  \n   \n{said[2]}  \n   \n")
        return True

    def _open(self, path: Path, group: str, at: datetime) -> Counter[_Said]:
        """Make ready a day's file: new, or as a run before left it."""
        self._day = {p: c for p, c in self._day.items() if p.parent != path.parent}
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size == 0:
            front = f"---\ndate:       {at:%Y-%m-%d} 12:00:00\ngroup:      {group}\n"
            _append(path, f"{front}tag:\t\t  [chat]\n---\n")
        elif not path.read_bytes().endswith(b"\n   \n") and not path.read_bytes().endswith(
            b"---\n"
        ):
            _append(path, "  \n   \n")
        with path.open("rb") as stream:
            reading = MarkdownReader().read(stream, path.name)
        there = Counter((m.time, m.speaker, m.text) for m in reading.messages)
        self._day[path] = there
        return there


def archive_answer(folder: Path, zone: tzinfo, group: str, asked: str, answer: Incoming) -> None:
    """Archive somebody's answer to a question, as a message of his that retells both."""
    text = retelling(asked, answer.text)
    LiveArchive(folder, zone).write(group, answer, answer.sender.name, text)


def retelling(question: str, answer: str) -> str:
    """A message that retells a question and its answer, as a load understands it."""
    return f"Q：{' '.join(question.split())}\nA：{answer}"


def _tame(text: str) -> str:
    """A text that cannot be taken for the header of another message."""
    return _HEADER.sub(r" \1", text.replace("\r", "").strip())


def _append(path: Path, block: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, block.encode("utf-8", "replace"))
    finally:
        os.close(descriptor)
