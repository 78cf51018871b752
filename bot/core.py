"""The core that every adapter drives: a message comes in, a decision comes out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.admin import Admin
from bot.answering import Answering
from bot.asking import Asking
from bot.commands import WISHES, Request, parse, unknown
from bot.decision import Decision
from bot.erasing import WrittenFiles
from bot.flood import Flood
from bot.hearing import Hearing, fit
from bot.live import LiveArchive
from bot.loads import Loads
from bot.memory import Explained, Memory, place
from bot.reasons import FLOODS, Reason, Why
from bot.record.record import Record
from bot.reload import Reloader, Subprocess
from bot.reply import texts
from bot.rooms import Rooms
from bot.settings import Settings
from bot.speaking import BEFORE_ALL, BEFORE_OVERHEARD, BEFORE_TALK, Situation, silence
from bot.talk import Talk
from bot.terms import Incoming, Outgoing
from bot.voice import Voice
from bot.wishes import Wishes
from bot.witness import Witness

# Decisions that nobody asks about: /why would speak of the question that it was asked with.
_NOT_EXPLAINED = frozenset(
    {Why.OWN_MESSAGE, Why.SEEN_BEFORE, Why.COMMAND, Why.REFUSED, Why.TALK, Why.SMALL_TALK}
)

log = logging.getLogger("palou")


class PalouCore:
    """One bot: its knowledge, its rooms, what it remembers; the clocks are passed in.

    `clock` tells the time, with a time zone; `steady` is never set back or forward, and whatever is
    waited for goes by it (without one, by the clock).
    """

    def __init__(
        self,
        settings: Settings,
        database: Path,
        reloader: Reloader,
        clock: Callable[[], datetime],
        steady: Callable[[], datetime] | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._steady = steady = steady or clock
        self.record = Record(database)
        self.rooms = Rooms(settings, self.record)
        self.asking = Asking(database, settings, self.record)
        self._memory = memory = Memory()
        self._flood = Flood()
        live = LiveArchive(settings.live, settings.zone) if settings.live else None
        self._talk = Talk(memory, self.record, settings.permalink_to, steady)
        self._loads = loads = Loads(reloader, self.asking, self.record)
        self._wishes = Wishes(
            *(database, settings.admins, self.record, self.rooms, memory, self.asking, loads),
            *(settings.zone, WrittenFiles(settings.written, live), steady),
        )
        self._admin = Admin(
            *(settings, self.record, self.rooms, memory, self._flood, self.asking),
            *(loads, self._wishes, live, steady),
        )
        self._witness = Witness(self.record, self.rooms, memory, self._wishes, live)
        self._hearing = Hearing(settings.names)
        self._voice = voice = Voice(settings.speaking, memory, self._flood, clock, steady)
        self._answering = Answering(
            *(settings, self.record, self.rooms, memory, self.asking),
            *(self._wishes, voice, clock, steady),
        )

    def receive(self, incoming: Incoming) -> Decision:
        """Decide about a message; never raises, whatever it holds."""
        try:
            return self.decide(incoming)
        except Exception:
            # Whatever goes wrong with one message, the bot goes on with the next.
            log.exception("failed on message %s", incoming.id)
            return Decision(incoming, Reason(Why.FAILED))

    def decide(self, incoming: Incoming) -> Decision:
        """The same, without the net below it: what goes wrong is raised."""
        incoming = fit(incoming)
        now, room = self._clock(), incoming.room
        text, mentioned = self._hearing.addressed(incoming)
        situation = Situation(
            incoming=incoming,
            rules=self.rooms.rules(room) if room else None,
            addressed=room is None or mentioned,
            now=now,
            known_bot=incoming.sender.id in self.settings.bots,
            seen_before=incoming.id in self._memory.seen,
            said=text,
        )
        if reason := silence(BEFORE_ALL, situation):
            return self._explained(Decision(incoming, reason), text, situation.addressed)
        self._memory.seen[incoming.id] = None
        request = self._admin.meant(incoming, text)
        announcement: tuple[Outgoing, ...] = ()
        if room is not None:
            self._witness.meet(room, incoming.sender, now, incoming.sent_at)
            if request is None:
                # What is said to the bot is neither an answer to somebody nor worth archiving when
                # it is a command (a wish to be forgotten least of all).
                if not mentioned:
                    self._answering.person_answered(incoming)
                self._witness.archive(room, incoming)
                if self._witness.announces(room):
                    told = self._voice.outgoing(
                        incoming, texts.ANNOUNCE_LIVE, "live", mention=False
                    )
                    announcement = (told,)
        if request:
            decision = self._command(situation, request)
        elif (name := unknown(text)) and incoming.sender.id in self.settings.admins:
            # An admin who mistyped waits for a word; of others it is talk.
            decision = self._voice.speak(
                incoming, Reason(Why.COMMAND), texts.NO_SUCH_COMMAND.format(name)
            )
        else:
            decision = self._said(situation)
        self._explained(decision, text, situation.addressed)
        return replace(decision, sends=(*announcement, *decision.sends))

    def archive(self, incoming: Incoming) -> None:
        """Archive what was said in a room while the bot was away; it answers none of it."""
        incoming = fit(incoming)
        room, sender = incoming.room, incoming.sender
        of_bot = incoming.own or sender.id in self.settings.bots
        if room is None or of_bot or not self._witness.archives:
            return
        if parse(self._hearing.addressed(incoming)[0]) is None:
            self._witness.meet(room, sender, self._clock(), incoming.sent_at)
            self._witness.archive(room, incoming)

    def due(self, now: datetime) -> list[Decision]:
        """Decisions that waited: held questions whose time has come, a reload that has ended."""
        now = now.astimezone(self._clock().tzinfo)  # a reason tells times as the group has them
        decisions = [
            self._explained(decision, text, False) for decision, text in self._answering.ended(now)
        ]
        for incoming, reason, said in self._loads.ended():
            decisions.append(Decision(incoming, reason, self._voice.sends(incoming, said, "load:")))
        self._wishes.due(now)
        self.record.flush()
        return decisions

    def next_due(self) -> datetime | None:
        """When something that waits for time to pass is due next; None: nothing waits for it."""
        due = self._memory.next_due()
        return None if due is None else self._clock() + (due - self._steady())

    def close(self) -> None:
        """Write down what is still to be written, and let go of the database."""
        self._loads.close()
        self.asking.close()
        self.record.close()

    def _said(self, situation: Situation) -> Decision:
        """Decide about what is no command."""
        situation = self._voice.with_floods(situation)
        incoming, now = situation.incoming, situation.now
        text, addressed = situation.said, situation.addressed
        reason = silence(BEFORE_TALK, situation)
        if reason is None and (said := self._talk.answer(incoming, text, now, addressed)):
            return self._voice.speak(incoming, Reason(Why.TALK), said)
        if last := self._memory.last.get(place(incoming)):
            last.passed = True
        if reason is None and addressed:
            return self._answering.asked(incoming, text, now)
        if reason is None:
            reason = silence(BEFORE_OVERHEARD, situation)
        if reason is None:
            return self._answering.overheard(incoming, text, now)
        if reason.why in FLOODS:
            # Ordinary talk is no flood: only what would have been replied to is dropped by it.
            self._flood.dropped += addressed
        return Decision(incoming, reason)

    def _explained(self, decision: Decision, text: str, addressed: bool) -> Decision:
        """Keep a decision for /why."""
        if decision.reason.why not in _NOT_EXPLAINED:
            contact, verdict = decision.incoming.sender.id, decision.verdict
            explained = Explained(text, contact, addressed, decision.reason, verdict)
            self._memory.explain(place(decision.incoming), explained)
        return decision

    def _command(self, situation: Situation, request: Request) -> Decision:
        incoming, now = situation.incoming, situation.now
        if reason := self._unheard(situation, request):
            self._flood.dropped += reason.why in FLOODS
            return Decision(incoming, reason)
        if request.name in WISHES:
            self._flood.note(f"wish@{incoming.sender.id}", self._steady())
        reason, said = self._admin.run(incoming, request, now)
        notices = tuple(
            Outgoing(n.room, n.to, n.text, now, n.key, mention=n.room is not None)
            for n in self._wishes.notices()
        )
        if not said:
            return Decision(incoming, reason, notices)
        decision = self._voice.speak(incoming, reason, said)
        return replace(decision, sends=(*decision.sends, *notices))

    def _unheard(self, situation: Situation, request: Request) -> Reason | None:
        """Why a command is left alone, if it is: never an admin's, who has to be heard when muted.

        A wish to be forgotten is heard wherever it is given, whatever else was said there.
        """
        sender = situation.incoming.sender.id
        if sender in self.settings.admins:
            return None
        if request.name not in WISHES:
            return silence(BEFORE_TALK, self._voice.with_floods(situation))
        full = self._flood.full(f"wish@{sender}", self.settings.speaking.person, self._steady())
        return Reason(Why.FLOOD_PERSON) if full else None


def open_core(settings: Settings, database: Path | None) -> PalouCore:
    """The core for a real chat: real clock, loads in a process of their own."""
    path = database or settings.database
    reloader = Subprocess(
        path, lambda: settings.sources, settings.semantic, settings.timezone, settings.own
    )
    reloader.embed()
    return PalouCore(settings, path, reloader, lambda: datetime.now(settings.zone), steady_clock())


def steady_clock() -> Callable[[], datetime]:
    """A clock that shows the time of now, and goes on whatever the machine's is set to."""
    began, since = datetime.now(UTC), time.monotonic()
    return lambda: began + timedelta(seconds=time.monotonic() - since)
