"""Writes entries down in the order in which they were noted, as soon as that can be done.

A load holds the database's write lock for seconds. So that no decision waits for it, entries are
queued, and written when the lock is free; `close` waits for it. On a full or read-only disk they
wait likewise, and whoever reads is told what was written so far. What can never be written is
dropped with a line in the log, and holds up nothing that comes after it.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge.errors import StoreError
from knowledge.store.schema import connect
from knowledge.store.state import written

log = logging.getLogger("palou.record")

MOST = 10_000
"""Entries that wait at most; beyond that, the oldest are dropped of what nobody was promised."""

_CLOSING_SECONDS = 30
_LONG = 60.0  # seconds; a load holds the lock for less, mostly
_TOGETHER = 64  # entries that are written together at least, unless somebody asks for them
# What another try may come over: the state of disk, memory, or lock. All else is an entry's fault.
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


@dataclass(slots=True)
class Noted:
    """Something that is being written down; `id` is its row's, given when that is written."""

    id: int | None = None
    written: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A statement that waits to be executed; what is noted in its values stands for its id.

    `promised`: somebody was told that it holds.
    """

    number: int
    sql: str
    values: Sequence[Any]
    noted: Noted
    promised: bool


class Writing:
    """The entries of one bot for one database; `read_only` to look at what was written.

    `trouble` is why nothing can be written now, "" while it can or waits for a load alone.
    `dropped` counts what was never written.
    """

    def __init__(
        self,
        database: Path,
        *,
        read_only: bool = False,
        immutable: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._conn = connect(database, read_only=read_only, immutable=immutable)
        self._conn.isolation_level = None  # no transaction but those that are begun here
        self._conn.execute("pragma busy_timeout = 0")
        self._conn.execute("pragma secure_delete = on")  # a wish leaves nothing of who wished it
        self._monotonic = monotonic
        self._queue: deque[_Entry] = deque()
        self._alone = False  # whether the next entry is tried by itself
        self._locked_since: float | None = None
        self._overflowed = False
        self._numbers = 0
        self._elsewhere = 0
        self._last_dropped = -1
        self.trouble = ""
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """How many entries are not written yet."""
        return len(self._queue)

    def mark(self) -> int:
        """Where the entries to come begin, for `kept`."""
        return self._numbers

    def kept(self, since: int) -> bool:
        """Whether all that was noted since a mark is on the disk; writes it if that can be done."""
        if since == self._numbers:
            return True
        self.flush()
        waits = bool(self._queue) and self._queue[-1].number >= since
        return not waits and self._last_dropped < since

    def elsewhere(self) -> int:
        """A number that is another one when another process, or connection, has written."""
        with suppress(sqlite3.Error):
            self._elsewhere = written(self._conn)
        return self._elsewhere

    def flush(self) -> bool:
        """Write what is queued, as far as that can be done now; whether all is written."""
        while self._queue:
            # What failed together is tried one by one, so that as much as possible is written; and
            # a disk that is full is asked for one entry each time, not for all of them.
            written = self._commit(1 if self._alone else len(self._queue))
            if not written and (self._alone or self._locked_since is not None):
                return False
            self._alone = not written
        return True

    def close(self) -> None:
        """Write what is queued, waiting for the lock; StoreError when that cannot be done."""
        self._conn.execute(f"pragma busy_timeout = {_CLOSING_SECONDS * 1000}")
        written = self.flush()
        self._conn.close()
        if not written:
            why = self.trouble or "the database is locked"
            raise StoreError(f"{self.waiting} entries of the record could not be written: {why}")

    def _put(self, sql: str, values: Sequence[Any], *, promised: bool = False) -> Noted:
        entry = _Entry(self._numbers, sql, values, Noted(), promised)
        self._numbers += 1
        self._queue.append(entry)
        if len(self._queue) > MOST:
            self._overflow()
        if len(self._queue) % _TOGETHER == 0:
            self.flush()
        return entry.noted

    def _rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any] | None:
        """What a query finds; None when that cannot be read, with a line in the log."""
        self.flush()
        try:
            return self._conn.execute(sql, values).fetchall()
        except (sqlite3.Error, UnicodeError, OverflowError) as e:
            log.error("the record could not be read: %s", e)
            return None

    def _commit(self, count: int) -> bool:
        """Write the first entries together or, where that fails, none of them; whether it did."""
        entries = list(islice(self._queue, count))
        faulty: list[tuple[_Entry, Exception]] = []
        try:
            self._conn.execute("begin immediate")
            for entry in entries:
                try:
                    self._execute(entry)
                except Exception as e:  # whatever is wrong with one, the others are written
                    if _passing(e):
                        raise
                    faulty.append((entry, e))
            self._conn.execute("commit")
        except sqlite3.Error as e:
            self._undo()
            self._failed(e)
            return False
        except BaseException:
            self._undo()
            raise
        for entry in entries:
            self._queue.popleft()
            entry.noted.written = True
        for entry, error in faulty:
            entry.noted.id, entry.noted.written = None, False
            self._drop(entry)
            what = entry.sql.partition("(")[0].strip()
            log.error("never written (%s): %s", what, error)
        self._succeeded()
        return True

    def _execute(self, entry: _Entry) -> None:
        values = [v.id if isinstance(v, Noted) else v for v in entry.values]
        entry.noted.id = self._conn.execute(entry.sql, values).lastrowid

    def _undo(self) -> None:
        with suppress(sqlite3.Error):
            if self._conn.in_transaction:
                self._conn.execute("rollback")

    def _failed(self, error: sqlite3.Error) -> None:
        """Note why nothing can be written; of a lock, only when that is held for long."""
        if _code(error) == sqlite3.SQLITE_BUSY:
            now = self._monotonic()
            self._locked_since = now if self._locked_since is None else self._locked_since
            if now - self._locked_since < _LONG:
                return
        else:
            self._locked_since = None
        if self.trouble != str(error):
            self.trouble = str(error)
            log.error("the record cannot be written: %s; %d entries wait", error, self.waiting)

    def _succeeded(self) -> None:
        self._locked_since = None
        if self._queue:
            return
        self._overflowed = False
        if self.trouble:
            log.warning("the record is written again; %d entries were dropped", self.dropped)
            self.trouble = ""

    def _overflow(self) -> None:
        """Drop the oldest entry that was promised to nobody, if there is one."""
        place = next((n for n, entry in enumerate(self._queue) if not entry.promised), 0)
        self._drop(self._queue[place])
        del self._queue[place]
        if not self._overflowed:
            self._overflowed = True
            log.error("more than %d entries wait to be written: the oldest are dropped", MOST)

    def _drop(self, entry: _Entry) -> None:
        self.dropped += 1
        self._last_dropped = max(self._last_dropped, entry.number)


def iso(at: datetime) -> str:
    """A moment as the lasting tables have it: in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _passing(error: Exception) -> bool:
    """Whether an error may be none, when the same is tried again."""
    return isinstance(error, sqlite3.Error) and _code(error) in _PASSING


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary code of an error; None of one that Python's module found by itself."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
