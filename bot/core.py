"""The core that every adapter drives: a message comes in, a decision comes out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.admin import Admin
from bot.asking import Asking
from bot.commands import Request, parse
from bot.decision import Decision, Verdict
from bot.flood import Flood
from bot.live import LiveArchive
from bot.loads import Loads
from bot.memory import Explained, Held, LastReply, Memory, place
from bot.reasons import FLOODS, Reason, Why
from bot.record.record import Noted, Record
from bot.reload import Reloader, Subprocess
from bot.reply import texts
from bot.reply.reply import messages
from bot.rooms import Rooms
from bot.settings import Settings, Thresholds
from bot.speaking import BEFORE_ALL, BEFORE_OVERHEARD, BEFORE_TALK, Situation, silence
from bot.talk import Talk
from bot.terms import Contact, Incoming, Outgoing, Room
from bot.wishes import Wishes
from knowledge.archive.limits import cut_name, cut_text
from knowledge.language.kinds import Kind, read

_FIRST_MENTION = re.compile(r"@[^\s\u2005]{1,40}[\s\u2005]?")

# Decisions that nobody asks about: /why would speak of the question that it was asked with.
_NOT_EXPLAINED = frozenset(
    {Why.OWN_MESSAGE, Why.SEEN_BEFORE, Why.COMMAND, Why.REFUSED, Why.TALK, Why.SMALL_TALK}
)

log = logging.getLogger("palou")


class PalouCore:
    """One bot: its knowledge, its rooms, what it remembers; the clock is passed in."""

    def __init__(
        self,
        settings: Settings,
        database: Path,
        reloader: Reloader,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self._clock = clock
        self.record = Record(database)
        self.rooms = Rooms(settings, self.record)
        self.asking = Asking(database, settings, self.record)
        self._memory = memory = Memory()
        self._flood = Flood()
        self._live = LiveArchive(settings.live, settings.zone) if settings.live else None
        self._talk = Talk(memory, self.record, settings.permalink_to)
        self._loads = loads = Loads(reloader, self.asking, self.record)
        self._wishes = Wishes(settings.admins, self.record, self.rooms, memory, self.asking, loads)
        self._admin = Admin(
            *(settings, self.record, self.rooms, memory, self._flood, self.asking),
            *(loads, self._wishes, clock()),
        )
        self._mention = _mention_of(settings.names)
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
        incoming = _cut(incoming)
        now, room = self._clock(), incoming.room
        text, mentioned = self._addressed(incoming)
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
        request = parse(text)
        announcement: tuple[Outgoing, ...] = ()
        if room is not None:
            self._meet(room, incoming.sender)
            if request is None:
                # What is said to the bot is neither an answer to somebody nor worth archiving when
                # it is a command (a wish to be forgotten least of all).
                if not mentioned:
                    self._person_answered(incoming)
                announcement = self._archive(room, incoming)
        decision = self._command(incoming, request, now) if request else self._said(situation)
        self._explained(decision, text, situation.addressed)
        return replace(decision, sends=(*announcement, *decision.sends))

    def due(self, now: datetime) -> list[Decision]:
        """Decisions that waited: held questions whose time has come, a reload that has ended."""
        ended, self._ended = self._ended, []
        for where, waiting in list(self._memory.held.items()):
            ripe = [h for h in waiting if h.until <= now]
            self._memory.held[where] = [h for h in waiting if h.until > now]
            if not self._memory.held[where]:
                del self._memory.held[where]
            ended += ((self._release(held, now), held.text) for held in ripe)
        decisions = [self._explained(decision, text, False) for decision, text in ended]
        for incoming, reason, said in self._loads.ended():
            decisions.append(Decision(incoming, reason, self._sends(incoming, said)))
        self.record.flush()
        return decisions

    def next_due(self) -> datetime | None:
        """When something that waits for time to pass is due next; None: nothing waits for it."""
        return self._memory.next_due()

    def close(self) -> None:
        """Write down what is still to be written, and let go of the database."""
        self._loads.close()
        self.asking.close()
        self.record.close()

    def _addressed(self, incoming: Incoming) -> tuple[str, bool]:
        """The text without its mention of the bot, and whether there was one."""
        text, count = self._mention.subn(" ", incoming.text)
        if incoming.mentioned and not count:
            # The room knows the bot by a name that it does not know itself.
            text = _FIRST_MENTION.sub(" ", text, count=1)
        return text.strip(), incoming.mentioned or count > 0

    def _said(self, situation: Situation) -> Decision:
        """Decide about what is no command."""
        situation = self._with_floods(situation)
        incoming, now = situation.incoming, situation.now
        text, addressed = situation.said, situation.addressed
        reason = silence(BEFORE_TALK, situation)
        if reason is None and (said := self._talk.answer(incoming, text, now, addressed)):
            return self._speak(incoming, Reason(Why.TALK), said, now)
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
        incoming, now, limits = situation.incoming, situation.now, self.settings.speaking
        return replace(
            situation,
            person_full=self._flood.full(f"@{incoming.sender.id}", limits.person, now),
            room_full=self._flood.full(place(incoming), limits.room, now),
            quiet_until=self._memory.quiet_until.get(place(incoming)),
        )

    def _meet(self, room: Room, sender: Contact) -> None:
        """Remember who speaks where."""
        self.rooms.meet(room)
        if self._memory.met.get((room.id, sender.id)) != sender.name:
            self._memory.met[room.id, sender.id] = sender.name
            self.record.see(room.id, sender.id, sender.name)

    def _archive(self, room: Room, incoming: Incoming) -> tuple[Outgoing, ...]:
        """Archive a message if that is wanted; what is to be said about it, once a room."""
        if self._live is None:
            return ()
        group = self.rooms.own_group(room)
        name, text = self._wishes.masked(group, incoming.sender.name, incoming.text)
        if text or not incoming.text:
            self._live.write(group, incoming, name, text)
        state = self.rooms.state(room.id)
        if state.announced:
            return ()
        self.rooms.set_state(room.id, replace(state, announced=True))
        return (self._outgoing(incoming, texts.ANNOUNCE_LIVE, "live", mention=False),)

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
            return self._speak(incoming, Reason(Why.TALK), texts.HELP, now)
        groups, thresholds = self._groups(incoming), self._thresholds(incoming)
        verdict = self.asking.ask(text, groups=groups, thresholds=thresholds)
        if verdict.reason.why in (Why.TALK, Why.SMALL_TALK):
            # It is no question: nothing of it is written down.
            if not verdict.reply:
                return Decision(incoming, verdict.reason)
            return self._speak(incoming, verdict.reason, verdict.reply, now)
        return self._reply(incoming, text, verdict, now)

    def _overheard(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """A question was overheard: hold it if it can be answered."""
        verdict = self._listen(incoming, text)
        if not verdict.answered:
            self._note(incoming, text, verdict, now)
            return Decision(incoming, verdict.reason, verdict=verdict)
        settle = self.settings.speaking.settle
        held = Held(incoming, text, verdict, now + timedelta(seconds=settle))
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
        self._memory.quiet_until[incoming.room.id] = now + cooldown
        return self._reply(incoming, held.text, verdict, now)

    def _silenced(self, held: Held, reason: Reason, verdict: Verdict) -> Decision:
        """A held question that is not answered after all."""
        verdict = replace(verdict, reason=reason, reply="", pages=())
        self._note(held.incoming, held.text, verdict, self._clock())
        return Decision(held.incoming, reason, verdict=verdict)

    def _reply(self, incoming: Incoming, text: str, verdict: Verdict, now: datetime) -> Decision:
        """Say what there is to be said, and remember it."""
        question = self._note(incoming, text, verdict, now)
        last = LastReply(now, text, question, incoming.sender.id, near=verdict.near)
        if verdict.pages:
            best, *others = verdict.matches
            last.others = [m for m in others if m.confidence >= verdict.threshold]
            cited = str(verdict.pages[0].exchange.lead.citation)
            reply = self.record.reply(question, now, cited, verdict.reply)
            last.quote(best, verdict.pages, reply)
        self._memory.last[place(incoming)] = last
        return replace(self._speak(incoming, verdict.reason, verdict.reply, now), verdict=verdict)

    def _note(self, incoming: Incoming, text: str, verdict: Verdict, now: datetime) -> Noted:
        """Write down what came of a question."""
        confidence = verdict.confidence if verdict.matches else None
        where, contact = place(incoming), incoming.sender.id
        return self.record.question(now, where, contact, text, verdict.reason, confidence)

    def _explained(self, decision: Decision, text: str, addressed: bool) -> Decision:
        """Keep a decision for /why."""
        if decision.reason.why not in _NOT_EXPLAINED:
            contact, verdict = decision.incoming.sender.id, decision.verdict
            explained = Explained(text, contact, addressed, decision.reason, verdict)
            self._memory.explain(place(decision.incoming), explained)
        return decision

    def _command(self, incoming: Incoming, request: Request, now: datetime) -> Decision:
        reason, said = self._admin.run(incoming, request, now)
        if not said:
            return Decision(incoming, reason)
        return self._speak(incoming, reason, said, now)

    def _speak(self, incoming: Incoming, reason: Reason, said: str, now: datetime) -> Decision:
        if last := self._memory.last.get(place(incoming)):
            last.passed = False
        self._flood.note(f"@{incoming.sender.id}", now)
        if incoming.room:
            self._flood.note(incoming.room.id, now)
        return Decision(incoming, reason, self._sends(incoming, said))

    def _sends(self, incoming: Incoming, said: str) -> tuple[Outgoing, ...]:
        """A reply as messages: at most three, the first mentions who asked."""
        return tuple(
            self._outgoing(incoming, part, str(n), mention=n == 0)
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


def _cut(incoming: Incoming) -> Incoming:
    """A message as far as it is looked at, as an archive would have it."""
    text, name = cut_text(incoming.text), cut_name(incoming.sender.name)
    if (text, name) == (incoming.text, incoming.sender.name):
        return incoming
    return replace(incoming, text=text, sender=replace(incoming.sender, name=name))


def _mention_of(names: Iterable[str]) -> re.Pattern[str]:
    """What mentions the bot by one of its names, for adapters that do not tell."""
    some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"@(?:{some})(?=[\s?？\u2005,，:：]|$)[?\u2005]?", re.IGNORECASE)


def open_core(settings: Settings, database: Path | None) -> PalouCore:
    """The core for a real chat: real clock, loads in a process of their own."""
    path = database or settings.database
    reloader = Subprocess(path, lambda: settings.sources, settings.semantic)
    reloader.embed()
    return PalouCore(settings, path, reloader, lambda: datetime.now(settings.zone))
