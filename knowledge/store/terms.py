"""Reads out of the full-text index which exchanges hold a term."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from knowledge.store.index import group_token

Held = tuple[Sequence[int], Sequence[int]]
"""The exchanges that hold a term, the newest first: in the question; in context or answers."""

_INSTANCES = (
    "create virtual table if not exists temp.exchange_instances"
    " using fts5vocab(main, exchange_index, instance)"
)

# All ids in one row: a row for each takes 1.4 times as long to read.
_LISTED = "json_group_array(id)"


def within(groups: Iterable[str] | None) -> str:
    """What narrows a term to exchanges of some groups, in the language of FTS5; None: to none."""
    if groups is None:
        return ""
    names = " OR ".join(f'"{group_token(g)}"' for g in groups)
    return f" AND context : ({names or '§'})"


class Terms:
    """Reads the postings of terms over one connection.

    A term holds neither `"` nor NUL; `narrowed` is what `within` makes of groups.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        conn.execute(_INSTANCES)

    def anywhere(self, terms: Sequence[str], narrowed: str = "") -> dict[str, Held]:
        """All postings of rare terms, in questions and elsewhere.

        In all groups, one statement reads them in a third of the time that one for each term and
        side takes.
        """
        if narrowed:
            return {
                t: (
                    self._matching(f'question : "{t}"{narrowed}'),
                    self._matching(f'{{context answers}} : "{t}"{narrowed}'),
                )
                for t in terms
            }
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

    def counts(self, terms: Collection[str]) -> dict[str, int]:
        """How many exchanges hold each of some terms, as far as any does."""
        marks = ",".join("?" * len(terms))
        rows = self._conn.execute(
            f"select term, doc from exchange_terms where term in ({marks})", (*terms,)
        )
        return dict(rows.fetchall())

    def in_questions(self, term: str, limit: int, narrowed: str = "") -> list[int]:
        """The newest `limit` exchanges whose question holds a term."""
        return self._matching(f'question : "{term}"{narrowed}', limit)

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
