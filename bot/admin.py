"""Carries out the commands that are given in a chat: who may give them, and what to say to each."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, time

from bot.asking import Asking
from bot.commands import COMMANDS, WISHES, Request, help_for, parse
from bot.flood import Flood
from bot.live import LiveArchive
from bot.loads import Loads
from bot.memory import FRESH, TOLD, Explained, Memory, place
from bot.misnamed import misnamed
from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.reply import texts
from bot.room_commands import RoomCommands
from bot.rooms import Rooms
from bot.settings import Settings
from bot.terms import Incoming
from bot.todo_commands import TodoCommands
from bot.tokens import tokens
from bot.wishes import Wishes
from knowledge.errors import PalouError
from knowledge.language.display import shown
from knowledge.matching.match import Match
from knowledge.store import vectors
from knowledge.store.read import Store

log = logging.getLogger("palou")

_TEXT, _MATCH_TEXT = 40, 30  # characters of a text that an answer holds

DESK_SECONDS = 900
"""How long the address of the desk opens it."""

Handler = Callable[[Incoming, Request, datetime], str]


class Admin:
    """The commands of one bot; each handler returns what to say."""

    def __init__(
        self,
        settings: Settings,
        record: Record,
        rooms: Rooms,
        memory: Memory,
        flood: Flood,
        asking: Asking,
        loads: Loads,
        wishes: Wishes,
        live: LiveArchive | None,
        steady: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._record = record
        self._rooms = rooms
        self._memory = memory
        self._flood = flood
        self._asking = asking
        self._loads = loads
        self._live = live
        self._steady = steady
        self._began = steady()
        room = RoomCommands(rooms)
        self._todo = todo = TodoCommands(settings, record, rooms, memory, loads, steady)
        self._handlers: dict[str, Handler] = {
            "help": self._help,
            "id": self._id,
            "forget-me": lambda incoming, r, now: wishes.forget_me(incoming, r.rest, now),
            "forget": lambda incoming, r, now: wishes.forget(incoming, r.rest, now),
            "reload": lambda incoming, r, now: loads.wanted(incoming),
            "status": self._status,
            "mode": lambda incoming, r, now: room.mode(incoming, r.words),
            "mute": lambda incoming, r, now: room.mute(incoming, r.words, now),
            "unmute": lambda incoming, r, now: room.unmute(incoming, r.words),
            "threshold": lambda incoming, r, now: room.threshold(incoming, r.words),
            "unanswered": lambda incoming, r, now: todo.unanswered(incoming, r.rest),
            "answer": lambda incoming, r, now: todo.answer(incoming, r.rest, now),
            "dismiss": lambda incoming, r, now: todo.dismiss(incoming, r.rest),
            "wishes": lambda incoming, r, now: wishes.decide(incoming, r.words, now),
            "desk": self._desk,
            "why": self._why,
        }

    def run(self, incoming: Incoming, request: Request, now: datetime) -> tuple[Reason, str]:
        """Carry out a command: the reason for the log, and what to say (nothing: keep silent)."""
        if COMMANDS[request.name].admin and not self._is_admin(incoming):
            log.warning("refused /%s by %s", request.name, incoming.sender.id)
            before, moment = self._memory.refused.get(incoming.sender.id), self._steady()
            self._memory.refused[incoming.sender.id] = moment
            again = before is not None and moment - before < FRESH
            return Reason(Why.REFUSED), "" if again else texts.REFUSED
        since = self._record.mark()
        try:
            said = self._handlers[request.name](incoming, request, now)
        except (OSError, sqlite3.Error, PalouError):
            # The disk is full, say. Whoever gave a command waits for a word on it.
            log.exception("/%s could not be done", request.name)
            return Reason(Why.FAILED), texts.NOT_DONE
        # Wishes are kept in a file of their own, and say themselves whether they are.
        if request.name not in WISHES and not self._record.kept(since):
            said = texts.unwritten(said)
        return Reason(Why.COMMAND, command=request.name), said

    def meant(self, incoming: Incoming, text: str) -> Request | None:
        """The command that a text gives; also one that an admin was asked to go on with."""
        return parse(text) or self._todo.picked(incoming, text.strip())

    def _is_admin(self, incoming: Incoming) -> bool:
        return incoming.sender.id in self._settings.admins

    def _help(self, incoming: Incoming, request: Request, now: datetime) -> str:
        return "\n".join([texts.HELP, *help_for(self._is_admin(incoming))])

    def _id(self, incoming: Incoming, request: Request, now: datetime) -> str:
        """The ids by which settings name a room and an admin."""
        room = [texts.ID_ROOM.format(incoming.room.id)] if incoming.room else []
        return "\n".join([*room, texts.ID_CONTACT.format(incoming.sender.id)])

    def _status(self, incoming: Incoming, request: Request, now: datetime) -> str:
        midnight = datetime.combine(now.date(), time(), now.tzinfo)
        room = incoming.room
        # In front of a group nothing is said of others; privately an admin has all of them.
        counts = self._record.counts(midnight, room.id if room else None)
        lines = [
            texts.STATUS_GROUP.format(s.group, s.messages, s.exchanges, s.first, s.last)
            for s in Store(self._asking.conn).stats()
            if room is None or s.group in self._rooms.groups(room)
        ]
        if room:
            rules = self._rooms.rules(room)
            groups = "、".join(rules.groups)
            lines.append(
                texts.STATUS_ROOM.format(
                    rules.mode, rules.thresholds.asked, rules.thresholds.overheard, groups
                )
            )
            if others := self._rooms.namesakes(room):
                lines.append(texts.STATUS_NAMESAKES.format(len(others), room.id))
            if rules.muted_until and rules.muted_until > now:
                lines.append(texts.STATUS_MUTED.format(rules.muted_until.astimezone(now.tzinfo)))
        lines += [
            texts.misnamed(m.where, m.group, m.meant)
            for m in misnamed(self._settings, Store(self._asking.conn).groups())
            if room is None or m.group in self._rooms.groups(room)
        ]
        counts["not found"] = counts.get("not found", 0) + counts.get("offered", 0)
        shown_ = (counts.get(o, 0) for o in ("answered", "hedged", "not found", "silent"))
        lines.append(texts.STATUS_TODAY.format(*shown_, self._flood.dropped))
        if self._asking.by_meaning:
            lines.append(
                texts.STATUS_VECTORS.format(
                    *vectors.Shelf(self._asking.conn, vectors.MODEL).progress()
                )
            )
        lines += self._not_kept()
        hours = (self._steady() - self._began).total_seconds() / 3600
        running = texts.STATUS_RUNNING.format(hours)
        lines.append(running + (texts.STATUS_LOADING if self._loads.running else ""))
        return "\n".join(lines)

    def _not_kept(self) -> list[str]:
        """What is not written down, and why: nothing, as long as all is well."""
        record, live, lines = self._record, self._live, []
        if not record.flush():
            why = record.trouble or texts.STATUS_LOCKED
            lines.append(texts.STATUS_UNWRITTEN.format(record.waiting, why))
        if record.dropped:
            lines.append(texts.STATUS_DROPPED.format(record.dropped))
        if live is not None and live.lost:
            lines.append(texts.STATUS_NOT_ARCHIVED.format(live.lost, live.trouble))
        return lines

    def _desk(self, incoming: Incoming, request: Request, now: datetime) -> str:
        settings = self._settings
        if incoming.room:
            return texts.PRIVATELY_ONLY
        if not settings.base_url or not settings.web_token:
            return texts.NO_DESK
        until = int(now.timestamp()) + DESK_SECONDS
        sealed = tokens(settings.web_token).sealed("desk link", until)
        return f"{settings.base_url}/desk?k={sealed}"

    def _why(self, incoming: Incoming, request: Request, now: datetime) -> str:
        """The last decision with its figures, and those before it in a line each."""
        decided = self._memory.why.get(place(incoming))
        if not decided:
            return texts.NOTHING_DECIDED
        *earlier, last = decided
        lines = [_decided(last)]
        if last.verdict:
            lines += [_matched(m) for m in last.verdict.matches[:TOLD]]
        lines += [_decided(e) for e in reversed(earlier)]
        return "\n".join(lines)


def _decided(explained: Explained) -> str:
    """What was said, and what came of it."""
    said = texts.DECIDED.format(shown(explained.text)[:_TEXT], texts.reason(explained.reason))
    if explained.verdict and explained.reason.bound is None:
        said += texts.THRESHOLD.format(explained.verdict.threshold)
    return said


def _matched(match: Match) -> str:
    """A match, and how it was found, if not by the words as they stand."""
    lead = match.exchange.lead
    words = shown(lead.text)[:_MATCH_TEXT]
    said = texts.MATCHED.format(match.confidence, lead.citation, words)
    return said + texts.found_by(match.by, match.read_as)
