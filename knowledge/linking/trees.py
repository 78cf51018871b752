"""Boosted trees (Friedman 2001) as nested lists: the log odds of a row of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

DEPTH = 3
"""Questions that every tree asks before it says what a row is worth."""

Tree = Any
"""[figure, threshold, tree up to the threshold, tree above it]; the last are floats, leaves."""

_GLANCE = 24  # trees after which a row is given up whose log odds are low
_HOPELESS = -2.5  # log odds then; hardly any link of a labelled question is cited from there


@dataclass(frozen=True, slots=True)
class Trees:
    """The trees and the log odds that all rows begin with."""

    base: float
    glance: tuple[Tree, ...]
    trees: tuple[Tree, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """Take the trees out of what the weights file holds; ValueError for other figures."""
        if data["figures"] != list(names):
            raise ValueError("the trees were made for other figures")
        trees = tuple(map(_nested, data["trees"]))
        return cls(data["base"], trees[:_GLANCE], trees[_GLANCE:])

    def probability(self, figures: Sequence[float]) -> float:
        """The probability (0 to 1) that a row is one of those looked for."""
        total = _sum(self.base, self.glance, figures)
        if total > _HOPELESS:
            total = _sum(total, self.trees, figures)
        return 1.0 / (1.0 + exp(-total))


def _sum(total: float, trees: Sequence[Tree], row: Sequence[float]) -> float:
    """Add what each tree says of a row: `DEPTH` steps, written out, since a load takes millions."""
    for figure, threshold, below, above in trees:
        figure, threshold, below, above = below if row[figure] <= threshold else above
        figure, threshold, below, above = below if row[figure] <= threshold else above
        total += below if row[figure] <= threshold else above
    return total


def _nested(tree: Tree) -> Tree:
    """A tree of tuples, which are quicker to take apart."""
    return tuple(map(_nested, tree)) if isinstance(tree, list) else tree
