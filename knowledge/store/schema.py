"""Opening the database: only one whose schema this version knows."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.disk import is_read_only
from knowledge.errors import StoreError

SCHEMA = 14
"""The newest schema that this version knows: the number of migrations."""


def connect(
    path: Path, *, read_only: bool = True, immutable: bool = False, any_schema: bool = False
) -> sqlite3.Connection:
    """Open a database that is there; StoreError when it is missing, none of ours, or too new.

    One of an older schema cannot be read, only written, by which it becomes new; `any_schema` is
    for who copies it as it is. One of another program is left as it is, to the last byte.

    `immutable` is for a file that nothing writes while it is open, a copy on a read-only disk:
    SQLite then takes no locks, makes no files beside it, and sees no change. One on a read-only
    disk is such a file, unless what was written last still stands beside it.
    """
    check_regular(path)
    if not path.is_file():
        raise StoreError(f"there is no database {path}; make one with: palou load --db {path}")
    immutable = immutable or (read_only and is_read_only(path) and not _log_of(path))
    empty = is_empty(path, immutable=immutable)
    try:
        how = "immutable=1" if immutable else f"mode={'ro' if read_only else 'rw'}"
        conn = sqlite3.connect(_uri(path, how), uri=True, timeout=30, check_same_thread=False)
        version = conn.execute("pragma user_version").fetchone()[0]
    except sqlite3.Error as e:
        raise unusable(path, e) from e
    wrong = ""
    if any_schema:
        return conn
    if version > SCHEMA:
        wrong = (
            f"{path} has schema {version}, this palou knows {SCHEMA}; use a newer palou, "
            "or another --db"
        )
    elif read_only and empty:
        wrong = f"{path} is empty; fill it with: palou load ARCHIVE --db {path}"
    elif read_only and version < SCHEMA:
        wrong = (
            f"{path} was made by an older palou; bring it up to date with: palou load ARCHIVE "
            f"--db {path}"
        )
    if wrong:
        conn.close()
        raise StoreError(wrong)
    return conn


def check_regular(path: Path) -> None:
    """StoreError when something stands at a path that is no regular file: a device, a folder."""
    if not path.is_file() and os.path.lexists(path):
        raise StoreError(f"{path} is no regular file; name another database with --db")


def unusable(path: Path, error: sqlite3.Error) -> StoreError:
    """What to say of a database that SQLite cannot use, and what can be done."""
    if not is_damage(error):
        why = str(error)
        if is_read_only(path):
            why += "; its disk is read-only: use a copy elsewhere, with --db"
        elif not os.access(path.parent, os.W_OK):
            why += (
                f"; SQLite keeps files beside it, and {path.parent} cannot be written:"
                " use a copy elsewhere, with --db"
            )
        return StoreError(f"{path} cannot be used as a database: {why}")
    return damaged(path, str(error))


def damaged(path: Path, how: str) -> StoreError:
    """What to say of a database whose file makes no sense."""
    return StoreError(
        f"{path} is damaged, or no database ({how}); put a copy in its place that palou backup "
        f"made, or what is left of it: sqlite3 {path} .recover | sqlite3 NEW; or move it away and "
        f"load again, without what was asked and set; leave {path}.forgotten where it is: wishes "
        "to be forgotten stand there"
    )


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that what a database file holds makes no sense."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # its primary code
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_empty(path: Path, *, immutable: bool = False) -> bool:
    """Whether a file holds no table yet; StoreError when it is another program's database."""
    try:
        tables, sets = _tables(path, immutable)
    except sqlite3.Error as e:
        raise unusable(path, e) from e
    if "palou" in sets:
        return False
    # A first load that was killed may have left the table of migrations, without a row in it.
    if sets or tables - {"_sqlite_migrations"}:
        raise StoreError(
            f"{path} is a database of another program, not a database of palou's; it is left as it"
            " is: name another with --db"
        )
    return True


def _tables(path: Path, immutable: bool) -> tuple[set[str], set[str]]:
    """The tables and views of a database, and whose migrations were applied to it."""
    # What is not in the file yet, but beside it, is seen by opening it as all do; else it is only
    # looked at, as SQLite would make files beside it that are not ours to make.
    how = "mode=ro" if not immutable and _log_of(path) else "immutable=1"
    with closing(sqlite3.connect(_uri(path, how), uri=True, timeout=30)) as conn:
        made = "select name from sqlite_master where type in ('table', 'view')"
        tables = {name for (name,) in conn.execute(made)}
        if "_sqlite_migrations" not in tables:
            return tables, set()
        sets = conn.execute("select distinct migration_set from _sqlite_migrations")
        return tables, {name for (name,) in sets}


def _log_of(path: Path) -> bool:
    """Whether something was written that is not in the file yet, but beside it."""
    beside = path.with_name(path.name + "-wal")
    return beside.exists() and beside.stat().st_size > 0


def _uri(path: Path, how: str) -> str:
    return f"{path.resolve().as_uri()}?{how}"


def keep_pages(conn: sqlite3.Connection, kilobytes: int) -> None:
    """Let a connection keep so much of the database in memory."""
    conn.execute(f"pragma cache_size = -{kilobytes}")
