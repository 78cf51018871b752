"""WeChat and QQ in one process, over one database."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.gateway.conftest import ADMIN, BOT, LIN, PAY, SETTINGS
from tests.gateway.processes import TOKEN, Gateway, Palou
from tests.gateway.test_group import ANSWER, ASKS
from tests.onebot import conftest as qq

pytestmark = pytest.mark.gateway

IN_QQ = f"""
[[rooms]]
id = "onebot:{qq.PAY}"
archives = ["pay"]
mode = "ambient"
"""


def test_each_network_is_answered_over_itself(
    gateway: Gateway, folder: Path, ends: ExitStack
) -> None:
    peer = ends.enter_context(closing(qq.Peer()))
    settings = SETTINGS.replace(f'"{ADMIN}"', f'"{ADMIN}", "onebot:{qq.ADMIN}"')
    wire = f'networks = ["wechat", "onebot"]\nonebot.connect = ["ws://127.0.0.1:{peer.port}"]\n'
    (folder / "palou.toml").write_text(wire + settings + IN_QQ, encoding="utf-8")
    variables = {"ONEBOT_ACCESS_TOKEN": TOKEN}
    bot = ends.enter_context(closing(Palou(folder, gateway.port, (), variables)))
    for network in ("wechat", "onebot"):
        bot.log.wait("ready", network=network)
    gateway.events.wait("connected")
    gateway.say(LIN, ASKS, PAY)
    assert ANSWER in gateway.events.wait("sent", to=PAY)["text"]
    peer.say(qq.LIN, ASKS, qq.PAY)
    assert ANSWER in peer.events.wait("sent", to=qq.PAY)["text"]
    # What an admin mutes in one of them goes on in the other.
    peer.say(qq.ADMIN, "@群助手\u2005/mute 1h", qq.PAY, mention=[qq.BOT])
    peer.events.wait("sent", mention=[qq.ADMIN])
    muted = peer.say(qq.ZHOU, ASKS, qq.PAY)
    assert bot.reason(f"onebot:{qq.PAY}/#{muted}").startswith("silent: muted")
    since = gateway.events.mark()
    gateway.say(LIN, f"@群助手\u2005{ASKS}", PAY, mention=[BOT])
    assert ANSWER in gateway.events.wait("sent", since, to=PAY)["text"]
    assert bot.end() == 0
    bot.log.wait("stopped", unsent=0)
