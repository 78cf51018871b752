"""Each network as its adapter meets it: events as the network sends them, and what it is sent."""

from __future__ import annotations

from tests.wire.nonebot.networks.base import Network
from tests.wire.nonebot.networks.console import Console
from tests.wire.nonebot.networks.discord import Discord
from tests.wire.nonebot.networks.feishu import Feishu
from tests.wire.nonebot.networks.onebot import OneBot
from tests.wire.nonebot.networks.qq import QQ
from tests.wire.nonebot.networks.telegram import Telegram

NETWORKS: tuple[type[Network], ...] = (
    OneBot,
    Telegram,
    Feishu,
    Discord,
    QQ,
    Console,
)
