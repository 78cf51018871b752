"""How a query differs from an archived question that looks like it: what only one of them names.

Two questions about two banks share all words but one. What they have in common hardly tells them
apart; what stands in one at the place of something else in the other does.
"""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import Levenshtein

from knowledge.language.normal import CJK
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
    return (
        missing,
        max([weights[t] for t in nowhere if t in query.known], default=0.0),
        following,
        missing / query.total,
        max([w for c, w in characters.items() if c not in flat and c not in rest], default=0.0),
        max(added.values(), default=0.0),
        max([w for c, w in question.characters.items() if c not in characters], default=0.0),
        *_aligned(query, flat, question, rest),
        min(max(lost, default=0.0), max(new, default=0.0)),
    )


def _aligned(query: Query, flat: str, question: Detail, rest: str) -> tuple[float, float, float]:
    """What is swapped, what of it stands nowhere, and the longest run, of both texts side by side.

    A character that the other text has at another place is moved, not swapped; and of two texts
    that have nothing in common, nothing stands in the other's place.
    """
    characters, theirs = query.characters, question.characters
    swapped = nowhere = run = 0.0
    steps = Levenshtein.opcodes(query.flat, flat)
    for step in steps:
        mine = query.flat[step.src_start : step.src_end]
        if step.tag == "equal":
            run = max(run, sum([characters[c] for c in mine]))
        elif step.tag == "replace" and len(steps) > 1:
            place = flat[step.dest_start : step.dest_end]
            instead = sum([theirs[c] for c in place if c not in characters])
            lost = [c for c in mine if c not in flat]
            swapped = max(swapped, min(instead, sum([characters[c] for c in lost])))
            unsaid = sum([characters[c] for c in lost if c not in rest])
            nowhere = max(nowhere, min(instead, unsaid))
    return swapped, nowhere, run / query.characters_total
