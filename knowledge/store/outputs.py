"""Files that Palou wrote elsewhere and that hold what was said: reports, and backups of a database.

Each is noted when it is written, so that a wish to be forgotten reaches it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from knowledge.store.schema import connect

REPORT, BACKUP = "report", "backup"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written, by its absolute path; `kind` is REPORT or BACKUP."""

    path: Path
    kind: str


def note(database: Path, path: Path, kind: str) -> None:
    """Note that a file was written; StoreError: the database cannot be opened or written."""
    with closing(connect(database, read_only=False)) as conn, conn:
        conn.execute("insert or replace into outputs values (?, ?)", [str(path.resolve()), kind])


def noted(conn: sqlite3.Connection) -> list[Output]:
    """The files that were noted."""
    rows = conn.execute("select path, kind from outputs order by path")
    return [Output(Path(path), kind) for path, kind in rows]


def drop(conn: sqlite3.Connection, output: Output) -> None:
    """Know a file no more: it is gone."""
    conn.execute("delete from outputs where path = ?", [str(output.path)])
