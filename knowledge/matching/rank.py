"""The learned ranker: which candidate fits best, and how probably it answers what was asked.

Small models in rank_weights.json, made by knowledge/train/rank.py: a weighted sum of the figures of
`compare.GLANCE` that picks finalists, one of `compare.NAMES` that orders them, and boosted trees
(Friedman 2001) whose sum, by a logistic curve (Platt 1999), is the confidence.
"""

from __future__ import annotations

import functools
import json
import math
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.matching.compare import NAMES

STANDING = ("score", "lead", "share", "company")
"""Further figures that the confidence looks at, of a candidate among the others: its score, how
far it is ahead of its best rival, its share of the softmax among its rivals, and the mean score of
the best five."""

# Score of a candidate that has nothing in common: a rival that there always is.
_NOTHING = 0.0

Tree = Any
"""A leaf's value, a float, or [figure, threshold, tree up to the threshold, tree above it]."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weights, ready to use; `glance` are those of `compare.GLANCE`."""

    glance: tuple[float, ...]
    weights: tuple[float, ...]
    base: float
    trees: tuple[Tree, ...]
    slope: float
    offset: float

    def score(self, figures: Sequence[float]) -> float:
        """How well a candidate fits, comparable among the candidates of one query."""
        return sum(map(float.__mul__, self.weights, figures))

    def confidence(self, figures: Sequence[float]) -> float:
        """The probability, 0 to 1, that a candidate answers; figures of NAMES and STANDING."""
        total = self.base
        for tree in self.trees:
            # Three hundred steps an exchange: the class itself is looked at, without a call.
            while tree.__class__ is list:
                figure, threshold, below, above = tree
                tree = below if figures[figure] <= threshold else above
            total += tree
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.slope * total + self.offset))))


def standing(scores: Sequence[float], place: int, rivals: Sequence[bool]) -> tuple[float, ...]:
    """The figures of `STANDING` for the candidate at `place`; `scores` fall.

    `rivals[i]` tells whether candidate i stands against this one.
    """
    own = scores[place]
    against = [s for s, rival in zip(scores, rivals, strict=True) if rival]
    best_rival = max(against, default=_NOTHING)
    total = sum(math.exp(s - scores[0]) for s in (own, *against, _NOTHING))
    best = scores[:5]
    return (
        own,
        own - max(best_rival, _NOTHING),
        math.exp(own - scores[0]) / total,
        sum(best) / len(best),
    )


@functools.cache
def shipped() -> Ranker:
    """The ranker that Palou ships; ValueError when its weights are for other figures."""
    # pkgutil opens the file in a tenth of the time that importlib.resources takes to import.
    made = json.loads(pkgutil.get_data("knowledge.matching", "rank_weights.json") or b"")
    if made["figures"] != [*NAMES, *STANDING]:
        raise ValueError("rank_weights.json was made for other figures; run knowledge.train.rank")
    return Ranker(
        glance=tuple(map(float, made["glance"])),
        weights=tuple(map(float, made["weights"])),
        base=float(made["base"]),
        trees=tuple(made["trees"]),
        slope=float(made["slope"]),
        offset=float(made["offset"]),
    )
