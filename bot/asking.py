"""Finds answers in the database: fresh after each load, weighed by feedback, nothing forgotten."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.record.record import Record
from bot.settings import Settings
from knowledge.language.synonyms import Synonyms, SynonymsError
from knowledge.matching.match import Match, Matcher
from knowledge.model import Exchange
from knowledge.store.forget import Forgotten
from knowledge.store.schema import connect

if TYPE_CHECKING:
    from knowledge.matching.vectors import Meaning

_log = logging.getLogger("palou")

_SIMILAR = 70.0
_STEP = 0.9
_MOST = 2.7


def _by_meaning(folder: Path) -> Callable[[sqlite3.Connection], Meaning]:
    """What finds by meaning in a database, by a model that is loaded once."""
    from knowledge.matching.embedder import open_model
    from knowledge.matching.vectors import Meaning

    model = open_model(folder)
    return lambda conn: Meaning(conn, model)


class Answering:
    """The knowledge of one database as the bot asks it."""

    def __init__(
        self, database: Path, settings: Settings, record: Record, *, immutable: bool = False
    ) -> None:
        self._database = database
        self._immutable = immutable
        self._settings = settings
        self._record = record
        self._synonyms = self._read_synonyms()
        self._meaning = _by_meaning(settings.semantic) if settings.semantic else None
        self._open()

    def _open(self) -> None:
        self._conn = connect(self._database, immutable=self._immutable)
        meaning = self._meaning(self._conn) if self._meaning else None
        self._matcher = Matcher(self._conn, self._synonyms, meaning)
        self.forgotten = Forgotten(self._conn, self._record.wishes)
        rows = self._conn.execute("select distinct grp from days")
        self._groups = {group for (group,) in rows}

    @property
    def conn(self) -> sqlite3.Connection:
        """The read-only connection, until the next `refresh`."""
        return self._conn

    def refresh(self) -> str:
        """See what a load, or a wish to be forgotten, has changed, and the file of synonyms.

        When that cannot be read any more, the old synonyms stay; returns what is wrong with it.
        """
        trouble = ""
        try:
            self._synonyms = self._read_synonyms()
        except SynonymsError as e:
            trouble = str(e)
            _log.warning("synonyms: %s", trouble)
        self._conn.close()
        self._open()
        return trouble

    def _read_synonyms(self) -> Synonyms | None:
        file = self._settings.synonyms
        return Synonyms.read(file) if file else None

    def has_any(self, groups: Collection[str]) -> bool:
        """Whether there is an archive of one of the groups."""
        return bool(self._groups & set(groups))

    def find(self, text: str, groups: Collection[str], k: int = 5) -> list[Match]:
        """The best matches out of some groups, best first; confidence moved by feedback."""
        if not text.strip() or not self.has_any(groups):
            return []
        found = self._matcher.ask(text, groups=groups, k=k)
        if self.forgotten:
            found = [m for m in map(self._without_forgotten, found) if m.exchange.answers]
        weighed = [replace(m, confidence=self._weighed(text, m)) for m in found]
        return sorted(weighed, key=lambda m: -m.confidence)

    def _weighed(self, text: str, match: Match) -> float:
        """A confidence with what members thought of this answer for similar questions.

        It is the same whichever time that it was asked they were shown. Each voice counts 0.9 in
        log odds, all together at most 2.7: three voices against a reply of 0.9 bring it to 0.38.
        """
        told = (match.exchange, *match.repeats)
        voices = [v for x in told for v in self._record.feedback_on(str(x.lead.citation))]
        moved = sum(
            worth
            for asked, worth in voices
            if fuzz.token_set_ratio(asked, text) >= _SIMILAR or fuzz.ratio(asked, text) >= _SIMILAR
        )
        if not moved:
            return match.confidence
        odds = log(max(match.confidence, 1e-6) / max(1 - match.confidence, 1e-6))
        return 1 / (1 + exp(-odds - max(-_MOST, min(_MOST, _STEP * moved))))

    def _without_forgotten(self, match: Match) -> Match:
        """A match as it may be quoted before a load has applied the newest wishes."""
        first, *others = map(self._masked, (match.exchange, *match.repeats))
        left = [x for x in others if x.answers]
        if not first.answers and left:
            first = left.pop(0)
        nearby = tuple(map(self._masked, match.nearby))
        return replace(match, exchange=first, repeats=tuple(left), nearby=nearby)

    def _masked(self, exchange: Exchange) -> Exchange:
        """An exchange without what is to be forgotten."""
        masked = self.forgotten.mask
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
