"""What a text means, as a model has it: the exchanges nearest to it, and how near any one is."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.language.normal import normal
from knowledge.matching.embedder import Model
from knowledge.matching.embedding import QUESTION as CHARACTERS
from knowledge.matching.vectors import QUESTION, SAID, Vectors, nearness
from knowledge.store.state import newest_load
from knowledge.store.vectors import Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_USUAL = (0.0, 0.0)

NEAREST = 40
"""Exchanges that join those found by words: by their questions, and by what was said, so many."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A text by its meaning.

    `weights` are those of the ranker for the model that has it so (`rank.shipped`); `nearest` are
    the exchanges that join those found by words, the nearest first by their questions, then by what
    was said. `looked_at` has how near the nearest by their signs are, `best` the nearest of them,
    and `far` what the others are taken to be at a glance.
    """

    weights: str
    shelf: Shelf
    vector: NDArray[np.float32]
    typical: tuple[float, float | None]
    nearest: tuple[int, ...]
    looked_at: dict[int, tuple[float, float]]
    best: tuple[float, float]
    far: tuple[float, float]
    _others: dict[int, tuple[float, float]]

    def figures(self, exchanges: Sequence[int]) -> dict[int, tuple[float, ...]]:
        """The figures of `compare.MEANING` of each exchange.

        0 is as near as two questions of the archive usually are that mean something else; 1 is
        the same text. What has no vector yet is taken to be that near.
        """
        known = self.looked_at, self._others
        lacking = [i for i in exchanges if not any(i in some for some in known)]
        self._others.update(nearness(self.shelf, self.vector, self.typical, lacking))
        out: dict[int, tuple[float, ...]] = {}
        for i in exchanges:
            question, said = self.looked_at.get(i) or self._others.get(i) or _USUAL
            out[i] = question, said, question - self.best[QUESTION], said - self.best[SAID]
        return out

    def glance(self, exchange: int) -> tuple[float, float]:
        """The figures of `compare.GLANCE_MEANING` of an exchange, quickly.

        Of what is not among the nearest by its signs the vector is not read: it is taken to be as
        near as the farthest of those that are, and no nearer than usual.
        """
        return self.looked_at.get(exchange, self.far)


class Meaning:
    """Finds exchanges by what they mean; its vectors follow the database.

    While its model has made none, `otherwise` finds them.
    """

    def __init__(
        self, conn: sqlite3.Connection, model: Model, otherwise: Meaning | None = None
    ) -> None:
        self._shelf = Shelf(conn, model.shelf)
        self._model = model
        self._otherwise = otherwise
        self._made: tuple[int, int] | None = None
        self._vectors: Vectors | None = None
        self._typical: tuple[float, float | None] | None = None

    def read(
        self,
        text: str,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
    ) -> Meant | None:
        """A text by its meaning; None while there are no vectors, or when it says nothing.

        `without` leaves exchanges out, as if the archive did not hold them.
        """
        asked = normal(text)[:CHARACTERS]
        vectors = self._current() if asked else None
        if vectors is None or self._typical is None:
            return self._otherwise.read(text, groups, without) if self._otherwise else None
        vector = self._model.embedder.queries([asked])[0]
        if not vector.any():
            return None  # no word of it is known: whatever were nearest would be chance
        near = [
            [i for i in vectors.near(which, vector, groups) if i not in without]
            for which in (QUESTION, SAID)
        ]
        both = [*dict.fromkeys((*near[QUESTION], *near[SAID]))]
        alike = nearness(self._shelf, vector, self._typical, both)
        nearest: dict[int, None] = {}
        best, far = [0.0, 0.0], [0.0, 0.0]
        for which in (QUESTION, SAID):
            by = {i: alike[i][which] for i in near[which] if i in alike}
            if by:
                nearest.update(
                    dict.fromkeys(sorted(by, key=by.__getitem__, reverse=True)[:NEAREST])
                )
                best[which] = max(by.values())
                far[which] = min(0.0, *(pair[which] for pair in alike.values()))
        return Meant(
            self._model.weights,
            self._shelf,
            vector,
            self._typical,
            tuple(nearest),
            alike,
            (best[QUESTION], best[SAID]),
            (far[QUESTION], far[SAID]),
            {},
        )

    def _current(self) -> Vectors | None:
        if self._shelf.made_by() != self._model.digest:
            return None
        made = newest_load(self._shelf.conn), self._shelf.made()
        if self._made != made:
            self._vectors = Vectors.read(self._shelf)
            self._typical = self._shelf.typical()
            self._made = made
        return self._vectors
