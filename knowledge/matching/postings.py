"""Which exchanges hold a term, as the full-text index says; kept for the queries that follow."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

KEPT = 200_000
"""Postings kept between queries, some 40 bytes each."""

_INSTANCES = (
    "create virtual table if not exists temp.exchange_instances"
    " using fts5vocab(main, exchange_index, instance)"
)

_LISTED = "json_group_array(id)"
"""All ids in one row: a row for each takes 1.4 times as long to read."""

Held = tuple[Sequence[int], Sequence[int]]
"""The exchanges that hold a term, the newest first: in the question; in context or answers."""


class Postings:
    """Reads the postings of terms from one database's index.

    What is kept does not follow the database: whoever asks says when to `clear`.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._kept: dict[tuple[str, str], Held] = {}
        self._in_questions: dict[tuple[str, str], Sequence[int]] = {}
        self._count = 0
        conn.execute(_INSTANCES)

    def clear(self) -> None:
        """Forget what was kept."""
        self._kept.clear()
        self._in_questions.clear()
        self._count = 0

    def anywhere(self, terms: Collection[str], within: str = "") -> dict[str, Held]:
        """All postings of rare terms, in questions and elsewhere.

        One statement reads what is not kept, in a third of the time that one for each term and
        side takes. `within` is a further condition in the language of FTS5.
        """
        kept = self._kept
        found = {t: kept[t, within] for t in terms if (t, within) in kept}
        missing = [t for t in terms if t not in found]
        if not missing:
            return found
        read: dict[str, Held]
        if within:
            read = {
                t: (
                    self._matching(f'question : "{t}"{within}'),
                    self._matching(f'{{context answers}} : "{t}"{within}'),
                )
                for t in missing
            }
        else:
            read = self._instances(missing)
        for term, held in read.items():
            self._count_in(len(held[0]) + len(held[1]))
            kept[term, within] = held
        return found | read

    def in_questions(self, term: str, limit: int, within: str = "") -> Sequence[int]:
        """The newest `limit` exchanges whose question holds a common term."""
        ids = self._in_questions.get((term, within))
        if ids is None:
            ids = self._matching(f'question : "{term}"{within}', limit)
            if len(ids) < limit:
                self._count_in(len(ids))
                self._in_questions[term, within] = ids
        return ids[:limit]

    def _count_in(self, ids: int) -> None:
        """Make room for a list of so many ids: when there is none, all lists are dropped."""
        self._count += ids + 4
        if self._count > KEPT:
            self.clear()
            self._count = ids + 4

    def _instances(self, terms: Sequence[str]) -> dict[str, Held]:
        marks = ",".join("?" * len(terms))
        rows = self._conn.execute(
            f"select term, {_LISTED} filter (where col = 'question'),"
            f" {_LISTED} filter (where col <> 'question')"
            f" from (select term, doc as id, col from exchange_instances where term in ({marks}))"
            " group by term",
            (*terms,),
        )
        held: dict[str, Held] = {t: ([], []) for t in terms}
        for term, asked, said in rows:
            held[term] = _newest(asked), sorted(set(json.loads(said)), reverse=True)
        return held

    def _matching(self, match: str, limit: int | None = None) -> list[int]:
        """The exchanges that match, or the newest `limit` of them.

        Reading upwards takes two thirds of the time, and nearly always meets no limit.
        """
        query = "select rowid as id from exchange_index where exchange_index match ?"
        if limit is None:
            return self._listed(f"{query} limit ?", match, -1)
        found = self._listed(f"{query} limit ?", match, limit + 1)
        if len(found) <= limit:
            return found
        return self._listed(f"{query} order by rowid desc limit ?", match, limit)

    def _listed(self, query: str, match: str, limit: int) -> list[int]:
        row = self._conn.execute(f"select {_LISTED} from ({query})", (match, limit)).fetchone()
        return _newest(row[0])


def _newest(listed: str) -> list[int]:
    """The ids of a list, the highest first."""
    ids: list[int] = json.loads(listed)
    ids.sort(reverse=True)
    return ids
