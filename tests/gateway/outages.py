"""Outages of the gateway while a group goes on asking, and what became of each question."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chats import ASKED
from tests.gateway.processes import Gateway, Palou

ASKS = ASKED[0][2]


@dataclass(frozen=True, slots=True)
class Place:
    """Where is asked, and by whom: ids as the gateway has them; `bare` makes these of ours."""

    bot: str
    bot_name: str
    room: str
    askers: Sequence[str]
    bare: Callable[[str], str] = lambda id: id


class Group:
    """Asks again and again, each time by somebody else, so that each reply tells whose it is."""

    def __init__(self, gateway: Gateway, place: Place, pause: float) -> None:
        self._gateway = gateway
        self._place = place
        self._pause = pause
        self._stop = threading.Event()
        self.asked: list[str] = []

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask meanwhile."""
        thread = threading.Thread(target=self._ask, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _ask(self) -> None:
        place = self._place
        for asker in place.askers:
            self.asked.append(asker)
            text = f"@{place.bot_name}\u2005{ASKS}"
            mention = [place.bot]
            self._gateway.do("say", by=asker, text=text, room=place.room, mention=mention, id=asker)
            if self._stop.wait(self._pause):
                return


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of all questions of so many outages; `answered`: how often each was."""

    outages: int
    asked: int
    arrived: frozenset[str]
    answered: Counter[str]
    doubtful: frozenset[str]
    connected: int

    def __str__(self) -> str:
        return (
            f"{self.outages} outages, {self.asked} questions: {len(self.arrived)} arrived, "
            f"{len(self.answered)} answered, {len(self.doubtful)} in doubt, "
            f"{self.asked - len(self.arrived)} not arrived"
        )

    def faults(self) -> list[str]:
        """What is not as it has to be: answered twice, or lost without a doubt."""
        wrong = {
            "answered twice": [a for a, times in self.answered.items() if times > 1],
            "answered, and never arrived": set(self.answered) - self.arrived,
            "neither answered nor in doubt": self.arrived - set(self.answered) - self.doubtful,
        }
        found = [f"{what}: {sorted(who)}" for what, who in wrong.items() if who]
        if len(self.arrived) <= 3 * self.outages:
            found.append(f"only {len(self.arrived)} questions arrived")
        if len(self.doubtful) > self.outages:
            found.append("more in doubt than there were outages")
        if self.connected != self.outages + 1:
            found.append(f"connected {self.connected} times")
        return found


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


def play(
    gateway: Gateway,
    bot: Palou,
    outages: Sequence[str],
    seed: int,
    place: Place,
    *,
    pause: float = 1.0,
    step: Callable[[int], None] = lambda done: None,
) -> Counted:
    """Let outages happen (`kill`, `freeze`, `restart`) while somebody asks every `pause` seconds.

    `step` is called with how many there were.
    """
    chance = random.Random(seed)
    group = Group(gateway, place, pause)
    with group.asking():
        for number, what in enumerate(outages, 1):
            for _ in range(chance.randrange(3, 6)):
                bot.log.wait("sent", bot.log.mark())
            # The worst moment: a question has been asked, and its reply is under way, or not.
            gateway.events.wait("said", gateway.events.mark())
            time.sleep(chance.random() * 0.03)
            outage(gateway, bot, what)
            step(number)
        bot.log.wait("sent", bot.log.mark())
    return Counted(
        len(outages),
        len(group.asked),
        frozenset(place.bare(e["message"]) for e in bot.log.all("decided"))
        & frozenset(group.asked),
        Counter(e["mention"][0] for e in gateway.events.all("sent")),
        frozenset(place.bare(e["to"]) for e in bot.log.all("dropped", reason="in doubt")),
        len(bot.log.all("ready")),
    )
