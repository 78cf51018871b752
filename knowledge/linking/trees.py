"""Boosted trees (Friedman 2001): the log odds of many rows of figures at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTH = 3
"""Questions that every tree asks before it says what a row is worth."""

Tree = Any
"""[figure, threshold, tree up to the threshold, tree above it]; the last are floats, leaves."""

_GLANCE = 24  # trees after which a row is given up whose log odds are low
_HOPELESS = -2.5  # log odds then; hardly any link of a labelled question is cited from there


@dataclass(frozen=True)
class Trees:
    """The trees and the log odds that all rows begin with."""

    base: float
    trees: tuple[Tree, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """Take the trees out of what the weights file holds; ValueError for other figures."""
        if data["figures"] != list(names):
            raise ValueError("the trees were made for other figures")
        return cls(data["base"], tuple(map(_nested, data["trees"])))

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """The probability (0 to 1) of each row that it is one of those looked for."""
        import numpy as np

        said = self._table.said(np.array(rows, np.float64).T.copy())
        # Tree by tree, as the weights were validated: another order of a sum is another sum.
        total = np.full(len(rows), self.base)
        for leaves in said[:_GLANCE]:
            total += leaves
        glance = total.copy()
        for leaves in said[_GLANCE:]:
            total += leaves
        odds = np.where(glance > _HOPELESS, total, glance)
        return [1.0 / (1.0 + exp(-x)) for x in odds.tolist()]

    @cached_property
    def _table(self) -> _Table:
        return _Table.of(self.trees)


@dataclass(frozen=True, slots=True)
class _Table:
    """The trees question by question, so that each is asked of all trees and rows at once.

    `asked` has for each question of a tree, from the top and from left to right, the figure and the
    threshold of every tree; `leaves` are those of all trees, one tree behind the other.
    """

    asked: tuple[tuple[NDArray[np.intp], NDArray[np.float64]], ...]
    leaves: NDArray[np.float64]

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> _Table:
        """Take trees apart that have all their questions."""
        import numpy as np

        asked = []
        nodes = [[tree] for tree in trees]
        for _ in range(DEPTH):
            for same in zip(*nodes, strict=True):
                figures = np.array([figure for figure, *_ in same], np.intp)
                asked.append((figures, np.array([[threshold] for _, threshold, *_ in same])))
            nodes = [[part for node in level for part in node[2:]] for level in nodes]
        return cls(tuple(asked), np.array(nodes, np.float64).ravel())

    def said(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each tree says of each row, a row for each tree; `figures` has a column for each."""
        import numpy as np

        top, low, high, *last = [figures[which] > most for which, most in self.asked]
        second = np.where(top, high, low)
        third = np.where(
            top, np.where(second, last[3], last[2]), np.where(second, last[1], last[0])
        )
        place = top.view(np.uint8) * 4 + second.view(np.uint8) * 2 + third.view(np.uint8)
        return self.leaves.take(place + np.arange(0, len(self.leaves), 1 << DEPTH)[:, None])


def _nested(tree: Tree) -> Tree:
    """A tree of tuples, which compare with those of another file."""
    return tuple(map(_nested, tree)) if isinstance(tree, list) else tree
