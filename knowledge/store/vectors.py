"""The tables of vectors: two of each exchange, all of a shelf made by one model.

There are two shelves: `vectors` for those of a model that an operator wants, `word_vectors` for
Palou's own, so that neither is lost for the other. `question` is the vector of what an exchange
asks, `said` that of the question with its answers, which may follow later and is empty until then.
`vectors_of` and `word_vectors_of` hold the digest of the model, the usual cosines of its vectors
(`typical`, `typical_said`), and how often some were `made`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MODEL, WORDS = "vectors", "word_vectors"
"""The shelves, by the names of their tables."""

MOST = 200_000
"""Exchanges that get vectors at most: more of a larger archive nobody will look up."""


class Wanted(NamedTuple):
    """An exchange that lacks a vector: what it asks, and its answers."""

    id: int
    question: str
    answers: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vectors of one kind in a database; `name` is `MODEL` or `WORDS`."""

    conn: sqlite3.Connection
    name: str

    def made_by(self) -> str:
        """The digest of the model that made the vectors; empty when there are none."""
        row = self.conn.execute(f"select model from {self.name}_of").fetchone()
        return str(row[0]) if row else ""

    def exchanges(self) -> list[int]:
        """The exchanges that have a vector."""
        return [exchange for (exchange,) in self.conn.execute(f"select exchange from {self.name}")]

    def parts(self, block: int) -> Iterator[list[tuple[int, str, bytes, bytes]]]:
        """Exchange, group and both vectors of all, by their ids, so many at a time."""
        rows = self.conn.execute(
            f"select v.exchange, t.grp, v.question, v.said from {self.name} v"
            " join exchange_texts t on t.id = v.exchange order by v.exchange"
        )
        while part := rows.fetchmany(block):
            yield part

    def of(self, exchanges: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
        """Exchange and both vectors of those among some exchanges that have one."""
        return self.conn.execute(
            f"select exchange, question, said from {self.name}"
            " where exchange in (select value from json_each(?))",
            (json.dumps(exchanges),),
        ).fetchall()

    def typical(self) -> tuple[float, float | None] | None:
        """The usual cosines, with a question and with what was said; none before they are known."""
        row = self.conn.execute(f"select typical, typical_said from {self.name}_of").fetchone()
        if row is None or row[0] is None:
            return None
        return float(row[0]), None if row[1] is None else float(row[1])

    def made(self) -> int:
        """How often vectors were made."""
        row = self.conn.execute(f"select made from {self.name}_of").fetchone()
        return int(row[0]) if row else 0

    def progress(self) -> tuple[int, int]:
        """How many vectors there are, two an exchange, and how many there are to be."""
        (made,) = self.conn.execute(
            f"select count(*) + coalesce(sum(said <> x''), 0) from {self.name}"
        ).fetchone()
        (of,) = self.conn.execute(
            "select count(*) from exchange_texts where question <> ''"
        ).fetchone()
        return int(made), 2 * min(of, MOST)

    def begin(self, model: str) -> None:
        """Drop the vectors of another model than that of this digest."""
        if self.made_by() != model:
            with self.conn:
                self.conn.execute(f"delete from {self.name}")
                self.conn.execute(f"delete from {self.name}_of")
                self.conn.execute(f"insert into {self.name}_of values (?, null, null, 0)", (model,))

    def without_question(self) -> list[int]:
        """The exchanges that lack the vector of their question, the likeliest to be looked up
        first."""
        return self._lacking(self._no_question)

    def without_said(self) -> list[int]:
        """Likewise those that have one of their question alone."""
        return self._lacking(self._no_said)

    @property
    def _no_question(self) -> str:
        return f"id not in (select exchange from {self.name})"

    @property
    def _no_said(self) -> str:
        return f"id in (select exchange from {self.name} where said = x'')"

    def _lacking(self, which: str) -> list[int]:
        rows = self.conn.execute(
            "select id from (select id from exchange_texts where question <> ''"
            f" order by sought desc, id desc limit ?) where {which}",
            (MOST,),
        )
        return [exchange for (exchange,) in rows]

    def wanted(self, exchanges: Sequence[int], said: bool) -> list[Wanted]:
        """What those of some exchanges ask and were answered that still lack that vector.

        Others may be gone meanwhile, or have been given one by another process.
        """
        lacking = self._no_said if said else self._no_question
        rows = self.conn.execute(
            "select id, question, answers from exchange_texts"
            f" where id in (select value from json_each(?)) and question <> '' and {lacking}",
            (json.dumps(exchanges),),
        )
        return [Wanted(*row) for row in rows]

    def put_question(self, rows: Iterable[tuple[bytes, Wanted]]) -> None:
        """Keep vectors of questions; where a question has changed meanwhile, it is dropped."""
        with self.conn:
            self.conn.executemany(
                f"insert or ignore into {self.name} select id, ?, x'' from exchange_texts"
                " where id = ? and question = ?",
                [(vector, w.id, w.question) for vector, w in rows],
            )

    def put_said(self, rows: Iterable[tuple[bytes, Wanted]]) -> None:
        """Likewise those of questions with their answers."""
        with self.conn:
            self.conn.executemany(
                f"update {self.name} set said = ? where exchange in (select id from exchange_texts"
                " where id = ? and question = ? and answers = ?)",
                [(vector, *w) for vector, w in rows],
            )

    def end(self, typical: float, typical_said: float | None) -> None:
        """Note the usual cosines, as far as they are known, and that vectors were made."""
        with self.conn:
            self.conn.execute(
                f"update {self.name}_of set typical = ?, typical_said = ?, made = made + 1",
                (typical, typical_said),
            )
