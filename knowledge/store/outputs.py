"""Files that Palou wrote elsewhere and that hold what was said: reports, labels, and backups.

Each is noted when it is written, so that a wish to be forgotten reaches it.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from knowledge.store import wishes

REPORT, LABELS, BACKUP = "report", "labels", "backup"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written, by its absolute path; `kind` is REPORT, LABELS or BACKUP.

    `missed`: it could not be changed when a load was to.
    """

    path: Path
    kind: str
    missed: bool


def note(database: Path, path: Path, kind: str) -> None:
    """Note that a file was written; StoreError: that cannot be written beside the database."""
    there = str(path.resolve())
    if wishes.read(database).written.get(there) != kind:
        wishes.note_written(database, {there: kind})


def take_over(conn: sqlite3.Connection, database: Path) -> None:
    """Note beside the database what an older palou noted in it, where a copy does not know it."""
    rows = conn.execute("select path, kind from outputs").fetchall()
    if rows:
        wishes.note_written(database, dict(rows))
        with conn:
            conn.execute("delete from outputs")


def noted(database: Path) -> list[Output]:
    """The files that were noted."""
    told = wishes.read(database)
    written = sorted(told.written.items())
    return [Output(Path(path), kind, path in told.missed) for path, kind in written]


def drop(database: Path, outputs: Iterable[Output]) -> None:
    """Know files no more: they are gone; StoreError: that cannot be written."""
    wishes.note_removed(database, [str(output.path) for output in outputs])


def keep_lines(file: Path, wanted: Callable[[str], bool]) -> bool:
    """Leave out of a text file the lines that are not wanted, all or none; whether there were any.

    OSError, UnicodeError: it cannot be read, or changed.
    """
    with file.open(encoding="utf-8", newline="") as stream:
        lines = stream.read().split("\n")
    kept = [line for line in lines if wanted(line)]
    if kept == lines:
        return False
    descriptor, made = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write("\n".join(kept))
        os.chmod(made, file.stat().st_mode & 0o777)
        os.replace(made, file)
    except OSError:
        with suppress(OSError):
            os.unlink(made)
        raise
    return True
