"""The gateway is killed, frozen and restarted while the group goes on asking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gateway.conftest import PLACE
from tests.gateway.outages import play
from tests.gateway.processes import Gateway, Palou

pytestmark = pytest.mark.gateway

OUTAGES = ("kill", "freeze", "kill", "restart", "kill") * 2


def test_each_question_that_arrived_is_answered_once(
    gateway: Gateway, palou: Callable[..., Palou]
) -> None:
    bot = palou()
    files = bot.open_files()
    counted = play(gateway, bot, OUTAGES, 5, PLACE)
    print(f"\n{counted}")
    assert bot.lives()
    assert files is None or (bot.open_files() or 0) <= files + 2
    assert bot.end() == 0
    assert counted.faults() == []
