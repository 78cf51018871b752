"""Who was seen speaking where, and what they want forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.record.writing import Noted, Writing
from knowledge.store.forget import Rule, rows


class People(Writing):
    """The contacts of one database, and their wishes."""

    def __init__(self, database: Path, **options: Any) -> None:
        super().__init__(database, **options)
        self._wished: list[tuple[Rule, Noted]] = []

    @property
    def wishes(self) -> tuple[Rule, ...]:
        """What is to be forgotten by rules that are not written yet."""
        self._wished = [(rule, noted) for rule, noted in self._wished if not noted.written]
        return tuple(rule for rule, _ in self._wished)

    def see(self, room: str, contact: str, name: str) -> None:
        """Note that a contact speaks in a room, under a name."""
        self._put("insert or replace into seen values (?, ?, ?)", (room, contact, name))

    def names(self, contact: str) -> list[tuple[str, str]]:
        """The rooms that a contact was seen in, and the name he had there."""
        found = self._rows("select room, name from seen where contact = ? order by room", [contact])
        return found or []

    def others_named(self, name: str, contact: str) -> bool:
        """Whether somebody else than a contact was seen speaking under a name.

        So it is, for all that can be told, where that cannot be read.
        """
        found = self._rows(
            "select 1 from seen where name = ? and contact <> ? limit 1", [name, contact]
        )
        return found is None or bool(found)

    def forget(self, rules: Sequence[Rule], at: datetime, contact: str) -> None:
        """Keep rules of what is to be forgotten; the next load applies them to what is stored."""
        for rule, (statement, row) in zip(rules, rows(rules, at, contact), strict=True):
            self._wished.append((rule, self._put(statement, row, promised=True)))
        self.flush()

    def forget_contact(self, contact: str) -> None:
        """Drop what a member asked and thought of replies."""
        for table in ("questions", "feedback", "seen"):
            self._put(f"delete from {table} where contact = ?", [contact], promised=True)
