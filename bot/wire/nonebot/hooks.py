"""Has NoneBot tell us of its bots and of what they hear."""

from __future__ import annotations

from collections.abc import Callable

from nonebot import get_driver, on_message
from nonebot.adapters import Bot, Event

from bot.wire.nonebot.accounts import Accounts


def hook(accounts: Callable[[], Accounts | None], priority: int = 1) -> None:
    """Have these accounts told, as soon as they are there; other plugins hear the same messages."""
    driver = get_driver()

    @driver.on_bot_connect
    async def connected(bot: Bot) -> None:
        if there := accounts():
            there.connected(bot)

    @driver.on_bot_disconnect
    async def disconnected(bot: Bot) -> None:
        if there := accounts():
            there.disconnected(bot)

    @on_message(priority=priority, block=False).handle()
    async def heard(bot: Bot, event: Event) -> None:
        if there := accounts():
            there.heard(bot, event)
