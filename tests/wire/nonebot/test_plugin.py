"""The plugin in somebody's own NoneBot, as a process: also where he has a `bot.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chats import ASKED, put
from tests.gateway.processes import PATIENCE, TOKEN, Events
from tests.onebot.conftest import ADMIN, LIN, PAY, Peer

ROOT = Path(__file__).parent.parent.parent.parent
PROGRAM = """
import nonebot
from nonebot.adapters.onebot.v11 import Adapter

nonebot.init(driver="~httpx+~websockets")
nonebot.get_driver().register_adapter(Adapter)
assert nonebot.load_plugin("nonebot_plugin_palou"), "not loaded"
if __name__ == "__main__":
    nonebot.run()
"""
SETTINGS = f"""
archives = ["archive"]
admins = ["onebot:{ADMIN}"]

[[rooms]]
id = "onebot:{PAY}"
groups = ["pay"]
mode = "ambient"

[speaking]
settle = 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "archive" / "pay", "2024-05-06", ASKED)
    return tmp_path


def start(folder: Path, peer: Peer, program: str) -> subprocess.Popen[str]:
    (folder / program).write_text(PROGRAM, encoding="utf-8")
    path = [str(ROOT), str(ROOT / "bot" / "cli" / "entry")]
    return subprocess.Popen(
        [sys.executable, program],
        cwd=folder,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join(path),
            "ONEBOT_ACCESS_TOKEN": TOKEN,
            "ONEBOT_WS_URLS": f'["ws://127.0.0.1:{peer.port}"]',
            "LOG_LEVEL": "DEBUG",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("program", ["start.py", "bot.py"])
def test_it_answers_beside_whatever_else_is_there(folder: Path, program: str) -> None:
    (folder / "palou.toml").write_text(SETTINGS, encoding="utf-8")
    peer, log = Peer(), Events()
    process = start(folder, peer, program)
    assert process.stdout is not None
    log.read(process.stdout)
    try:
        log.wait("noise", where=lambda e: '"event": "ready"' in e["line"])
        peer.say(LIN, ASKED[0][2], PAY)
        reply = peer.events.wait("sent")
        assert (reply["to"], reply["mention"]) == (PAY, [LIN])
        assert "T+1早上十点以后" in reply["text"]
        process.terminate()
        log.wait("noise", where=lambda e: '"event": "stopped"' in e["line"])
        assert process.wait(PATIENCE) == 0
        assert not [e for e in log.all("noise") if "Traceback" in e["line"]]
    finally:
        process.kill()
        process.wait(PATIENCE)
        peer.close()


def test_what_is_wrong_is_said_and_nothing_else_is_harmed(folder: Path) -> None:
    (folder / "palou.toml").write_text("networks = 3\n", encoding="utf-8")
    peer, log = Peer(), Events()
    process = start(folder, peer, "start.py")
    assert process.stdout is not None
    log.read(process.stdout)
    try:
        log.wait("noise", where=lambda e: "palou.toml: networks = '3' should be" in e["line"])
        peer.events.wait("connected")
        assert process.poll() is None
    finally:
        process.kill()
        process.wait(PATIENCE)
        peer.close()
