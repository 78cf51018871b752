"""The tables of vectors: one of each question, all made by one model.

`vectors_of` holds the digest of that model, the cosine `typical` of its vectors, and how often some
were `made`. Both are empty unless the operator names a model.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

_MISSING = "from exchange_texts where question <> '' and id not in (select exchange from vectors)"


def made_by(conn: sqlite3.Connection) -> str:
    """The digest of the model that made the vectors; empty when there are none."""
    row = conn.execute("select model from vectors_of").fetchone()
    return str(row[0]) if row else ""


def read(conn: sqlite3.Connection, most: int) -> list[tuple[int, str, bytes]]:
    """Exchange, group and vector of so many questions, the newest first."""
    return conn.execute(
        "select v.exchange, t.grp, v.vector from vectors v"
        " join exchange_texts t on t.id = v.exchange order by v.exchange desc limit ?",
        (most,),
    ).fetchall()


def typical(conn: sqlite3.Connection) -> float:
    """The cosine that was noted last."""
    (cosine,) = conn.execute("select typical from vectors_of").fetchone()
    return float(cosine)


def made(conn: sqlite3.Connection) -> int:
    """How often vectors were made."""
    (times,) = conn.execute("select made from vectors_of").fetchone()
    return int(times)


def begin(conn: sqlite3.Connection, model: str) -> None:
    """Drop the vectors of another model than that of this digest."""
    if made_by(conn) != model:
        with conn:
            conn.execute("delete from vectors")
            conn.execute("delete from vectors_of")
            conn.execute("insert into vectors_of values (?, 1, 0)", (model,))


def missing(conn: sqlite3.Connection) -> int:
    """How many questions have no vector."""
    (count,) = conn.execute(f"select count(*) {_MISSING}").fetchone()
    return int(count)


def without(conn: sqlite3.Connection, block: int) -> Iterator[list[tuple[int, str]]]:
    """Exchange and question of all that have no vector, the newest first, so many at a time.

    Each block is read when it is wanted, as a load may change the questions meanwhile.
    """
    last = 1 << 62
    while rows := conn.execute(
        f"select id, question {_MISSING} and id < ? order by id desc limit ?", (last, block)
    ).fetchall():
        yield rows
        last = rows[-1][0]


def put(conn: sqlite3.Connection, rows: Iterable[tuple[bytes, int, str]]) -> None:
    """Keep vectors: each with its exchange, and the question that it was made of.

    Where that has changed meanwhile, it is dropped.
    """
    with conn:
        conn.executemany(
            "insert or replace into vectors select id, ? from exchange_texts"
            " where id = ? and question = ?",
            rows,
        )


def end(conn: sqlite3.Connection, typical: float) -> None:
    """Note the usual cosine, and that vectors were made."""
    with conn:
        conn.execute("update vectors_of set typical = ?, made = made + 1", (typical,))
