"""What was asked and not found, as a work list: all wordings of a question together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.record.questions import Unanswered
from bot.record.record import Record
from knowledge.language.normal import normal
from knowledge.matching.match import same

MOST = 500
"""Wordings that are looked at."""

_LATIN = re.compile(r"[a-z0-9]+")

ALIKE = 80.0
"""Per cent of likeness (Indel, of normal forms) from which two wordings ask the same."""


@dataclass(frozen=True, slots=True)
class Todo:
    """A question by its wordings, the most asked first; `room` is where, as `Unanswered` has it.

    `last` is when it was asked last, in ISO.
    """

    texts: tuple[str, ...]
    room: str
    times: int
    last: str

    @property
    def text(self) -> str:
        """Its wording that was asked most."""
        return self.texts[0]


def todos(record: Record, room: str | None = None) -> list[Todo]:
    """What is to be done, the most asked first; in one room, if named."""
    found: list[list[Unanswered]] = []
    # Those of one place may ask the same, but never where a number or a Latin word differs.
    known: dict[tuple[str, ...], list[tuple[str, list[Unanswered]]]] = {}
    for q in record.unanswered(MOST, room):
        norm = normal(q.text).replace(" ", "")
        beside = known.setdefault((q.room, *_LATIN.findall(norm)), [])
        alike = next((group for other, group in beside if _alike(other, norm)), None)
        if alike is None:
            alike = []
            beside.append((norm, alike))
            found.append(alike)
        alike.append(q)
    made = [
        Todo(
            tuple(q.text for q in group),
            group[0].room,
            sum(q.times for q in group),
            max(q.last for q in group),
        )
        for group in found
    ]
    return sorted(made, key=lambda t: -t.times)


def _alike(one: str, other: str) -> bool:
    """Whether two normal forms ask the same, but for their numbers and Latin words."""
    return same(one, other) or fuzz.ratio(one, other, score_cutoff=ALIKE) >= ALIKE


def find(record: Record, text: str, room: str) -> Todo | None:
    """What a wording in a place belongs to; None: it is done, or was never asked."""
    found = todos(record, room or None)
    return next((t for t in found if text in t.texts and t.room == room), None)
