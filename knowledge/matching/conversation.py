"""What a conversation adds to the answers of a question, when another one in it may be meant.

People ask one thing in several messages, and ask on; who asks again later may mean any of these.
So every candidate of the same conversation lends its answers to the best one, as far as it may be
meant. Measured on questions of a real group that were asked again, each month by weights of the
others: what is shown first cites a picked answer for 63 or 64 of 100 instead of 57 to 59.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from knowledge.linking.citing import K, worth_citing
from knowledge.store.ids import EXCHANGE_BITS

NEAR = 60 << EXCHANGE_BITS
"""Between the ids of exchanges of one conversation: 60 messages of one day."""

FIRST = 0.01
"""Probability, from which an answer is lent, that it is the first right one."""

# What scores count here: in a conversation, they tell questions apart less well than elsewhere.
_SOFT = 0.5

# The odds of another question against the best one, from which it is looked at.
_LEAST = 0.05


def together(one: int, other: int) -> bool:
    """Whether two exchanges, by their ids, belong to one conversation."""
    return abs(one - other) <= NEAR


def odds(score: float, best: float) -> float:
    """How probably a candidate is meant against the best of its conversation, by their scores."""
    return math.exp(_SOFT * (score - best))


def shares(ids: Sequence[int], scores: Sequence[float], place: int) -> dict[int, float]:
    """How probably each candidate of one conversation is meant, if one of them is; by its place.

    `ids` and `scores` are those of all candidates; the one at `place` comes first.
    """
    against = {place: 1.0}
    for other, (i, score) in enumerate(zip(ids, scores, strict=True)):
        if other != place and together(i, ids[place]):
            against[other] = odds(score, scores[place])
    total = sum(x for x in against.values() if x >= _LEAST)
    return {other: x / total for other, x in against.items() if x >= _LEAST}


def lent(conversation: Sequence[tuple[float, Mapping[K, float]]]) -> dict[K, float]:
    """What the others of a conversation lend to the first: answers, with how probably each is one.

    `conversation` has the share of each question, and its answers with their probabilities. All
    answers of the first are cited anyhow; those of the others join, the likeliest first, while
    each has a fair chance (`FIRST`) of being the first right one.
    """
    expected: dict[K, float] = {}
    for share, answers in conversation:
        for key, p in answers.items():
            expected[key] = expected.get(key, 0.0) + share * p
    doubt = math.prod(1.0 - expected.pop(key) for key in conversation[0][1])
    return worth_citing(expected, FIRST, doubt=doubt)
