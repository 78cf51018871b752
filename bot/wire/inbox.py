"""What arrived and is still to be read: each message once, in order, also over a reconnect."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

from bot.bounded import Bounded
from bot.wire.edges import Limits

MEMORY = 20_000
"""How many message ids are remembered: a day of a very busy group."""

_WHOLE_SECOND = timedelta(seconds=1)


class Inbox:
    """Ids of messages; the first stays at its place until it is `done`."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._known: Bounded[str, None] = Bounded(memory)
        self._waiting: deque[str] = deque()
        self._some = asyncio.Event()

    def add(self, message_id: str) -> str | None:
        """Take an id; why not, if it is not taken."""
        if message_id in self._known:
            self._known.move_to_end(message_id)
            return "duplicate"
        if len(self._waiting) >= self._memory:
            return "too many waiting"
        self._known[message_id] = None
        self._waiting.append(message_id)
        self._some.set()
        return None

    def knows(self, message_id: str) -> bool:
        """Whether an id was taken."""
        return message_id in self._known

    async def first(self) -> str:
        """The id that has waited longest; waits until there is one."""
        await self._some.wait()
        return self._waiting[0]

    def done(self) -> None:
        """The first is dealt with."""
        self._waiting.popleft()
        if not self._waiting:
            self._some.clear()

    def forget(self) -> None:
        """The first could not be had; should it arrive again, it is new."""
        self._known.pop(self._waiting[0], None)
        self.done()


def too_old(sent: datetime, started: datetime, now: datetime, limits: Limits) -> str | None:
    """Why a message must not be answered any more, or None.

    What was sent before the process started may have been answered by the one before it. Some
    chats' clocks give whole seconds, so the second of the start counts as after it.
    """
    if sent + _WHOLE_SECOND <= started:
        return "sent before the start"
    if now - sent > timedelta(seconds=limits.old):
        return f"older than {limits.old:.0f} s"
    return None
