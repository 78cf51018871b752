"""Reads an archive for training as a load does, without a database."""

from __future__ import annotations

from pathlib import Path

from knowledge.archive.contents import ZONE, chats_in, read
from knowledge.archive.files import scan
from knowledge.archive.merging import merged
from knowledge.archive.reading import ReadMessage
from knowledge.model import Citation, Message

Days = dict[tuple[str, str], list[Message]]
"""The messages of each day, by group and ISO date."""


def archive_files(root: Path) -> list[str]:
    """All files below a folder that can be archives, in order; LoadError when it is not there."""
    return sorted(scan([root]).files)


def read_archive(root: Path) -> Days:
    """All days below a folder, in order; OSError when a file cannot be read."""
    parts: dict[tuple[str, str], dict[str, list[ReadMessage]]] = {}
    for path in archive_files(root):
        reading = read(path, ZONE)
        if reading is None:
            continue
        for group, messages in chats_in(path, reading).items():
            for m in messages:
                parts.setdefault((group, m.date), {}).setdefault(path, []).append(m)
    return {
        (group, date): [
            Message(Citation(group, date, m.time, n), m.speaker, m.text)
            for _, m, n in merged(held.items())
        ]
        for (group, date), held in sorted(parts.items())
    }
