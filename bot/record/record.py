"""Writes down what cannot be rebuilt: questions, replies, feedback, and what admins set.

A load holds the database's write lock for seconds. So that no decision waits for it, entries are
queued and written when the lock is free; `close` waits for it. What can never be written is dropped
with a line in the log, and holds up nothing that comes after it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.reasons import Reason, Why
from knowledge.errors import StoreError
from knowledge.store.schema import connect

log = logging.getLogger("palou")

MOST = 10_000
"""Entries that wait for the lock at most; beyond that, the oldest are dropped."""

_CLOSING_SECONDS = 30
_TOGETHER = 64  # entries that are written together at least, unless somebody asks for them
_TEXT = 2000
_FEEDBACK_TEXT = 500
# Errors of an entry that would come again however often it is tried.
_NEVER = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    UnicodeError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class RoomState:
    """What admins set for a room; None where nothing is set."""

    mode: str | None = None
    muted_until: datetime | None = None
    hedged: float | None = None
    asked: float | None = None
    overheard: float | None = None
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was put to the bot and not answered, with how often it was asked.

    `room` is where: a room's id, or empty for all private chats together.
    """

    text: str
    room: str
    times: int


@dataclass(frozen=True, slots=True)
class Voice:
    """What a member thought of a reply (1 or -1), to which question, and what it cited."""

    worth: int
    text: str
    citation: str


@dataclass(slots=True)
class Noted:
    """Something that is being written down; `id` is its row's, given when that is written."""

    id: int | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A statement that waits to be executed; what is noted in its values stands for its id."""

    sql: str
    values: Sequence[Any]
    noted: Noted | None = None


class Record:
    """The lasting tables of one database, for one bot; `read_only` to look at them."""

    def __init__(self, database: Path, *, read_only: bool = False, immutable: bool = False) -> None:
        self._conn = connect(database, read_only=read_only, immutable=immutable)
        self._conn.execute("pragma busy_timeout = 0")
        self._conn.execute("pragma secure_delete = on")
        self._queue: deque[_Entry] = deque()

    def question(
        self,
        at: datetime,
        room: str,
        contact: str,
        text: str,
        reason: Reason,
        confidence: float | None,
    ) -> Noted:
        """Note a question that was put to the bot or overheard, and what came of it."""
        return self._put(
            "insert into questions(at, room, contact, text, reason, figure, bound, confidence)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(_iso(at), room, contact, text[:_TEXT]),
                *(reason.why.value, reason.figure, reason.bound, confidence),
            ),
        )

    def reply(self, question: Noted, at: datetime, citation: str) -> Noted:
        """Note a reply to a question, by what it cites: the words stand in the archive alone."""
        return self._put(
            "insert into replies(question, at, citation) values (?, ?, ?)",
            (question, _iso(at), citation),
        )

    def feedback(
        self, reply: Noted, at: datetime, citation: str, text: str, contact: str, worth: int
    ) -> None:
        """Note what a member thought of a reply to a text (1 or -1); his last word counts."""
        self._put(
            "insert or replace into feedback(reply, at, citation, text, contact, worth)"
            " values (?, ?, ?, ?, ?, ?)",
            (reply, _iso(at), citation, text[:_FEEDBACK_TEXT], contact, worth),
        )

    def feedback_on(self, citation: str) -> list[tuple[str, int]]:
        """The questions asked, and the worth of the reply, in the feedback on an exchange."""
        self.flush()
        found = self._conn.execute(
            "select text, worth from feedback where citation = ?", [citation]
        )
        return found.fetchall()

    def room_state(self, room: str) -> RoomState:
        """What admins set for a room."""
        self.flush()
        row = self._conn.execute(
            "select mode, muted_until, hedged, asked, overheard, announced from room_state"
            " where room = ?",
            [room],
        ).fetchone()
        if row is None:
            return RoomState()
        until = datetime.fromisoformat(row[1]) if row[1] else None
        return RoomState(row[0], until, row[2], row[3], row[4], bool(row[5]))

    def set_room_state(self, room: str, state: RoomState) -> None:
        """Keep what admins set for a room, also over a restart."""
        until = _iso(state.muted_until) if state.muted_until else None
        announced = "yes" if state.announced else None
        self._put(
            "insert or replace into room_state(room, mode, muted_until, hedged, asked, overheard,"
            " announced) values (?, ?, ?, ?, ?, ?, ?)",
            (room, state.mode, until, state.hedged, state.asked, state.overheard, announced),
        )

    def names(self, contact: str) -> list[tuple[str, str]]:
        """The rooms that a contact was seen in, with each name he had there."""
        return self.rows("select room, name from seen where contact = ? order by 1, 2", [contact])

    def meet(self, room: str, topic: str) -> None:
        """Note that a room bears a topic."""
        self._put("insert or ignore into rooms(room, topic) values (?, ?)", (room, topic))

    def met(self) -> list[tuple[str, str]]:
        """The rooms that were met and their topics, in the order in which they took them."""
        return self.rows("select room, topic from rooms order by id")

    def unanswered(self, most: int, room: str | None = None) -> list[Unanswered]:
        """What was asked of the bot and not found since, most asked first; in one room, if named.

        Rooms have their own archives, so what was asked in two of them are two questions.
        """
        self.flush()
        found = self._conn.execute(
            "with asked as (select id, text, reason,"
            " case when room = '@' || contact then '' else room end as place from questions"
            " where :room is null or room = :room),"
            " last as (select *, max(case when reason = :answered then id end)"
            " over (partition by text, place) as answered from asked)"
            " select text, place, count(*) from last where reason in (:missed, :offered)"
            " and id > coalesce(answered, 0) group by text, place"
            " order by 3 desc, max(id) desc limit :most",
            {
                "room": room,
                "answered": Why.ANSWERED.value,
                "missed": Why.NOT_FOUND.value,
                "offered": Why.OFFERED.value,
                "most": most,
            },
        )
        return [Unanswered(*row) for row in found]

    def decided(self, since: datetime, room: str | None = None) -> list[tuple[datetime, Why]]:
        """When questions were decided since a moment, and why so; in one room, if named."""
        self.flush()
        found = self._conn.execute(
            "select at, reason from questions where at >= ?1 and (?2 is null or room = ?2)"
            " order by id",
            [_iso(since), room],
        )
        known = frozenset(Why)  # a newer palou may have written others
        return [(datetime.fromisoformat(at), Why(why)) for at, why in found if why in known]

    def counts(self, since: datetime, room: str | None = None) -> dict[str, int]:
        """How many questions came to which outcome since a moment; in one room, if named."""
        return dict(Counter(why.outcome for _, why in self.decided(since, room)))

    def voices(self, most: int) -> tuple[int, int, list[Voice]]:
        """How often members found replies useful, and not, and the latest voices."""
        self.flush()
        good, bad = self._conn.execute(
            "select coalesce(sum(worth > 0), 0), coalesce(sum(worth < 0), 0) from feedback"
        ).fetchone()
        rows = self._conn.execute(
            "select worth, text, citation from feedback order by at desc limit ?", [most]
        )
        return good, bad, [Voice(*row) for row in rows]

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds, of all that could be written."""
        self.flush()
        return self._conn.execute(sql, values).fetchall()

    def put(self, sql: str, values: Sequence[Any]) -> None:
        """Queue a statement."""
        self._put(sql, values)

    def _put(self, sql: str, values: Sequence[Any]) -> Noted:
        noted = Noted()
        self._queue.append(_Entry(sql, values, noted))
        if len(self._queue) > MOST:
            self._drop(self._queue.popleft(), "too many wait for the lock")
        if len(self._queue) % _TOGETHER == 0:
            self.flush()
        return noted

    def flush(self) -> bool:
        """Write what is queued if the lock is free; whether all is written."""
        if not self._queue:
            return True
        try:
            self._conn.execute("begin immediate")
        except sqlite3.Error:
            return False
        try:
            for entry in self._queue:
                self._write(entry)
            self._conn.execute("commit")
        except sqlite3.Error as e:
            # The disk is full, say: nothing is written, and all of it is tried again.
            self._conn.rollback()
            log.warning("the record could not be written: %s", e)
            return False
        self._queue.clear()
        return True

    def _write(self, entry: _Entry) -> None:
        """Execute a statement, or drop it where that can never be."""
        values = [v.id if isinstance(v, Noted) else v for v in entry.values]
        try:
            row = self._conn.execute(entry.sql, values).lastrowid
        except _NEVER as e:
            self._drop(entry, str(e))
            return
        if entry.noted is not None:
            entry.noted.id = row

    def _drop(self, entry: _Entry, why: str) -> None:
        log.error("never written (%s): %s", entry.sql.partition("(")[0].strip(), why)

    def close(self) -> None:
        """Write what is queued, waiting for the lock; StoreError when it stays taken."""
        self._conn.execute(f"pragma busy_timeout = {_CLOSING_SECONDS * 1000}")
        written = self.flush()
        self._conn.close()
        if not written:
            raise StoreError(f"{len(self._queue)} entries could not be written: database locked")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
