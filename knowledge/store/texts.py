"""Reads the normal forms of exchanges: what candidates are compared by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Question(NamedTuple):
    """What an exchange asks, and what is known of it.

    `sought` is the probability that somebody would look it up, `answers` the number of its answers,
    `sureness` the probability of the surest.
    """

    id: int
    norm: str
    sought: float
    answers: int
    sureness: float


def questions(conn: sqlite3.Connection, exchanges: Sequence[int]) -> Iterator[Question]:
    """What each of some exchanges asks; those that are not there are left out."""
    rows = conn.execute(
        "select id, question, sought, count, sureness from exchange_texts"
        " where id in (select value from json_each(?))",
        (json.dumps(exchanges),),
    )
    return map(Question._make, rows)


def rest(conn: sqlite3.Connection, exchanges: Sequence[int]) -> dict[int, str]:
    """The context and the answers of some exchanges, as one text each."""
    marks = ",".join("?" * len(exchanges))
    rows = conn.execute(
        f"select id, context || ' ' || answers from exchange_texts where id in ({marks})",
        exchanges,
    )
    return dict(rows.fetchall())
