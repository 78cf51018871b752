"""The chat networks that a bot can be in: what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its name for people, the extra that brings it, a module that this installs.

    `variables` are those of the environment that it needs, of which `address`, if it is one, holds
    host and port of what has to be running. `optional`: it can be reached without them, too.
    """

    title: str
    extra: str
    module: str
    variables: tuple[str, ...] = ()
    address: str = ""
    optional: bool = False

    def unset(self, environment: Mapping[str, str]) -> list[str]:
        """Which of its variables say nothing."""
        return [name for name in self.variables if not environment.get(name, "").strip()]


WECHAT = "wechat"

_ENDPOINT = "WECHATY_PUPPET_SERVICE_ENDPOINT"
_NONEBOT = ("nonebot", "nonebot")

NETWORKS = {
    WECHAT: Network(
        "WeChat, through a wechaty gateway",
        "wechat",
        "wechaty",
        (_ENDPOINT, "WECHATY_PUPPET_SERVICE_TOKEN"),
        _ENDPOINT,
    ),
    "onebot": Network(
        "QQ, through NapCat or another OneBot v11",
        *_NONEBOT,
        ("ONEBOT_ACCESS_TOKEN",),
        optional=True,
    ),
    "telegram": Network("Telegram", *_NONEBOT, ("TELEGRAM_TOKEN",)),
    "feishu": Network("Feishu, Lark", *_NONEBOT, ("FEISHU_APP_ID", "FEISHU_APP_SECRET")),
    "discord": Network("Discord", *_NONEBOT, ("DISCORD_TOKEN",)),
    "qq": Network("QQ, as one of its own bots", *_NONEBOT, ("QQ_APP_ID", "QQ_APP_SECRET")),
    "console": Network("this terminal, through NoneBot", *_NONEBOT),
}
"""By the names that the settings have for them, the likeliest first."""
