"""The core that every adapter drives: a message comes in, a decision comes out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.admin import Admin
from bot.asking import Answering
from bot.commands import Request, parse
from bot.flood import Flood
from bot.live import LiveArchive
from bot.memory import Explained, Held, LastReply, Memory, place
from bot.record.record import Record
from bot.reload import Reloader, Subprocess
from bot.reply import texts
from bot.reply.reply import messages, near_misses, nearest
from bot.rooms import Rooms, Rules
from bot.settings import Settings
from bot.speaking import BEFORE_ALL, BEFORE_OVERHEARD, BEFORE_TALK, Situation, silence
from bot.talk import Talk
from bot.terms import Contact, Decision, Incoming, Outgoing, Room
from knowledge.language.kinds import Kind, read
from knowledge.language.retelling import retelling
from knowledge.matching.match import Match
from knowledge.matching.overheard import doubtful

_FIRST_MENTION = re.compile(r"@[^\s\u2005]{1,40}[\s\u2005]?")

log = logging.getLogger("palou")


class PalouCore:
    """One bot: its knowledge, its rooms, what it remembers; the clock is passed in."""

    def __init__(
        self,
        settings: Settings,
        database: Path,
        reloader: Reloader,
        clock: Callable[[], datetime],
        own: Contact | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.own = own
        self.record = Record(database)
        self.rooms = Rooms(settings, self.record)
        self.memory = Memory()
        self.flood = Flood()
        self.live = LiveArchive(settings.live, settings.zone) if settings.live else None
        self.answering = Answering(database, settings, self.record)
        self.talk = Talk(self.memory, self.record, settings.permalink_to)
        self.admin = Admin(self, database, reloader)
        self._mention = _mention_of(settings.names)
        self._ended: list[Decision] = []

    def receive(self, incoming: Incoming) -> Decision:
        """Decide about a message; never raises, whatever it holds."""
        try:
            return self._receive(incoming)
        except Exception:
            # Whatever goes wrong with one message, the bot goes on with the next.
            log.exception("failed on message %s", incoming.id)
            return Decision(incoming, "failed: see the log")

    def due(self, now: datetime) -> list[Decision]:
        """Decisions that waited: held questions whose time has come, a reload that has ended."""
        ended, self._ended = self._ended, []
        for where, waiting in list(self.memory.held.items()):
            ripe = [h for h in waiting if h.until <= now]
            self.memory.held[where] = [h for h in waiting if h.until > now]
            if not self.memory.held[where]:
                del self.memory.held[where]
            ended += (self._release(h, now) for h in ripe)
        ended += self.admin.due(now)
        self.record.flush()
        return ended

    def close(self) -> None:
        """Write down what is still to be written, and let go of the database."""
        self.admin.close()
        self.answering.close()
        self.record.close()

    def _receive(self, incoming: Incoming) -> Decision:
        now, room = self.clock(), incoming.room
        text, mentioned = self._addressed(incoming)
        situation = Situation(
            incoming=incoming,
            rules=self.rooms.rules(room) if room else None,
            addressed=room is None or mentioned,
            now=now,
            known_bot=incoming.sender.id in self.settings.bots,
            seen_before=incoming.id in self.memory.seen,
        )
        if reason := silence(BEFORE_ALL, situation):
            return Decision(incoming, reason)
        self.memory.seen[incoming.id] = None
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
        decision = self._decide(situation, text, request)
        return replace(decision, sends=(*announcement, *decision.sends))

    def _addressed(self, incoming: Incoming) -> tuple[str, bool]:
        """The text without its mention of the bot, and whether there was one."""
        text, count = self._mention.subn(" ", incoming.text)
        if incoming.mentioned and not count:
            # The room knows the bot by a name that it does not know itself.
            text = _FIRST_MENTION.sub(" ", text, count=1)
        return text.strip(), incoming.mentioned or count > 0

    def write_answer(
        self, group: str, incoming: Incoming, question: str, answer: str, now: datetime
    ) -> None:
        """Archive an admin's answer to a question, as a message of his that retells both."""
        text = retelling(question, answer)
        said = replace(incoming, text=text, sent_at=now)
        LiveArchive(self.settings.answers, self.settings.zone).write(
            group, said, incoming.sender.name, text
        )

    def _decide(self, situation: Situation, text: str, request: Request | None) -> Decision:
        incoming, now = situation.incoming, situation.now
        if request is not None:
            return self._command(incoming, request, now)
        situation = replace(
            situation,
            person_full=self.flood.full(
                f"@{incoming.sender.id}", self.settings.speaking.person, now
            ),
            room_full=self.flood.full(place(incoming), self.settings.speaking.room, now),
        )
        reason = silence(BEFORE_TALK, situation)
        addressed = situation.addressed
        if reason is None and (said := self.talk.answer(incoming, text, now, addressed)):
            return self._speak(incoming, "talk", said, now)
        if last := self.memory.last.get(place(incoming)):
            last.passed = True
        if reason is None and situation.addressed:
            return self._asked(incoming, text, now)
        if reason is None:
            reason = silence(
                BEFORE_OVERHEARD,
                replace(
                    situation,
                    said=text,
                    quiet_until=self.memory.quiet_until.get(place(incoming)),
                ),
            )
        if reason is None:
            return self._overheard(incoming, text, now)
        if reason.startswith("silent: flood"):
            # Ordinary talk is no flood: only what would have been replied to is dropped by it.
            self.flood.dropped += situation.addressed
        return Decision(incoming, reason)

    def _meet(self, room: Room, sender: Contact) -> None:
        """Remember who speaks where."""
        self.rooms.meet(room)
        if self.memory.met.get((room.id, sender.id)) != sender.name:
            self.memory.met[room.id, sender.id] = sender.name
            self.record.see(room.id, sender.id, sender.name)

    def _archive(self, room: Room, incoming: Incoming) -> tuple[Outgoing, ...]:
        """Archive a message if that is wanted; what is to be said about it, once a room."""
        if self.live is None:
            return ()
        group = self.rooms.own_group(room)
        name, text = self.admin.masked(group, incoming.sender.name, incoming.text)
        if text or not incoming.text:
            self.live.write(group, incoming, name, text)
        state = self.rooms.state(room.id)
        if state.announced:
            return ()
        self.rooms.set_state(room.id, replace(state, announced=True))
        return (self._outgoing(incoming, texts.ANNOUNCE_LIVE, "live", mention=False),)

    def _person_answered(self, incoming: Incoming) -> None:
        """Drop the questions held in a room to which this message is somebody's reply."""
        where = place(incoming)
        waiting = self.memory.held.get(where)
        if not waiting:
            return
        reading = read(incoming.text)
        speaks = reading.kind in (Kind.STATEMENT, Kind.URL, Kind.IMAGE) or bool(
            reading.mentions or reading.quote
        )
        answered = [h for h in waiting if speaks and h.incoming.sender.id != incoming.sender.id]
        if answered:
            self.memory.held[where] = [h for h in waiting if h not in answered]
            self._ended += (self._explained(h, "silent: a person answered") for h in answered)

    def _asked(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """The bot was asked: it replies, at worst with near misses; called alone, with its help."""
        if not text:
            return self._speak(incoming, "talk", texts.HELP, now)
        groups = self._groups(incoming)
        threshold = self._thresholds(incoming)[0]
        found = self.answering.find(text, groups)
        if found and found[0].confidence >= threshold:
            return self._answer(incoming, text, found, threshold, now)
        best = found[0].confidence if found else 0.0
        reason = f"not found: {best:.2f} < {threshold:.2f}"
        near = nearest(found, threshold)
        asked = self._note(incoming, text, reason, found, threshold, now)
        if not self.answering.has_any(groups):
            said = texts.NO_ARCHIVE
        elif near:
            said = "\n".join([texts.NOT_FOUND_BUT, *near_misses(near)])
        else:
            said = texts.NOT_FOUND
        self.memory.last[place(incoming)] = LastReply(
            now, text, asked, None, [], [], near, incoming.sender.id
        )
        decision = self._speak(incoming, reason, said, now)
        return replace(decision, matches=tuple(found), threshold=threshold)

    def _overheard(self, incoming: Incoming, text: str, now: datetime) -> Decision:
        """A question was overheard: hold it if it can be answered."""
        threshold = self._thresholds(incoming)[1]
        found = self.answering.find(text, self._groups(incoming))
        best = found[0].confidence if found else 0.0
        if best < threshold:
            reason = f"silent: below threshold {best:.2f} < {threshold:.2f}"
            self._note(incoming, text, reason, found, threshold, now)
            return Decision(incoming, reason, (), tuple(found), threshold)
        if doubt := doubtful(found[0], text):
            reason = f"silent: {doubt}"
            self._note(incoming, text, reason, found, threshold, now)
            return Decision(incoming, reason, (), tuple(found), threshold)
        settle = self.settings.speaking.settle
        held = Held(incoming, text, tuple(found), now + timedelta(seconds=settle))
        if not settle:
            return self._release(held, now)
        self.memory.held.setdefault(place(incoming), []).append(held)
        return Decision(incoming, f"held: {settle:.0f} s", (), tuple(found), threshold)

    def _release(self, held: Held, now: datetime) -> Decision:
        """Answer a question that was held, unless something speaks against it by now."""
        incoming = held.incoming
        assert incoming.room is not None
        situation = Situation(
            incoming=incoming,
            rules=self.rooms.rules(incoming.room),
            addressed=False,
            now=now,
            said=held.asked,
            person_full=self.flood.full(
                f"@{incoming.sender.id}", self.settings.speaking.person, now
            ),
            room_full=self.flood.full(incoming.room.id, self.settings.speaking.room, now),
            quiet_until=self.memory.quiet_until.get(incoming.room.id),
        )
        if reason := silence((*BEFORE_TALK, *BEFORE_OVERHEARD), situation):
            return self._explained(held, reason)
        cooldown = timedelta(seconds=self.settings.speaking.cooldown)
        self.memory.quiet_until[incoming.room.id] = now + cooldown
        threshold = self._thresholds(incoming)[1]
        return self._answer(incoming, held.asked, held.matches, threshold, now)

    def _explained(self, held: Held, reason: str) -> Decision:
        threshold = self._thresholds(held.incoming)[1]
        self._note(held.incoming, held.asked, reason, held.matches, threshold, self.clock())
        return Decision(held.incoming, reason, (), held.matches, threshold)

    def _answer(
        self,
        incoming: Incoming,
        text: str,
        found: Sequence[Match],
        threshold: float,
        now: datetime,
    ) -> Decision:
        best, *others = found
        asked = self._note(incoming, text, "answered", found, threshold, now)
        others = [m for m in others if m.confidence >= threshold]
        last = LastReply(now, text, asked, None, [], others, asker=incoming.sender.id)
        reply = last.quote(best, self.settings.permalink_to)
        assert last.exchange is not None
        last.reply = self.record.reply(asked, now, str(last.exchange.lead.citation), reply)
        self.memory.last[place(incoming)] = last
        decision = self._speak(incoming, "answered", reply, now)
        return replace(decision, matches=tuple(found), threshold=threshold)

    def _note(
        self,
        incoming: Incoming,
        text: str,
        reason: str,
        found: Sequence[Match],
        threshold: float,
        now: datetime,
    ) -> int:
        """Write a decision down, also for /why. The id of the question."""
        where = place(incoming)
        self.memory.why[where] = Explained(text, reason, threshold, tuple(found))
        confidence = found[0].confidence if found else None
        return self.record.asked(now, where, incoming.sender.id, text, reason, confidence)

    def _command(self, incoming: Incoming, request: Request, now: datetime) -> Decision:
        reason, said = self.admin.run(incoming, request, now)
        if not said:
            return Decision(incoming, reason)
        return self._speak(incoming, reason, said, now)

    def _speak(self, incoming: Incoming, reason: str, said: str, now: datetime) -> Decision:
        if last := self.memory.last.get(place(incoming)):
            last.passed = False
        self.flood.note(f"@{incoming.sender.id}", now)
        if incoming.room:
            self.flood.note(incoming.room.id, now)
        return Decision(incoming, reason, self.sends(incoming, said))

    def sends(self, incoming: Incoming, said: str) -> tuple[Outgoing, ...]:
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
            decided_at=self.clock(),
            key=f"{incoming.id}:{part}",
            mention=mention and incoming.room is not None,
        )

    def _groups(self, incoming: Incoming) -> tuple[str, ...]:
        if incoming.room:
            return self.rooms.groups(incoming.room)
        return self.rooms.private_groups(incoming.sender.id)

    def _thresholds(self, incoming: Incoming) -> tuple[float, float]:
        """From which confidence on to reply when asked, and when overhearing."""
        if incoming.room is None:
            return self.settings.asked, self.settings.overheard
        rules: Rules = self.rooms.rules(incoming.room)
        return rules.asked, rules.overheard


def _mention_of(names: Iterable[str]) -> re.Pattern[str]:
    """What mentions the bot by one of its names, for adapters that do not tell."""
    some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"@(?:{some})(?=[\s?？\u2005,，:：]|$)[?\u2005]?", re.IGNORECASE)


def open_core(settings: Settings, database: Path | None, own: Contact | None = None) -> PalouCore:
    """The core for a real chat: real clock, loads in a process of their own."""
    path = database or settings.database
    reloader = Subprocess(path, lambda: settings.sources, settings.semantic)
    return PalouCore(settings, path, reloader, lambda: datetime.now(settings.zone), own)
