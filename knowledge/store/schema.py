"""Opening the database: only one whose schema this version knows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from knowledge.errors import StoreError

SCHEMA = 8
"""The newest schema that this version knows: the number of migrations."""


def connect(path: Path, *, read_only: bool = True, immutable: bool = False) -> sqlite3.Connection:
    """Open a database that is there; StoreError when it is missing, none of ours, or too new.

    One of an older schema cannot be read, only written, by which it becomes new.

    `immutable` is for a file that nothing writes while it is open, a copy on a read-only disk:
    SQLite then takes no locks, makes no files beside it, and sees no change.
    """
    if not path.is_file():
        raise StoreError(f"there is no database {path}; make one with: palou load")
    how = "immutable=1" if immutable else f"mode={'ro' if read_only else 'rw'}"
    uri = f"{path.resolve().as_uri()}?{how}"
    try:
        conn = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)
        version = conn.execute("pragma user_version").fetchone()[0]
        ours = conn.execute(
            "select count(*) from sqlite_master where name = 'exchange_texts'"
        ).fetchone()
    except sqlite3.Error as e:
        raise StoreError(f"{path} cannot be opened as a database: {e}") from e
    if version > SCHEMA:
        conn.close()
        raise StoreError(
            f"{path} has schema {version}, this palou knows {SCHEMA}; use a newer palou, "
            "or another --db"
        )
    if read_only and 0 < version < SCHEMA:
        conn.close()
        raise StoreError(
            f"{path} was made by an older palou; bring it up to date with: palou load ARCHIVE "
            f"--db {path}"
        )
    if not ours[0] and version == 0:
        tables = conn.execute("select count(*) from sqlite_master").fetchone()[0]
        if tables or read_only:
            conn.close()
            raise StoreError(f"{path} is not a database of palou's; name another with --db")
    return conn


def keep_pages(conn: sqlite3.Connection, kilobytes: int) -> None:
    """Let a connection keep so much of the database in memory."""
    conn.execute(f"pragma cache_size = -{kilobytes}")
