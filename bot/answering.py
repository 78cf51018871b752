"""Finds answers in the database: fresh after each load, weighed by feedback, nothing forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from math import exp, log
from pathlib import Path

from rapidfuzz import fuzz

from bot.record import Record
from bot.settings import Settings
from knowledge.forget import Forgotten
from knowledge.match import Match, Matcher
from knowledge.model import Exchange, Message
from knowledge.store.schema import connect

_SIMILAR = 70.0
_STEP = 0.8
_MOST = 2.4


class Answering:
    """The knowledge of one database as the bot asks it."""

    def __init__(
        self, database: Path, settings: Settings, record: Record, *, immutable: bool = False
    ) -> None:
        self._database = database
        self._immutable = immutable
        self._settings = settings
        self._record = record
        self._open()

    def _open(self) -> None:
        self._conn = connect(self._database, immutable=self._immutable)
        self._matcher = Matcher(self._conn)
        self._forgotten = Forgotten(self._conn)
        rows = self._conn.execute("select distinct grp from days")
        self._groups = {group for (group,) in rows}

    @property
    def conn(self) -> sqlite3.Connection:
        """The read-only connection, until the next `refresh`."""
        return self._conn

    def refresh(self) -> None:
        """See what a load, or a wish to be forgotten, has changed."""
        self._conn.close()
        self._open()

    def has_any(self, groups: Collection[str]) -> bool:
        """Whether there is an archive of one of the groups."""
        return bool(self._groups & set(groups))

    def find(self, text: str, groups: Collection[str], k: int = 5) -> list[Match]:
        """The best matches out of some groups, best first; confidence moved by feedback."""
        if not text.strip() or not self.has_any(groups):
            return []
        found = self._matcher.ask(text, groups=groups, k=k)
        if self._forgotten:
            found = [replace(m, exchange=self._without_forgotten(m.exchange)) for m in found]
            found = [m for m in found if m.exchange.answers]
        weighed = [replace(m, confidence=self._weighed(text, m)) for m in found]
        return sorted(weighed, key=lambda m: -m.confidence)

    def _weighed(self, text: str, match: Match) -> float:
        """A confidence with what members thought of this exchange for similar questions.

        Each voice counts 0.8 in log odds, all together at most 2.4: three voices against a reply
        of 0.9 bring it to 0.45.
        """
        voices = self._record.feedback_on(str(match.exchange.lead.citation))
        moved = sum(
            worth
            for asked, worth in voices
            if fuzz.token_set_ratio(asked, text) >= _SIMILAR or fuzz.ratio(asked, text) >= _SIMILAR
        )
        if not moved:
            return match.confidence
        odds = log(max(match.confidence, 1e-6) / max(1 - match.confidence, 1e-6))
        return 1 / (1 + exp(-odds - max(-_MOST, min(_MOST, _STEP * moved))))

    def _without_forgotten(self, exchange: Exchange) -> Exchange:
        """An exchange as it may be quoted before a load has applied the newest wishes."""

        def masked(m: Message) -> Message:
            group = m.citation.group
            speaker, text = self._forgotten.masked(group, str(m.citation), m.speaker, m.text)
            return replace(m, speaker=speaker, text=text)

        answers = (replace(a, message=masked(a.message)) for a in exchange.answers)
        return replace(
            exchange,
            question=tuple(masked(m) for m in exchange.question),
            answers=tuple(a for a in answers if a.message.text),
            context=tuple(masked(m) for m in exchange.context),
            thread=tuple(masked(m) for m in exchange.thread),
        )

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()
