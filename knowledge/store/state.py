"""What one connection sees: one state of the database for a while, and what has changed since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[None]:
    """One state of the database throughout: that of the first thing read within."""
    conn.execute("begin")
    try:
        yield
    finally:
        conn.execute("rollback")


def written(conn: sqlite3.Connection) -> int:
    """A number that is another one when another connection has written; it costs nothing to ask."""
    (version,) = conn.execute("pragma data_version").fetchone()
    return int(version)


def newest_load(conn: sqlite3.Connection) -> int:
    """The last load, by its id; 0 before the first. Knowledge changes with loads alone."""
    (load,) = conn.execute("select coalesce(max(id), 0) from loads").fetchone()
    return int(load)
