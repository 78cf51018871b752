"""Opens a database for a load: made or brought up to date, and then changed as a whole or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from knowledge.errors import LoadError, StoreError
from knowledge.store.migrations import create_or_migrate
from knowledge.store.schema import SCHEMA, connect

LOCK_SECONDS = 10.0
"""How long a load waits for another one to end."""


def is_there(database: Path) -> bool:
    """Whether there is something under this name; an empty file is as good as none."""
    return database.exists() and database.stat().st_size > 0


def create(database: Path) -> None:
    """Make an empty database; StoreError when there is something else under this name."""
    with writable(database):
        pass


def bring_up_to_date(database: Path) -> None:
    """Migrate a database that is there, if an older palou made it; the errors of `writable`."""
    with closing(connect(database, read_only=False)) as conn:
        (schema,) = conn.execute("pragma user_version").fetchone()
    if schema < SCHEMA:
        create(database)


@contextmanager
def writable(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection within a transaction that is kept or undone as a whole.

    A database that was not there before and could not be filled is removed again. LoadError: there
    is no folder for it, or another load is running; StoreError: it is damaged, or none of ours.
    """
    from sqlite_utils import Database  # deferred: it costs a load without changes 0.2 s

    there = is_there(database)
    if there:
        connect(database, read_only=False).close()
    elif not database.parent.is_dir():
        raise LoadError(f"{database.parent}: there is no such folder to keep a database in")
    filled = False
    try:
        db = Database(sqlite3.connect(database, timeout=LOCK_SECONDS))
        try:
            db.enable_wal()
            create_or_migrate(db)
            db.conn.execute("pragma foreign_keys = on")
            db.conn.execute("pragma synchronous = normal")
            with db.atomic():
                yield db.conn
            filled = True
        finally:
            db.conn.close()
    except sqlite3.OperationalError as e:
        if "locked" in str(e):
            raise LoadError(f"{database}: another load is running; try again after it") from e
        raise StoreError(f"{database} cannot be written: {e}") from e
    except sqlite3.DatabaseError as e:
        raise StoreError(f"{database} is damaged: {e}; move it away and load again") from e
    finally:
        if not filled and not there:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{database}{suffix}").unlink(missing_ok=True)
