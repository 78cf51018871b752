"""What a query and an archived exchange have in common, in figures that a ranker can weigh.

Nothing here knows the words of a particular group: the figures are shares, likenesses and counts,
and the only lists are of Chinese function characters and question words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.index import Candidate, Found, Vocabulary
from knowledge.normal import terms

_TEXT_LIMIT = 300
"""Characters of a text that are compared character by character."""

_FUNCTION = frozenset(
    "的了吗呢啊吧嘛呀么是有在不没我你他她它们这那哪个些什怎样一下就都也还又再很太更最和与跟或及"
    "会能可以要想应该让给被把对从到去来上里中为因所但而且如果若则请问谁几多少咋啥何为嗯哦哈唉"
    "说看做用得地着过呗噢哎其之于并将比等只才刚已经时候现在后前般"
)
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
        ("whether", "吗|么(?!样)|是不是|是否|能不能|可不可以|能否|可否|有没有|会不会|要不要|需不需|算不算|不$"),
    )
)
ASKS = re.compile("|".join(words.pattern for _, words in KINDS) + "|求|推荐|[?？]")
"""Words and signs that make a message ask for information."""

NAMES = (
    "covered",  # share of the query's weight that stands in the question
    "covered_anywhere",  # and in question, context or answers
    "covered_rarest",  # of the three weightiest terms that the archive knows, anywhere
    "covered_words",  # share of Latin words and numbers found anywhere; 1 without any
    "unseen",  # share of the query's weight on terms that the archive has never seen
    "weight",  # weight of the terms found in the question
    "weight_anywhere",
    "answering",  # share of the question's weight that stands in the query
    "characters",  # share of the query's content characters that stand in the question
    "characters_anywhere",
    "characters_answering",  # share of the question's content characters that the query holds
    "ratio",  # likeness by insertions and deletions (Indel), whole texts
    "partial",  # the same, the shorter text within the longer
    "exact",  # same normal form
    "kind",  # same kind of question: 1 yes, 0 no, 0.5 not known
    "length",  # log of the query's length in characters
    "length_ratio",  # log of question's length to query's
    "answers",  # number of answers, log
    "quality",  # sum of the answers' probabilities, log
    "first",  # candidate's weight against the best candidate's
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as features see it; build it with `asked`."""

    norm: str
    flat: str
    found: Found
    weights: tuple[float, ...]
    total: float
    words: int
    rarest: int
    characters: frozenset[str]
    kinds: frozenset[str]
    unseen: float
    best: float


@dataclass(frozen=True, slots=True)
class Archived:
    """An exchange as features see it: normal forms, and the probabilities of its answers."""

    question: str
    rest: str
    probabilities: Sequence[float] = ()


def asked(norm: str, found: Found, vocabulary: Vocabulary) -> Asked:
    """Prepare a query for `features`."""
    weights = tuple(
        vocabulary.weight(t, n) for t, n in zip(found.terms, found.exchanges, strict=True)
    )
    total = sum(weights) or 1.0
    known = [i for i, n in enumerate(found.exchanges) if n]
    rarest = sorted(known, key=lambda i: -weights[i])[:3]
    return Asked(
        norm=norm,
        flat=norm.replace(" ", "")[:_TEXT_LIMIT],
        found=found,
        weights=weights,
        total=total,
        words=sum(1 << i for i, t in enumerate(found.terms) if t[0] < "\u3040"),
        rarest=sum(1 << i for i in rarest),
        characters=content(norm),
        kinds=kinds(norm),
        unseen=sum(w for w, n in zip(weights, found.exchanges, strict=True) if not n) / total,
        best=found.candidates[0].score if found.candidates else 1.0,
    )


def features(
    query: Asked, candidate: Candidate, archived: Archived, vocabulary: Vocabulary
) -> tuple[float, ...]:
    """The figures of `NAMES`, in that order, for one candidate."""
    question, flat = archived.question, archived.question.replace(" ", "")[:_TEXT_LIMIT]
    weight = _weight(query, candidate.question)
    anywhere = _weight(query, candidate.anywhere)
    rarest = _weight(query, query.rarest)
    own = set(terms(question[:_TEXT_LIMIT]))
    own_weights = {t: vocabulary.weight(t, 8) for t in own}
    shared = own.intersection(query.found.terms)
    characters = content(question)
    shorter, longer = sorted((query.flat, flat), key=len)
    return (
        weight / query.total,
        anywhere / query.total,
        _weight(query, candidate.anywhere & query.rarest) / rarest if rarest else 0.0,
        _share((candidate.anywhere & query.words).bit_count(), query.words.bit_count()),
        query.unseen,
        weight,
        anywhere,
        sum(own_weights[t] for t in shared) / (sum(own_weights.values()) or 1.0),
        _share(len(query.characters & characters), len(query.characters)),
        _share(
            len(query.characters & (characters | content(archived.rest))), len(query.characters)
        ),
        _share(len(query.characters & characters), len(characters)),
        fuzz.ratio(query.flat, flat) / 100,
        fuzz.partial_ratio(shorter, longer) / 100 if shorter else 0.0,
        float(query.norm == question),
        _same_kind(query.kinds, kinds(question)),
        math.log1p(len(query.flat)),
        math.log((len(flat) + 1) / (len(query.flat) + 1)),
        math.log1p(len(archived.probabilities)),
        math.log1p(sum(archived.probabilities)),
        candidate.score / query.best,
    )


def content(norm: str) -> frozenset[str]:
    """The characters of a normal form that carry content."""
    return frozenset(norm[: 4 * _TEXT_LIMIT]) - _FUNCTION - {" "}


def kinds(text: str) -> frozenset[str]:
    """What kinds of question a text asks: names of `KINDS`."""
    return frozenset(kind for kind, words in KINDS if words.search(text))


def _same_kind(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.5


def _weight(query: Asked, mask: int) -> float:
    total = 0.0
    while mask:
        low = mask & -mask
        total += query.weights[low.bit_length() - 1]
        mask ^= low
    return total


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
