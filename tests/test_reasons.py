"""Reasons as the log has them, and as members and operators read them."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.reasons import Reason, Why
from bot.reply import texts


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        (Reason(Why.ANSWERED), "answered", "答了"),
        (Reason(Why.NOT_FOUND, 0.2, 0.45), "not found: 0.20 < 0.45", "没找到 0.20 < 0.45"),
        (Reason(Why.HELD, 20), "held: 20 s", "先等群友回答，20 秒"),
        (Reason(Why.COMMAND, command="mode"), "command: /mode", "命令 /mode"),
        (
            Reason(Why.BELOW_THRESHOLD, 0.41, 0.7),
            "silent: below threshold 0.41 < 0.70",
            "把握不够 0.41 < 0.70",
        ),
        (
            Reason(Why.HEDGED, 0.7967, 0.8),
            "hedged: 0.797 < 0.800",
            "拿不准，说了不确定 0.797 < 0.800",
        ),
        (Reason(Why.COOLDOWN, 39.6), "silent: cooldown 40 s", "刚回答过，先歇一会儿，40 秒"),
        (
            Reason(Why.MUTED, until=datetime(2024, 4, 1, 9, 30)),
            "silent: muted until 09:30",
            "静音中，到 09:30",
        ),
        (Reason(Why.FLOOD_ROOM), "silent: flood, this room", "本群问得太密"),
    ],
)
def test_a_reason_in_english_and_in_chinese(reason: Reason, english: str, chinese: str) -> None:
    assert str(reason) == english
    assert texts.reason(reason) == chinese


@pytest.mark.parametrize("why", Why)
def test_each_reason_has_words_in_chinese_of_its_own(why: Why) -> None:
    assert [w for w in Why if texts.why(w) == texts.why(why)] == [why]


def test_the_outcome_and_the_words_of_a_reason() -> None:
    reason = Reason(Why.BELOW_THRESHOLD, 0.41, 0.7)
    assert (reason.why.outcome, reason.words) == ("silent", "below threshold 0.41 < 0.70")
    assert reason.why.is_silence and not Why.HELD.is_silence
    assert Reason(Why.ANSWERED).words == "answered"
