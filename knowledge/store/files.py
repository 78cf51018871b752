"""The files that were loaded, and which of them hold what days."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.language.names import SOMEBODY
from knowledge.store.ids import DAY_BITS


@dataclass(frozen=True, slots=True)
class Known:
    """A file as an earlier load noted it; `same_as` is empty or the file read in its place.

    Without a hash, it is to be read when it is next there.
    """

    sha256: str
    group: str
    same_as: str


def known(conn: sqlite3.Connection) -> dict[str, Known]:
    """The files that the database knows, by path."""
    rows = conn.execute("select path, sha256, grp, same_as from files")
    return {path: Known(*rest) for path, *rest in rows}


def days_in(conn: sqlite3.Connection, path: str) -> list[int]:
    """The days that a file holds something of, by their ids."""
    rows = conn.execute(
        "select day from file_days join files on id = file where path = ?", [path]
    ).fetchall()
    return [day for (day,) in rows]


def are_several(conn: sqlite3.Connection, day: int) -> bool:
    """Whether more than one file holds something of a day."""
    row = conn.execute("select 1 from file_days where day = ? limit 1 offset 1", [day]).fetchone()
    return row is not None


def are_shared(conn: sqlite3.Connection, file: int) -> bool:
    """Whether other files hold something of a day that a file holds something of."""
    row = conn.execute(
        "select 1 from file_days a join file_days b on b.day = a.day and b.file <> a.file"
        " where a.file = ? limit 1",
        [file],
    ).fetchone()
    return row is not None


def holding(conn: sqlite3.Connection, day: int) -> list[tuple[int, str]]:
    """The ids and paths of the files that hold something of a day, by path."""
    return conn.execute(
        "select id, path from file_days join files on id = file where day = ? order by path", [day]
    ).fetchall()


def of_groups(conn: sqlite3.Connection, groups: Iterable[str]) -> set[str]:
    """The paths of the files that hold something of some groups, or were noted under one."""
    return {
        path
        for group in groups
        for (path,) in conn.execute(
            "select path from files where grp = ?1 or id in"
            " (select file from file_days join days on days.id = day where days.grp = ?1)",
            [group],
        )
    }


def with_nameless(conn: sqlite3.Connection, group: str) -> set[str]:
    """The paths of the files that hold something of a group's days on which a forgotten spoke."""
    rows = conn.execute(
        "select distinct f.path from messages m join speakers s on s.id = m.speaker"
        f" join file_days d on d.day = m.id >> {DAY_BITS} join files f on f.id = d.file"
        " where s.grp = ? and s.name = ?",
        [group, SOMEBODY],
    )
    return {path for (path,) in rows}


def read_anew(conn: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Have files read when they are next there, though nothing in them is another by then."""
    conn.executemany("update files set sha256 = '' where path = ?", ((path,) for path in paths))
