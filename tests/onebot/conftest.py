"""An invented QQ with two groups, and Palou in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.gateway.conftest import SETTINGS as OF_WECHAT
from tests.gateway.conftest import lay_out
from tests.gateway.outages import Place
from tests.gateway.processes import TOKEN, Gateway, Palou, free_port

BOT, ADMIN, LIN, ZHOU = "10000", "10001", "10002", "10003"
PAY, BOOKS = "700001", "700002"
ASKERS = [str(20_000 + n) for n in range(600)]

WORLD = {
    "bot": BOT,
    "contacts": {BOT: "群助手", ADMIN: "阿梅", LIN: "林一一", ZHOU: "周大山"}
    | {asker: f"群友{asker}" for asker in ASKERS},
    "rooms": {PAY: "支付同行", BOOKS: "账务小群"},
}

PLACE = Place(BOT, "群助手", PAY, ASKERS, lambda id: id.rpartition("#")[2].rpartition(":")[2])

SETTINGS = (
    'networks = ["onebot"]\n'
    + OF_WECHAT.replace("wxid_admin", f"onebot:{ADMIN}")
    .replace("1@chatroom", f"onebot:{PAY}")
    .replace("2@chatroom", f"onebot:{BOOKS}")
    + "\n[onebot]\n"
)


class Peer(Gateway):
    """The OneBot implementation; `url` is where it connects to, instead of being connected to."""

    def __init__(self, url: str = "") -> None:
        program = [sys.executable, "-m", "tests.onebot.peer"]
        root = str(Path(__file__).parent.parent.parent)
        super().__init__(WORLD, program, {"PYTHONPATH": root} | ({"URL": url} if url else {}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with settings for two groups, and an archive for each."""
    lay_out(tmp_path)
    return tmp_path


@pytest.fixture(params=["forward", "reverse"])
def way(request: pytest.FixtureRequest) -> str:
    """Who connects to whom: both are in use."""
    return str(request.param)


@pytest.fixture
def at(folder: Path, way: str) -> str:
    """The websocket's address; settings are written that name it."""
    port = free_port()
    wire = f'listen = "127.0.0.1:{port}"' if way == "reverse" else "connect = [{connect}]"
    (folder / "palou.toml").write_text(SETTINGS + wire + "\n", encoding="utf-8")
    return f"ws://127.0.0.1:{port}/onebot/v11/ws" if way == "reverse" else ""


@pytest.fixture
def peer(folder: Path, at: str, ends: ExitStack) -> Peer:
    """The OneBot implementation, running."""
    started = ends.enter_context(closing(Peer(at)))
    file = folder / "palou.toml"
    text = file.read_text(encoding="utf-8")
    address = f'"ws://127.0.0.1:{started.port}"'
    file.write_text(text.replace("{connect}", address), encoding="utf-8")
    return started


@pytest.fixture
def palou(folder: Path, peer: Peer, ends: ExitStack) -> Callable[..., Palou]:
    """Starts `palou run` with options, and waits until it is in the groups."""

    def start(*options: str, more: str = "", token: str = TOKEN) -> Palou:
        with (folder / "palou.toml").open("a", encoding="utf-8") as file:
            file.write(more)
        variables = {"ONEBOT_ACCESS_TOKEN": token}
        process = ends.enter_context(closing(Palou(folder, 9, options, variables)))
        process.log.wait("ready")
        return process

    return start
