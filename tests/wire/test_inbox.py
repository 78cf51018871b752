"""What arrived is read once; what is old is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.wire.inbox import Inbox, too_old
from tests.wire.fakes import LIMITS, START, Bot, in_loop


@in_loop
async def test_an_id_is_taken_once_and_ids_keep_their_order() -> None:
    inbox = Inbox()
    assert [inbox.add(i) for i in "abab"] == [None, None, "duplicate", "duplicate"]
    assert await inbox.first() == "a"
    assert await inbox.first() == "a"
    inbox.done()
    assert await inbox.first() == "b"
    inbox.done()
    assert inbox.add("a") == "duplicate"


@in_loop
async def test_what_could_not_be_had_may_come_again() -> None:
    inbox = Inbox()
    inbox.add("a")
    inbox.forget()
    assert inbox.add("a") is None


@in_loop
async def test_memory_is_bounded() -> None:
    inbox = Inbox(memory=2)
    assert [inbox.add(i) for i in "abc"] == [None, None, "too many waiting"]
    for new in "cd":
        inbox.done()
        assert inbox.add(new) is None
    assert inbox.add("d") == "duplicate"
    inbox.done()
    assert inbox.add("a") is None


@in_loop
async def test_what_comes_again_is_remembered_longer() -> None:
    inbox = Inbox(memory=2)
    for new in "ab":
        inbox.add(new)
        inbox.done()
    inbox.add("a")
    inbox.add("c")
    assert inbox.add("a") == "duplicate"
    assert inbox.add("b") is None


@in_loop
async def test_a_clock_that_is_set_makes_nobody_too_old() -> None:
    bot = Bot()
    await bot.start()
    await bot.clock.move(60)
    for hours in (-2, 4):
        bot.clock.set_by(hours * 3600)
        await bot.says(f"{hours}", f"m{hours}")
        assert bot.wire.sent[-1] == f"{hours}"
        await bot.says("早先", f"old{hours}", age=LIMITS.old + 1)
    assert bot.cores[0].received == ["-2", "4"]


@pytest.mark.parametrize(
    ("sent", "now", "reason"),
    [
        (-60.0, 1.0, "sent before the start"),
        (-1.0, 1.0, "sent before the start"),
        (-0.9, 1.0, None),
        (10.0, 10.0, None),
        (10.0, 309.0, None),
        (10.0, 311.0, "older than 300 s"),
    ],
)
def test_what_is_too_old(sent: float, now: float, reason: str | None) -> None:
    at = START + timedelta(seconds=sent)
    assert too_old(at, START, START + timedelta(seconds=now), LIMITS) == reason
