"""Copies of a database: of one that is in use, and beside a copy of its archive."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.store.schema import connect
from knowledge.store.wishes import beside


def back_up(database: Path, copy: Path) -> None:
    """Copy a database that may be in use, with the wishes that hold for it."""
    with closing(connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    if (kept := beside(database)).exists():
        shutil.copyfile(kept, beside(copy))


def move_files(database: Path, old: Path, new: Path) -> None:
    """Know all files below a folder by their paths below another, where they were copied to."""
    with closing(connect(database, read_only=False)) as conn, conn:
        for column in ("path", "same_as"):
            conn.execute(
                f"update files set {column} = replace({column}, ?, ?)", (str(old), str(new))
            )
