"""However a connection ends there is a new one, and nothing is answered twice or forgotten."""

from __future__ import annotations

import pytest

from bot.terms import Outgoing
from bot.wire.supervisor import backoff
from bot.wire.terms import Down, GatewayError, NotSent, Refused
from knowledge.errors import PalouError
from tests.wire.fakes import LIMITS, Bot, in_loop, settle


@in_loop
async def test_without_a_login_it_tries_again_after_20_seconds() -> None:
    bot = Bot()
    bot.wire.logs_in = False
    await bot.start()
    await bot.clock.move(LIMITS.login - 1)
    assert len(bot.wire.connections) == 1
    await bot.clock.move(1 + 2 * LIMITS.first)
    assert len(bot.wire.connections) == 2
    assert bot.wire.connections[0].closed
    assert bot.log.all("down")[0]["why"] == "no login within 20 s"


@in_loop
async def test_a_qr_code_is_waited_for_longer() -> None:
    bot = Bot()
    bot.wire.logs_in = False
    await bot.start()
    bot.wire.connection.listener.on_scan("https://example.org/qr")
    await bot.clock.move(LIMITS.scan - 10)
    bot.wire.connection.listener.on_scan("https://example.org/qr2")
    await bot.clock.move(LIMITS.scan - 10)
    assert len(bot.wire.connections) == 1
    await bot.clock.move(30)
    assert bot.log.all("down")[0]["why"] == "no login within 300 s"


@in_loop
async def test_a_frozen_gateway_is_found_out() -> None:
    bot = Bot()
    await bot.start()
    await bot.clock.move(60)
    assert len(bot.wire.connections) == 1
    bot.wire.frozen = True
    await bot.clock.move(LIMITS.health + LIMITS.answer + LIMITS.first)
    assert bot.log.all("down")[0]["why"] == "no answer within 5 s"
    assert len(bot.wire.connections) == 2


@in_loop
async def test_a_gateway_that_ends_at_once_is_tried_ever_more_seldom() -> None:
    bot = Bot()
    bot.wire.fails = Down("refused")
    await bot.start()
    await bot.clock.move(200)
    waits = [e["seconds"] for e in bot.log.all("reconnect")]
    assert waits[:8] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    bot.wire.fails = None
    await bot.clock.move(30 + LIMITS.settled)
    bot.wire.connection.end()
    await settle()
    assert bot.log.all("reconnect")[-1]["seconds"] == LIMITS.first


def test_half_of_a_wait_is_left_to_chance() -> None:
    assert [backoff(3, chance, LIMITS) for chance in (0.0, 0.5, 1.0)] == [2.0, 3.0, 4.0]
    assert backoff(10_000, 1.0, LIMITS) == LIMITS.longest


@in_loop
async def test_a_reply_survives_the_connection_that_could_not_send_it() -> None:
    bot = Bot()
    await bot.start()

    def gone(outgoing: Outgoing) -> None:
        raise NotSent("gone")

    bot.wire.sends = gone
    await bot.says("一", "m1")
    bot.wire.sends = lambda outgoing: None
    await bot.clock.move(2)
    assert bot.wire.sent == ["一"]
    assert len(bot.wire.connections) == 2
    assert len(bot.cores) == 1


@in_loop
async def test_a_message_that_was_not_fetched_is_fetched_by_the_next_connection() -> None:
    bot = Bot()
    await bot.start()
    bot.wire.frozen = True
    await bot.says("一", "m1")
    bot.wire.frozen = False
    await bot.clock.move(LIMITS.answer + 2)
    assert bot.cores[0].received == ["一"]
    assert bot.wire.sent == ["一"]


@in_loop
async def test_a_message_that_comes_again_after_a_reconnect_is_not_answered_again() -> None:
    bot = Bot()
    await bot.start()
    await bot.says("一", "m1")
    bot.wire.connection.end()
    await bot.clock.move(2)
    await bot.says("一", "m1")
    assert bot.wire.sent == ["一"]
    assert bot.log.all("skipped")[0]["reason"] == "duplicate"


@in_loop
async def test_a_logout_ends_the_connection() -> None:
    bot = Bot()
    await bot.start()
    bot.wire.connection.listener.on_logout()
    await bot.clock.move(2)
    assert bot.log.all("down")[0]["why"] == "logged out"
    assert len(bot.log.all("login")) == 2


@in_loop
async def test_a_wrong_token_is_an_error_at_first_and_an_outage_later() -> None:
    first = Bot()
    first.wire.fails = GatewayError("the gateway refuses the token")
    with pytest.raises(GatewayError):
        await first.supervisor.keep()
    later = Bot()
    await later.start()
    later.wire.fails = GatewayError("the gateway refuses the token")
    later.wire.connection.end()
    await later.clock.move(60)
    later.wire.fails = None
    await later.clock.move(60)
    assert len(later.log.all("login")) == 2


@in_loop
async def test_a_core_that_does_not_open_ends_it() -> None:
    bot = Bot()

    def broken(own: object) -> None:
        raise PalouError("no database")

    bot.hub._open_core = broken  # type: ignore[assignment]
    with pytest.raises(PalouError, match="no database"):
        await bot.supervisor.keep()
    assert bot.wire.connection.closed


@in_loop
async def test_a_message_that_the_gateway_does_not_have_is_lost_and_the_next_is_not() -> None:
    bot = Bot()
    await bot.start()
    bot.wire.messages["m1"] = Refused("no payload")
    bot.wire.connection.listener.on_message("m1")
    await bot.says("二", "m2")
    assert bot.wire.sent == ["二"]
    assert [e["message"] for e in bot.log.all("lost")] == ["m1"]
    assert len(bot.wire.connections) == 1


@in_loop
async def test_a_message_that_breaks_two_connections_breaks_no_third() -> None:
    bot = Bot()
    await bot.start()
    bot.wire.messages["m1"] = Down("connection lost")
    bot.wire.connection.listener.on_message("m1")
    await bot.clock.move(60)
    assert len(bot.wire.connections) == 3
    assert [e["message"] for e in bot.log.all("lost")] == ["m1"]
    await bot.says("二", "m2")
    assert bot.wire.sent == ["二"]
