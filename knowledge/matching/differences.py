"""How a query differs from an archived question that looks like it: what only one of them names.

Two questions about two banks share all words but one. What they have in common hardly tells them
apart; what stands in one at the place of something else in the other does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from knowledge.language.normal import CJK
from knowledge.language.questions import says_no
from knowledge.matching.query import Detail, Query

DIFFERENCES = (
    "missing",  # weight of the query's weightiest term that stands nowhere in the exchange
    "missing_known",  # the same, of the terms that the archive knows
    "missing_next",  # of the next weightiest one
    "missing_share",  # share of the query's weight that "missing" is
    "missing_character",  # weight of the weightiest character that stands nowhere
    "added",  # weight of the question's weightiest term that the query lacks
    "added_character",  # the same of a character
    "swapped",  # weight of what the query has where the question has something else
    "swapped_nowhere",  # the same, of what stands nowhere in the exchange
    "run",  # share of the query's characters, by weight, in the longest run that both have
    "words_swapped",  # Latin words and numbers: weight of what each has and the other lacks
    "swap_sounds",  # share of the weightiest swap's characters that sound like what replaces them
    "swap_alone",  # share of the query's other characters, by weight, that both have in order
    "swap_share",  # what the weightiest swap is of the query's characters, by weight
    "swap_nowhere_share",  # the same of what stands nowhere in the exchange
    "negated",  # whether one of them says no more often than the other
)
"""The figures that `differences` gives."""


def differences(
    query: Query, flat: str, question: Detail, rest: str, found: Collection[str]
) -> tuple[float, ...]:
    """The figures of `DIFFERENCES`, in that order, for one candidate.

    `flat` is what it asks, without blanks, and `rest` its context and answers; `found` are the
    terms of the query that stand anywhere in it.
    """
    weights, characters = query.weights, query.characters
    nowhere = [t for t in weights if t not in found]
    missing, following, *_ = [*sorted([weights[t] for t in nowhere], reverse=True), 0.0, 0.0]
    added = {t: w for t, w in question.terms.items() if t not in weights}
    lost = [w for t, w in weights.items() if t[0] < CJK and t not in question.terms]
    new = [w for t, w in added.items() if t[0] < CJK]
    aligned = _aligned(query, flat, question, rest)
    return (
        missing,
        max([weights[t] for t in nowhere if t in query.known], default=0.0),
        following,
        missing / query.total,
        max([w for c, w in characters.items() if c not in flat and c not in rest], default=0.0),
        max(added.values(), default=0.0),
        max([w for c, w in question.characters.items() if c not in characters], default=0.0),
        aligned.swapped,
        aligned.nowhere,
        aligned.run,
        min(max(lost, default=0.0), max(new, default=0.0)),
        aligned.sounds,
        aligned.alone,
        aligned.swapped / query.characters_total,
        aligned.nowhere / query.characters_total,
        float(says_no(query.flat) != says_no(flat)),
    )


class _Aligned(NamedTuple):
    """Both texts side by side: what is swapped, and what else they have in common."""

    swapped: float
    nowhere: float
    run: float
    sounds: float
    alone: float


def _aligned(query: Query, flat: str, question: Detail, rest: str) -> _Aligned:
    """A character that the other text has at another place is moved, not swapped; and of two texts
    that have nothing in common, nothing stands in the other's place.
    """
    characters, theirs = query.characters, question.characters
    swapped = nowhere = run = kept = sounds = within = 0.0
    steps = Levenshtein.opcodes(query.flat, flat)
    for step in steps:
        mine = query.flat[step.src_start : step.src_end]
        if step.tag == "equal":
            common = sum([characters[c] for c in mine])
            kept += common
            run = max(run, common)
        elif step.tag == "replace" and len(steps) > 1:
            place = flat[step.dest_start : step.dest_end]
            instead = sum([theirs[c] for c in place if c not in characters])
            lost = [c for c in mine if c not in flat]
            swap = min(instead, sum([characters[c] for c in lost]))
            if swap > swapped:
                swapped = swap
                sounds = _alike(lost, place, query.sounds)
                within = sum([characters[c] for c in mine])
            unsaid = sum([characters[c] for c in lost if c not in rest])
            nowhere = max(nowhere, min(instead, unsaid))
    whole = sum([characters[c] for c in query.flat])
    alone = kept / (whole - within) if swapped and whole > within else 0.0
    return _Aligned(swapped, nowhere, run / query.characters_total, sounds, alone)


def _alike(lost: Sequence[str], place: str, sounds: Mapping[str, str]) -> float:
    """The share of some characters that sound like one of those in their place."""
    heard = {sounds[c] for c in place if c in sounds}
    return sum([sounds[c] in heard for c in lost if c in sounds]) / len(lost)
