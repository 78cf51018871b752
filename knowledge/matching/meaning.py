"""What a text means, as a model has it: the exchanges nearest to it, and how near any one is."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.language.normal import normal
from knowledge.matching.embedder import Model
from knowledge.matching.embedding import QUESTION as CHARACTERS
from knowledge.matching.vectors import QUESTION, SAID, Vectors, cosines
from knowledge.store.state import newest_load
from knowledge.store.vectors import Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAREST = 20
"""Exchanges that join those found by words: by their questions, and by what was said, so many."""

_FAR = -1.0  # what a cosine is taken to be beyond the usual, at least


@dataclass(frozen=True, slots=True)
class Meant:
    """A text by its meaning.

    `weights` are those of the ranker for the model that has it so (`rank.shipped`); `nearest` are
    the exchanges that join those found by words, the nearest first by their questions, then by what
    was said.
    """

    weights: str
    shelf: Shelf
    vector: NDArray[np.float32]
    typical: tuple[float, float | None]
    nearest: tuple[int, ...]
    best: tuple[float, float]
    _alike: dict[int, tuple[float, float | None]]

    def figures(self, exchanges: Sequence[int]) -> dict[int, tuple[float, ...]]:
        """The figures of `compare.MEANING` of each exchange.

        0 is as near as two questions of the archive usually are that mean something else; 1 is
        the same text. What has no vector yet is taken to be that near.
        """
        alike = self._alike
        alike |= cosines(self.shelf, self.vector, [i for i in exchanges if i not in alike])
        out: dict[int, tuple[float, ...]] = {}
        for i in exchanges:
            question, said = (self._beyond(which, alike.get(i)) for which in (QUESTION, SAID))
            out[i] = question, said, question - self.best[QUESTION], said - self.best[SAID]
        return out

    def _beyond(self, which: int, alike: tuple[float, float | None] | None) -> float:
        return beyond(alike[which] if alike else None, self.typical[which])


def beyond(cosine: float | None, typical: float | None) -> float:
    """How near a cosine is beyond the usual one: 0 the usual or not known, 1 the same."""
    if cosine is None or typical is None:
        return 0.0
    return max(_FAR, min(1.0, (cosine - typical) / max(1 - typical, 1e-6)))


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
        alike = cosines(self._shelf, vector, [*{*near[QUESTION], *near[SAID]}])
        nearest: dict[int, None] = {}
        best = []
        for which in (QUESTION, SAID):
            by = {i: c for i in near[which] if i in alike and (c := alike[i][which]) is not None}
            ordered = sorted(by, key=by.__getitem__, reverse=True)
            nearest.update(dict.fromkeys(ordered[:NEAREST]))
            best.append(beyond(by[ordered[0]], self._typical[which]) if ordered else 0.0)
        return Meant(
            self._model.weights,
            self._shelf,
            vector,
            self._typical,
            tuple(nearest),
            (best[0], best[1]),
            alike,
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
