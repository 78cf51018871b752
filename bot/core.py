"""The core that every adapter drives: a message comes in, a decision comes out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.admin import Admin
from bot.asking import Asking
from bot.commands import WISHES, Request, parse, unknown
from bot.decision import Decision, Verdict
from bot.erasing import WrittenFiles
from bot.flood import Flood
from bot.hearing import Hearing, fit
from bot.live import LiveArchive
from bot.loads import Loads
from bot.memory import Explained, Held, LastReply, Memory, place
from bot.reasons import FLOODS, Reason, Why
from bot.record.record import Record
from bot.record.writing import Noted
from bot.reload import Reloader, Subprocess
from bot.reply import texts
from bot.reply.reply import messages
from bot.rooms import Rooms
from bot.settings import Settings, Thresholds
from bot.speaking import BEFORE_ALL, BEFORE_OVERHEARD, BEFORE_TALK, Situation, silence
from bot.talk import Talk
from bot.terms import Incoming, Outgoing
from bot.wishes import Wishes
from bot.witness import Witness
from knowledge.language.kinds import Kind, read

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
        self._ended: list[tuple[Decision, str]] = []

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
                    self._person_answered(incoming)
                self._witness.archive(room, incoming)
                if self._witness.announces(room):
                    told = self._outgoing(incoming, texts.ANNOUNCE_LIVE, "live", mention=False)
                    announcement = (told,)
        if request:
            decision = self._command(situation, request)
        elif (name := unknown(text)) and incoming.sender.id in self.settings.admins:
            # An admin who mistyped waits for a word; of others it is talk.
            decision = self._speak(
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
        ended, self._ended = self._ended, []
        moment = self._steady()
        for where, waiting in list(self._memory.held.items()):
            ripe = [h for h in waiting if h.until <= moment]
            self._memory.held[where] = [h for h in waiting if h.until > moment]
            if not self._memory.held[where]:
                del self._memory.held[where]
            ended += ((self._release(held, now), held.text) for held in ripe)
        decisions = [self._explained(decision, text, False) for decision, text in ended]
        for incoming, reason, said in self._loads.ended():
            decisions.append(Decision(incoming, reason, self._sends(incoming, said, "load:")))
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
        situation = self._with_floods(situation)
        incoming, now = situation.incoming, situation.now
        text, addressed = situation.said, situation.addressed
        reason = silence(BEFORE_TALK, situation)
        if reason is None and (said := self._talk.answer(incoming, text, now, addressed)):
            return self._speak(incoming, Reason(Why.TALK), said)
        if last := self._memory.last.get(place(incoming)):
            last.passed = True
        if reason is None and addressed:
            return self._asked(incoming, text, now)
        if reason is None:
            reason = silence(BEFORE_OVERHEARD, situation)
        if reason is None:
            return self._overheard(incoming, text, now)
        if reason.why in FLOODS:
            # Ordinary talk is no flood: only what would have been replied to is dropped by it.
            self._flood.dropped += addressed
        return Decision(incoming, reason)

    def _with_floods(self, situation: Situation) -> Situation:
        """The situation with how much was replied here lately, and until when to be quiet."""
        incoming, moment, limits = situation.incoming, self._steady(), self.settings.speaking
        quiet_until = self._memory.quiet_until.get(place(incoming))
        return replace(
            situation,
            person_full=self._flood.full(f"@{incoming.sender.id}", limits.person, moment),
            room_full=self._flood.full(place(incoming), limits.room, moment),
            quiet_until=situation.now + (quiet_until - moment) if quiet_until else None,
        )

    def _person_answered(self, incoming: Incoming) -> None:
        """Drop the questions held in a room to which this message is somebody's reply."""
        where = place(incoming)
        waiting = self._memory.held.get(where)
        if not waiting:
            return
        reading = read(incoming.text)
        speaks = reading.kind in (Kind.STATEMENT, Kind.URL, Kind.IMAGE) or bool(
            reading.mentions or reading.quote
        )
        answered = [h for h in waiting if speaks and h.incoming.sender.id != incoming.sender.id]
        if answered:
            self._memory.held[where] = [h for h in waiting if h not in answered]
        for held in answered:
            decision = self._silenced(held, Reason(Why.PERSON_ANSWERED), held.verdict)
            self._ended.append((decision, held.text))

    def _asked(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """The bot was asked: it replies, at worst with near misses; called alone, with its help."""
        if not text:
            return self._speak(incoming, Reason(Why.TALK), texts.HELP)
        groups, thresholds = self._groups(incoming), self._thresholds(incoming)
        verdict = self.asking.ask(text, groups=groups, thresholds=thresholds)
        if verdict.reason.why in (Why.TALK, Why.SMALL_TALK):
            # It is no question: nothing of it is written down.
            if not verdict.reply:
                return Decision(incoming, verdict.reason)
            return self._speak(incoming, verdict.reason, verdict.reply)
        return self._reply(incoming, text, verdict, now)

    def _overheard(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """A question was overheard: hold it if it can be answered."""
        verdict = self._listen(incoming, text)
        if not verdict.answered:
            self._note(incoming, text, verdict, now)
            return Decision(incoming, verdict.reason, verdict=verdict)
        settle = self.settings.speaking.settle
        held = Held(incoming, text, verdict, self._steady() + timedelta(seconds=settle))
        if not settle:
            return self._release(held, now)
        self._memory.held.setdefault(place(incoming), []).append(held)
        return Decision(incoming, Reason(Why.HELD, settle), verdict=verdict)

    def _listen(self, incoming: Incoming, text: str) -> Verdict:
        """What there is to be said to what was overheard."""
        groups, thresholds = self._groups(incoming), self._thresholds(incoming)
        return self.asking.ask(text, groups=groups, overheard=True, thresholds=thresholds)

    def _release(self, held: Held, now: datetime) -> Decision:
        """Answer a question that was held, unless something speaks against it by now."""
        incoming = held.incoming
        assert incoming.room is not None
        rules = self.rooms.rules(incoming.room)
        situation = self._with_floods(Situation(incoming, rules, False, now, said=held.text))
        if reason := silence((*BEFORE_TALK, *BEFORE_OVERHEARD), situation):
            return self._silenced(held, reason, held.verdict)
        # Asked anew: since then, something in it may have been forgotten.
        verdict = self._listen(incoming, held.text)
        if not verdict.answered:
            return self._silenced(held, verdict.reason, verdict)
        cooldown = timedelta(seconds=self.settings.speaking.cooldown)
        self._memory.quiet_until[incoming.room.id] = self._steady() + cooldown
        return self._reply(incoming, held.text, verdict, now)

    def _silenced(self, held: Held, reason: Reason, verdict: Verdict) -> Decision:
        """A held question that is not answered after all."""
        verdict = replace(verdict, reason=reason, reply="", pages=())
        self._note(held.incoming, held.text, verdict, self._clock())
        return Decision(held.incoming, reason, verdict=verdict)

    def _reply(self, incoming: Incoming, text: str, verdict: Verdict, now: datetime) -> Decision:
        """Say what there is to be said, and remember it."""
        question = self._note(incoming, text, verdict, now)
        last = LastReply(self._steady(), text, question, incoming.sender.id, near=verdict.near)
        if verdict.pages:
            best, *others = verdict.matches
            last.others = [m for m in others if m.confidence >= verdict.threshold]
            cited = str(verdict.pages[0].exchange.lead.citation)
            reply = self.record.reply(question, now, cited)
            last.quote(best, verdict.pages, reply)
        self._memory.reply(place(incoming), last)
        return replace(self._speak(incoming, verdict.reason, verdict.reply), verdict=verdict)

    def _note(self, incoming: Incoming, text: str, verdict: Verdict, now: datetime) -> Noted:
        """Write down what came of a question."""
        confidence = verdict.confidence if verdict.matches else None
        where, contact = place(incoming), incoming.sender.id
        text = self._wishes.unnamed(self._groups(incoming), text)
        return self.record.question(now, where, contact, text, verdict.reason, confidence)

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
        decision = self._speak(incoming, reason, said)
        return replace(decision, sends=(*decision.sends, *notices))

    def _unheard(self, situation: Situation, request: Request) -> Reason | None:
        """Why a command is left alone, if it is: never an admin's, who has to be heard when muted.

        A wish to be forgotten is heard wherever it is given, whatever else was said there.
        """
        sender = situation.incoming.sender.id
        if sender in self.settings.admins:
            return None
        if request.name not in WISHES:
            return silence(BEFORE_TALK, self._with_floods(situation))
        full = self._flood.full(f"wish@{sender}", self.settings.speaking.person, self._steady())
        return Reason(Why.FLOOD_PERSON) if full else None

    def _speak(self, incoming: Incoming, reason: Reason, said: str) -> Decision:
        if last := self._memory.last.get(place(incoming)):
            last.passed = False
        moment = self._steady()
        self._flood.note(f"@{incoming.sender.id}", moment)
        if incoming.room:
            self._flood.note(incoming.room.id, moment)
        return Decision(incoming, reason, self._sends(incoming, said))

    def _sends(self, incoming: Incoming, said: str, of: str = "") -> tuple[Outgoing, ...]:
        """A reply as messages: at most three, the first mentions who asked.

        `of` is what is spoken of when that is not the first reply to this message: an outbox sends
        what bears the key of something sent before no more.
        """
        return tuple(
            self._outgoing(incoming, part, f"{of}{n}", mention=n == 0)
            for n, part in enumerate(messages(said))
        )

    def _outgoing(self, incoming: Incoming, text: str, part: str, mention: bool) -> Outgoing:
        return Outgoing(
            room=incoming.room,
            to=incoming.sender,
            text=text,
            decided_at=self._clock(),
            key=f"{incoming.id}:{part}",
            mention=mention and incoming.room is not None,
            reply_to=incoming.id,
        )

    def _groups(self, incoming: Incoming) -> tuple[str, ...]:
        if incoming.room:
            return self.rooms.groups(incoming.room)
        return self.rooms.private_groups(incoming.sender.id)

    def _thresholds(self, incoming: Incoming) -> Thresholds:
        """From which confidence on to reply."""
        if incoming.room is None:
            return self.settings.thresholds
        return self.rooms.rules(incoming.room).thresholds


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
