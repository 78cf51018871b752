"""Files that Palou wrote elsewhere and that hold what was said: reports, and backups of a database.

Each is noted when it is written, so that a wish to be forgotten reaches it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.store import wishes

REPORT, BACKUP = "report", "backup"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written, by its absolute path; `kind` is REPORT or BACKUP.

    `missed`: it could not be changed when a load was to.
    """

    path: Path
    kind: str
    missed: bool


def note(database: Path, path: Path, kind: str) -> None:
    """Note that a file was written; StoreError: that cannot be written beside the database."""
    wishes.note_written(database, {str(path.resolve()): kind})


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
