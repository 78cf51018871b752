"""What a message says: to whom, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.wire.wechat.convert import mentions, sent_at, wire_text
from tests.wire.fakes import LIN, OWN, START, Clock, reply


@pytest.mark.parametrize(
    ("text", "ids", "expected"),
    [
        ("@群助手\u2005备付金放哪", [OWN.id], True),
        ("@老名字\u2005备付金放哪", [OWN.id], True),
        ("@群助手 备付金放哪", [], True),
        ("备付金放哪 @群助手", [], True),
        ("@林一一\u2005@群助手\u2005你们看", [], True),
        ("@群助手二号\u2005备付金放哪", [], False),
        ("群助手在吗", [], False),
        ("@林一一\u2005在吗", [LIN.id], False),
        ("@所有人\u2005停机升级", [OWN.id, LIN.id], False),
        ("@All 停机升级", [OWN.id], False),
        ("@所有人\u2005有事问 @群助手\u2005", [OWN.id], True),
    ],
)
def test_who_is_mentioned(text: str, ids: list[str], expected: bool) -> None:
    assert mentions(text, ids, OWN) is expected


def test_a_time_may_come_in_seconds_or_milliseconds_or_not() -> None:
    assert sent_at(START.timestamp(), START) == START
    assert sent_at(START.timestamp() * 1000, START) == START
    assert sent_at(0, START) == START


def test_a_mention_stands_in_the_text_of_a_room_only() -> None:
    message = reply(Clock(), "见下", "k")
    assert wire_text(message) == "@林一一\u2005见下"
    assert wire_text(replace(message, mention=False)) == "见下"
    assert wire_text(replace(message, room=None)) == "见下"
