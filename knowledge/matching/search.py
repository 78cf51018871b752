"""The exchanges that share most with a query: the candidates that are compared with it.

The weights of the terms that an exchange holds are summed here, rare terms first, until a query has
read its share of postings: the work has a bound, whatever the words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from knowledge.matching.postings import Postings
from knowledge.store.terms import within
from knowledge.store.vocabulary import COMMON, Vocabulary


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a query looks, which bounds the work for it whatever its words.

    It reads so many `postings` at most, and those in context and answers only of terms that
    `rare` exchanges hold or fewer. The best `candidates` are compared at a glance, the best
    `finalists` of these in all their parts.
    """

    postings: int
    rare: int
    candidates: int
    finalists: int


GLANCE = Depth(postings=3_000, rare=200, candidates=64, finalists=14)
"""Where a query looks first: some 4 ms, in a million exchanges, too."""

DEEP = Depth(postings=12_000, rare=500, candidates=1000, finalists=40)
"""Where it looks when that finds nothing sure: some 15 ms.

A question in quite other words is among the finalists more often by then: 86 of 100 instead of 80,
measured on questions of a real group that were asked again.
"""

# What a term in the context or the answers counts, against 1 in the question.
_ELSEWHERE = 0.45

TERMS = 32
"""Terms of a query that are looked for at most, the rarest."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The distinct terms of a query, the rarest first, with what the archive knows of them.

    `exchanges[i]` is the number of exchanges that hold `terms[i]` (0: the archive has never seen
    it); of a term of fewer than `COMMON` that was not looked for it is 0 too. `scores` has the
    weight of the terms that each candidate was found by, the best first; `held[i]` are the
    exchanges found by `terms[i]`.
    """

    terms: tuple[str, ...]
    exchanges: tuple[int, ...]
    scores: dict[int, float]
    held: tuple[Sequence[int], ...] = ()


def search(
    postings: Postings,
    vocabulary: Vocabulary,
    words: Iterable[str],
    depth: Depth,
    groups: Iterable[str] | None = None,
    more: int = 0,
) -> Lookup:
    """What the archive knows of the terms `words`, and the exchanges that share most.

    Those are the candidates of that depth, and so many `more`. `groups` narrows the search to
    exchanges of these groups.
    """
    common = vocabulary.exchanges
    distinct = [t for t in dict.fromkeys(words) if '"' not in t and "\0" not in t]
    exchanges = [common.get(t, 0) for t in distinct]
    ordered = sorted(zip(exchanges, distinct, strict=True), key=itemgetter(0))
    distinct = [t for _, t in ordered]
    exchanges = [n for n, _ in ordered]
    narrowed = within(groups)
    left = depth.postings
    rare = list(_affordable(distinct, exchanges, depth))
    anywhere = postings.anywhere(rare, narrowed)
    scores: defaultdict[int, float] = defaultdict(float)
    held: list[Sequence[int]] = []
    for place, term in enumerate(distinct[:TERMS]):
        n = exchanges[place]
        if scores and n > left:
            break
        weight = vocabulary.weight(term, n or 1)
        if term in anywhere:
            asked, said = anywhere[term]
            asked, said = asked[:left], said[: depth.rare]
        else:
            asked, said = postings.in_questions(term, left, narrowed), ()
        for i in asked:
            scores[i] += weight
        elsewhere = weight * _ELSEWHERE
        for i in said:
            scores[i] += elsewhere
        left -= len(asked) + len(said)
        held.append([*asked, *said] if said else asked)
        exchanges[place] = n or len(set(held[-1]))
    best = _best(scores, depth.candidates + more)
    return Lookup(tuple(distinct), tuple(exchanges), {i: scores[i] for i in best}, tuple(held))


def _affordable(terms: Sequence[str], exchanges: Sequence[int], depth: Depth) -> Iterator[str]:
    """The rare terms among the rarest that can all be read to the end."""
    left = depth.postings
    for term, n in zip(terms[:TERMS], exchanges, strict=False):
        left -= n or COMMON // 2
        if n > depth.rare or left < 0:
            break
        yield term


def leave_out(found: Lookup, exchanges: Collection[int]) -> Lookup:
    """`found` as if the archive did not hold `exchanges`, as far as it was looked at.

    A term that only they hold counts as never seen.
    """
    counts = list(found.exchanges)
    for place, ids in enumerate(found.held):
        counts[place] = max(0, counts[place] - len(set(ids).intersection(exchanges)))
    scores = {i: score for i, score in found.scores.items() if i not in exchanges}
    return Lookup(found.terms, tuple(counts), scores, found.held)


def _best(scores: Mapping[int, float], limit: int) -> list[int]:
    """The exchanges of the highest scores, the best first.

    Most score little, and need not be sorted.
    """
    enough = max(scores.values(), default=0.0) / 2
    high = [i for i, score in scores.items() if score >= enough]
    if len(high) < limit:
        high = [i for i, score in scores.items() if score >= enough / 2]
    if len(high) < limit:
        high = list(scores)
    return sorted(high, key=scores.__getitem__, reverse=True)[:limit]
