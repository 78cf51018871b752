"""When to speak: rules as data, each a reason to keep silent, tried in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.rooms import Rules
from bot.terms import Incoming
from knowledge.matching import overheard


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule may look at. `rules` is None in private; `quiet_until` is the cooldown's end.

    `said` is the text without a mention of the bot; only the rules that get that far read it.
    """

    incoming: Incoming
    rules: Rules | None
    addressed: bool
    now: datetime
    known_bot: bool = False
    seen_before: bool = False
    person_full: bool = False
    room_full: bool = False
    said: str = ""
    quiet_until: datetime | None = None


Rule = Callable[[Situation], str | None]
"""The reason to keep silent, or None to let the next rule decide."""


def own_message(s: Situation) -> str | None:
    """The bot hears itself."""
    return "own message" if s.incoming.own else None


def another_bot(s: Situation) -> str | None:
    """Two bots that answer each other never end."""
    return "another bot" if s.known_bot else None


def seen_before(s: Situation) -> str | None:
    """A chat can deliver a message again after a reconnect."""
    return "seen before" if s.seen_before else None


def nothing_said(s: Situation) -> str | None:
    """A message without a word, or a mention alone, asks nothing."""
    return None if s.addressed or s.incoming.text.strip() else "nothing said"


def mode_off(s: Situation) -> str | None:
    """The room's mode is `off`."""
    return "mode off" if s.rules and s.rules.mode == "off" else None


def muted(s: Situation) -> str | None:
    """An admin muted the room."""
    until = s.rules.muted_until if s.rules else None
    if until is None or s.now >= until:
        return None
    return f"muted until {until.astimezone(s.now.tzinfo):%H:%M}"


def only_when_mentioned(s: Situation) -> str | None:
    """The room's mode is `mention` and nobody mentioned the bot."""
    if s.addressed or not s.rules or s.rules.mode != "mention":
        return None
    return "not mentioned"


def not_a_question(s: Situation) -> str | None:
    """Overheard, and it asks for nothing."""
    return None if s.addressed or overheard.asks(s.said) else "not a question"


def too_short(s: Situation) -> str | None:
    """Overheard, and it says too little to be understood without what was said before."""
    return None if s.addressed or not overheard.is_short(s.said) else "too short to stand by itself"


def put_to_somebody(s: Situation) -> str | None:
    """Overheard, and it mentions or quotes a person: it is his to answer."""
    return None if s.addressed or not overheard.put_to_somebody(s.said) else "put to somebody else"


def cooldown(s: Situation) -> str | None:
    """Overheard, too soon after another overheard question was answered here."""
    if s.addressed or s.quiet_until is None or s.now >= s.quiet_until:
        return None
    return f"cooldown {(s.quiet_until - s.now).total_seconds():.0f} s"


def flood_person(s: Situation) -> str | None:
    """This person has had the replies of a minute."""
    return "flood, this person" if s.person_full else None


def flood_room(s: Situation) -> str | None:
    """This room has had the replies of a minute."""
    return "flood, this room" if s.room_full else None


BEFORE_ALL: tuple[Rule, ...] = (own_message, another_bot, seen_before)
"""Rules before anything else, also before commands."""

BEFORE_TALK: tuple[Rule, ...] = (nothing_said, mode_off, muted, flood_person, flood_room)
"""Rules before the bot answers or talks."""

BEFORE_OVERHEARD: tuple[Rule, ...] = (
    only_when_mentioned,
    not_a_question,
    too_short,
    put_to_somebody,
    cooldown,
)
"""Further rules for a question that was not put to the bot."""


def silence(rules: tuple[Rule, ...], situation: Situation) -> str | None:
    """The first reason to keep silent, as `silent: …`, or None."""
    for rule in rules:
        if reason := rule(situation):
            return f"silent: {reason}"
    return None
