"""The OneBot implementation is killed, frozen and restarted while the group goes on asking."""

from __future__ import annotations

from collections.abc import Callable

from tests.gateway.outages import play
from tests.gateway.processes import Palou
from tests.onebot.conftest import PLACE, Peer

OUTAGES = ("kill", "freeze", "kill", "restart", "kill") * 2


def test_each_question_that_arrived_is_answered_once(
    peer: Peer, palou: Callable[..., Palou]
) -> None:
    bot = palou()
    counted = play(peer, bot, OUTAGES, 5, PLACE)
    print(f"\n{counted}")
    assert bot.lives()
    assert bot.end() == 0
    assert counted.faults() == []
