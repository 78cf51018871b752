"""Finds the exchanges whose question is the one that is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge import index
from knowledge.kinds import read
from knowledge.model import Exchange
from knowledge.normal import normal, tokens
from knowledge.store.read import Store

CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Match:
    """An exchange that may answer what was asked, with the confidence (0 to 1) that it does."""

    exchange: Exchange
    confidence: float


class Matcher:
    """Matches questions to the exchanges of one database."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.store = Store(conn)

    def ask(self, text: str, *, groups: Collection[str] | None = None, k: int = 5) -> list[Match]:
        """The best k matches, best first, out of some groups or of all."""
        asked = normal(text)
        ids = index.candidates(self.conn, tokens(asked), CANDIDATES)
        matches = [
            Match(x, fuzz.ratio(asked, normal(x.lead.text)) / 100 if x.answers else 0)
            for x in self.store.exchanges(ids).values()
            if groups is None or x.lead.citation.group in groups
        ]
        return sorted(matches, key=lambda m: -m.confidence)[:k]


def asks(text: str) -> bool:
    """Whether a message asks for information."""
    return read(text).asks > 0
