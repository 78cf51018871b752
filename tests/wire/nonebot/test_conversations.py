"""The conversations that come with Palou, each message through the wire and back as in QQ."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch
from zlib import crc32

import pytest
from nonebot.adapters import Event
from nonebug import App

from bot.decision import Decision
from bot.harness import group as harness
from bot.harness import run
from bot.harness.group import BOT, Group
from bot.harness.script import parse
from bot.reasons import Reason, Why
from bot.terms import Contact, Incoming, Room
from tests.wire.fakes import settle
from tests.wire.nonebot import world
from tests.wire.nonebot.networks.base import NAMES, OWN, TOPICS, Line
from tests.wire.nonebot.networks.onebot import OneBot

ROOT = Path(__file__).parent.parent.parent.parent
CONVERSATIONS = sorted((ROOT / "tests" / "conversations").glob("[!R]*.md"))
CALLED = f"@{BOT} "

T = TypeVar("T")


@cache
def number(name: str) -> str:
    """A QQ number for a name."""
    return str(100_000 + crc32(name.encode()))


class Wired:
    """Stands before a core as the wire does: what is received goes through QQ, and so do replies.

    It gives back decisions about the messages of the harness, which knows them by its own ids.
    """

    def __init__(self, core: Any, clock: Callable[[], datetime], names: tuple[str, ...]) -> None:
        self._core = core
        self._clock = clock
        self._decided: list[Decision] = []
        self._own: dict[str, Incoming] = {}
        self._said: Incoming | None = None
        self._runner = asyncio.Runner()
        self._ends = AsyncExitStack()
        self._run(self._start(names))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._core, name)

    def _run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(what)

    async def _start(self, names: tuple[str, ...]) -> None:
        world.start()
        self._network = OneBot(await self._ends.enter_async_context(App().test_api()))
        self._hub, _ = await self._ends.enter_async_context(
            world.wired(self._network, self, self._clock, names)
        )

    def receive(self, incoming: Incoming) -> Decision:
        """From the harness: the way through QQ. From the wire: what the core decides."""
        if incoming.id.startswith("onebot:"):
            assert self._said is not None
            self._own.setdefault(incoming.id, self._said)
            self._decided.append(self._core.receive(incoming))
            return self._decided[-1]
        self._said = incoming
        decided, sent = len(self._decided), len(self._network.sent)
        self._run(self._through(self._event(incoming)))
        if len(self._decided) == decided:
            return Decision(incoming, Reason(Why.SEEN_BEFORE))
        return self._checked(self._decided[decided:], sent)[0]

    def due(self, now: datetime) -> list[Decision]:
        """From the harness: by way of the wire's clock. From the wire: what the core decides."""
        if asyncio._get_running_loop() is not None:
            due: list[Decision] = self._core.due(now)
            self._decided += due
            return due
        decided, sent = len(self._decided), len(self._network.sent)
        self._run(self._tick())
        return self._checked(self._decided[decided:], sent)

    def close(self) -> None:
        """Log out."""
        if asyncio._get_running_loop() is None and world.here:
            self._run(self._ends.aclose())
            self._runner.close()
            self._core.close()

    async def _through(self, event: Event) -> None:
        await self._network.bot.handle_event(event)  # type: ignore[call-arg]
        await settle()

    async def _tick(self) -> None:
        self._hub.tick()
        await settle()

    def _checked(self, decisions: list[Decision], before: int) -> list[Decision]:
        """The decisions, if just what they say has been sent, and to whom."""
        said = [(_raw(s.room or s.to), s.text) for d in decisions for s in d.sends]
        assert [(s.to, s.text.strip()) for s in self._network.sent[before:]] == said
        return [replace(d, incoming=self._own[d.incoming.id]) for d in decisions]

    def _event(self, incoming: Incoming) -> Event:
        """The message as QQ delivers it; a mention of the bot in front is one of QQ's."""
        text, mention = incoming.text, ""
        if text.startswith(CALLED) or incoming.mentioned:
            text, mention = text.removeprefix(CALLED), OWN
        by = OWN if incoming.own else _raw(incoming.sender)
        NAMES[by] = incoming.sender.name
        room = _raw(incoming.room) if incoming.room else None
        if incoming.room and room:
            TOPICS[room] = incoming.room.topic
        id = number(incoming.id)
        return self._network.event(Line(by, text, room, mention, None, id, incoming.sent_at))


def _raw(of: Room | Contact) -> str:
    return of.id.removeprefix("onebot:")


class WiredGroup(Group):
    """The harness's group, with the wire before its core."""

    def _start(self) -> Any:
        return Wired(super()._start(), self.clock, self._base.names)


@pytest.fixture
def in_qq(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have conversations take place in QQ: ids are numbers, and the group is behind the wire."""

    def contact(name: str) -> Contact:
        return Contact(f"onebot:{number(name)}", name)

    def room(topic: str) -> Room:
        return Room(f"onebot:{number(topic)}", topic)

    monkeypatch.setattr(harness, "contact", contact)
    monkeypatch.setattr(harness, "room", room)
    monkeypatch.setattr(run, "contact", contact)
    monkeypatch.setattr(run, "Group", WiredGroup)
    with patch.dict(NAMES), patch.dict(TOPICS):
        yield
    world.here.clear()


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_a_conversation_passes_in_qq_as_it_does_before_the_core(path: Path, in_qq: None) -> None:
    result = run.run(parse(path.read_text(encoding="utf-8"), path), ROOT)
    assert result.played
    assert [(f.expectation.line, f.expectation.kind, f.happened) for f in result.failures] == []
