"""Writes down what cannot be rebuilt: questions, replies, feedback, and what admins set.

A load holds the database's write lock for seconds. So that no decision waits for it, entries are
queued and written when the lock is free; `close` waits for it.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.errors import StoreError
from knowledge.store.forget import Rule, rows
from knowledge.store.schema import connect

_CLOSING_SECONDS = 30


@dataclass(frozen=True, slots=True)
class RoomState:
    """What admins set for a room; None where nothing is set."""

    mode: str | None = None
    muted_until: datetime | None = None
    asked: float | None = None
    overheard: float | None = None
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was put to the bot and not answered, with how often it was asked."""

    text: str
    room: str
    times: int


class Record:
    """The lasting tables of one database, for one bot; `read_only` to look at them."""

    def __init__(self, database: Path, *, read_only: bool = False, immutable: bool = False) -> None:
        self._conn = connect(database, read_only=read_only, immutable=immutable)
        self._conn.execute("pragma busy_timeout = 0")
        self._queue: deque[tuple[str, Sequence[Any]]] = deque()
        self.wishes: tuple[Rule, ...] = ()
        """What is to be forgotten by rules that still wait in the queue."""
        self._next_asked = self._highest("asked") + 1
        self._next_reply = self._highest("replies") + 1

    def _highest(self, table: str) -> int:
        return int(self._conn.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0])

    def asked(
        self,
        at: datetime,
        room: str,
        contact: str,
        text: str,
        reason: str,
        confidence: float | None,
    ) -> int:
        """Note a question that was put to the bot or overheard. Its id."""
        number, self._next_asked = self._next_asked, self._next_asked + 1
        row = (number, _iso(at), room, contact, text[:2000], reason, confidence)
        self._put("insert into asked values (?, ?, ?, ?, ?, ?, ?)", row)
        return number

    def reply(self, asked: int, at: datetime, citation: str, text: str) -> int:
        """Note a reply. Its id."""
        number, self._next_reply = self._next_reply, self._next_reply + 1
        self._put(
            "insert into replies values (?, ?, ?, ?, ?)", (number, asked, _iso(at), citation, text)
        )
        return number

    def feedback(
        self, reply: int, at: datetime, citation: str, asked: str, contact: str, worth: int
    ) -> None:
        """Note what a member thought of a reply (1 or -1); his last word counts."""
        self._put(
            "insert or replace into feedback(reply, at, citation, asked, contact, worth)"
            " values (?, ?, ?, ?, ?, ?)",
            (reply, _iso(at), citation, asked[:500], contact, worth),
        )

    def feedback_on(self, citation: str) -> list[tuple[str, int]]:
        """The questions asked, and the worth of the reply, in the feedback on an exchange."""
        self.flush()
        found = self._conn.execute(
            "select asked, worth from feedback where citation = ?", [citation]
        )
        return found.fetchall()

    def room_state(self, room: str) -> RoomState:
        """What admins set for a room."""
        self.flush()
        row = self._conn.execute(
            "select mode, muted_until, asked, overheard, announced from room_state where room = ?",
            [room],
        ).fetchone()
        if row is None:
            return RoomState()
        until = datetime.fromisoformat(row[1]) if row[1] else None
        return RoomState(row[0], until, row[2], row[3], bool(row[4]))

    def set_room_state(self, room: str, state: RoomState) -> None:
        """Keep what admins set for a room, also over a restart."""
        until = _iso(state.muted_until) if state.muted_until else None
        announced = "yes" if state.announced else None
        self._put(
            "insert or replace into room_state values (?, ?, ?, ?, ?, ?)",
            (room, state.mode, until, state.asked, state.overheard, announced),
        )

    def see(self, room: str, contact: str, name: str) -> None:
        """Note that a contact speaks in a room, under a name."""
        self._put("insert or replace into seen values (?, ?, ?)", (room, contact, name))

    def names(self, contact: str) -> list[tuple[str, str]]:
        """The rooms that a contact was seen in, and the name he had there."""
        self.flush()
        return self._conn.execute(
            "select room, name from seen where contact = ? order by room", [contact]
        ).fetchall()

    def others_named(self, name: str, contact: str) -> bool:
        """Whether somebody else than a contact was seen speaking under a name."""
        self.flush()
        row = self._conn.execute(
            "select 1 from seen where name = ? and contact <> ? limit 1", [name, contact]
        ).fetchone()
        return row is not None

    def forget(self, rules: Sequence[Rule], at: datetime, contact: str) -> None:
        """Keep rules of what is to be forgotten; the next load applies them to what is stored."""
        for statement, row in rows(rules, at, contact):
            self._put(statement, row)
        self.wishes += tuple(rules)
        self.flush()

    def unanswered(self, most: int) -> list[Unanswered]:
        """What was asked of the bot and not found, most asked first."""
        self.flush()
        found = self._conn.execute(
            "select text, max(room), count(*) from asked a where reason like 'not found%'"
            " and not exists (select 1 from asked b where b.text = a.text and b.id > a.id"
            "                 and b.reason = 'answered')"
            " group by text order by 3 desc, max(id) desc limit ?",
            [most],
        )
        return [Unanswered(*row) for row in found]

    def counts(self, since: datetime) -> dict[str, int]:
        """How many questions ended how since a moment, by the first word of the reason."""
        self.flush()
        found = self._conn.execute(
            "select substr(reason || ':', 1, instr(reason || ':', ':') - 1), count(*) from asked"
            " where at >= ? group by 1",
            [_iso(since)],
        )
        return dict(found.fetchall())

    def forget_contact(self, contact: str) -> None:
        """Drop what a member asked and thought of replies."""
        for table in ("asked", "feedback", "seen"):
            self._put(f"delete from {table} where contact = ?", [contact])

    def _put(self, sql: str, row: Sequence[Any]) -> None:
        self._queue.append((sql, row))
        if len(self._queue) >= 64:
            self.flush()

    def flush(self) -> bool:
        """Write what is queued if the lock is free; whether all is written."""
        if not self._queue:
            return True
        try:
            self._conn.execute("begin immediate")
        except sqlite3.OperationalError:
            return False
        for sql, row in self._queue:
            self._conn.execute(sql, row)
        self._conn.execute("commit")
        self._queue.clear()
        self.wishes = ()
        return True

    def close(self) -> None:
        """Write what is queued, waiting for the lock; StoreError when it stays taken."""
        self._conn.execute(f"pragma busy_timeout = {_CLOSING_SECONDS * 1000}")
        written = self.flush()
        self._conn.close()
        if not written:
            raise StoreError(f"{len(self._queue)} entries could not be written: database locked")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
