"""Finding the archived question that a new one repeats, with the probability that it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge import compare, index, rank
from knowledge.compare import Archived, Asked, Text, asked, kinds
from knowledge.index import Vocabulary
from knowledge.model import Exchange
from knowledge.normal import normal, terms
from knowledge.store.ids import EXCHANGE_BITS
from knowledge.store.read import Store

CANDIDATES = 200
"""Exchanges whose question is compared with the query."""

FINALISTS = 30
"""Exchanges that are compared with it in all their parts."""

NEAR = 30 << EXCHANGE_BITS
"""Between the ids of exchanges of one conversation: 30 messages."""

_ALONE = 8.0
"""What a candidate without neighbours is taken to be behind."""

_CACHE = 20_000
"""Messages kept ready between questions: some 30 MB."""


@dataclass(frozen=True, slots=True)
class Match:
    """An exchange that may answer what was asked, with the confidence (0 to 1) that it does.

    `figures` are those of `compare.NAMES` and `rank.STANDING`: what the confidence is made of.
    """

    exchange: Exchange
    confidence: float
    figures: tuple[float, ...] = ()


class Matcher:
    """Matches questions to the exchanges of one database."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._ranker = rank.shipped()
        self._finder = Finder(conn, self._ranker.glance)
        self._store = Store(conn)

    def ask(self, text: str, *, groups: Collection[str] | None = None, k: int = 5) -> list[Match]:
        """The best k matches, best first, out of some groups or of all; any text will do."""
        considered = self._finder.consider(text, groups)
        ranked = sorted(
            ((self._ranker.score(c.figures), c) for c in considered), key=lambda item: -item[0]
        )
        scores = [score for score, _ in ranked]
        exchanges = self._store.exchanges([c.id for _, c in ranked[:k]])
        matches: list[Match] = []
        for place, (_, c) in enumerate(ranked[:k]):
            apart = [abs(o.id - c.id) > NEAR for _, o in ranked]
            figures = (*c.figures, *rank.standing(scores, place, apart))
            above = matches[-1].confidence if matches else 1.0
            confidence = min(above, self._ranker.confidence(figures))
            matches.append(Match(exchanges[c.id], confidence, figures))
        return matches


def asks(text: str) -> bool:
    """Whether a message asks for information."""
    return bool(kinds(normal(text)) or "?" in text or "？" in text)


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate, by its exchange, with the figures of `compare.NAMES`."""

    id: int
    figures: tuple[float, ...]


class Finder:
    """Candidates with their figures.

    Its caches follow the database: when another connection has written to it, they start anew.
    """

    def __init__(self, conn: sqlite3.Connection, glance_weights: Sequence[float]) -> None:
        self._conn = conn
        self._glance = tuple(glance_weights)
        self._version = -1
        self._vocabulary = Vocabulary({}, 1, {})
        self._texts: dict[int, Archived] = {}

    def glance(
        self,
        text: str,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
    ) -> tuple[Asked, dict[int, Archived], dict[int, tuple[float, ...]]]:
        """The query, its candidates, and the figures of `compare.GLANCE` of each.

        `without` leaves exchanges out, as if the archive did not hold them.
        """
        self._refresh()
        norm = normal(text)
        limit = CANDIDATES + len(without)
        found = index.search(self._conn, self._vocabulary, terms(norm), limit, groups)
        if without:
            found = index.leave_out(found, without)
        query = asked(norm, found, self._vocabulary)
        archived = self._ready(list(found.scores))
        return query, archived, {i: compare.glance(query, i, a) for i, a in archived.items()}

    def consider(
        self,
        text: str,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
    ) -> list[Considered]:
        """The exchanges that may answer a query, the likeliest at a glance first."""
        query, archived, glances = self.glance(text, groups, without)
        likely = {
            i: sum(map(float.__mul__, self._glance, figures)) for i, figures in glances.items()
        }
        best = max(likely.values(), default=0.0)
        near = _neighbours(likely, best)
        finalists = sorted(likely, key=likely.__getitem__, reverse=True)[:FINALISTS]
        return [
            Considered(
                i,
                compare.features(
                    query, i, archived[i], self._vocabulary, (likely[i] - best, near[i])
                ),
            )
            for i in finalists
        ]

    def _refresh(self) -> None:
        version = self._conn.execute("pragma data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self._vocabulary = Vocabulary.read(self._conn)
            self._texts.clear()

    def _ready(self, exchanges: Sequence[int]) -> dict[int, Archived]:
        missing = [e for e in exchanges if e not in self._texts]
        if missing:
            if len(self._texts) > _CACHE:
                self._texts.clear()
                missing = list(exchanges)
            marks = ",".join("?" * len(missing))
            rows = self._conn.execute(
                "select id, question, context || ' ' || answers, asked, count, quality"
                f" from exchange_texts where id in ({marks})",
                missing,
            )
            for i, question, rest, *figures in rows:
                self._texts[i] = Archived(Text.of(question), frozenset(rest), *figures)
        return {e: self._texts[e] for e in exchanges if e in self._texts}


def _neighbours(likely: dict[int, float], best: float) -> dict[int, float]:
    """How the best other candidate within `NEAR` of each fares, less the best of all."""
    ids = sorted(likely)
    out = dict.fromkeys(ids, -_ALONE)
    for place, here in enumerate(ids):
        for other in ids[place + 1 :]:
            if other - here > NEAR:
                break
            out[here] = max(out[here], likely[other] - best)
            out[other] = max(out[other], likely[here] - best)
    return out
