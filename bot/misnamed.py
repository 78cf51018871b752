"""Groups that the settings name and no archive has: a room that may quote nothing but silence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.settings import Settings

_LIKE = 60.0  # per cent of likeness from which a name may have been meant


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A group that is not there, where the settings name it (`private`, or a room), and what is
    most like it of those that are there; empty: nothing is.
    """

    where: str
    group: str
    meant: str

    def __str__(self) -> str:
        meant = f"; is {self.meant} meant?" if self.meant else ""
        return f"{self.where} names {self.group}, of which nothing is loaded{meant}"


def misnamed(settings: Settings, groups: Collection[str]) -> list[Misnamed]:
    """The groups of rooms and of `private` that are not among those that are there."""
    named = [(f"[[rooms]] {r.topic or r.id}", g) for r in settings.rooms for g in r.groups]
    named += (("private", group) for group in settings.private)
    return [Misnamed(w, g, _like(g, groups)) for w, g in named if g not in groups]


def _like(group: str, groups: Collection[str]) -> str:
    from rapidfuzz import process  # deferred: no command needs it where all names are right

    found = process.extractOne(group, groups, score_cutoff=_LIKE)
    return str(found[0]) if found else ""
