"""Opens a database for a load: made or brought up to date, and then changed as a whole or not."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from knowledge.disk import is_read_only
from knowledge.errors import LoadError, StoreError
from knowledge.store.migrations import create_or_migrate
from knowledge.store.schema import SCHEMA, check_regular, connect, unusable

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

    A database that was made for it and could not be filled is removed again; one that was there,
    be it empty, stays. LoadError: there is no folder for it, or another load is running;
    StoreError: it is damaged, none of ours, or no regular file.
    """
    from sqlite_utils import Database  # deferred: it costs a load without changes 0.2 s

    check_regular(database)
    if is_read_only(database):
        raise StoreError(
            f"{database} cannot be written: its disk is read-only; name another with --db"
        )
    if is_there(database):
        connect(database, read_only=False).close()
    made = _make(database)
    filled = False
    try:
        file = database.stat().st_ino
        db = Database(sqlite3.connect(database, timeout=LOCK_SECONDS))
        try:
            db.enable_wal()
            if db.conn.execute("pragma user_version").fetchone()[0] != SCHEMA:
                # So that whoever is killed leaves all of the tables, or none; and nobody writes
                # between what this reads and what it writes.
                db.conn.execute("begin immediate")
                with db.conn:
                    create_or_migrate(db)
            db.conn.execute("pragma foreign_keys = on")
            db.conn.execute("pragma synchronous = normal")
            with db.atomic():
                yield db.conn
                if not database.exists() or database.stat().st_ino != file:
                    # Whoever made it could not fill it, and removed it while this one waited.
                    raise LoadError(f"{database}: another load failed meanwhile; try again")
            filled = True
        finally:
            db.conn.close()
    except sqlite3.OperationalError as e:
        if "locked" in str(e):
            raise LoadError(f"{database}: another load is running; try again after it") from e
        raise StoreError(f"{database} cannot be written: {e}") from e
    except sqlite3.DatabaseError as e:
        raise unusable(database, e) from e
    finally:
        if made and not filled:
            _remove(database)


def _make(database: Path) -> bool:
    """Make an empty file, unless there is one; whether it was made."""
    try:
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
    except FileExistsError:
        return False
    except FileNotFoundError:
        raise LoadError(
            f"{database} cannot be made: there is no such folder {database.parent}"
        ) from None
    except OSError as e:
        raise LoadError(f"{database} cannot be made: {e.strerror or e}") from e
    return True


def _remove(database: Path) -> None:
    """Remove a database that was made in vain, unless another process has begun to fill it."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, timeout=0)) as conn:
        conn.execute("begin immediate")
        tables = conn.execute("select name from sqlite_master where name = 'loads'").fetchall()
        if not tables or not conn.execute("select 1 from loads").fetchall():
            for suffix in ("", "-wal", "-shm"):
                Path(f"{database}{suffix}").unlink(missing_ok=True)


def give_back(database: Path) -> None:
    """Give back to the disk what a database has no more use for."""
    with closing(connect(database, read_only=False)) as conn:
        conn.execute("vacuum")
