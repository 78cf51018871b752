"""What a query and an archived exchange have in common, in figures that a ranker can weigh.

Nothing here knows the words of a particular group: the figures are shares, likenesses and counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from rapidfuzz import fuzz, process

from knowledge.language.normal import CJK, terms
from knowledge.language.questions import kinds
from knowledge.matching.differences import DIFFERENCES, differences
from knowledge.matching.query import Archived, Detail, Query
from knowledge.matching.search import Lookup
from knowledge.store.vocabulary import Vocabulary

_TEXT_LIMIT = 300  # characters of a text that are compared character by character
# BM25's constants (Robertson and Zaragoza 2009), and the characters of a usual question.
_K1, _B, _LENGTH = 1.2, 0.75, 20

NAMES = (
    "covered",  # share of the query's weight that stands in the question
    "covered_anywhere",  # and in question, context or answers
    "covered_rarest",  # of the three weightiest terms that the archive knows, anywhere
    "covered_words",  # share of Latin words and numbers found anywhere; 1 without any
    "unseen",  # share of the query's weight on terms that the archive has never seen
    "weight",  # weight of the terms found in the question, by its length as in BM25
    "weight_anywhere",  # weight of the terms found anywhere
    "answering",  # share of the question's weight that stands in the query
    "characters",  # share of the query's characters, by weight, that stand in the question
    "characters_anywhere",
    "characters_answering",  # share of the question's characters, by weight, in the query
    "characters_weight",  # weight of the characters in common, by length as in BM25
    "ratio",  # likeness by insertions and deletions (Indel), whole texts
    "partial",  # the same, the shorter text within the longer
    "exact",  # same normal form
    "kind",  # same kind of question: 1 yes, 0 no, 0.5 not known
    "length",  # log of the query's length in characters
    "length_ratio",  # log of question's length to query's
    "sought",  # log of the probability that somebody would look the archived message up
    "answers",  # number of answers, log
    "sureness",  # probability of the surest answer
    "question_weight",  # log of what the question's terms weigh together
    "first",  # how it fares at a glance, less the best candidate
    "neighbours",  # how the best candidate near by in the archive does
    "covered_near",  # share of the query's weight that stands in its conversation
    "query_weight",  # log of what the query's terms weigh together
    "size",  # log of the number of exchanges of the archive
    *DIFFERENCES,
)
"""The figures that `features` gives; `rank_weights.json` has a weight for each."""

MEANING = (
    "meant",  # how near its question is in meaning, beyond the usual
    "meant_said",  # the same of its question with its answers
    "meant_behind",  # the first, less that of the nearest exchange
    "meant_said_behind",
)
"""Those that `meaning.Meant.figures` gives, where there is a model."""

GLANCE = (
    "terms_by_length",  # weight of the terms in common, by the question's length as in BM25
    "terms",
    "characters_by_length",  # the same of characters
    "characters",
    "answering",  # share of the question's characters that the query holds
    "ratio",
    "sought",
)
"""Those that `glances` gives; likewise."""

GLANCE_MEANING = MEANING[:2]
"""Those that `meaning.Meant.glance` gives, where there is a model."""


def make_query(
    norm: str, found: Lookup, vocabulary: Vocabulary, sounds: Mapping[str, str]
) -> Query:
    """Prepare a query for `features`; `sounds` are those of characters."""
    weights = {
        t: vocabulary.weight(t, n) for t, n in zip(found.terms, found.exchanges, strict=True)
    }
    total = sum(weights.values()) or 1.0
    known = [t for t, n in zip(found.terms, found.exchanges, strict=True) if n]
    flat = _flat(norm)
    characters = {c: vocabulary.character(c) for c in dict.fromkeys(flat)}
    rarest = tuple(sorted(known, key=lambda t: -weights[t])[:3])
    return Query(
        norm=norm,
        flat=flat,
        found=found,
        weights=weights,
        total=total,
        words=sum([t[0] < CJK for t in weights]),
        rarest=rarest,
        rarest_weight=sum([weights[t] for t in rarest]),
        characters=characters,
        characters_total=sum(characters.values()) or 1.0,
        kinds=kinds(norm),
        known=frozenset(known),
        size=math.log(vocabulary.total),
        sounds=sounds,
        unseen=(total - sum([weights[t] for t in known])) / total if weights else 0.0,
    )


def prepare(norm: str, sought: float, answers: int, sureness: float) -> Archived:
    """An archived question made ready for a glance.

    `sought` is the probability that somebody would look it up, `sureness` that of its surest
    answer.
    """
    flat = _flat(norm)
    by_length = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * len(flat) / _LENGTH))
    return Archived(
        norm,
        flat,
        len(set(flat)),
        by_length,
        math.log(sought + 0.001),
        math.log1p(answers),
        sureness,
    )


def detail(archived: Archived, vocabulary: Vocabulary) -> Detail:
    """A finalist's question made ready for `features`."""
    own = dict.fromkeys(terms(archived.norm[:_TEXT_LIMIT]))
    weighed = dict(zip(own, vocabulary.weights(own), strict=True))
    distinct = dict.fromkeys(archived.flat)
    characters = dict(zip(distinct, vocabulary.character_weights(distinct), strict=True))
    return Detail(
        weighed,
        sum(weighed.values()) or 1.0,
        characters,
        sum(characters.values()) or 1.0,
        kinds(archived.norm),
    )


def glances(query: Query, archived: Mapping[int, Archived]) -> dict[int, tuple[float, ...]]:
    """The figures of `GLANCE` of each, quickly, by which most candidates can be passed over."""
    scores = query.found.scores
    characters = query.characters.items()
    ratios = process.extract_iter(
        query.flat, [a.flat for a in archived.values()], scorer=fuzz.ratio
    )
    out: dict[int, tuple[float, ...]] = {}
    for (i, (_, flat, distinct, by_length, sought, _, _)), (_, ratio, _) in zip(
        archived.items(), ratios, strict=True
    ):
        score = scores.get(i, 0.0)
        shared = [weight for c, weight in characters if c in flat]
        common = sum(shared)
        out[i] = (
            score * by_length,
            score,
            common * by_length,
            common,
            len(shared) / (distinct or 1),
            ratio / 100,
            sought,
        )
    return out


def features(
    query: Query,
    archived: Archived,
    question: Detail,
    rest: str,
    nearness: tuple[float, float, float],
) -> tuple[float, ...]:
    """The figures of `NAMES`, in that order, for one candidate.

    `rest` is the normal form of its context and answers; `nearness` is how it, and the best of its
    neighbours, fared at a glance against the best, and what of the query its conversation holds.
    """
    _, flat, _, by_length, sought, answers, sureness = archived
    weights, characters = query.weights, query.characters
    inside = [t for t in weights if t in question.terms]
    anywhere = [*inside, *(t for t in weights if t not in question.terms and t in rest)]
    weight = sum([weights[t] for t in inside])
    weight_anywhere = sum([weights[t] for t in anywhere])
    rarest = sum([weights[t] for t in query.rarest if t in anywhere])
    words = sum([t[0] < CJK for t in anywhere]) if query.words else 0
    common = sum([w for c, w in characters.items() if c in flat])
    beyond = sum([w for c, w in characters.items() if c not in flat and c in rest])
    mine = len(query.flat)
    shorter, longer = (query.flat, flat) if mine <= len(flat) else (flat, query.flat)
    return (
        weight / query.total,
        weight_anywhere / query.total,
        rarest / query.rarest_weight if query.rarest_weight else 0.0,
        words / query.words if query.words else 1.0,
        query.unseen,
        weight * by_length,
        weight_anywhere,
        sum([question.terms[t] for t in inside]) / question.weight,
        common / query.characters_total,
        (common + beyond) / query.characters_total,
        common / question.characters_weight,
        common * by_length,
        fuzz.ratio(query.flat, flat) / 100,
        fuzz.partial_ratio(shorter, longer) / 100 if shorter else 0.0,
        float(query.norm == archived.norm),
        _same_kind(query.kinds, question.kinds),
        math.log1p(mine),
        math.log((len(flat) + 1) / (mine + 1)),
        sought,
        answers,
        sureness,
        math.log1p(question.weight),
        *nearness,
        math.log1p(query.total),
        query.size,
        *differences(query, flat, question, rest, anywhere),
    )


def _same_kind(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.5


def _flat(norm: str) -> str:
    return norm.replace(" ", "")[:_TEXT_LIMIT]
