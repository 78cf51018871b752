"""What is to be sent is sent once, in order, or counted as what became of it."""

from __future__ import annotations

import asyncio

import pytest

from bot.terms import Outgoing
from bot.wire.outbox import Outbox
from bot.wire.terms import Down, NotSent, Refused
from tests.wire.fakes import LIMITS, Clock, Log, in_loop, reply, settle


class Sender:
    """Records what is sent; `fails` are the errors of the next sends, None for success."""

    def __init__(self, *fails: Exception | None) -> None:
        self.tried: list[str] = []
        self.sent: list[str] = []
        self._fails = list(fails)

    async def __call__(self, outgoing: Outgoing) -> str:
        self.tried.append(outgoing.text)
        error = self._fails.pop(0) if self._fails else None
        if error:
            raise error
        self.sent.append(outgoing.text)
        return "id"


def made() -> tuple[Clock, Log, Outbox]:
    clock = Clock()
    log = Log(clock)
    return clock, log, Outbox(clock.edges(), log.status, LIMITS)


async def deliver(outbox: Outbox, sender: Sender) -> None:
    """Deliver until nothing is left to be done without time passing."""
    task = asyncio.create_task(outbox.deliver(sender))
    await settle()
    if task.done():
        task.result()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@in_loop
async def test_what_could_not_be_sent_is_sent_later_and_in_order() -> None:
    clock, _, outbox = made()
    for n in "abc":
        outbox.add(reply(clock, n, n))
    with pytest.raises(NotSent):
        await deliver(outbox, Sender(None, NotSent("gone")))
    second = Sender()
    await deliver(outbox, second)
    assert second.sent == ["b", "c"]
    assert len(outbox) == 0


@in_loop
async def test_a_key_is_sent_once() -> None:
    clock, _, outbox = made()
    sender = Sender()
    outbox.add(reply(clock, "a", "k"))
    outbox.add(reply(clock, "a again", "k"))
    await deliver(outbox, sender)
    outbox.add(reply(clock, "a later", "k"))
    await deliver(outbox, sender)
    assert sender.sent == ["a"]
    assert outbox.counts == {"sent": 1, "sent before": 2}


@in_loop
async def test_a_late_reply_is_dropped_and_counted() -> None:
    clock, log, outbox = made()
    outbox.add(reply(clock, "late", "1"))
    await clock.move(LIMITS.late - 1)
    outbox.add(reply(clock, "fresh", "2"))
    await clock.move(2)
    sender = Sender()
    await deliver(outbox, sender)
    assert sender.sent == ["fresh"]
    dropped = log.all("dropped")
    assert [(d["key"], d["reason"], d["total"]) for d in dropped] == [("1", "late", 1)]


@in_loop
async def test_a_clock_that_is_set_makes_no_reply_late_or_early() -> None:
    clock, _, outbox = made()
    outbox.add(reply(clock, "late", "1"))
    clock.set_by(-7200)
    await clock.move(LIMITS.late + 1)
    outbox.add(reply(clock, "fresh", "2"))
    clock.set_by(7200)
    sender = Sender()
    await deliver(outbox, sender)
    assert sender.sent == ["fresh"]


@in_loop
async def test_what_may_have_been_sent_is_not_sent_again() -> None:
    clock, log, outbox = made()
    outbox.add(reply(clock, "a", "1"))
    outbox.add(reply(clock, "b", "2"))
    with pytest.raises(Down):
        await deliver(outbox, Sender(Down("connection lost")))
    sender = Sender()
    await deliver(outbox, sender)
    assert sender.sent == ["b"]
    assert [d["reason"] for d in log.all("dropped")] == ["in doubt"]


@in_loop
async def test_a_send_that_is_cut_off_is_not_begun_again() -> None:
    clock, _, outbox = made()
    outbox.add(reply(clock, "a", "1"))

    async def hang(outgoing: Outgoing) -> str:
        await asyncio.Event().wait()
        return ""

    task = asyncio.create_task(outbox.deliver(hang))
    await settle()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (len(outbox), outbox.counts) == (0, {"in doubt": 1})


@in_loop
async def test_a_refused_message_is_tried_again_and_does_not_block_the_next() -> None:
    clock, log, outbox = made()
    sender = Sender(Refused("no"), None, Refused("no"), Refused("no"), Refused("no"))
    outbox.add(reply(clock, "a", "1"))
    outbox.add(reply(clock, "b", "2"))
    outbox.add(reply(clock, "c", "3"))
    task = asyncio.create_task(outbox.deliver(sender))
    await clock.move(10 * LIMITS.again)
    task.cancel()
    assert sender.tried == ["a", "a", "b", "b", "b", "c"]
    assert sender.sent == ["a", "c"]
    assert [d["reason"] for d in log.all("dropped")] == ["refused"]


@in_loop
async def test_it_remembers_only_so_many_keys() -> None:
    clock = Clock()
    outbox = Outbox(clock.edges(), Log(clock).status, LIMITS, memory=2)
    sender = Sender()
    for key in "abca":
        outbox.add(reply(clock, key, key))
    await deliver(outbox, sender)
    assert sender.sent == ["a", "b", "c", "a"]
