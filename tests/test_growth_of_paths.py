"""The same from end to end: loading, answering, explaining and showing what holds such texts.

A group with an exchange for each shape, whose answer, and a message of its own, is a text of it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.harness.group import ROOM, Group
from knowledge.archive import writing
from knowledge.archive.limits import TEXT_CHARACTERS
from knowledge.loading.load import load
from tests.chats import Said
from tests.growth import SHAPES, text_of
from tests.web.client import Client, settings

SIZES = (1_000, 16_000)
STEEPEST = 1.3
FEW = 2e-6
"""Seconds for a character that are few."""

PLACES = "海云武安祁福六信黄普勐临凤正太都蒙君"
THINGS = ("茶饼", "茶砖", "茶沱", "散茶")


def question(number: int) -> str:
    """A question for each shape, which no other resembles."""
    return f"请问{PLACES[number % len(PLACES)]}城的{THINGS[number // len(PLACES)]}放在哪里存？"


def said(size: int) -> list[Said]:
    """A day with an exchange for each shape."""
    messages: list[Said] = []
    for number, shape in enumerate(SHAPES):
        at = number * 25
        clock = [f"{(at + m) // 60:02}:{(at + m) % 60:02}:00" for m in (0, 1, 2)]
        messages += [
            (clock[0], f"问者{number}", question(number)),
            (clock[1], f"答者{number}", text_of(shape, size)),
            (clock[2], f"答者{number}", f"@问者{number} 放在阴凉的地方"),
        ]
    return messages


class Paths:
    """What is timed, over texts of one size."""

    def __init__(self, folder: Path, size: int) -> None:
        self.size = size
        self.database = folder / "palou.db"
        self._archive = folder / "archive"
        (self._archive / "tea").mkdir(parents=True)
        path = self._archive / "tea" / "2024-03-01.md"
        path.write_text(writing.day("2024-03-01", said(size)), "utf-8")
        self.seconds: dict[str, float] = {}
        self._timed("load", lambda: load(self.database, [self._archive], workers=1))
        with closing(
            Group(database=self.database, rooms={ROOM: ("tea",)}, mode="ambient")
        ) as group:
            self._asked(group)
        with closing(Client(settings(self.database))) as client:
            self._shown(client)

    def _timed(self, name: str, does: Callable[[], object]) -> None:
        began = time.process_time()
        does()
        took = time.process_time() - began
        self.seconds[name] = self.seconds.get(name, 0.0) + took

    def _asked(self, group: Group) -> None:
        answered = 0
        for number, shape in enumerate(SHAPES):
            group.clock.advance(3600)
            text = text_of(shape, self.size)
            asked = question(number)
            self._timed("ask", lambda asked=asked: group.say("甲", asked, mentioned=True))  # type: ignore[misc]
            answered += group.spoken[-1].decision.verdict is not None
            self._timed("更多", lambda: group.say("甲", "更多"))
            self._timed("ask it", lambda text=text: group.say("乙", text, mentioned=True))  # type: ignore[misc]
            self._timed("/why", lambda: group.admin("/why"))
            self._timed("overheard", lambda text=text: group.say("丙", text))  # type: ignore[misc]
            self._timed("/why", lambda: group.admin("/why"))
        assert answered == len(SHAPES)

    def _shown(self, client: Client) -> None:
        paths = [f"/?q={question(n)}" for n in range(len(SHAPES))]
        paths += [f"/day/tea/2024-03-01?page={n}" for n in (1, 2)]
        paths += [f"/m/tea-20240301-{at.replace(':', '')}" for at, *_ in said(1)[1::3]]
        for path in paths:
            name = path[:3]
            self._timed(name, lambda path=path: client.get(path))  # type: ignore[misc]
            client.text(path)


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, float]]:
    return {n: Paths(tmp_path_factory.mktemp(str(n)), n).seconds for n in SIZES}


def test_time_on_every_path_grows_with_the_texts(seconds: dict[int, dict[str, float]]) -> None:
    short, long = SIZES
    steep = {
        name: {n: round(seconds[n][name], 3) for n in SIZES}
        for name in seconds[short]
        if seconds[long][name]
        > max(
            seconds[short][name] * (long / short) ** STEEPEST,
            FEW * len(SHAPES) * TEXT_CHARACTERS,
        )
    }
    assert steep == {}
    assert math.fsum(seconds[long].values()) < 60
