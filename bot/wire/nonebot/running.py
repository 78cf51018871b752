"""Starts NoneBot within `palou run`: the adapters that are wanted, with what each has to know."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bot.networks import NETWORKS, unset
from bot.settings import OneBot
from knowledge.errors import PalouError

MISSING = "palou run needs the extra for it; install it with: pip install 'palou[nonebot]'"


@dataclass(frozen=True, slots=True)
class _Adapter:
    """A network's adapter, and what makes its configuration of the environment."""

    adapter: str
    config: Callable[[OneBot, Mapping[str, str]], dict[str, Any]]


def _onebot(settings: OneBot, env: Mapping[str, str]) -> dict[str, Any]:
    urls = [] if settings.listen else list(settings.connect)
    return {
        "onebot_ws_urls": urls,
        "onebot_access_token": env.get("ONEBOT_ACCESS_TOKEN", "").strip() or None,
    }


def _telegram(settings: OneBot, env: Mapping[str, str]) -> dict[str, Any]:
    bot = {"token": env["TELEGRAM_TOKEN"].strip()}
    if server := env.get("TELEGRAM_API_SERVER", "").strip():
        bot["api_server"] = server.rstrip("/") + "/"
    return {"telegram_bots": [bot], "telegram_proxy": env.get("TELEGRAM_PROXY", "").strip() or None}


def _feishu(settings: OneBot, env: Mapping[str, str]) -> dict[str, Any]:
    bot = {
        "app_id": env["FEISHU_APP_ID"].strip(),
        "app_secret": env["FEISHU_APP_SECRET"].strip(),
        "verification_token": env.get("FEISHU_VERIFICATION_TOKEN", "").strip(),
        "protocol": "ws",
    }
    return {"feishu_bots": [bot]}


def _discord(settings: OneBot, env: Mapping[str, str]) -> dict[str, Any]:
    bot = {"token": env["DISCORD_TOKEN"].strip(), "intent": {"message_content": True}}
    return {"discord_bots": [bot], "discord_proxy": env.get("DISCORD_PROXY", "").strip() or None}


def _qq(settings: OneBot, env: Mapping[str, str]) -> dict[str, Any]:
    intent = {"c2c_group_at_messages": True, "direct_message": True, "guild_members": False}
    bot = {
        "id": env["QQ_APP_ID"].strip(),
        "secret": env["QQ_APP_SECRET"].strip(),
        "intent": intent,
    }
    return {"qq_bots": [bot]}


_ADAPTERS = {
    "onebot": _Adapter("nonebot.adapters.onebot.v11", _onebot),
    "telegram": _Adapter("nonebot.adapters.telegram", _telegram),
    "feishu": _Adapter("nonebot.adapters.feishu", _feishu),
    "discord": _Adapter("nonebot.adapters.discord", _discord),
    "qq": _Adapter("nonebot.adapters.qq", _qq),
    "console": _Adapter("nonebot.adapters.console", lambda settings, env: {}),
}


def prepare(networks: tuple[str, ...], settings: OneBot, env: Mapping[str, str]) -> None:
    """Make NoneBot ready with the adapters of some networks.

    PalouError: it is not installed, or something is missing in the environment.
    """
    for name in networks:
        if missing := unset(NETWORKS[name].needs, env):
            raise PalouError(f"set {' and '.join(missing)} in the environment to reach {name}")
    try:
        nonebot = import_module("nonebot")
        _log_as_we_do()
        adapters = [import_module(_ADAPTERS[name].adapter).Adapter for name in networks]
    except ImportError as e:
        raise PalouError(f"{MISSING} ({e})") from e
    config: dict[str, Any] = {}
    for name in networks:
        config |= _ADAPTERS[name].config(settings, env)
    with _own_environment():
        nonebot.init(
            driver="~fastapi+~httpx+~websockets", log_level="WARNING", _env_file=None, **config
        )
        for adapter in adapters:
            nonebot.get_driver().register_adapter(adapter)


@contextlib.asynccontextmanager
async def running(settings: OneBot, listens: bool) -> AsyncIterator[None]:
    """Have NoneBot run; where it listens, too, it answers at `settings.listen`.

    PalouError: it cannot listen there.
    """
    from nonebot import get_app

    at = bound(settings.listen) if listens and settings.listen else None
    app = get_app()
    async with app.router.lifespan_context(app):
        if at is None:
            yield
            return
        task = asyncio.ensure_future(_server(app, at))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _server(app: Any, at: socket.socket) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # signals are ours: what waits is sent before anything is closed

    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    await Server(config).serve(sockets=[at])


def bound(listen: str) -> socket.socket:
    """A socket to listen at; PalouError: it is taken, or there is no such address."""
    host, _, port = listen.rpartition(":")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host.strip("[]"), int(port)), family=family)
    except OSError as e:
        raise PalouError(f"onebot.listen: cannot listen at {listen}: {e}") from e


def _log_as_we_do() -> None:
    """Have what NoneBot logs go the way of all libraries' logs, without colours.

    The console's adapter looks for NoneBot's own handler, once it is imported: ours stands in.
    """
    import nonebot.log
    from loguru import logger

    def hand_on(message: Any) -> None:
        record = message.record
        level = logging.getLevelName(record["level"].name)
        number = level if isinstance(level, int) else logging.WARNING
        error = record["exception"]
        logging.getLogger(f"nonebot.{record['name']}").log(
            number, "%s", record["message"], exc_info=error and error.value
        )

    logger.remove()
    nonebot.log.logger_id = logger.add(hand_on, level="WARNING", format="{message}")


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """Hide variables by which NoneBot would be set up otherwise than we do."""
    names = [n for n in os.environ if n.upper() in {"DRIVER", "HOST", "PORT", "NICKNAME"}]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
