"""The chat networks that a bot can be in: what each needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its name for people, the extra that brings it, a module that this installs.

    `needs` are the variables of the environment without which it cannot be reached, of which
    `address`, if it is one, holds host and port of what has to be running; `wants` are secrets
    without which it is open to others, too.
    """

    title: str
    extra: str
    module: str
    needs: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    address: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """All that should stand in the environment."""
        return (*self.needs, *self.wants)


WECHAT = "wechat"
WECHATY_ENDPOINT = "WECHATY_PUPPET_SERVICE_ENDPOINT"
WECHATY_TOKEN = "WECHATY_PUPPET_SERVICE_TOKEN"

_NONEBOT = ("nonebot", "nonebot")

NETWORKS = {
    WECHAT: Network(
        "WeChat, through a wechaty gateway",
        "wechat",
        "wechaty",
        (WECHATY_ENDPOINT, WECHATY_TOKEN),
        address=WECHATY_ENDPOINT,
    ),
    "onebot": Network(
        "QQ, through NapCat or another OneBot v11", *_NONEBOT, wants=("ONEBOT_ACCESS_TOKEN",)
    ),
    "telegram": Network("Telegram", *_NONEBOT, ("TELEGRAM_TOKEN",)),
    "feishu": Network("Feishu, Lark", *_NONEBOT, ("FEISHU_APP_ID", "FEISHU_APP_SECRET")),
    "discord": Network("Discord", *_NONEBOT, ("DISCORD_TOKEN",)),
    "qq": Network("QQ, as one of its own bots", *_NONEBOT, ("QQ_APP_ID", "QQ_APP_SECRET")),
    "console": Network("this terminal, through NoneBot", *_NONEBOT),
}
"""By the names that the settings have for them, the likeliest first."""


def unset(variables: Iterable[str], environment: Mapping[str, str]) -> list[str]:
    """Those that are not there, or blank."""
    return [name for name in variables if not environment.get(name, "").strip()]


def is_address(text: str) -> bool:
    """Whether a text is `host:port`."""
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdecimal() and 0 < int(port) < 65536
