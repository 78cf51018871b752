"""Finding the archived question that a new one repeats, with the probability that it does."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from operator import mul
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from knowledge import compare, index, rank
from knowledge.compare import Archived, Asked, Detail, asked
from knowledge.homophones import Homophones
from knowledge.index import Vocabulary
from knowledge.model import Exchange, Message
from knowledge.normal import normal, terms
from knowledge.postings import Postings
from knowledge.store.ids import EXCHANGE_BITS
from knowledge.store.read import Store
from knowledge.synonyms import Synonyms

if TYPE_CHECKING:
    from knowledge.vectors import Meaning

CANDIDATES = 120
"""Exchanges whose question is compared with the query."""

RATED = 7
"""Finalists that are given a confidence at least; more when more matches are wanted."""

FAILS = 0.4
"""Confidence below which a text is also read by its sound."""

BY_SOUND = 0.95
"""What the confidence of a match by sound is taken down to."""

BY_MEANING = 1.5
"""What an exchange of the very same meaning gains in log odds: 0.2 becomes 0.53.

Set with care, not learned: what a cosine is worth differs from model to model, so how near is near
is measured on the archive itself (`vectors.Meaning`).
"""

MEANING_ALONE = 0.4
"""The confidence that nearness of meaning gives at most by itself.

Below the usual threshold of 0.42: what shares no word is offered as what may be meant, not told.
"""

SAME = 90
"""Likeness (Indel, per cent) from which two archived questions are the same, asked twice."""

FINALISTS = 20
"""Exchanges that are compared with it in all their parts."""

NEAR = 30 << EXCHANGE_BITS
"""Between the ids of exchanges of one conversation: 30 messages."""

_PAGES_KB = 32_000
"""Pages of the database kept in memory, in KB."""

_ALONE = 8.0
"""What a candidate without neighbours is taken to be behind."""

_CACHE = 40_000
"""Questions kept ready between queries: some 20 MB."""

_DETAILS = 5_000
"""Finalists of which all is kept ready: some 20 MB."""


@dataclass(frozen=True, slots=True)
class Match:
    """An exchange that may answer what was asked, with the confidence (0 to 1) that it does.

    `figures` are those of `compare.NAMES` and `rank.STANDING`: what the confidence is made of (none
    for what was found by its meaning alone).
    `repeats` are exchanges that asked the same, the newest first. `by` says how it was found: by
    its `words`, a `synonym`, its `sound` or its `meaning`; `read_as` is what the text was read as,
    if not as it stands.
    """

    exchange: Exchange
    confidence: float
    figures: tuple[float, ...] = ()
    repeats: tuple[Exchange, ...] = ()
    by: str = "words"
    read_as: str = ""


def asked_in(exchange: Exchange, text: str) -> Message:
    """The message of a question that spreads over several which is most like `text`."""
    if len(exchange.question) == 1 or exchange.retold:
        return exchange.lead
    norm = normal(text)
    return max(exchange.question, key=lambda m: fuzz.ratio(norm, normal(m.text)))


def found_by(match: Match) -> str:
    """In words, how a match was found otherwise than by what was asked; empty: it was not."""
    if match.read_as:
        return f"by {match.by}: {match.read_as}"
    return "" if match.by == "words" else f"by {match.by}"


@dataclass(frozen=True, slots=True)
class Rated:
    """A candidate with its confidence; `by` and `read_as` as a `Match` has them."""

    id: int
    question: str
    confidence: float
    figures: tuple[float, ...]
    by: str = "words"
    read_as: str = ""


class Matcher:
    """Matches questions to the exchanges of one database."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        synonyms: Synonyms | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        self._ranker = rank.shipped()
        self._finder = Finder(conn, self._ranker.glance)
        self._store = Store(conn)
        self._synonyms = synonyms
        self._meaning = meaning

    def ask(self, text: str, *, groups: Collection[str] | None = None, k: int = 5) -> list[Match]:
        """The best k matches, best first, out of some groups or of all; any text will do.

        There are no more than `FINALISTS`, and fewer where several ask the same.
        """
        most = max(RATED, min(k, FINALISTS))
        near = self._meaning.near(text, groups) if self._meaning else {}
        query, rated = self._rate(text, groups, most)
        for variant in self._synonyms.variants(text) if self._synonyms else ():
            rated = _merged(rated, self._rate(variant, groups, most)[1], 1.0, "synonym", variant)
        if not rated or rated[0].confidence < FAILS:
            corrected = self._finder.corrected(query)
            if corrected:
                heard = self._rate(corrected, groups, most)[1]
                rated = _merged(rated, heard, BY_SOUND, "sound", corrected)
        if near:
            rated = _raised(rated, near, self._finder.questions([*near]))
        told = _told_apart(rated, k)
        exchanges = self._store.exchanges([r.id for same in told for r in same])
        return [
            Match(
                exchanges[best.id],
                best.confidence,
                best.figures,
                tuple(
                    sorted(
                        (exchanges[r.id] for r in repeats),
                        key=lambda x: (x.lead.citation.date, x.lead.citation.time),
                        reverse=True,
                    )
                ),
                best.by,
                best.read_as,
            )
            for best, *repeats in told
        ]

    def _rate(
        self, text: str, groups: Collection[str] | None, most: int
    ) -> tuple[Asked, list[Rated]]:
        """One reading of a text, and so many of its finalists, the best first."""
        query, considered = self._finder.consider(text, groups)
        ranked = sorted(
            ((self._ranker.score(c.figures), c) for c in considered), key=lambda item: -item[0]
        )
        scores = [score for score, _ in ranked]
        by_score = [c for _, c in ranked]
        rated: list[Rated] = []
        for place, c in enumerate(by_score[:most]):
            standing = rank.standing(scores, place, rivals(by_score, place))
            figures = (*c.figures, *standing)
            above = rated[-1].confidence if rated else 1.0
            confidence = min(above, self._ranker.confidence(figures))
            rated.append(Rated(c.id, c.question, confidence, figures))
        return query, rated


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate: its exchange, what that asks, and the figures of `compare.NAMES`."""

    id: int
    question: str
    figures: tuple[float, ...]


class Finder:
    """Candidates with their figures.

    Its caches follow the database: after a load they start anew.
    """

    def __init__(self, conn: sqlite3.Connection, glance_weights: Sequence[float]) -> None:
        self._conn = conn
        conn.execute(f"pragma cache_size = -{_PAGES_KB}")
        self._glance = tuple(glance_weights)
        self._postings = Postings(conn)
        self._version = -1
        self._load: int | None = -1
        self._vocabulary = Vocabulary({}, 1, {})
        self._texts: dict[int, Archived] = {}
        self._details: dict[int, Detail] = {}
        self._homophones: Homophones | None = None

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
        found = index.search(self._postings, self._vocabulary, terms(norm), limit, groups)
        if without:
            found = index.leave_out(found, without)
        query = asked(norm, found, self._vocabulary)
        archived = self._ready(list(found.scores))
        return query, archived, compare.glances(query, archived)

    def consider(
        self,
        text: str,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
    ) -> tuple[Asked, list[Considered]]:
        """The query, and the exchanges that may answer it, the likeliest at a glance first."""
        query, archived, glances = self.glance(text, groups, without)
        weights = self._glance
        likely = {i: sum(map(mul, weights, figures)) for i, figures in glances.items()}
        best = max(likely.values(), default=0.0)
        near = _neighbours(likely, best)
        finalists = sorted(likely, key=likely.__getitem__, reverse=True)[:FINALISTS]
        marks = ",".join("?" * len(finalists))
        rest: dict[int, str] = dict(
            self._conn.execute(
                f"select id, context || ' ' || answers from exchange_texts where id in ({marks})",
                finalists,
            )
        )
        considered = []
        for i in finalists:
            a, nearness = archived[i], (likely[i] - best, near[i])
            figures = compare.features(
                query, a, self._detail(i, a), rest[i], self._vocabulary, nearness
            )
            considered.append(Considered(i, a.flat, figures))
        return query, considered

    def questions(self, exchanges: Sequence[int]) -> dict[int, str]:
        """What some exchanges ask, as it is compared."""
        return {i: archived.flat for i, archived in self._ready(exchanges).items()}

    def corrected(self, query: Asked) -> str:
        """The text in words of the same sound that the archive uses; empty when it is the same."""
        if self._homophones is None:
            self._homophones = Homophones.read(self._conn, self._vocabulary.exchanges)
        found = zip(query.found.terms, query.found.exchanges, strict=True)
        corrected = self._homophones.corrected(query.norm, {t for t, n in found if not n})
        return corrected if corrected != query.norm else ""

    def _refresh(self) -> None:
        version = self._conn.execute("pragma data_version").fetchone()[0]
        if version == self._version:
            return
        self._version = version
        # Most of what is written is the bot's own record; knowledge changes with loads alone.
        last = self._conn.execute("select max(id) from loads").fetchone()[0]
        if last != self._load:
            self._load = last
            self._vocabulary = Vocabulary.read(self._conn)
            self._texts.clear()
            self._details.clear()
            self._postings.clear()
            self._homophones = None

    def _ready(self, exchanges: Sequence[int]) -> dict[int, Archived]:
        missing = [e for e in exchanges if e not in self._texts]
        if missing:
            if len(self._texts) > _CACHE:
                self._texts.clear()
                missing = list(exchanges)
            rows = self._conn.execute(
                "select id, question, asked, count, sureness from exchange_texts"
                " where id in (select value from json_each(?))",
                (json.dumps(missing),),
            )
            for i, question, *figures in rows:
                self._texts[i] = compare.prepare(question, *figures)
        return {e: self._texts[e] for e in exchanges if e in self._texts}

    def _detail(self, exchange: int, archived: Archived) -> Detail:
        found = self._details.get(exchange)
        if found is None:
            if len(self._details) >= _DETAILS:
                self._details.clear()
            found = self._details[exchange] = compare.detail(archived, self._vocabulary)
        return found


def rivals(ranked: Sequence[Considered], place: int) -> list[bool]:
    """Which candidates stand against the one at `place`.

    What belongs to the same conversation does not, nor what asks the same at another time.
    """
    own = ranked[place]
    return [abs(c.id - own.id) > NEAR and not _same(c.question, own.question) for c in ranked]


def _same(one: str, other: str) -> bool:
    """Whether two questions are the same; most are told apart by their lengths."""
    longest = min(len(one), len(other)) * 200 / ((len(one) + len(other)) or 1)
    return (not one and not other) or (longest >= SAME and fuzz.ratio(one, other) >= SAME)


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


def _merged(
    one: list[Rated], other: list[Rated], trust: float, by: str, read_as: str
) -> list[Rated]:
    """The better confidence of each exchange in two ratings, the second's taken down.

    `by` and `read_as` say how the second came about.
    """
    best = {r.id: r for r in one}
    for r in other:
        r = replace(r, confidence=r.confidence * trust, by=by, read_as=read_as)
        if r.id not in best or best[r.id].confidence < r.confidence:
            best[r.id] = r
    return sorted(best.values(), key=lambda r: -r.confidence)


def _raised(rated: list[Rated], near: dict[int, float], questions: dict[int, str]) -> list[Rated]:
    """The ratings with what nearness of meaning adds to them; it takes nothing away.

    `questions` are those of the exchanges in `near`. What the words rated gains in log odds; what
    they did not stands by its meaning alone, as the ranker has not learned to judge that.
    """
    out = {r.id: r for r in rated}
    for i, strength in near.items():
        alone = Rated(i, questions[i], MEANING_ALONE * strength, (), "meaning")
        found = out.get(i, alone)
        odds = math.exp(BY_MEANING * strength) * found.confidence / max(1 - found.confidence, 1e-9)
        if found is not alone:
            found = replace(found, confidence=max(found.confidence, odds / (1 + odds)))
        out[i] = max(found, alone, key=lambda r: r.confidence)
    return sorted(out.values(), key=lambda r: -r.confidence)


def _told_apart(rated: list[Rated], k: int) -> list[list[Rated]]:
    """The first k questions, each with those behind it that ask the same."""
    told: list[list[Rated]] = []
    for r in rated:
        same = next((t for t in told if _same(t[0].question, r.question)), None)
        if same:
            same.append(r)
        elif len(told) < k:
            told.append([r])
    return told
