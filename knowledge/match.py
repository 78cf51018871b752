"""Finding the archived question that a new one repeats, with the probability that it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge import index, rank
from knowledge.compare import Archived, Asked, Text, asked, features, kinds, likeness
from knowledge.index import Candidate, Vocabulary
from knowledge.model import Exchange
from knowledge.normal import normal, terms
from knowledge.store.ids import EXCHANGE_BITS
from knowledge.store.read import Store

CANDIDATES = 200
"""Exchanges whose question is compared with the query."""

FINALISTS = 40
"""Exchanges that are compared with it in all their parts."""

NEAR = 30 << EXCHANGE_BITS
"""Between the ids of exchanges of one conversation: 30 messages."""

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
        self._finder = Finder(conn)
        self._store = Store(conn)
        self._ranker = rank.shipped()

    def ask(self, text: str, *, groups: Collection[str] | None = None, k: int = 5) -> list[Match]:
        """The best k matches, best first, out of some groups or of all; any text will do."""
        _, considered = self._finder.consider(text, groups)
        ranked = sorted(
            ((self._ranker.score(c.figures), c) for c in considered), key=lambda item: -item[0]
        )
        scores = [score for score, _ in ranked]
        exchanges = self._store.exchanges([c.candidate.id for _, c in ranked[:k]])
        matches: list[Match] = []
        for place, (_, c) in enumerate(ranked[:k]):
            apart = [abs(o.candidate.id - c.candidate.id) > NEAR for _, o in ranked]
            figures = (*c.figures, *rank.standing(scores, place, apart))
            above = matches[-1].confidence if matches else 1.0
            confidence = min(above, self._ranker.confidence(figures))
            matches.append(Match(exchanges[c.candidate.id], confidence, figures))
        return matches


def asks(text: str) -> bool:
    """Whether a message asks for information."""
    return bool(kinds(normal(text)) or "?" in text or "？" in text)


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate with its texts and the figures of `features.NAMES`."""

    candidate: Candidate
    archived: Archived
    figures: tuple[float, ...]


class Finder:
    """Candidates with their figures, from a database opened for reading.

    Its caches follow the database: when another connection has written to it, they start anew.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._version = -1
        self._vocabulary = Vocabulary({}, 1, {})
        self._texts: dict[int, Archived] = {}

    def consider(
        self,
        text: str,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
    ) -> tuple[Asked, list[Considered]]:
        """The query, and the exchanges that may answer it, in the order of their weight.

        `without` leaves exchanges out, as if the archive did not hold them.
        """
        self._refresh()
        norm = normal(text)
        found = index.search(
            self._conn, self._vocabulary, terms(norm), CANDIDATES + len(without), groups
        )
        if without:
            found = index.leave_out(found, without)
        query = asked(norm, found, self._vocabulary)
        archived = self._ready([c.id for c in found.candidates])
        likely = {
            c.id: likeness(query, c, archived[c.id]) for c in found.candidates if c.id in archived
        }
        best = max(likely.values(), default=0.0) or 1.0
        near = _neighbours(likely)
        ranked = sorted(
            (c for c in found.candidates if c.id in likely), key=lambda c: -likely[c.id]
        )
        considered = [
            Considered(
                c,
                a,
                features(query, c, a, self._vocabulary, (likely[c.id] / best, near[c.id] / best)),
            )
            for c in ranked[:FINALISTS]
            for a in (archived[c.id],)
        ]
        return query, considered

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


def _neighbours(likely: dict[int, float]) -> dict[int, float]:
    """For each candidate, the likeness of the best other one within `NEAR` messages."""
    ids = sorted(likely)
    out = dict.fromkeys(ids, 0.0)
    for place, here in enumerate(ids):
        for other in ids[place + 1 :]:
            if other - here > NEAR:
                break
            out[here] = max(out[here], likely[other])
            out[other] = max(out[other], likely[here])
    return out
