"""A clock that a test moves on, and a gateway that does what a test says."""

from __future__ import annotations

import asyncio
import functools
import heapq
import io
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec

from bot.decision import Decision
from bot.reasons import Reason, Why
from bot.terms import Contact, Incoming, Outgoing, Room
from bot.wire.adapter import Adapter
from bot.wire.edges import Edges, Limits
from bot.wire.hub import Hub
from bot.wire.status import Status
from bot.wire.supervisor import Supervisor
from bot.wire.terms import Down, Listener

P = ParamSpec("P")

START = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
OWN = Contact("id-bot", "群助手")
LIN = Contact("id-lin", "林一一")
ROOM = Room("room-1", "支付同行")
LIMITS = Limits()


def in_loop(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Run an async test."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 20))

    return run


async def settle() -> None:
    """Let everything run that can run now."""
    for _ in range(60):
        await asyncio.sleep(0)


class Clock:
    """Stands still until it is moved; whoever sleeps wakes when his time has come."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._set_by = timedelta(0)
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return START + self._set_by + timedelta(seconds=self.seconds)

    def set_by(self, seconds: float) -> None:
        """Somebody sets the clock of the machine; what passed since does not change by it."""
        self._set_by += timedelta(seconds=seconds)

    def edges(self) -> Edges:
        return Edges(self.now, lambda: self.seconds, self.sleep, lambda: 1.0)

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.seconds + seconds, next(self._order), future))
        await future

    async def move(self, seconds: float) -> None:
        await settle()
        until = self.seconds + seconds
        while self._sleepers and self._sleepers[0][0] <= until:
            self.seconds, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
                await settle()
        self.seconds = until
        await settle()


class Log:
    """A status log to look into."""

    def __init__(self, clock: Clock, verbose: bool = False) -> None:
        self._stream = io.StringIO()
        self.status = Status(self._stream, clock.now, verbose)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def all(self, name: str) -> list[dict[str, Any]]:
        lines = map(json.loads, self.text.splitlines())
        return [line for line in lines if line["event"] == name]


class Wire:
    """A gateway and all connections to it. `sends` is called for each message to be sent."""

    def __init__(self) -> None:
        self.connections: list[FakeConnection] = []
        self.logs_in = True
        self.frozen = False
        self.messages: dict[str, Incoming | str | Exception] = {}
        self.missed: list[Incoming] = []
        self.sent: list[str] = []
        self.sends: Callable[[Outgoing], None] = lambda outgoing: None
        self.fails: Exception | None = None

    def connect(self, listener: Listener) -> FakeConnection:
        self.connections.append(FakeConnection(self, listener))
        return self.connections[-1]

    @property
    def connection(self) -> FakeConnection:
        return self.connections[-1]


class FakeConnection:
    """A connection; `end` ends it as a gateway that dies."""

    def __init__(self, wire: Wire, listener: Listener) -> None:
        self.wire = wire
        self.listener = listener
        self.closed = False
        self._ended = asyncio.Event()

    def end(self) -> None:
        self._ended.set()

    async def run(self) -> None:
        if self.wire.fails:
            raise self.wire.fails
        if self.wire.logs_in:
            self.listener.on_login(OWN)
        await self._ended.wait()
        raise Down("the stream ended")

    async def probe(self) -> None:
        if self.wire.frozen:
            await asyncio.Event().wait()

    async def fetch(self, message_id: str) -> Incoming | str:
        if self.wire.frozen:
            await asyncio.Event().wait()
        found = self.wire.messages[message_id]
        if isinstance(found, Exception):
            raise found
        return found

    async def missed(self) -> list[Incoming]:
        return self.wire.missed

    async def send(self, outgoing: Outgoing) -> str:
        self.wire.sends(outgoing)
        if self.wire.frozen:
            await asyncio.Event().wait()
        self.wire.sent.append(outgoing.text)
        return f"sent-{len(self.wire.sent)}"

    def close(self) -> None:
        self.closed = True


class EchoCore:
    """Answers everything with its text; `waiting` is what is due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.received: list[str] = []
        self.archived: list[str] = []
        self.asked_for_due = 0
        self.waiting: list[Decision] = []
        self.closed = False

    def receive(self, incoming: Incoming) -> Decision:
        self.received.append(incoming.text)
        if incoming.text == "boom":
            raise RuntimeError("secret text")
        answer = reply(self._clock, incoming.text, incoming.id)
        answer = replace(answer, room=incoming.room, to=incoming.sender)
        return Decision(incoming, Reason(Why.ANSWERED), (answer,))

    def archive(self, incoming: Incoming) -> None:
        self.archived.append(incoming.text)

    def due(self, now: datetime) -> list[Decision]:
        self.asked_for_due += 1
        due, self.waiting = self.waiting, []
        return due

    def next_due(self) -> datetime | None:
        return None

    def close(self) -> None:
        self.closed = True


class Bot:
    """The adapter under its supervisor, at a fake gateway, with a core that echoes."""

    def __init__(self, *, dry_run: bool = False, verbose: bool = False) -> None:
        self.clock = Clock()
        self.log = Log(self.clock, verbose)
        self.wire = Wire()
        self.cores: list[EchoCore] = []
        edges = self.clock.edges()
        self.hub = Hub(self._open, edges, self.log.status, dry_run)
        self.adapter = Adapter(self.hub, edges, self.log.status, LIMITS, written)
        self.supervisor = Supervisor(self.wire.connect, self.adapter, edges, LIMITS)
        self.task: asyncio.Task[None] | None = None

    def _open(self, own: Contact) -> EchoCore:
        self.cores.append(EchoCore(self.clock))
        return self.cores[-1]

    async def start(self) -> None:
        self.task = asyncio.create_task(self.supervisor.keep())
        await settle()

    async def says(self, text: str, message_id: str, *, age: float = 0.0) -> None:
        """Somebody says something in the room."""
        self.wire.messages[message_id] = said(self.clock, text, message_id, age)
        self.wire.connection.listener.on_message(message_id)
        await settle()


def said(clock: Clock, text: str, message_id: str, age: float = 0.0) -> Incoming:
    return Incoming(message_id, ROOM, LIN, text, clock.now() - timedelta(seconds=age))


def written(outgoing: Outgoing) -> str:
    """A network that shows a mention within the text."""
    return f"@{outgoing.to.name} {outgoing.text}" if outgoing.mention else outgoing.text


def reply(clock: Clock, text: str, key: str) -> Outgoing:
    return Outgoing(ROOM, LIN, text, clock.now(), key, mention=True)
