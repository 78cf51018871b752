"""What the database knows of its last load, for whoever looks after it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LastLoad:
    """When a load was (ISO), how long it took, and what the files lost: path, line, what.

    `lost` counts all losses, of which `losses` are the first.
    """

    at: str
    seconds: float
    losses: tuple[tuple[str, int, str], ...]
    lost: int


def last_load(conn: sqlite3.Connection, most: int) -> LastLoad | None:
    """The last load, with so many losses at most; None when there was none."""
    row = conn.execute("select at, seconds from loads order by id desc limit 1").fetchone()
    if row is None:
        return None
    losses = conn.execute(
        "select f.path, l.line, l.what from losses l join files f on f.id = l.file"
        " order by 1, 2 limit ?",
        [most],
    ).fetchall()
    lost = conn.execute("select count(*) from losses").fetchone()[0]
    return LastLoad(row[0], row[1], tuple(losses), lost)
