"""Keeps what stood before the last day of large files, so that more of them need not be read."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from knowledge.archive.grown import Mark

_HASH = 64  # characters of a hash: what else stands in its place has the file read whole


class Marked(NamedTuple):
    """A file with its id, the group that it was noted under, and its mark."""

    file: int
    group: str
    mark: Mark


def known(conn: sqlite3.Connection) -> dict[str, Marked]:
    """The files that have a mark, by their paths."""
    rows = conn.execute(
        "select f.path, f.id, f.grp, m.names, m.first, m.records, m.messages, m.size, m.until,"
        " m.digest, m.head from file_marks m join files f on f.id = m.file"
        " where length(f.sha256) = ?",
        [_HASH],
    )
    return {
        path: Marked(file, group, Mark(tuple(json.loads(names)), *rest))
        for path, file, group, names, *rest in rows
    }


def put(conn: sqlite3.Connection, file: int, mark: Mark) -> None:
    """Keep a file's mark in place of the one that it had, if any."""
    names = json.dumps(mark.names)
    conn.execute(
        "insert or replace into file_marks values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file,
            mark.first,
            mark.records,
            mark.messages,
            mark.size,
            mark.until,
            mark.digest,
            mark.head,
            names,
        ],
    )


def drop_all(conn: sqlite3.Connection) -> None:
    """Drop the marks of all files, which hold digests of names."""
    conn.execute("delete from file_marks")
