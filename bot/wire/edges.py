"""The edges of the adapter: clock, sleep and chance, passed in so that a test has its own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edges:
    """`now` with a time zone; `monotonic` and `sleep` in seconds; `chance` from 0 to 1."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


async def within(seconds: float, what: Awaitable[T], edges: Edges) -> T:
    """Wait for something, but no longer than that; TimeoutError."""
    task = asyncio.ensure_future(what)
    alarm = asyncio.ensure_future(edges.sleep(seconds))
    try:
        await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        task.cancel()
        alarm.cancel()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take; seconds.

    `login` is what a login took at most (0.1 s) many times over, yet short enough for a group;
    `scan` is how long a QR code is worth waiting for. A gateway that does not answer `health`
    checks within `answer` is taken for frozen. Between tries the wait doubles from `first` to
    `longest`; a connection that stood for `settled` starts from `first` again. `late`: a reply
    that old answers a conversation that has moved on; `old`: the same for a message. `missed` is
    how long what was said meanwhile is waited for.
    """

    login: float = 20.0
    scan: float = 300.0
    health: float = 3.0
    answer: float = 5.0
    first: float = 0.5
    longest: float = 30.0
    settled: float = 5.0
    late: float = 120.0
    old: float = 300.0
    missed: float = 60.0
    again: float = 1.0
    flush: float = 3.0
    tick: float = 0.5
