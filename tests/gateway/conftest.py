"""A group in a mocked WeChat, with Palou in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.chats import ASKED, BOOKED, put
from tests.gateway.outages import Place
from tests.gateway.processes import Gateway, Palou, missing

BOT, ADMIN, LIN, ZHOU = "wxid_bot", "wxid_admin", "wxid_lin", "wxid_zhou"
PAY, BOOKS = "1@chatroom", "2@chatroom"
ASKERS = [f"wxid_asker_{n}" for n in range(600)]

PLACE = Place(BOT, "群助手", PAY, ASKERS)

WORLD = {
    "bot": BOT,
    "contacts": {BOT: "群助手", ADMIN: "阿梅", LIN: "林一一", ZHOU: "周大山"}
    | {asker: f"群友{n}" for n, asker in enumerate(ASKERS)},
    "rooms": {PAY: "支付同行", BOOKS: "账务小群"},
}

SETTINGS = f"""
archives = ["archive"]
admins = ["{ADMIN}"]
private = ["pay"]

[speaking]
cooldown = 0
settle = 0
person = 1000
room = 10000

[[rooms]]
id = "{PAY}"
archives = ["pay"]
mode = "ambient"

[[rooms]]
id = "{BOOKS}"
archives = ["books"]
mode = "ambient"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with settings for two rooms, and an archive for each."""
    lay_out(tmp_path)
    return tmp_path


def lay_out(folder: Path) -> None:
    """Write settings for two rooms, and an archive for each, into a working folder."""
    (folder / "palou.toml").write_text(SETTINGS, encoding="utf-8")
    put(folder / "archive" / "pay", "2024-05-06", ASKED)
    put(folder / "archive" / "books", "2024-05-07", BOOKED)


@pytest.fixture(scope="session")
def running() -> Iterator[Gateway]:
    """The gateway; it takes seconds to start, and keeps nothing that the next test minds."""
    if reason := missing():
        pytest.skip(reason)
    with closing(Gateway(WORLD)) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    """The gateway as if it had just been started."""
    if not running.lives():
        running.start()
    running.events.clear()
    return running


@pytest.fixture
def palou(folder: Path, gateway: Gateway, ends: ExitStack) -> Callable[..., Palou]:
    """Starts `palou run` with options, and waits until it is in the group."""

    def start(*options: str) -> Palou:
        since = gateway.events.mark()
        process = ends.enter_context(closing(Palou(folder, gateway.port, options)))
        process.log.wait("ready")
        gateway.events.wait("connected", since)
        return process

    return start
