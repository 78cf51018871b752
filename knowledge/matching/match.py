"""Finding the archived question that a new one repeats, with the probability that it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from knowledge.language.normal import normal
from knowledge.language.questions import bare
from knowledge.language.synonyms import Synonyms
from knowledge.matching import rank
from knowledge.matching.conversation import lent, odds, shares, together
from knowledge.matching.finder import Considered, Finder
from knowledge.matching.overheard import asks
from knowledge.matching.query import Query
from knowledge.matching.search import DEEP, GLANCE, Depth
from knowledge.matching.unknown import unknown_words
from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.store.ids import EXCHANGE_BITS
from knowledge.store.read import Store

if TYPE_CHECKING:
    from knowledge.matching.meaning import Meaning, Meant

RATED = 7
"""Finalists that are given a confidence at least; more when more matches are wanted."""

SURE = 0.6
"""Confidence below which a text is looked for in more depth, and read by its sound, too."""

LARGE = 200_000
"""Exchanges of an archive from which on a glance has to do: some four years of a busy group.

In one of a million, a deeper look reads mostly what is not in memory, and takes four times as long.
"""

BY_SOUND = 0.95
"""What the confidence of a match by sound is taken down to."""

SPAN = 7200
"""Seconds between questions of one conversation at most; links end with such a silence, too."""

ANSWERS = 0.3
"""Probability that a statement answered a question, from which it is told as its answer."""

_PARTICLES = 8  # characters in which two questions that are the same differ at most


@dataclass(frozen=True, slots=True)
class Match:
    """An exchange that may answer what was asked, with the confidence (0 to 1) that it does.

    `figures` are those of `compare.NAMES`, of `compare.MEANING` where there is a model, and of
    `rank.STANDING`: what the confidence is made of.
    `repeats` are exchanges that asked the same, the newest first. `by` says how it was found: by
    its `words`, a `synonym`, its `sound` or its `meaning`; `read_as` is what the text was read as,
    if not as it stands.

    Where another question of the same conversation may be meant, the best match is lent its likely
    answers: `nearby` are such questions with those of their answers, whose probability is that they
    are wanted. Where the lead is a statement that answered a question, `answered` is that question.
    """

    exchange: Exchange
    confidence: float
    figures: tuple[float, ...] = ()
    repeats: tuple[Exchange, ...] = ()
    by: str = "words"
    read_as: str = ""
    nearby: tuple[Exchange, ...] = ()
    answered: Exchange | None = None

    @property
    def told(self) -> Exchange:
        """The exchange that is told of it: its own, or the question that its statement answered."""
        return self.answered or self.exchange

    @property
    def cited(self) -> tuple[Answer, ...]:
        """All answers that it cites, its own and those that it is lent, as the archive has them."""
        every = (a for x in (self.exchange, self.told, *self.nearby) for a in x.answers)
        found = {a.message.citation: a for a in every}
        return tuple(found[cited] for cited in sorted(found))


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
    """A candidate with its confidence; `by` and `read_as` as a `Match` has them.

    `conversation` are the exchanges of its conversation that may be meant, itself the first, each
    with its share; known of the best one only.
    """

    id: int
    question: str
    confidence: float
    figures: tuple[float, ...]
    by: str = "words"
    read_as: str = ""
    conversation: tuple[tuple[int, float], ...] = ()


class Matcher:
    """Matches questions to the exchanges of one database."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        synonyms: Synonyms | None = None,
        meaning: Meaning | None = None,
        me: str = "",
    ) -> None:
        self._finder = Finder(conn)
        self._store = Store(conn, me)
        self._synonyms = synonyms
        self._meaning = meaning

    def ask(self, text: str, *, groups: Collection[str] | None = None, k: int = 5) -> list[Match]:
        """The best k matches, best first, out of some groups or of all; any text will do.

        There are no more than the finalists of `GLANCE`, and fewer where several ask the same.
        """
        most = max(RATED, min(k, GLANCE.finalists))
        meant = self._meaning.read(text, groups) if self._meaning else None
        query, rated = self._read(text, groups, most, GLANCE, meant)
        deepest = DEEP if self._finder.exchanges <= LARGE else GLANCE
        if deepest is DEEP and (not rated or rated[0].confidence < SURE):
            query, rated = self._read(text, groups, most, DEEP, meant)
        if not rated or rated[0].confidence < SURE:
            corrected = self._finder.corrected(query)
            if corrected:
                meant = self._meaning.read(corrected, groups) if self._meaning else None
                heard = self._rate(corrected, groups, most, deepest, meant)[1]
                rated = _merged(rated, heard, BY_SOUND, "sound", corrected)
        told = _told_apart(rated, k)
        needed = {r.id for same in told for r in same}
        needed.update(i for i, _ in (told[0][0].conversation if told else ()))
        exchanges = self._store.exchanges([*needed])
        told = _once(told, exchanges)
        matches = [_match(best, repeats, exchanges) for best, *repeats in told]
        if not matches:
            return []
        best = _with_conversation(matches[0], told[0][0], exchanges)
        return [self._as_answer(best, told[0][0].id), *matches[1:]]

    def unknown(self, text: str, groups: Collection[str] | None = None) -> list[str]:
        """The words of a text that the archive of some groups, or of all, has never seen."""
        query, _, _ = self._finder.glance(text, GLANCE, groups)
        return unknown_words(text, query.found)

    def _as_answer(self, match: Match, exchange: int) -> Match:
        """A match that is a statement as the answer to the question that it answered, if any."""
        said = match.exchange.lead
        if match.exchange.retold or any(asks(m.text) for m in match.exchange.question):
            return match
        with_it = self._store.exchanges(self._store.exchanges_with(exchange >> EXCHANGE_BITS))
        answered = {
            a.probability: x
            for x in with_it.values()
            for a in x.answers
            if a.message.citation == said.citation
            and a.probability >= max(ANSWERS, match.exchange.sureness)
            and asks(x.lead.text)
        }
        if not answered:
            return match
        question = answered[max(answered)]
        own = {m.citation for m in question.question}
        nearby = tuple(x for x in match.nearby if x.lead.citation not in own)
        return replace(match, answered=question, nearby=nearby)

    def _read(
        self,
        text: str,
        groups: Collection[str] | None,
        most: int,
        depth: Depth,
        meant: Meant | None,
    ) -> tuple[Query, list[Rated]]:
        """A text as it stands and in synonyms, and its finalists, the best first."""
        query, rated = self._rate(text, groups, most, depth, meant)
        for variant in self._synonyms.variants(text) if self._synonyms else ():
            other = self._rate(variant, groups, most, depth, meant)[1]
            rated = _merged(rated, other, 1.0, "synonym", variant)
        return query, rated

    def _rate(
        self,
        text: str,
        groups: Collection[str] | None,
        most: int,
        depth: Depth,
        meant: Meant | None,
    ) -> tuple[Query, list[Rated]]:
        """One reading of a text, and so many of its finalists, the best first."""
        ranker = rank.shipped(meant.weights if meant else rank.ALONE)
        query, considered = self._finder.consider(text, ranker.glance, depth, groups, meant=meant)
        ranked = sorted(
            ((ranker.score(c.figures), c) for c in considered), key=lambda item: -item[0]
        )
        scores = [score for score, _ in ranked]
        by_score = [c for _, c in ranked]
        ids = [c.id for c in by_score]
        rated: list[Rated] = []
        for place, c in enumerate(by_score[:most]):
            standing = rank.standing(scores, place, rivals(by_score, place))
            figures = (*c.figures, *standing)
            surest = rated[0].confidence if rated else 1.0
            if together(c.id, ids[0]):
                # If that conversation is meant, so is this question of it with its odds.
                surest *= odds(scores[place], scores[0])
            confidence = min(surest, ranker.confidence(figures))
            by = "words" if c.id in query.found.scores else "meaning"
            rated.append(Rated(c.id, c.question, confidence, figures, by))
        if rated:
            talk = tuple((ids[p], share) for p, share in shares(ids, scores, 0).items())
            rated[0] = replace(rated[0], conversation=talk)
        return query, sorted(rated, key=lambda r: -r.confidence)


def _once(told: Sequence[list[Rated]], exchanges: Mapping[int, Exchange]) -> list[list[Rated]]:
    """What asks in the same message only once: where the first of it stood.

    A question is archived by itself and, where its asker began otherwise, with that, too: by itself
    where that has more answers.
    """
    kept: list[list[Rated]] = []
    asked: list[set[Citation]] = []
    for group in told:
        own = {m.citation for m in exchanges[group[0].id].question}
        place = next((i for i, other in enumerate(asked) if not own.isdisjoint(other)), None)
        if place is None:
            kept.append(group)
            asked.append(own)
            continue
        before = kept[place][0]
        if own < asked[place] and _sum_of(exchanges[group[0].id]) > _sum_of(exchanges[before.id]):
            plain = replace(
                before, id=group[0].id, question=group[0].question, figures=group[0].figures
            )
            kept[place] = [plain, *kept[place][1:]]
            asked[place] = own
    return kept


def _sum_of(exchange: Exchange) -> float:
    """How many answers an exchange is likely to have."""
    return sum(a.probability for a in exchange.answers)


def _match(best: Rated, repeats: Sequence[Rated], exchanges: Mapping[int, Exchange]) -> Match:
    """The match of a candidate and those that ask the same."""
    repeated = sorted(
        (exchanges[r.id] for r in repeats),
        key=lambda x: (x.lead.citation.date, x.lead.citation.time),
        reverse=True,
    )
    return Match(
        exchanges[best.id],
        best.confidence,
        best.figures,
        tuple(repeated),
        best.by,
        best.read_as,
    )


def _with_conversation(match: Match, best: Rated, exchanges: Mapping[int, Exchange]) -> Match:
    """The best match with the answers that its conversation lends to it."""
    if not best.conversation:
        return match
    own = match.exchange.lead.citation
    near = [
        (exchanges[i], share)
        for i, share in best.conversation
        if abs(exchanges[i].lead.citation.seconds - own.seconds) <= SPAN
    ]
    more = lent(
        [(share, {a.message.citation: a.probability for a in x.answers}) for x, share in near]
    )
    for m in match.exchange.question:
        more.pop(m.citation, None)
    nearby: list[Exchange] = []
    for x, _ in near[1:]:
        answers = tuple(
            replace(a, probability=more.pop(a.message.citation))
            for a in x.answers
            if a.message.citation in more
        )
        if answers:
            nearby.append(replace(x, answers=answers))
    return replace(match, nearby=tuple(nearby))


def rivals(ranked: Sequence[Considered], place: int) -> list[bool]:
    """Which candidates stand against the one at `place`.

    What belongs to the same conversation does not, nor what asks the same at another time.
    """
    own = ranked[place]
    return [not together(c.id, own.id) and not same(c.question, own.question) for c in ranked]


def same(one: str, other: str) -> bool:
    """Whether two questions are the same but for particles; most are told apart by their lengths.

    A likeness of nine in ten would not do: `工行快捷限额多少` and `建行快捷限额多少` are two.
    """
    return abs(len(one) - len(other)) <= _PARTICLES and bare(one) == bare(other)


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


def _told_apart(rated: list[Rated], k: int) -> list[list[Rated]]:
    """The first k questions, each with those behind it that ask the same."""
    told: list[list[Rated]] = []
    for r in rated:
        alike = next((t for t in told if same(t[0].question, r.question)), None)
        if alike:
            alike.append(r)
        elif len(told) < k:
            told.append([r])
    return told
