"""How each network's messages read and look: one module a network, imported when it is met."""

from __future__ import annotations

import re
from importlib import import_module

from bot.wire.nonebot.dialects.base import Dialect

_KNOWN = {
    "OneBot V11": ("onebot", "OneBotDialect"),
    "Telegram": ("telegram", "TelegramDialect"),
    "Feishu": ("feishu", "FeishuDialect"),
    "Discord": ("discord", "DiscordDialect"),
    "QQ": ("qq", "QQDialect"),
    "Console": ("console", "ConsoleDialect"),
}
_IN_NO_ID = re.compile(r"[^a-z0-9]+")


def dialect_of(adapter: str) -> Dialect:
    """That of an adapter by its name; the common one where there is none of its own."""
    known = _KNOWN.get(adapter)
    if known is None:
        return Dialect(_IN_NO_ID.sub("", adapter.lower()) or "nonebot")
    module = import_module(f"bot.wire.nonebot.dialects.{known[0]}")
    made: Dialect = getattr(module, known[1])()
    return made
