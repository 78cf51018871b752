"""Has NoneBot tell us of its bots and of what they hear."""

from __future__ import annotations

from collections.abc import Callable

from nonebot import get_driver, on_message
from nonebot.adapters import Bot, Event
from nonebot.exception import IgnoredException
from nonebot.message import event_preprocessor

from bot.wire.nonebot.accounts import Accounts


def hook(accounts: Callable[[], Accounts | None], priority: int | None = None) -> None:
    """Have these accounts told, as soon as they are there.

    With a priority, among other plugins, which hear the same messages; else alone: NoneBot then
    looks for nobody else to hear a message, which would take most of the time that it costs.
    """
    driver = get_driver()

    @driver.on_bot_connect
    async def connected(bot: Bot) -> None:
        if there := accounts():
            there.connected(bot)

    @driver.on_bot_disconnect
    async def disconnected(bot: Bot) -> None:
        if there := accounts():
            there.disconnected(bot)

    async def heard(bot: Bot, event: Event) -> None:
        if there := accounts():
            there.heard(bot, event)

    async def heard_alone(bot: Bot, event: Event) -> None:
        if event.get_type() == "message":
            await heard(bot, event)
        raise IgnoredException("nobody else is there")

    if priority is None:
        event_preprocessor(heard_alone)
    else:
        on_message(priority=priority, block=False).handle()(heard)
