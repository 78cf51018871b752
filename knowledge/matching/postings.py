"""Which exchanges hold a term; kept for the queries that follow."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from knowledge.store.terms import Held, Terms

KEPT = 200_000
"""Postings kept between queries, some 40 bytes each."""


class Postings:
    """The postings of terms in one database's index.

    What is kept does not follow the database: whoever asks says when to `clear`.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._terms = Terms(conn)
        self._kept: dict[tuple[str, str], Held] = {}
        self._in_questions: dict[tuple[str, str], Sequence[int]] = {}
        self._count = 0

    def clear(self) -> None:
        """Forget what was kept."""
        self._kept.clear()
        self._in_questions.clear()
        self._count = 0

    def anywhere(self, terms: Collection[str], narrowed: str = "") -> dict[str, Held]:
        """All postings of rare terms, in questions and elsewhere; `narrowed` as `Terms` has it."""
        kept = self._kept
        found = {t: kept[t, narrowed] for t in terms if (t, narrowed) in kept}
        missing = [t for t in terms if t not in found]
        if not missing:
            return found
        read = self._terms.anywhere(missing, narrowed)
        for term, held in read.items():
            self._count_in(len(held[0]) + len(held[1]))
            kept[term, narrowed] = held
        return found | read

    def counts(self, terms: Collection[str]) -> dict[str, int]:
        """How many exchanges hold each of some terms, as far as any does."""
        return self._terms.counts(terms)

    def in_questions(self, term: str, limit: int, narrowed: str = "") -> Sequence[int]:
        """The newest `limit` exchanges whose question holds a common term."""
        ids = self._in_questions.get((term, narrowed))
        if ids is None:
            ids = self._terms.in_questions(term, limit, narrowed)
            if len(ids) < limit:
                self._count_in(len(ids))
                self._in_questions[term, narrowed] = ids
        return ids[:limit]

    def _count_in(self, ids: int) -> None:
        """Make room for a list of so many ids: when there is none, all lists are dropped."""
        self._count += ids + 4
        if self._count > KEPT:
            self.clear()
            self._count = ids + 4
