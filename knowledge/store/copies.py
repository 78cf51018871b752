"""Copies of a database: of one that is in use, and beside a copy of its archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.store import wishes
from knowledge.store.schema import connect


def back_up(database: Path, copy: Path) -> None:
    """Copy a database that may be in use, with the wishes that hold for it."""
    with closing(connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    wishes.copy(database, copy)


def move_files(database: Path, old: Path, new: Path) -> None:
    """Know all files below a folder by their paths below another, where they were copied to."""
    with closing(connect(database, read_only=False)) as conn, conn:
        for column in ("path", "same_as"):
            conn.execute(
                f"update files set {column} = replace({column}, ?, ?)", (str(old), str(new))
            )
