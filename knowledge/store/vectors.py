"""The tables of vectors: two of each exchange, all made by one model.

`question` is the vector of what it asks, `said` that of the question with its answers, which
follows later and is empty until then. `vectors_of` holds the digest of the model, the usual cosines
of its vectors (`typical`, `typical_said`), and how often some were `made`. Both are empty unless
the operator wants a model.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_NO_QUESTION = "id not in (select exchange from vectors)"
_NO_SAID = "id in (select exchange from vectors where said = x'')"


class Wanted(NamedTuple):
    """An exchange that lacks a vector: what it asks, and its answers."""

    id: int
    question: str
    answers: str


def made_by(conn: sqlite3.Connection) -> str:
    """The digest of the model that made the vectors; empty when there are none."""
    row = conn.execute("select model from vectors_of").fetchone()
    return str(row[0]) if row else ""


def exchanges(conn: sqlite3.Connection) -> list[int]:
    """The exchanges that have a vector."""
    return [exchange for (exchange,) in conn.execute("select exchange from vectors")]


def parts(conn: sqlite3.Connection, block: int) -> Iterator[list[tuple[int, str, bytes, bytes]]]:
    """Exchange, group and both vectors of all, by their ids, so many at a time."""
    rows = conn.execute(
        "select v.exchange, t.grp, v.question, v.said from vectors v"
        " join exchange_texts t on t.id = v.exchange order by v.exchange"
    )
    while part := rows.fetchmany(block):
        yield part


def of(conn: sqlite3.Connection, exchanges: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
    """Exchange and both vectors of those among some exchanges that have one."""
    return conn.execute(
        "select exchange, question, said from vectors"
        " where exchange in (select value from json_each(?))",
        (json.dumps(exchanges),),
    ).fetchall()


def typical(conn: sqlite3.Connection) -> tuple[float, float | None] | None:
    """The usual cosines, with a question and with what was said; none before they are known."""
    question, said = conn.execute("select typical, typical_said from vectors_of").fetchone()
    return None if question is None else (float(question), None if said is None else float(said))


def made(conn: sqlite3.Connection) -> int:
    """How often vectors were made."""
    (times,) = conn.execute("select made from vectors_of").fetchone()
    return int(times)


MOST = 200_000
"""Exchanges that get vectors at most: more of a larger archive nobody will look up."""


def progress(conn: sqlite3.Connection) -> tuple[int, int]:
    """How many vectors there are, two an exchange, and how many there are to be."""
    (made,) = conn.execute(
        "select count(*) + coalesce(sum(said <> x''), 0) from vectors"
    ).fetchone()
    (of,) = conn.execute("select count(*) from exchange_texts where question <> ''").fetchone()
    return int(made), 2 * min(of, MOST)


def begin(conn: sqlite3.Connection, model: str) -> None:
    """Drop the vectors of another model than that of this digest."""
    if made_by(conn) != model:
        with conn:
            conn.execute("delete from vectors")
            conn.execute("delete from vectors_of")
            conn.execute("insert into vectors_of values (?, null, null, 0)", (model,))


def without_question(conn: sqlite3.Connection) -> list[int]:
    """The exchanges that lack the vector of their question, the likeliest to be looked up first."""
    return _lacking(conn, _NO_QUESTION)


def without_said(conn: sqlite3.Connection) -> list[int]:
    """Likewise those that have one of their question alone."""
    return _lacking(conn, _NO_SAID)


def _lacking(conn: sqlite3.Connection, which: str) -> list[int]:
    rows = conn.execute(
        "select id from (select id from exchange_texts where question <> ''"
        f" order by sought desc, id desc limit ?) where {which}",
        (MOST,),
    )
    return [exchange for (exchange,) in rows]


def wanted(conn: sqlite3.Connection, exchanges: Sequence[int], said: bool) -> list[Wanted]:
    """What those of some exchanges ask and were answered that still lack that vector.

    Others may be gone meanwhile, or have been given one by another process.
    """
    rows = conn.execute(
        "select id, question, answers from exchange_texts"
        " where id in (select value from json_each(?)) and question <> ''"
        f" and {_NO_SAID if said else _NO_QUESTION}",
        (json.dumps(exchanges),),
    )
    return [Wanted(*row) for row in rows]


def put_question(conn: sqlite3.Connection, rows: Iterable[tuple[bytes, Wanted]]) -> None:
    """Keep vectors of questions; where a question has changed meanwhile, it is dropped."""
    with conn:
        conn.executemany(
            "insert or ignore into vectors select id, ?, x'' from exchange_texts"
            " where id = ? and question = ?",
            [(vector, w.id, w.question) for vector, w in rows],
        )


def put_said(conn: sqlite3.Connection, rows: Iterable[tuple[bytes, Wanted]]) -> None:
    """Likewise those of questions with their answers."""
    with conn:
        conn.executemany(
            "update vectors set said = ? where exchange in (select id from exchange_texts"
            " where id = ? and question = ? and answers = ?)",
            [(vector, *w) for vector, w in rows],
        )


def end(conn: sqlite3.Connection, typical: float, typical_said: float | None) -> None:
    """Note the usual cosines, as far as they are known, and that vectors were made."""
    with conn:
        conn.execute(
            "update vectors_of set typical = ?, typical_said = ?, made = made + 1",
            (typical, typical_said),
        )
