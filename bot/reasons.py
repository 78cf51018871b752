"""Why the bot decided as it did: one enumeration, and the figures that a decision was made by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """What a decision came to, and why: the value is what the record keeps, `outcome: words`."""

    ANSWERED = "answered"
    HEDGED = "hedged"
    OFFERED = "offered"
    NOT_FOUND = "not found"
    TAUGHT = "not found: a person answered later"
    DISMISSED = "not found: nobody has to answer"
    HELD = "held"
    TALK = "talk"
    COMMAND = "command"
    REFUSED = "refused: not an admin"
    RELOADED = "reload: done"
    NOT_RELOADED = "reload: failed"
    FAILED = "failed: see the log"

    OWN_MESSAGE = "silent: own message"
    ANOTHER_BOT = "silent: another bot"
    SEEN_BEFORE = "silent: seen before"
    NOTHING_SAID = "silent: nothing said"
    MODE_OFF = "silent: mode off"
    MUTED = "silent: muted"
    FLOOD_PERSON = "silent: flood, this person"
    FLOOD_ROOM = "silent: flood, this room"
    NOT_MENTIONED = "silent: not mentioned"
    SMALL_TALK = "silent: small talk"
    NOT_A_QUESTION = "silent: not a question"
    TOO_SHORT = "silent: too short to stand by itself"
    PUT_TO_SOMEBODY = "silent: put to somebody else"
    COOLDOWN = "silent: cooldown"
    NOTHING_LIKE_IT = "silent: nothing like it in the archive"
    BELOW_THRESHOLD = "silent: below threshold"
    ANSWER_UNSURE = "silent: answer unsure"
    NO_QUESTION = "silent: no question archived"
    SEVERAL_MEANT = "silent: several questions may be meant"
    PERSON_ANSWERED = "silent: a person answered"

    @property
    def outcome(self) -> str:
        """What it came to: `answered`, `not found`, `silent`, `held`, `talk`, `command`, …"""
        return self.value.partition(":")[0]

    @property
    def is_silence(self) -> bool:
        """Whether the bot kept silent by it, for good."""
        return self.outcome == "silent"


FLOODS = frozenset({Why.FLOOD_PERSON, Why.FLOOD_ROOM})
"""Silences because of too many replies within a minute."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, with its figures; printed as the log has it: `silent: below threshold 0.41 < 0.90`.

    `figure` is a confidence or a probability that was compared with `bound`, or by itself the
    seconds that are left. `until` is when a silence ends. `command` is the name of the command.
    """

    why: Why
    figure: float | None = None
    bound: float | None = None
    until: datetime | None = None
    command: str = ""

    @property
    def words(self) -> str:
        """The same without the outcome: `below threshold 0.41 < 0.90`."""
        return str(self).removeprefix(f"{self.why.outcome}: ")

    def __str__(self) -> str:
        if self.command:
            return f"{self.why}: /{self.command}"
        if self.until is not None:
            return f"{self.why} until {self.until:%H:%M}"
        if self.figure is None:
            return self.why.value
        figures = f"{self.figure:.0f} s"
        if self.bound is not None:
            figures = compared(self.figure, "<", self.bound)
        return f"{self.why}{'' if ':' in self.why else ':'} {figures}"


def compared(figure: float, sign: str, bound: float) -> str:
    """Two figures beside each other, with as many places as tell them apart: `0.797 < 0.800`."""
    places = 2
    while places < 4 and figure != bound and round(figure, places) == round(bound, places):
        places += 1
    return f"{figure:.{places}f} {sign} {bound:.{places}f}"
