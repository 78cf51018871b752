"""The rules of speaking by themselves: each by what it looks at, to the moment and the figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.reply import texts
from bot.rooms import Rules
from bot.settings import Thresholds
from bot.speaking import (
    BEFORE_ALL,
    BEFORE_OVERHEARD,
    BEFORE_TALK,
    Situation,
    doubt,
    silence,
    small_talk,
)
from bot.terms import Contact, Incoming, Room
from knowledge.matching.match import Match
from knowledge.model import Answer, Exchange
from tests.chat import chat

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2024, 4, 1, 9, 0, tzinfo=ZONE)
SECOND = timedelta(seconds=1)
QUESTION = "请问对账文件每天几点能下载？"
AMBIENT = Rules(("tea",), "ambient", None, Thresholds(0.2, 0.5, 0.7))

ASKED, TOLD, STATED, MORE = chat(
    f"""
    09:00:00 林一一: {QUESTION}
    09:03:00 周大山: 早上十点以后
    09:05:00 吴知秋: 对账文件其实不难找
    09:06:00 何小满: 请问发票什么时候寄？
    """
)


def heard(text: str = QUESTION, **changes: object) -> Situation:
    """A text that is overheard in a room where the bot overhears."""
    incoming = Incoming("m1", Room("1@chatroom", "茶馆"), Contact("id-林", "林一一"), text, NOW)
    situation = Situation(incoming, AMBIENT, addressed=False, now=NOW, said=text)
    return replace(situation, **changes)  # type: ignore[arg-type]


def reason(situation: Situation) -> str:
    """Why nothing is said to what was overheard; empty: something may be."""
    found = silence((*BEFORE_ALL, *BEFORE_TALK, *BEFORE_OVERHEARD), situation)
    return "" if found is None else str(found)


def test_nothing_speaks_against_a_question_in_a_room_where_it_overhears() -> None:
    assert reason(heard()) == ""


def test_what_was_put_to_the_bot_or_said_privately_need_not_be_a_question() -> None:
    mention = replace(AMBIENT, mode="mention")
    later = NOW + timedelta(hours=1)
    for rules in (AMBIENT, mention, None):
        assert reason(heard("早", rules=rules, addressed=True, quiet_until=later)) == ""
    assert reason(heard("早", rules=None)) == "silent: not a question"
    assert reason(heard(rules=mention)) == "silent: not mentioned"


def test_a_mention_alone_calls_it_and_a_blank_does_not() -> None:
    assert reason(heard(" \n")) == "silent: nothing said"
    assert reason(heard(" \n", addressed=True)) == ""


def test_a_mute_and_a_cooldown_end_at_their_moment() -> None:
    utc = NOW.astimezone(UTC)
    muted = replace(AMBIENT, muted_until=utc + SECOND)
    assert reason(heard(rules=muted)) == "silent: muted until 09:00"
    assert reason(heard(rules=muted, now=NOW + SECOND)) == ""
    assert reason(heard(quiet_until=NOW + 40 * SECOND)) == "silent: cooldown 40 s"
    assert reason(heard(quiet_until=NOW)) == ""


def test_a_flood_a_bot_and_a_message_that_came_before() -> None:
    assert reason(heard(person_full=True, room_full=True)) == "silent: flood, this person"
    assert reason(heard(room_full=True)) == "silent: flood, this room"
    assert reason(heard(seen_before=True)) == "silent: seen before"
    assert reason(heard(known_bot=True, seen_before=True)) == "silent: another bot"
    assert reason(heard(rules=replace(AMBIENT, mode="off"))) == "silent: mode off"


@pytest.mark.parametrize(
    ("said", "answer"),
    [("你好", texts.HELLO), ("谢谢", ""), (QUESTION, None), ("对账文件早上十点以后能下载", None)],
)
def test_small_talk(said: str, answer: str | None) -> None:
    assert small_talk(said) == answer


def match(probability: float, **changes: object) -> Match:
    exchange = Exchange((ASKED,), (Answer(TOLD, probability),))
    return replace(Match(exchange, 0.9), **changes)  # type: ignore[arg-type]


def test_an_answer_is_told_unasked_if_it_is_as_likely_as_not() -> None:
    assert doubt(match(0.5), QUESTION) is None
    assert str(doubt(match(0.49), QUESTION)) == "silent: answer unsure 0.49 < 0.50"


def test_a_statement_that_was_replied_to_is_not_told_of_unasked() -> None:
    of_two = Exchange((STATED, ASKED), (Answer(TOLD, 0.9),))
    said = "对账文件其实难找吗？"
    assert str(doubt(match(0.9, exchange=of_two), said)) == "silent: no question archived"
    assert doubt(match(0.9, exchange=of_two), QUESTION) is None, "the message that is most like it"


def test_where_several_questions_may_be_meant_none_is_told_of_unasked() -> None:
    nearby = (Exchange((MORE,), (Answer(TOLD, 0.9),)),)
    assert str(doubt(match(0.9, nearby=nearby), QUESTION)) == (
        "silent: several questions may be meant"
    )
