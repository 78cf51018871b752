"""On each network: a question in, a cited reply out, to whom it is for, and nobody else."""

from __future__ import annotations

import pytest

from bot.reply import texts
from tests.chats import ASKED
from tests.wire.fakes import in_loop
from tests.wire.nonebot.networks import NETWORKS
from tests.wire.nonebot.networks.base import (
    ADMIN,
    ANSWER_ID,
    BOOKS,
    LIN,
    OWN,
    PAY,
    ZHOU,
    Line,
    Network,
)
from tests.wire.nonebot.world import world

Make = type[Network]

ASKS, ANSWER, CITED = ASKED[0][2], "T+1早上十点以后", "pay-20240301-090000"
HEARS_ALL = [n for n in NETWORKS if not n.room_is_mentioned]
SHOWS_REPLIES = [n for n in NETWORKS if n.shows_replies]

each = pytest.mark.parametrize("make", NETWORKS, ids=lambda make: make.name)
each_that_hears_all = pytest.mark.parametrize("make", HEARS_ALL, ids=lambda make: make.name)
each_that_shows_replies = pytest.mark.parametrize("make", SHOWS_REPLIES, ids=lambda make: make.name)


@each
@in_loop
async def test_who_mentions_the_bot_is_answered_with_a_citation(make: Make) -> None:
    async with world(make) as w:
        sent = (await w.says(Line(LIN, ASKS, mention=OWN)))[0]
        assert sent.to == PAY
        assert ANSWER in sent.text and CITED in sent.text
        assert w.reasons() == ["answered"]
        if w.network.shows_replies:
            assert sent.reply == "101"
        incoming = w.group.core.record.names(f"{w.network.name}:{LIN}")
        assert [name for _, name in incoming] == ["林一一"]


@each
@in_loop
async def test_two_rooms_do_not_share_what_they_know(make: Make) -> None:
    async with world(make) as w:
        elsewhere = (await w.says(Line(LIN, ASKS, BOOKS, mention=OWN)))[0]
        assert ANSWER not in elsewhere.text and CITED not in elsewhere.text
        own = (await w.says(Line(LIN, "月底结账前凭证断号要怎么补？", BOOKS, mention=OWN)))[0]
        assert "先反审核" in own.text


@each
@in_loop
async def test_a_private_question_is_answered_privately(make: Make) -> None:
    async with world(make) as w:
        sent = (await w.says(Line(LIN, ASKS, None)))[0]
        assert sent.to in (LIN, str(810_000 + int(LIN)))
        assert ANSWER in sent.text and not sent.mentions and not sent.reply


@each
@in_loop
async def test_a_command_is_the_admins(make: Make) -> None:
    async with world(make) as w:
        refused = await w.says(Line(ZHOU, "/status", mention=OWN))
        assert texts.REFUSED in refused[0].text
        status = await w.says(Line(ADMIN, "/status", mention=OWN))
        assert "pay：4 条消息" in status[0].text


@each
@in_loop
async def test_both_ids_are_told(make: Make) -> None:
    async with world(make) as w:
        said = (await w.says(Line(ZHOU, "/id", mention=OWN)))[0].text
        assert f"{w.network.name}:{PAY}" in said and f"{w.network.name}:{ZHOU}" in said


@each_that_hears_all
@in_loop
async def test_who_mentions_nobody_is_left_alone(make: Make) -> None:
    async with world(make) as w:
        assert await w.says(Line(LIN, ASKS)) == []
        assert w.reasons() == ["silent: not mentioned"]


@each_that_hears_all
@in_loop
async def test_an_overheard_question_is_held_and_then_answered(make: Make) -> None:
    async with world(make, "ambient") as w:
        assert await w.says(Line(LIN, ASKS)) == []
        assert ANSWER in (await w.tick(21))[0].text


@each_that_hears_all
@in_loop
async def test_a_question_that_mentions_somebody_else_is_his(make: Make) -> None:
    async with world(make, "ambient") as w:
        assert await w.says(Line(LIN, ASKS, mention=ZHOU)) == []
        assert w.reasons() == ["silent: put to somebody else"]


@each_that_shows_replies
@in_loop
async def test_a_reply_to_the_bots_words_is_put_to_it(make: Make) -> None:
    async with world(make) as w:
        await w.says(Line(LIN, ASKS, mention=OWN))
        sent = await w.says(Line(LIN, "出处", reply=(ANSWER_ID, OWN, "答案")))
        assert CITED in sent[0].text
        assert w.log.all("decided")[-1]["mentioned"] is True


@each_that_shows_replies
@in_loop
async def test_a_question_that_replies_to_somebody_is_his(make: Make) -> None:
    async with world(make, "ambient") as w:
        assert await w.says(Line(LIN, ASKS, reply=("55", ZHOU, "大家早上好"))) == []
        assert w.reasons() == ["silent: put to somebody else"]


@each
@in_loop
async def test_a_message_that_comes_twice_is_answered_once(make: Make) -> None:
    async with world(make) as w:
        assert len(await w.says(Line(LIN, ASKS, mention=OWN, id="77"))) == 1
        assert await w.says(Line(LIN, ASKS, mention=OWN, id="77")) == []


@each
@in_loop
async def test_the_name_with_a_comma_calls_the_bot(make: Make) -> None:
    async with world(make) as w:
        assert ANSWER in (await w.says(Line(LIN, f"爬楼，{ASKS}")))[0].text


@each_that_hears_all
@in_loop
async def test_who_says_that_he_read_up_calls_nobody(make: Make) -> None:
    async with world(make) as w:
        assert await w.says(Line(LIN, "爬楼看了一下，对账文件每天几点能下载？")) == []
