"""What is like an archived question: the other times that it was asked, and others near to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from operator import mul
from typing import NamedTuple

from knowledge.matching import rank
from knowledge.matching.compare import GLANCE
from knowledge.matching.conversation import together
from knowledge.matching.finder import Finder
from knowledge.matching.match import same
from knowledge.matching.search import Depth

DEPTH = Depth(postings=600, rare=60, candidates=24, finalists=14)
"""How far it looks: 0.7 ms in an archive of 26,000 exchanges, and no more in a larger one."""

_TERMS = GLANCE.index("terms")
_LEAST = 0.25  # share of what its question weighs that another one has to hold, to be like it


class Like(NamedTuple):
    """Exchanges by their ids: that ask the same, and something like it, the likest first."""

    again: tuple[int, ...]
    like: tuple[int, ...]


class Similar:
    """Finds them in one database, from one thread at a time."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._weights = rank.shipped(rank.ALONE).glance
        self._finder = Finder(conn)

    def to(self, exchange: int, text: str, groups: Collection[str], most: int) -> Like:
        """What is like an exchange that asks `text`, in some groups; so many of either at most.

        Of its own conversation is only what asks the same. Questions without an answer are no help.
        """
        query, archived, glances = self._finder.glance(text, DEPTH, groups)
        own = archived[exchange].flat if exchange in archived else query.flat
        again = [i for i, a in archived.items() if i != exchange and same(a.flat, own)]
        likely = sorted(
            (
                i
                for i, figures in glances.items()
                if figures[_TERMS] >= _LEAST * query.total
                and archived[i].answers
                and not together(i, exchange)
            ),
            key=lambda i: -sum(map(mul, self._weights, glances[i])),
        )
        like: dict[str, int] = {}
        for i in likely:
            if not any(same(archived[i].flat, other) for other in (own, *like)):
                like[archived[i].flat] = i
        return Like(tuple(again[:most]), tuple(like.values())[:most])
