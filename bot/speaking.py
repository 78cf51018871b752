"""When to speak: rules as data, each a reason to keep silent, tried in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.reasons import Reason, Why
from bot.reply import texts
from bot.rooms import Rules
from bot.terms import Incoming
from knowledge.language.kinds import Kind, is_greeting, read
from knowledge.matching import overheard
from knowledge.matching.match import Match, asked_in


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


Rule = Callable[[Situation], Reason | None]
"""The reason to keep silent, or None to let the next rule decide."""

TextRule = Callable[[str], Reason | None]
"""The same of a rule that looks at nothing but what was said."""


def own_message(s: Situation) -> Reason | None:
    """The bot hears itself."""
    return Reason(Why.OWN_MESSAGE) if s.incoming.own else None


def another_bot(s: Situation) -> Reason | None:
    """Two bots that answer each other never end."""
    return Reason(Why.ANOTHER_BOT) if s.known_bot else None


def seen_before(s: Situation) -> Reason | None:
    """A chat can deliver a message again after a reconnect."""
    return Reason(Why.SEEN_BEFORE) if s.seen_before else None


def nothing_said(s: Situation) -> Reason | None:
    """A message without a word asks nothing; a mention alone calls the bot."""
    return None if s.addressed or s.incoming.text.strip() else Reason(Why.NOTHING_SAID)


def mode_off(s: Situation) -> Reason | None:
    """The room's mode is `off`."""
    return Reason(Why.MODE_OFF) if s.rules and s.rules.mode == "off" else None


def muted(s: Situation) -> Reason | None:
    """An admin muted the room."""
    until = s.rules.muted_until if s.rules else None
    if until is None or s.now >= until:
        return None
    return Reason(Why.MUTED, until=until.astimezone(s.now.tzinfo))


def flood_person(s: Situation) -> Reason | None:
    """This person has had the replies of a minute."""
    return Reason(Why.FLOOD_PERSON) if s.person_full else None


def flood_room(s: Situation) -> Reason | None:
    """This room has had the replies of a minute."""
    return Reason(Why.FLOOD_ROOM) if s.room_full else None


def only_when_mentioned(s: Situation) -> Reason | None:
    """The room's mode is `mention` and nobody mentioned the bot."""
    if s.addressed or not s.rules or s.rules.mode != "mention":
        return None
    return Reason(Why.NOT_MENTIONED)


def not_to_be_answered(s: Situation) -> Reason | None:
    """Overheard, and it says nothing that the bot may answer unasked."""
    return None if s.addressed else first(rule(s.said) for rule in OVERHEARD)


def small_talk(said: str) -> str | None:
    """What to say to small talk, which asks for nothing out of the archive; None: it is none.

    A greeting is answered; thanks and the like are heard, and that is all.
    """
    if is_greeting(said):
        return texts.HELLO
    return "" if read(said).kind in (Kind.ACKNOWLEDGEMENT, Kind.RED_PACKET) else None


def cooldown(s: Situation) -> Reason | None:
    """Overheard, too soon after another overheard question was answered here."""
    if s.addressed or s.quiet_until is None or s.now >= s.quiet_until:
        return None
    return Reason(Why.COOLDOWN, (s.quiet_until - s.now).total_seconds())


def not_a_question(said: str) -> Reason | None:
    """It asks for nothing."""
    return None if overheard.asks(said) else Reason(Why.NOT_A_QUESTION)


def too_short(said: str) -> Reason | None:
    """It says too little to be understood without what was said before."""
    return Reason(Why.TOO_SHORT) if overheard.is_short(said) else None


def put_to_somebody(said: str) -> Reason | None:
    """It mentions or quotes a person: it is his to answer."""
    return Reason(Why.PUT_TO_SOMEBODY) if overheard.put_to_somebody(said) else None


BEFORE_ALL: tuple[Rule, ...] = (own_message, another_bot, seen_before)
"""Rules before anything else, also before commands."""

BEFORE_TALK: tuple[Rule, ...] = (nothing_said, mode_off, muted, flood_person, flood_room)
"""Rules before the bot answers or talks."""

BEFORE_OVERHEARD: tuple[Rule, ...] = (only_when_mentioned, not_to_be_answered, cooldown)
"""Further rules for a message that was not put to the bot."""

OVERHEARD: tuple[TextRule, ...] = (not_a_question, too_short, put_to_somebody)
"""What a text that was not put to the bot must be, wherever it was said."""


def first(reasons: Iterable[Reason | None]) -> Reason | None:
    """The first reason that there is."""
    return next(filter(None, reasons), None)


def silence(rules: tuple[Rule, ...], situation: Situation) -> Reason | None:
    """The first reason to keep silent, or None."""
    return first(rule(situation) for rule in rules)


def doubt(match: Match, said: str) -> Reason | None:
    """Why a match that is sure enough should not be told to somebody who did not ask for it.

    Read on three months of a real group: of six replies that nobody had asked for, the three that
    repeated what was said about a statement were not welcome. On four months, with answers lent by
    the conversation: of six that quoted several of its questions two were welcome, of the others
    four of seven.
    """
    sureness = match.exchange.sureness
    if sureness < overheard.SURE_ANSWER:
        return Reason(Why.ANSWER_UNSURE, sureness, overheard.SURE_ANSWER)
    if not overheard.asks(asked_in(match.exchange, said).text):
        return Reason(Why.NO_QUESTION)
    if match.nearby:
        return Reason(Why.SEVERAL_MEANT)
    return None
