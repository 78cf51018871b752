"""Each message goes to the core once; what the core says goes out, and the log keeps quiet."""

from __future__ import annotations

import io
import logging

from bot.decision import Decision
from bot.reasons import Reason, Why
from bot.terms import Contact
from bot.wire.status import LogHandler, Status
from tests.wire.fakes import LIN, OWN, Bot, Clock, Log, in_loop, reply, said, settle


@in_loop
async def test_the_log_shows_texts_and_names_only_when_told_to() -> None:
    quiet, loud = Bot(), Bot(verbose=True)
    for bot in (quiet, loud):
        await bot.start()
        await bot.says("备付金放哪", "m1")
        assert bot.log.all("decided")[0]["reason"] == "answered"
        assert bot.log.all("sent")[0]["key"] == "m1"
    assert "备付金" not in quiet.log.text and LIN.name not in quiet.log.text
    assert loud.log.all("decided")[0]["text"] == "备付金放哪"
    assert loud.log.all("sent")[0]["text"] == "@林一一 备付金放哪"


@in_loop
async def test_a_dry_run_sends_nothing_and_says_what_it_would_send() -> None:
    bot = Bot(dry_run=True)
    await bot.start()
    await bot.says("一", "m1")
    assert bot.wire.sent == []
    assert bot.log.all("would send")[0]["key"] == "m1"


@in_loop
async def test_old_messages_do_not_reach_the_core() -> None:
    bot = Bot()
    await bot.start()
    await bot.clock.move(1000)
    await bot.says("早先", "m1", age=2000)
    await bot.says("晚到", "m2", age=400)
    await bot.says("现在", "m3", age=1)
    assert bot.cores[0].received == ["现在"]
    assert [e["reason"] for e in bot.log.all("skipped")] == [
        "sent before the start",
        "older than 300 s",
    ]


@in_loop
async def test_a_core_that_fails_does_not_end_the_process() -> None:
    bot = Bot()
    await bot.start()
    await bot.says("boom", "m1")
    await bot.says("一", "m2")
    assert bot.wire.sent == ["一"]
    failed = bot.log.all("core failed")[0]
    assert failed["kind"] == "RuntimeError" and "fakes.py" in failed["where"]
    assert "secret" not in bot.log.text


@in_loop
async def test_what_is_due_is_sent() -> None:
    bot = Bot()
    await bot.start()
    held = said(bot.clock, "问", "m1")
    answer = Decision(held, Reason(Why.ANSWERED), (reply(bot.clock, "答", "m1/0"),))
    bot.cores[0].waiting = [answer]
    bot.hub.tick()
    await settle()
    assert bot.wire.sent == ["答"]


@in_loop
async def test_another_account_gets_a_core_of_its_own() -> None:
    bot = Bot()
    bot.adapter.login(OWN)
    bot.adapter.login(OWN)
    bot.adapter.login(Contact("id-other", "另一个"))
    assert [core.closed for core in bot.cores] == [True, False]
    bot.hub.close()
    assert bot.cores[1].closed


@in_loop
async def test_what_was_missed_is_archived_and_not_answered() -> None:
    bot = Bot()
    bot.wire.missed = [said(bot.clock, "早先", "m0")]
    await bot.start()
    assert bot.cores[0].archived == ["早先"] and bot.wire.sent == []
    await bot.says("一", "m1")
    bot.wire.missed = [said(bot.clock, "一", "m1"), said(bot.clock, "二", "m2")]
    bot.wire.connection.end()
    await bot.clock.move(2)
    assert bot.cores[0].archived == ["早先", "二"] and bot.wire.sent == ["一"]


def test_libraries_log_in_the_same_form_and_without_texts() -> None:
    clock = Clock()
    for verbose in (False, True):
        log = Log(clock, verbose)
        handler = LogHandler(log.status)
        record = logging.makeLogRecord(
            {"name": "lib", "levelname": "ERROR", "msg": "cannot send %s", "args": ("备付金",)}
        )
        handler.emit(record)
        line = log.all("library")[0]
        assert (line["logger"], line["level"]) == ("lib", "ERROR")
        assert ("备付金" in log.text) is verbose


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, s: str) -> int:
            raise BrokenPipeError

    Status(Gone(), Clock().now)("login")
