"""What a query and an archived exchange have in common, in figures that a ranker can weigh.

Nothing here knows the words of a particular group: the figures are shares, likenesses and counts,
and the only lists are of Chinese function characters and question words.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.index import Found, Vocabulary
from knowledge.normal import terms

_TEXT_LIMIT = 300
"""Characters of a text that are compared character by character."""

_K1, _B, _LENGTH = 1.2, 0.75, 20
"""BM25's constants (Robertson and Zaragoza 2009), and the characters of a usual question."""

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("who", "谁|哪位|哪一?家|哪个公司|哪些公司|什么人"),
        ("where", "哪里|哪儿|在哪|去哪|到哪|放哪|从哪|何处|什么地方"),
        ("when", "什么时候|啥时候|何时|几点|几号|几月|哪天|哪年|多久|多长时间|什么时间|时效"),
        ("how much", "多少|几个|几家|几种|几块|多大|多高|多贵|几天|几次|什么价"),
        ("why", "为什么|为啥|为何|凭什么|凭啥|干嘛|什么原因|原因是|怎么会|咋会|何必"),
        ("difference", "区别|不同|差异|差别|不一样|一样吗|对比|相比|哪个好|还是"),
        ("how", "怎么|如何|怎样|咋|怎办|思路|方案|流程|步骤"),
        ("what", "什么(?!时|样|原|人|地|价)|啥(?!时)|哪些|哪种|哪几|何为|含义|定义|概念"),
        (
            "whether",
            "吗|么(?!样)|是不是|是否|能不能|可不可以|能否|可否|有没有|会不会|要不要|需不需|算不算|不$",
        ),
    )
)
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
    "asked",  # log of the probability that the archived message asks
    "answers",  # number of answers, log
    "quality",  # sum of the answers' probabilities, log
    "question_weight",  # log of what the question's terms weigh together
    "first",  # how it fares at a glance, less the best candidate
    "neighbours",  # how the best candidate near by in the archive does
)


GLANCE = (
    "terms_by_length",  # weight of the terms in common, by the question's length as in BM25
    "terms",
    "characters_by_length",  # the same of characters
    "characters",
    "answering",  # share of the question's characters that the query holds
    "ratio",
    "asked",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A normal form made ready: without blanks, and its characters."""

    norm: str
    flat: str
    characters: frozenset[str]

    @classmethod
    def of(cls, norm: str) -> Text:
        """Prepare a normal form."""
        flat = norm.replace(" ", "")[:_TEXT_LIMIT]
        return cls(norm, flat, frozenset(flat))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as features see it; build it with `asked`."""

    text: Text
    found: Found
    weights: tuple[float, ...]
    total: float
    words: int
    rarest: int
    characters: dict[str, float]
    characters_total: float
    kinds: frozenset[str]
    unseen: float


@dataclass(frozen=True, slots=True)
class Archived:
    """An exchange as features see it.

    `asked` is the probability that it asks, `answers` the number of its answers, `quality` the sum
    of their probabilities.
    """

    question: Text
    asked: float
    answers: int
    quality: float


def asked(norm: str, found: Found, vocabulary: Vocabulary) -> Asked:
    """Prepare a query for `features`."""
    weights = tuple(
        vocabulary.weight(t, n) for t, n in zip(found.terms, found.exchanges, strict=True)
    )
    total = sum(weights) or 1.0
    known = [i for i, n in enumerate(found.exchanges) if n]
    rarest = sorted(known, key=lambda i: -weights[i])[:3]
    text = Text.of(norm)
    characters = {c: vocabulary.character(c) for c in text.characters}
    return Asked(
        text=text,
        found=found,
        weights=weights,
        total=total,
        words=sum(1 << i for i, t in enumerate(found.terms) if t[0] < "\u3040"),
        rarest=sum(1 << i for i in rarest),
        characters=characters,
        characters_total=sum(characters.values()) or 1.0,
        kinds=kinds(norm),
        unseen=sum(w for w, n in zip(weights, found.exchanges, strict=True) if not n) / total,
    )


def glance(query: Asked, exchange: int, archived: Archived) -> tuple[float, ...]:
    """The figures of `GLANCE`, quickly, by which most candidates can be passed over."""
    question = archived.question
    score = query.found.scores[exchange]
    shared = query.text.characters & question.characters
    common = sum([query.characters[c] for c in shared])
    by_length = _by_length(question.flat)
    return (
        score * by_length,
        score,
        common * by_length,
        common,
        len(shared) / (len(question.characters) or 1),
        fuzz.ratio(query.text.flat, question.flat) / 100,
        math.log(archived.asked + 0.001),
    )


def features(
    query: Asked,
    archived: Archived,
    rest: str,
    vocabulary: Vocabulary,
    nearness: tuple[float, float],
) -> tuple[float, ...]:
    """The figures of `NAMES`, in that order, for one candidate.

    `rest` is the normal form of its context and answers; `nearness` is how it, and the best of its
    neighbours, fared at a glance against the best.
    """
    question = archived.question
    own = set(terms(question.norm[:_TEXT_LIMIT]))
    held = held_anywhere = 0
    for place, term in enumerate(query.found.terms):
        if term in own:
            held |= 1 << place
            held_anywhere |= 1 << place
        elif term in rest:
            held_anywhere |= 1 << place
    weight = _weight(query, held)
    anywhere = _weight(query, held_anywhere)
    rarest = _weight(query, query.rarest)
    own_weight = sum(vocabulary.weights(own)) or 1.0
    shared = sum(vocabulary.weights(own.intersection(query.found.terms)))
    own_characters = sum(map(vocabulary.character, question.characters)) or 1.0
    common = sum([query.characters[c] for c in query.text.characters & question.characters])
    beyond = query.text.characters.intersection(rest) - question.characters
    reached = common + sum([query.characters[c] for c in beyond])
    shorter, longer = sorted((query.text.flat, question.flat), key=len)
    by_length = _by_length(question.flat)
    return (
        weight / query.total,
        anywhere / query.total,
        _weight(query, held_anywhere & query.rarest) / rarest if rarest else 0.0,
        _share((held_anywhere & query.words).bit_count(), query.words.bit_count()),
        query.unseen,
        weight * by_length,
        anywhere,
        shared / own_weight,
        common / query.characters_total,
        reached / query.characters_total,
        common / own_characters,
        common * by_length,
        fuzz.ratio(query.text.flat, question.flat) / 100,
        fuzz.partial_ratio(shorter, longer) / 100 if shorter else 0.0,
        float(query.text.norm == question.norm),
        _same_kind(query.kinds, kinds(question.norm)),
        math.log1p(len(query.text.flat)),
        math.log((len(question.flat) + 1) / (len(query.text.flat) + 1)),
        math.log(archived.asked + 0.001),
        math.log1p(archived.answers),
        math.log1p(archived.quality),
        math.log1p(own_weight),
        *nearness,
    )


def kinds(text: str) -> frozenset[str]:
    """What kinds of question a text asks: names of `KINDS`."""
    return frozenset(kind for kind, words in KINDS if words.search(text))


def _same_kind(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.5


def _by_length(flat: str) -> float:
    return (_K1 + 1) / (1 + _K1 * (1 - _B + _B * len(flat) / _LENGTH))


def _weight(query: Asked, mask: int) -> float:
    total = 0.0
    while mask:
        low = mask & -mask
        total += query.weights[low.bit_length() - 1]
        mask ^= low
    return total


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
