"""What is to be sent: in order, each key once, over reconnects, and not when it is too late."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.bounded import Bounded
from bot.terms import Outgoing
from bot.wire.edges import Edges, Limits
from bot.wire.status import Status
from bot.wire.terms import NotSent, Refused

MEMORY = 20_000
"""How many keys are remembered, so that none is sent twice."""

TRIES = 3
"""How often a message is tried that the gateway refuses: it may be logging in just then."""


def plain(outgoing: Outgoing) -> str:
    """The text alone, as a network shows it that keeps mentions apart from the text."""
    return outgoing.text


@dataclass(frozen=True, slots=True)
class _Kept:
    """A message that is to be sent, and since when, by the clock that is never set back."""

    outgoing: Outgoing
    since: float


class Outbox:
    """Keeps what could not be sent; counts what became of each message.

    A message whose sending was begun and never confirmed may stand in the group or not: it is not
    sent again, and counted as `in doubt`. `written` gives a message's text as the network shows it,
    for the log.
    """

    def __init__(
        self,
        edges: Edges,
        status: Status,
        limits: Limits,
        memory: int = MEMORY,
        written: Callable[[Outgoing], str] = plain,
    ) -> None:
        self._edges = edges
        self._status = status
        self._limits = limits
        self._written = written
        self._keys: Bounded[str, None] = Bounded(memory)
        self._waiting: deque[_Kept] = deque()
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()
        self.counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, outgoing: Outgoing) -> None:
        """Put a message at the end, unless its key was here before."""
        kept = _Kept(outgoing, self._edges.monotonic())
        if outgoing.key in self._keys:
            self._drop(kept, "sent before")
            return
        self._keys[outgoing.key] = None
        self._waiting.append(kept)
        self._some.set()
        self._none.clear()

    async def empty(self) -> None:
        """Wait until nothing waits."""
        await self._none.wait()

    async def deliver(self, send: Callable[[Outgoing], Awaitable[str]]) -> None:
        """Send whatever comes, for ever; raises what `send` raises, unless it is a refusal."""
        while True:
            await self._some.wait()
            self._drop_late()
            if self._waiting:
                await self._first(send)

    async def _first(self, send: Callable[[Outgoing], Awaitable[str]]) -> None:
        """Send the first, or drop it when the gateway refuses it again and again."""
        kept = self._waiting[0]
        outgoing = kept.outgoing
        for left in reversed(range(TRIES)):
            try:
                message_id = await send(outgoing)
            except NotSent:
                raise
            except Refused as e:
                if not left:
                    self._drop(self._pop(), "refused", why=str(e))
                    return
                await self._edges.sleep(self._limits.again)
            except BaseException:
                # Not even a cancelled send can be undone: the gateway may have it already.
                self._drop(self._pop(), "in doubt")
                raise
            else:
                self._pop()
                self.counts["sent"] += 1
                self._status(
                    "sent",
                    {"text": self._written(outgoing), "name": outgoing.to.name},
                    **_where(outgoing),
                    message=message_id,
                    seconds=round(self._age(kept), 3),
                )
                return

    def _drop_late(self) -> None:
        while self._waiting and self._age(self._waiting[0]) > self._limits.late:
            self._drop(self._pop(), "late")

    def _pop(self) -> _Kept:
        kept = self._waiting.popleft()
        if not self._waiting:
            self._some.clear()
            self._none.set()
        return kept

    def _age(self, kept: _Kept) -> float:
        return self._edges.monotonic() - kept.since

    def _drop(self, kept: _Kept, reason: str, *, why: str = "") -> None:
        self.counts[reason] += 1
        self._status(
            "dropped",
            {"text": self._written(kept.outgoing), "why": why},
            **_where(kept.outgoing),
            reason=reason,
            seconds=round(self._age(kept), 3),
            total=self.counts[reason],
        )


def _where(outgoing: Outgoing) -> dict[str, str | None]:
    return {
        "key": outgoing.key,
        "room": outgoing.room.id if outgoing.room else None,
        "to": outgoing.to.id,
    }
