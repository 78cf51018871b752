"""Answers questions: what is put to the bot at once, what it overhears when nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.asking import Asking
from bot.decision import Decision, Verdict
from bot.memory import Held, LastReply, Memory, place
from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.record.writing import Noted
from bot.reply import texts
from bot.rooms import Rooms
from bot.settings import Settings, Thresholds
from bot.speaking import BEFORE_OVERHEARD, BEFORE_TALK, Situation, silence
from bot.terms import Incoming
from bot.voice import Voice
from bot.wishes import Wishes
from knowledge.language.kinds import Kind, read


class Answering:
    """The questions of one bot, from what was asked to what is said, and to what is noted of it."""

    def __init__(
        self,
        settings: Settings,
        record: Record,
        rooms: Rooms,
        memory: Memory,
        asking: Asking,
        wishes: Wishes,
        voice: Voice,
        clock: Callable[[], datetime],
        steady: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._record = record
        self._rooms = rooms
        self._memory = memory
        self._asking = asking
        self._wishes = wishes
        self._voice = voice
        self._clock = clock
        self._steady = steady
        self._ended: list[tuple[Decision, str]] = []

    def ended(self, now: datetime) -> list[tuple[Decision, str]]:
        """What came of questions that waited, each with its text: answered, or time is up."""
        ended, self._ended = self._ended, []
        moment = self._steady()
        for where, waiting in list(self._memory.held.items()):
            ripe = [h for h in waiting if h.until <= moment]
            self._memory.held[where] = [h for h in waiting if h.until > moment]
            if not self._memory.held[where]:
                del self._memory.held[where]
            ended += ((self._release(held, now), held.text) for held in ripe)
        return ended

    def person_answered(self, incoming: Incoming) -> None:
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

    def asked(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """The bot was asked: it replies, at worst with near misses; called alone, with its help."""
        if not text:
            return self._voice.speak(incoming, Reason(Why.TALK), texts.HELP)
        groups, thresholds = self._groups(incoming), self._thresholds(incoming)
        verdict = self._asking.ask(text, groups=groups, thresholds=thresholds)
        if verdict.reason.why in (Why.TALK, Why.SMALL_TALK):
            # It is no question: nothing of it is written down.
            if not verdict.reply:
                return Decision(incoming, verdict.reason)
            return self._voice.speak(incoming, verdict.reason, verdict.reply)
        return self._reply(incoming, text, verdict, now)

    def overheard(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """A question was overheard: hold it if it can be answered."""
        verdict = self._listen(incoming, text)
        if not verdict.answered:
            self._note(incoming, text, verdict, now)
            return Decision(incoming, verdict.reason, verdict=verdict)
        settle = self._settings.speaking.settle
        held = Held(incoming, text, verdict, self._steady() + timedelta(seconds=settle))
        if not settle:
            return self._release(held, now)
        self._memory.held.setdefault(place(incoming), []).append(held)
        return Decision(incoming, Reason(Why.HELD, settle), verdict=verdict)

    def _listen(self, incoming: Incoming, text: str) -> Verdict:
        """What there is to be said to what was overheard."""
        groups, thresholds = self._groups(incoming), self._thresholds(incoming)
        return self._asking.ask(text, groups=groups, overheard=True, thresholds=thresholds)

    def _release(self, held: Held, now: datetime) -> Decision:
        """Answer a question that was held, unless something speaks against it by now."""
        incoming = held.incoming
        assert incoming.room is not None
        rules = self._rooms.rules(incoming.room)
        situation = self._voice.with_floods(Situation(incoming, rules, False, now, said=held.text))
        if reason := silence((*BEFORE_TALK, *BEFORE_OVERHEARD), situation):
            return self._silenced(held, reason, held.verdict)
        # Asked anew: since then, something in it may have been forgotten.
        verdict = self._listen(incoming, held.text)
        if not verdict.answered:
            return self._silenced(held, verdict.reason, verdict)
        cooldown = timedelta(seconds=self._settings.speaking.cooldown)
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
            reply = self._record.reply(question, now, cited)
            last.quote(best, verdict.pages, reply)
        self._memory.reply(place(incoming), last)
        return replace(self._voice.speak(incoming, verdict.reason, verdict.reply), verdict=verdict)

    def _note(self, incoming: Incoming, text: str, verdict: Verdict, now: datetime) -> Noted:
        """Write down what came of a question."""
        confidence = verdict.confidence if verdict.matches else None
        where, contact = place(incoming), incoming.sender.id
        text = self._wishes.unnamed(self._groups(incoming), text)
        return self._record.question(now, where, contact, text, verdict.reason, confidence)

    def _groups(self, incoming: Incoming) -> tuple[str, ...]:
        if incoming.room:
            return self._rooms.groups(incoming.room)
        return self._rooms.private_groups(incoming.sender.id)

    def _thresholds(self, incoming: Incoming) -> Thresholds:
        """From which confidence on to reply."""
        if incoming.room is None:
            return self._settings.thresholds
        return self._rooms.rules(incoming.room).thresholds
