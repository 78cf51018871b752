"""Decides whether there is an answer to what was said, and says why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from bot.reply.reply import told
from bot.settings import Settings
from knowledge.matching.match import Match
from knowledge.matching.overheard import asks, doubtful, is_short, put_to_somebody


class Matches(Protocol):
    """What finds matches: a Matcher."""

    def ask(self, text: str, *, groups: Collection[str] | None, k: int) -> list[Match]:
        """The best k matches, best first."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to reply, with what, and why; `matches` are there also when it is silent."""

    answered: bool
    reason: str
    matches: tuple[Match, ...]
    reply: str


def decide(
    text: str,
    matcher: Matches,
    settings: Settings,
    *,
    ambient: bool = False,
    groups: Collection[str] | None = None,
    k: int = 5,
) -> Decision:
    """Answer a text; with `ambient` it was overheard, else the bot was asked."""
    matches = tuple(matcher.ask(text, groups=groups, k=k))
    threshold = settings.overheard if ambient else settings.asked
    if ambient and not asks(text):
        return Decision(False, "silent: not a question", matches, "")
    if ambient and put_to_somebody(text):
        return Decision(False, "silent: put to somebody else", matches, "")
    if ambient and is_short(text):
        return Decision(False, "silent: too short to stand by itself", matches, "")
    if not matches:
        return Decision(False, "silent: nothing like it in the archive", matches, "")
    best = matches[0]
    if best.confidence < threshold:
        reason = f"silent: below threshold {best.confidence:.2f} < {threshold:.2f}"
        return Decision(False, reason, matches, "")
    if ambient and (doubt := doubtful(best, text)):
        return Decision(False, f"silent: {doubt}", matches, "")
    return Decision(True, "answered", matches, told(best, settings.permalink_to)[0].text)
