"""Reads what a ranker is trained on: who asked and answered what, and ids to draw from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.store.ids import DAY_BITS


class Part(NamedTuple):
    """What a message, by its group, date and time, is to an exchange, and how probably."""

    exchange: int
    role: str
    probability: float
    group: str
    date: str
    time: str


def parts(conn: sqlite3.Connection) -> Iterator[Part]:
    """All messages of all exchanges."""
    rows = conn.execute(
        "select exchange, role, probability, grp, date, time from exchange_messages"
        f" join messages m on m.id = message join days d on d.id = m.id >> {DAY_BITS}"
    )
    return map(Part._make, rows)


def sought(conn: sqlite3.Connection, least: float) -> list[int]:
    """The ids of the exchanges that are likelier to be looked up than `least`."""
    rows = conn.execute("select id from exchange_texts where sought > ?", [least])
    return [exchange for (exchange,) in rows]


def longer(conn: sqlite3.Connection, than: int) -> list[int]:
    """The ids of the messages of more characters than that."""
    rows = conn.execute("select id from messages where length(text) > ?", [than])
    return [message for (message,) in rows]


def terms(conn: sqlite3.Connection) -> tuple[dict[str, int], int]:
    """Every term of the index with the exchanges that hold it, and how many exchanges there are."""
    [exchanges] = conn.execute("select exchanges from index_size").fetchone()
    return dict(conn.execute("select term, doc from exchange_terms")), exchanges
