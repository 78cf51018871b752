"""A question as it is compared: one that is asked, and one that is archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.matching.search import Lookup


class Archived(NamedTuple):
    """An exchange as a glance sees it; `prepare` makes it.

    `norm` is the normal form of what it asks, `flat` the same without blanks and cut, `distinct`
    the number of its different characters (a set of them would take 4 KB). `by_length` is what BM25
    makes of its length; `sought` the log of the probability that somebody would look it up,
    `answers` the log of the number of its answers, and `sureness` the probability of the surest. A
    tuple, as a query makes a hundred of them.
    """

    norm: str
    flat: str
    distinct: int
    by_length: float
    sought: float
    answers: float
    sureness: float


class Detail(NamedTuple):
    """What else is looked at in a finalist's question; `detail` makes it.

    Its terms and characters with their weights, what they weigh together, and the kinds that it
    asks.
    """

    terms: dict[str, float]
    weight: float
    characters: dict[str, float]
    characters_weight: float
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Query:
    """A query as features see it; build it with `make_query`."""

    norm: str
    flat: str
    found: Lookup
    weights: dict[str, float]
    total: float
    words: int
    rarest: tuple[str, ...]
    rarest_weight: float
    characters: dict[str, float]
    characters_total: float
    kinds: frozenset[str]
    unseen: float
    known: frozenset[str]
    size: float
    sounds: Mapping[str, str]
