"""How much the bot said lately, and what it says now: as messages, noted against floods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.decision import Decision
from bot.flood import Flood
from bot.memory import Memory, place
from bot.reasons import Reason
from bot.reply.reply import messages
from bot.settings import Speaking
from bot.speaking import Situation
from bot.terms import Incoming, Outgoing


class Voice:
    """Makes the messages of one bot; `clock` and `steady` are the core's."""

    def __init__(
        self,
        limits: Speaking,
        memory: Memory,
        flood: Flood,
        clock: Callable[[], datetime],
        steady: Callable[[], datetime],
    ) -> None:
        self._limits = limits
        self._memory = memory
        self._flood = flood
        self._clock = clock
        self._steady = steady

    def with_floods(self, situation: Situation) -> Situation:
        """The situation with how much was replied here lately, and until when to be quiet."""
        incoming, moment, limits = situation.incoming, self._steady(), self._limits
        quiet_until = self._memory.quiet_until.get(place(incoming))
        return replace(
            situation,
            person_full=self._flood.full(f"@{incoming.sender.id}", limits.person, moment),
            room_full=self._flood.full(place(incoming), limits.room, moment),
            quiet_until=situation.now + (quiet_until - moment) if quiet_until else None,
        )

    def speak(self, incoming: Incoming, reason: Reason, said: str) -> Decision:
        """A decision to say something, which is noted."""
        if last := self._memory.last.get(place(incoming)):
            last.passed = False
        moment = self._steady()
        self._flood.note(f"@{incoming.sender.id}", moment)
        if incoming.room:
            self._flood.note(incoming.room.id, moment)
        return Decision(incoming, reason, self.sends(incoming, said))

    def sends(self, incoming: Incoming, said: str, of: str = "") -> tuple[Outgoing, ...]:
        """A reply as messages: at most three, the first mentions who asked.

        `of` is what is spoken of when that is not the first reply to this message: an outbox sends
        what bears the key of something sent before no more.
        """
        return tuple(
            self.outgoing(incoming, part, f"{of}{n}", mention=n == 0)
            for n, part in enumerate(messages(said))
        )

    def outgoing(self, incoming: Incoming, text: str, part: str, mention: bool) -> Outgoing:
        """One message of a reply, or beside it, to who is spoken to; `part` tells them apart."""
        return Outgoing(
            room=incoming.room,
            to=incoming.sender,
            text=text,
            decided_at=self._clock(),
            key=f"{incoming.id}:{part}",
            mention=mention and incoming.room is not None,
            reply_to=incoming.id,
        )
