"""The gateway is killed, frozen and restarted while the group goes on asking."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.gateway.conftest import ASKERS, BOT, PAY
from tests.gateway.processes import Gateway, Palou
from tests.gateway.test_group import ASKS

pytestmark = pytest.mark.gateway

OUTAGES = ("kill", "freeze", "kill", "restart", "kill") * 2


class Group:
    """Asks a question a second, each by somebody else, so that each reply tells whose it is."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._stop = threading.Event()
        self.asked: list[str] = []

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask meanwhile."""
        thread = threading.Thread(target=self._ask, daemon=True)
        thread.start()
        yield
        self._stop.set()
        thread.join()

    def _ask(self) -> None:
        for asker in ASKERS:
            self.asked.append(asker)
            text = f"@群助手\u2005{ASKS}"
            self._gateway.do("say", by=asker, text=text, room=PAY, mention=[BOT], id=asker)
            if self._stop.wait(1.0):
                return


def outage(gateway: Gateway, bot: Palou, what: str) -> None:
    """Have the gateway fail, see the bot notice, and have the gateway back."""
    mark = bot.log.mark()
    if what == "freeze":
        gateway.signal(signal.SIGSTOP)
        bot.log.wait("down", mark)
        gateway.signal(signal.SIGCONT)
    else:
        gateway.signal(signal.SIGKILL if what == "kill" else signal.SIGTERM)
        bot.log.wait("down", mark)
        gateway.start()
    bot.log.wait("ready", mark)


def test_each_question_that_arrived_is_answered_once(
    gateway: Gateway, palou: Callable[..., Palou]
) -> None:
    bot = palou()
    files = bot.open_files()
    chance = random.Random(5)
    group = Group(gateway)
    with group.asking():
        for what in OUTAGES:
            for _ in range(chance.randrange(3, 6)):
                bot.log.wait("sent", bot.log.mark())
            # The worst moment: a question has been asked, and its reply is under way, or not.
            gateway.events.wait("said", gateway.events.mark())
            time.sleep(chance.random() * 0.03)
            outage(gateway, bot, what)
        bot.log.wait("sent", bot.log.mark())
    assert bot.lives()
    assert files is None or (bot.open_files() or 0) <= files + 2
    assert bot.end() == 0

    arrived = {e["message"] for e in bot.log.all("decided")} & set(group.asked)
    answered = Counter(e["mention"][0] for e in gateway.events.all("sent"))
    doubtful = {e["to"] for e in bot.log.all("dropped", reason="in doubt")}
    print(
        f"\n{len(OUTAGES)} outages, {len(group.asked)} questions: {len(arrived)} arrived, "
        f"{len(answered)} answered, {len(doubtful)} in doubt, "
        f"{len(group.asked) - len(arrived)} not arrived"
    )
    assert len(arrived) > 3 * len(OUTAGES)
    assert set(answered) <= arrived and set(answered.values()) == {1}
    assert arrived - set(answered) <= doubtful
    assert len(doubtful) <= len(OUTAGES)
    assert len(bot.log.all("ready")) == len(OUTAGES) + 1
