"""A signal ends the process when what can be sent has been sent."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bot.terms import Outgoing
from bot.wire.service import Service, serve
from bot.wire.terms import GatewayError, Refused
from knowledge.errors import StoreError
from tests.wire.fakes import LIMITS, Bot, in_loop, reply, settle


async def begin(bot: Bot) -> asyncio.Task[None]:
    service = Service(bot.hub, bot.clock.edges(), bot.log.status, LIMITS)
    service.add(bot.wire.connect, bot.adapter)
    task = asyncio.create_task(serve(service))
    await settle()
    return task


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_reply_that_waits_is_sent_before_the_end(which: signal.Signals) -> None:
    @in_loop
    async def scenario() -> None:
        bot = Bot()
        task = await begin(bot)
        fails = [Refused("logging in")]

        def refuse_once(outgoing: Outgoing) -> None:
            if fails:
                raise fails.pop()

        bot.wire.sends = refuse_once
        await bot.says("一", "m1")
        signal.raise_signal(which)
        # The handler runs when the loop has read the signal from its pipe.
        await asyncio.sleep(0.01)
        assert not task.done()
        await bot.clock.move(LIMITS.again)
        await task
        assert bot.wire.sent == ["一"]
        assert bot.cores[0].closed and bot.wire.connection.closed
        assert bot.log.all("stopped")[0]["unsent"] == 0

    scenario()


@in_loop
async def test_what_the_core_cannot_write_at_the_end_is_said_behind_the_log() -> None:
    bot = Bot()
    task = await begin(bot)
    await bot.says("一", "m1")

    def close() -> None:
        raise StoreError("3 entries of the record could not be written")

    bot.cores[0].close = close  # type: ignore[method-assign]
    signal.raise_signal(signal.SIGTERM)
    await asyncio.sleep(0.01)
    with pytest.raises(StoreError, match="3 entries"):
        await task
    assert bot.log.all("stopped")[0]["sent"] == 1


@in_loop
async def test_what_cannot_be_sent_is_counted_and_holds_up_nothing() -> None:
    bot = Bot()
    task = await begin(bot)
    bot.wire.frozen = True
    bot.adapter.outbox.add(reply(bot.clock, "一", "k"))
    signal.raise_signal(signal.SIGTERM)
    await asyncio.sleep(0.01)
    await bot.clock.move(LIMITS.flush)
    await task
    assert bot.log.all("stopped")[0]["in_doubt"] == 1


@in_loop
async def test_what_waits_in_the_core_is_asked_for_again_and_again() -> None:
    bot = Bot()
    task = await begin(bot)
    asked = bot.cores[0].asked_for_due
    await bot.clock.move(10 * LIMITS.tick)
    assert bot.cores[0].asked_for_due == asked + 10
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert bot.cores[0].closed


@in_loop
async def test_what_makes_no_sense_ends_it_with_the_reason() -> None:
    bot = Bot()
    bot.wire.fails = GatewayError("the gateway refuses the token")
    with pytest.raises(GatewayError, match="refuses the token"):
        await (await begin(bot))
