"""Palou's own core behind a network of NoneBot's, with a clock that stands still."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import nonebot
from nonebot.matcher import matchers
from nonebug import App
from nonebug.provider import NoneBugProvider

from bot.decision import Core
from bot.harness.group import Group
from bot.settings import RoomSettings, Settings, Speaking
from bot.wire.edges import Edges
from bot.wire.hub import Hub
from bot.wire.nonebot.accounts import Accounts
from bot.wire.nonebot.hooks import hook
from bot.wire.service import Service
from tests.chats import ASKED, BOOKED, day
from tests.wire.fakes import LIMITS, Clock, Log, settle
from tests.wire.nonebot.networks.base import ADMIN, BOOKS, PAY, Line, Network, Sent

here: list[Accounts] = []


def start() -> None:
    """Start NoneBot, once a process, and have whichever world is there told of its events."""
    try:
        nonebot.get_driver()
    except ValueError:
        nonebot.init(
            driver="~fastapi+~httpx+~websockets",
            log_level="CRITICAL",
            _env_file=None,
            console_headless_mode=True,
        )
        matchers.set_provider(NoneBugProvider)
        hook(lambda: here[-1] if here else None)


class World:
    """A network with two rooms, each with an archive of its own, and an admin."""

    def __init__(self, network: Network, group: Group, log: Log, hub: Hub) -> None:
        self.network = network
        self.group = group
        self.log = log
        self.hub = hub
        self._ids = itertools.count(101)

    async def says(self, line: Line) -> list[Sent]:
        """Somebody says something; what the bot sends then."""
        before = len(self.network.sent)
        id = str(next(self._ids)) if line.id == "1" else line.id
        event = self.network.event(replace(line, id=id, at=self.group.clock.now))
        await self.network.bot.handle_event(event)  # type: ignore[call-arg]
        await settle()
        return self.network.sent[before:]

    async def tick(self, seconds: float) -> list[Sent]:
        """Let time pass; what the bot sends then."""
        before = len(self.network.sent)
        self.group.clock.now += timedelta(seconds=seconds)
        self.hub.tick()
        await settle()
        return self.network.sent[before:]

    def reasons(self) -> list[str]:
        """Why the bot did what it did, in order."""
        return [str(line["reason"]) for line in self.log.all("decided")]


class _Lent:
    """The group's core, which the group closes itself."""

    def __init__(self, core: Core) -> None:
        self.receive, self.archive = core.receive, core.archive
        self.due, self.next_due = core.due, core.next_due

    def close(self) -> None:
        """Leave it open."""


@asynccontextmanager
async def wired(
    network: Network, core: Core, clock: Callable[[], datetime], names: tuple[str, ...]
) -> AsyncIterator[tuple[Hub, Log]]:
    """Have a core logged in to a network; only what `clock` shows is its time."""

    async def never(seconds: float) -> None:
        await asyncio.Event().wait()

    log = Log(Clock())
    edges = Edges(lambda: clock().astimezone(UTC), lambda: 0.0, never, lambda: 1.0)
    hub = Hub(lambda own: core, edges, log.status)
    service = Service(hub, edges, log.status, LIMITS)
    accounts = Accounts(service, names)
    here.append(accounts)
    try:
        accounts.connected(network.bot)
        await settle()
        assert log.all("ready"), log.text
        yield hub, log
    finally:
        here.pop()
        await service.close()


@asynccontextmanager
async def world(make: type[Network], mode: str = "mention") -> AsyncIterator[World]:
    """The bot, logged in to a network."""
    start()
    async with App().test_api() as ctx:
        network = make(ctx)
        settings = Settings(
            admins=(f"{network.name}:{ADMIN}",),
            private=("pay",),
            speaking=Speaking(cooldown=0, settle=20),
            rooms=(
                RoomSettings(id=f"{network.name}:{PAY}", groups=("pay",), mode=mode),
                RoomSettings(id=f"{network.name}:{BOOKS}", groups=("books",), mode=mode),
            ),
        )
        files = {
            "pay/2024-03-01.md": day("2024-03-01", ASKED),
            "books/2024-03-02.md": day("2024-03-02", BOOKED),
        }
        group = Group(files=files, rooms={}, settings=settings, mode=mode)
        core, names = _Lent(group.core), group.settings.names
        try:
            async with wired(network, core, group.clock, names) as (hub, log):
                yield World(network, group, log, hub)
        finally:
            group.close()
