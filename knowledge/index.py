"""The full-text index over exchanges."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from knowledge.model import Exchange
from knowledge.normal import normal, tokens

SCHEMA = (
    "create virtual table exchange_index using fts5(question, context, answers, tokenize='ascii')"
)


def add(conn: sqlite3.Connection, exchanges: Iterable[tuple[int, Exchange]]) -> None:
    """Index exchanges under their ids."""
    conn.executemany(
        "insert into exchange_index(rowid, question, context, answers) values (?, ?, ?, ?)",
        (
            (
                i,
                _terms(m.text for m in x.question),
                _terms(m.text for m in x.context),
                _terms(a.message.text for a in x.answers),
            )
            for i, x in exchanges
        ),
    )


def delete(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Drop the exchanges with ids from first to last."""
    conn.execute("delete from exchange_index where rowid between ? and ?", [first, last])


def candidates(conn: sqlite3.Connection, terms: Sequence[str], limit: int) -> list[int]:
    """The ids of the exchanges that share most terms."""
    if not terms:
        return []
    query = " OR ".join(f'"{t}"' for t in dict.fromkeys(terms))
    rows = conn.execute(
        "select rowid from exchange_index where exchange_index match ?"
        " order by bm25(exchange_index, 4, 1, 1) limit ?",
        [query, limit],
    )
    return [row[0] for row in rows]


def _terms(texts: Iterable[str]) -> str:
    return " ".join(t for text in texts for t in tokens(normal(text)))
