"""A day takes no longer to link than its messages say, whatever is said all day, and by whom."""

from __future__ import annotations

import gc
import itertools
import random
import time
from collections.abc import Callable, Iterator

import pytest

from knowledge.linking.exchanges import build
from knowledge.linking.people import people_of
from knowledge.model import Citation, Message
from tests.growth import STEEPEST

SIZES = (1_000, 4_000)
"""Messages of a day; the busiest real one has 1,842."""

TRIES = 3

WORDS = [
    "".join(pair)
    for pair in itertools.product("对账文件费率限额清算结退款接口", "报证书签名回调订单补差错风控")
]

Said = tuple[str, str]
"""Speaker and text."""

rng = random.Random(1)


def asked() -> str:
    return "".join(rng.choices(WORDS, k=5)) + "怎么办？"


def told() -> str:
    return "".join(rng.choices(WORDS, k=5)) + "就可以了"


def either(n: int) -> str:
    return told() if n % 4 else asked()


def two(n: int) -> Said:
    """Two people talk all day."""
    return "甲乙"[n % 2], either(n)


def alone(n: int) -> Said:
    """One person talks to himself."""
    return "甲", either(n)


def named(n: int) -> Said:
    """All name one who speaks, too."""
    return ("老周", either(n // 10)) if n % 10 == 0 else (f"人{n % 97}", f"@老周 {either(n)}")


def named_once(n: int) -> Said:
    """One asks in the morning, and is named all day."""
    return ("老周", asked()) if n == 0 else (f"人{n % 97}", f"@老周 {either(n)}")


def in_turn(n: int) -> Said:
    """All speak in turn and name each other, thrice at least: else nobody is known by a name."""
    return (f"人{n % 331}号", f"@人{n * 7 % 331}号 {either(n)}")


def retold(n: int) -> Said:
    """Each message is a question and its answer."""
    return f"人{n % 97}", f"问：{asked()}答：{told()}"


def same(n: int) -> Said:
    """All say the same."""
    return f"人{n % 97}", "费率是多少？"


def nicknames(n: int) -> Said:
    """Everybody has a name that looks like the others'."""
    named = rng.randrange(997)
    return f"林小{chr(0x4E00 + n % 997)}-支付", f"@林小{chr(0x4E00 + named)} {either(n)}"


KINDS: list[Callable[[int], Said]] = [
    two, alone, named, named_once, in_turn, retold, same, nicknames,
]  # fmt: skip


def day(kind: Callable[[int], Said], size: int) -> Iterator[Message]:
    """Messages of a kind, so many seconds apart that a longer day is no busier."""
    for n in range(size):
        second = n * 20
        at = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        yield Message(Citation("g", "2024-05-01", at, n), *kind(n))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_time_for_a_day_grows_with_its_messages(kind: Callable[[int], Said]) -> None:
    def seconds(size: int) -> float:
        said = list(day(kind, size))
        gc.collect()
        began = time.thread_time()
        build(said, [], [], people_of([said]))
        return time.thread_time() - began

    short, long = SIZES
    least, most = seconds(short), seconds(long)
    for _ in range(TRIES):
        if most <= least * (long / short) ** STEEPEST:
            break
        # On a busy machine a time can be anything but too small.
        least, most = max(least, seconds(short)), min(most, seconds(long))
    assert most <= least * (long / short) ** STEEPEST
