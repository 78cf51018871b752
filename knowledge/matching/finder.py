"""Candidates for a query out of one database, with the figures that a ranker weighs."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

from knowledge.language.normal import normal, terms
from knowledge.language.sound import Homophones, near
from knowledge.matching import compare
from knowledge.matching.compare import make_query
from knowledge.matching.conversation import NEAR
from knowledge.matching.postings import Postings
from knowledge.matching.query import Archived, Detail, Query
from knowledge.matching.search import GLANCE, Depth, leave_out, search
from knowledge.store import sounds, texts
from knowledge.store.schema import keep_pages
from knowledge.store.state import newest_load, written
from knowledge.store.vocabulary import Vocabulary

if TYPE_CHECKING:
    from knowledge.matching.meaning import Meant

_PAGES_KB = 32_000  # pages of the database kept in memory, in KB

_ALONE = 8.0  # what a candidate without neighbours is taken to be behind

_CACHE = 40_000  # questions kept ready between queries: some 20 MB

_DETAILS = 5_000  # finalists of which all is kept ready: some 20 MB


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate: its exchange, what that asks, and the figures of `compare.NAMES`.

    Where it is known what was meant, those of `compare.MEANING` follow.
    """

    id: int
    question: str
    figures: tuple[float, ...]


class Finder:
    """Candidates with their figures.

    Its caches follow the database: after a load they start anew.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        keep_pages(conn, _PAGES_KB)
        self._postings = Postings(conn)
        self._version = -1
        self._load = -1
        self._vocabulary = Vocabulary({}, 1, {})
        self._texts: dict[int, Archived] = {}
        self._details: dict[int, Detail] = {}
        self._sounds: dict[str, str] = {}
        self._homophones: Homophones | None = None

    def glance(
        self,
        text: str,
        depth: Depth = GLANCE,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
        meant: Meant | None = None,
    ) -> tuple[Query, dict[int, Archived], dict[int, tuple[float, ...]]]:
        """The query, its candidates, and the figures of `compare.GLANCE` of each.

        `without` leaves exchanges out, as if the archive did not hold them. Those nearest to what
        was `meant` are candidates whatever words they hold, and all have the figures of
        `compare.GLANCE_MEANING`, too.
        """
        self._refresh()
        norm = normal(text)
        found = search(
            self._postings, self._vocabulary, terms(norm), depth, groups, more=len(without)
        )
        if without:
            found = leave_out(found, without)
        query = make_query(norm, found, self._vocabulary, self._sounds)
        joining = meant.nearest if meant else ()
        archived = self._ready([*{**found.scores, **dict.fromkeys(joining)}])
        glances = compare.glances(query, archived)
        if meant:
            glances = {i: (*figures, *meant.glance(i)) for i, figures in glances.items()}
        return query, archived, glances

    def consider(
        self,
        text: str,
        weights: Sequence[float],
        depth: Depth = GLANCE,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
        meant: Meant | None = None,
    ) -> tuple[Query, list[Considered]]:
        """The query, and the exchanges that may answer it, the likeliest at a glance first.

        `weights` are those of the figures of a glance, with or without what was `meant`.
        """
        query, archived, glances = self.glance(text, depth, groups, without, meant)
        likely = {i: sum(map(mul, weights, figures)) for i, figures in glances.items()}
        best = max(likely.values(), default=0.0)
        finalists = sorted(likely, key=likely.__getitem__, reverse=True)[: depth.finalists]
        near = _neighbours(likely, finalists, best)
        rest = texts.rest(self._conn, finalists)
        held = _held_near(query, finalists)
        meanings = meant.figures(finalists) if meant else {}
        considered = []
        for i in finalists:
            a, nearness = archived[i], (likely[i] - best, near[i], held[i])
            figures = compare.features(query, a, self._detail(i, a), rest[i], nearness)
            considered.append(Considered(i, a.flat, (*figures, *meanings.get(i, ()))))
        return query, considered

    @property
    def exchanges(self) -> int:
        """How many exchanges the archive has, as counted last."""
        return self._vocabulary.total

    def corrected(self, query: Query) -> str:
        """The text in words of the same sound that the archive uses; empty when it is the same."""
        found = zip(query.found.terms, query.found.exchanges, strict=True)
        unseen = {t for t, n in found if not n}
        if self._homophones is None:
            self._homophones = Homophones(self._sounds)
        corrected = self._homophones.corrected(query.norm, unseen, self._postings.counts)
        return corrected if corrected != query.norm else ""

    def _refresh(self) -> None:
        version = written(self._conn)
        if version == self._version:
            return
        self._version = version
        # Most of what is written is the bot's own record.
        last = newest_load(self._conn)
        if last != self._load:
            self._load = last
            self._vocabulary = Vocabulary.read(self._conn)
            self._texts.clear()
            self._details.clear()
            self._postings.clear()
            self._sounds = {c: near(sound) for c, sound in sounds.read(self._conn).items()}
            self._homophones = None

    def _ready(self, exchanges: Sequence[int]) -> dict[int, Archived]:
        missing = [e for e in exchanges if e not in self._texts]
        if missing:
            if len(self._texts) > _CACHE:
                self._texts.clear()
                missing = list(exchanges)
            for i, norm, sought, answers, sureness in texts.questions(self._conn, missing):
                self._texts[i] = compare.prepare(norm, sought, answers, sureness)
        return {e: self._texts[e] for e in exchanges if e in self._texts}

    def _detail(self, exchange: int, archived: Archived) -> Detail:
        found = self._details.get(exchange)
        if found is None:
            if len(self._details) >= _DETAILS:
                self._details.clear()
            found = self._details[exchange] = compare.detail(archived, self._vocabulary)
        return found


def _neighbours(
    likely: Mapping[int, float], exchanges: Sequence[int], best: float
) -> dict[int, float]:
    """How the best other candidate within `NEAR` of each fares, less the best of all."""
    ids = sorted(likely)
    out = {}
    for i in exchanges:
        around = ids[bisect_left(ids, i - NEAR) : bisect_right(ids, i + NEAR)]
        others = [likely[other] - best for other in around if other != i]
        out[i] = max([-_ALONE, *others])
    return out


def _held_near(query: Query, exchanges: Sequence[int]) -> dict[int, float]:
    """The share of a query's weight that the conversation of each exchange holds."""
    out = dict.fromkeys(exchanges, 0.0)
    for term, ids in zip(query.found.terms, query.found.held, strict=False):
        ordered = sorted(ids)
        weight = query.weights[term] / query.total
        for i in exchanges:
            at = bisect_left(ordered, i - NEAR)
            if at < len(ordered) and ordered[at] <= i + NEAR:
                out[i] += weight
    return out
