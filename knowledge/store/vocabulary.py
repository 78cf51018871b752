"""How common the terms of the archive are, as they were counted last, and what they weigh."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat

from knowledge.language.usual import usual_characters, usual_terms

COMMON = 32
"""Terms of fewer exchanges are not counted beforehand: reading their postings costs less."""

SMALL = 2000
"""Exchanges that an archive is taken to have at least: in a smaller one, no word is common. Those
that it lacks are taken to be like any chat's."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How common the terms of the archive are: the exchanges that hold each common one.

    `characters` estimates the same for a CJK character by the common terms that begin with it.
    A small archive tells little of what is usual: to its counts are added those of so many
    exchanges of any chat that there are `SMALL`.
    """

    exchanges: dict[str, int]
    total: int
    characters: dict[str, int]
    _by_count: _Weights = field(init=False)
    _lacks: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_count", _Weights(max(self.total, SMALL)))
        object.__setattr__(self, "_lacks", max(0, SMALL - self.total))

    @classmethod
    def read(cls, conn: sqlite3.Connection) -> Vocabulary:
        """The vocabulary as counted last; some 3 ms for 10,000 exchanges."""
        total = conn.execute("select counted from index_size").fetchone()[0]
        exchanges = dict(conn.execute("select term, exchanges from common_terms"))
        characters: dict[str, int] = {}
        for term, n in exchanges.items():
            characters[term[0]] = characters.get(term[0], 0) + n
        return cls(exchanges, max(1, total), characters)

    def weight(self, term: str, exchanges: int = 0) -> float:
        """Inverse document frequency as BM25 has it (Robertson and Spärck Jones 1976), of 1.

        1 is a term that one exchange holds, whatever the size of the archive, so that what was
        learned on one archive holds for another.
        `exchanges` is used for a term that is not common; at least one is assumed.
        """
        held: float = self.exchanges.get(term, exchanges)
        if self._lacks:
            held = max(1, held) + self._lacks * usual_terms().get(term, 0)
        return self._by_count[held]

    def weights(self, terms: Iterable[str]) -> Iterator[float]:
        """The weight of each term; one that is not common is taken to be rare."""
        if self._lacks:
            return (self.weight(term, COMMON // 4) for term in terms)
        counts = map(self.exchanges.get, terms, repeat(COMMON // 4))
        return map(self._by_count.__getitem__, counts)

    def character(self, character: str) -> float:
        """The same for a character."""
        held: float = self.characters.get(character, COMMON // 2)
        if self._lacks:
            held += self._lacks * usual_characters().get(character, 0)
        return self._by_count[held]

    def character_weights(self, characters: Iterable[str]) -> Iterator[float]:
        """The same for each of some characters."""
        if self._lacks:
            return map(self.character, characters)
        counts = map(self.characters.get, characters, repeat(COMMON // 2))
        return map(self._by_count.__getitem__, counts)


class _Weights(dict[float, float]):
    """The weight of a term by the number of exchanges that hold it, made when first needed."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def __missing__(self, n: float) -> float:
        total = self._total
        held = min(max(n, 1), total)
        rarest = math.log(1 + (total - 0.5) / 1.5)
        weight = math.log(1 + (total - held + 0.5) / (held + 0.5)) / rarest
        self[n] = weight
        return weight
