"""Loads that are wanted while the bot runs: one at a time, and what to say when one has ended."""

from __future__ import annotations

import logging
import sqlite3

from bot.asking import Asking
from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.reload import Reloaded, Reloader
from bot.reply import texts
from bot.terms import Incoming
from knowledge.errors import PalouError

log = logging.getLogger("palou")

Ended = tuple[Incoming, Reason, str]
"""Who asked for a load that has ended, how it ended, and what to say to him."""


class Loads:
    """The loads of one bot."""

    def __init__(self, reloader: Reloader, asking: Asking, record: Record) -> None:
        self._reloader = reloader
        self._asking = asking
        self._record = record
        self._wanted_by: dict[tuple[str, str | None], Incoming] = {}
        self._again = False

    @property
    def running(self) -> bool:
        """Whether a load is under way."""
        return self._reloader.running

    def wanted(self, incoming: Incoming) -> str:
        """Somebody wants a load; what to say to him at once."""
        # Told once where he asked, though he asks twice, or a load runs that somebody's wish began.
        where = (incoming.sender.id, incoming.room.id if incoming.room else None)
        self._wanted_by.setdefault(where, incoming)
        if self._reloader.running:
            return texts.ALREADY_RELOADING
        self._reloader.start()
        return texts.RELOADING

    def soon(self) -> None:
        """Load as soon as possible: now, or when the load that is under way has ended."""
        if self._reloader.running:
            self._again = True
        else:
            self._reloader.start()

    def ended(self) -> list[Ended]:
        """What a load that has ended has to say, once, to whoever wanted it."""
        done = self._reloader.ended()
        if done is None:
            return []
        self._record.flush()
        trouble = ""
        try:
            trouble = "" if done.failed else self._asking.refresh()
        except (PalouError, sqlite3.Error) as e:
            done = Reloaded(str(e), failed=True)
        wanted_by, self._wanted_by = list(self._wanted_by.values()), {}
        if self._again:
            self._again = False
            self._reloader.start()
        said = texts.NOT_RELOADED.format(done.report) if done.failed else done.report
        if trouble:
            said += "\n" + texts.NO_SYNONYMS.format(trouble)
        reason = Reason(Why.NOT_RELOADED if done.failed else Why.RELOADED)
        log.info("%s: %s", reason, done.report)
        return [(incoming, reason, said) for incoming in wanted_by]

    def close(self) -> None:
        """End a load that is under way."""
        self._reloader.stop()
