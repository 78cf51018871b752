"""The learned ranker: which candidate fits best, and how probably it answers what was asked.

Small models in JSON files, made by knowledge/train/rank.py: a weighted sum of the figures of
`compare.GLANCE` that picks finalists, one of `compare.NAMES` that orders them, and boosted trees
(Friedman 2001) whose sum, by a logistic curve, is the confidence. Where there are
vectors, they look at `compare.MEANING`, too: there is a file for each kind of them.
"""

from __future__ import annotations

import functools
import json
import math
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.matching.compare import MEANING, NAMES
from knowledge.matching.probability import logistic

STANDING = ("score", "lead", "share", "company")
"""Further figures that the confidence looks at, of a candidate among the others: its score, how
far it is ahead of its best rival, its share of the softmax among its rivals, and the mean score of
the best five."""

# Score of a candidate that has nothing in common: a rival that there always is.
_NOTHING = 0.0

# Beyond it, the exponential of a score is no number any more; against that, nothing has a share.
_MOST = 700.0

Tree = Any
"""A leaf's value, a float, or [figure, threshold, tree up to the threshold, tree above it]."""


SIZE, LENGTH = NAMES.index("size"), NAMES.index("length")

USUAL = 2.7
"""The log of the length of a usual question: 14 characters."""

_SMALL, _LARGE = math.log(60), math.log(3000)


def smallness(size: float) -> float:
    """How small an archive is, by the log of its exchanges: 1 up to 60, 0 from 3,000 on."""
    return max(0.0, min(1.0, (_LARGE - size) / (_LARGE - _SMALL)))


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve (Platt 1999), of which slope and offset change with the archive's size."""

    slope: float
    offset: float
    small_slope: float
    small_offset: float

    def __call__(self, raw: float, size: float) -> float:
        """The probability that a raw confidence stands for; `size` as `smallness` takes it."""
        small = smallness(size)
        z = (self.slope + self.small_slope * small) * raw + self.offset + self.small_offset * small
        return logistic(z)


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weights, ready to use; `glance` are those of `compare.GLANCE`.

    `by_length` are what `weights` gain with the length of what is asked; there may be none.
    """

    glance: tuple[float, ...]
    weights: tuple[float, ...]
    base: float
    trees: tuple[Tree, ...]
    curve: Curve
    by_length: tuple[float, ...] = ()

    def score(self, figures: Sequence[float]) -> float:
        """How well a candidate fits, comparable among the candidates of one query."""
        score = sum(map(float.__mul__, self.weights, figures))
        if self.by_length:
            longer = figures[LENGTH] - USUAL
            score += longer * sum(map(float.__mul__, self.by_length, figures))
        return score

    def confidence(self, figures: Sequence[float]) -> float:
        """The probability, 0 to 1, that a candidate answers; figures of NAMES and STANDING."""
        total = self.base
        for tree in self.trees:
            # Three hundred steps an exchange: the class itself is looked at, without a call.
            while tree.__class__ is list:
                figure, threshold, below, above = tree
                tree = below if figures[figure] <= threshold else above
            total += tree
        return self.curve(total, figures[SIZE])


def standing(scores: Sequence[float], place: int, rivals: Sequence[bool]) -> tuple[float, ...]:
    """The figures of `STANDING` for the candidate at `place`; `scores` fall.

    `rivals[i]` tells whether candidate i stands against this one.
    """
    own = scores[place]
    against = [s for s, rival in zip(scores, rivals, strict=True) if rival]
    best_rival = max(against, default=_NOTHING)
    total = sum(math.exp(min(s - scores[0], _MOST)) for s in (own, *against, _NOTHING))
    best = scores[:5]
    return (
        own,
        own - max(best_rival, _NOTHING),
        math.exp(own - scores[0]) / total,
        sum(best) / len(best),
    )


ALONE = "rank"
"""The weights for what is known by its letters alone."""


@functools.cache
def shipped(kind: str) -> Ranker:
    """The ranker that Palou ships: `ALONE`, or what a `Model.weights` names.

    ValueError when its weights are for other figures.
    """
    file = f"{kind}_weights.json"
    # pkgutil opens the file in a tenth of the time that importlib.resources takes to import.
    made = json.loads(pkgutil.get_data("knowledge.matching", file) or b"")
    if made["figures"] != [*NAMES, *(MEANING if kind != ALONE else ()), *STANDING]:
        raise ValueError(f"{file} was made for other figures; run knowledge.train.rank")
    return Ranker(
        glance=tuple(map(float, made["glance"])),
        weights=tuple(map(float, made["weights"])),
        base=float(made["base"]),
        trees=tuple(made["trees"]),
        curve=Curve(*map(float, made["curve"])),
        by_length=tuple(map(float, made["by_length"])),
    )
