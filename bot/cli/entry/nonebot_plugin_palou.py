"""The NoneBot plugin: the bot in somebody's own NoneBot, with whatever adapters are there.

It is installed at the top level, under a name that is nobody else's. A project of NoneBot may have
a `bot.py` of its own; ours is imported beside it all the same.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nonebot import get_driver, get_plugin_config
from nonebot.log import logger
from nonebot.plugin import PluginMetadata
from pydantic import BaseModel

if TYPE_CHECKING:
    from bot.wire.nonebot.accounts import Accounts
    from bot.wire.service import Service

_OURS = Path("wire", "nonebot", "hooks.py")


class Config(BaseModel):
    """The keys of this plugin in NoneBot's own configuration."""

    palou_settings: Path | None = None
    """The file of settings; else `palou.toml` in the working folder, if it is there."""
    palou_priority: int = 98
    """Behind commands of other plugins that let no message through."""
    palou_dry_run: bool = False
    """Decide and log, but send nothing."""


__plugin_meta__ = PluginMetadata(
    name="爬楼",
    description="群里问过、答过的，带出处再答一遍；没有把握就不说话。不用语言模型，运行时不联网",
    usage="palou load 读入聊天记录，再在群里 @ 机器人提问；/help 是说明，/id 是群和自己的编号",
    type="application",
    config=Config,
    supported_adapters=None,
)


def _import_ours() -> None:
    """Have our package `bot` imported, not a module of the project's that has its name."""
    loaded = sys.modules.get("bot")
    if loaded is not None:
        if not _is_ours(getattr(loaded, "__path__", None)):
            raise ImportError("another module `bot` is imported here: give it another name")
        return
    for folder in sys.path:
        spec = PathFinder.find_spec("bot", [folder])
        if spec is not None and _is_ours(spec.submodule_search_locations):
            sys.path.insert(0, folder)
            try:
                importlib.import_module("bot")
            finally:
                sys.path.remove(folder)
            return


def _is_ours(folders: Any) -> bool:
    return any((Path(folder) / _OURS).is_file() for folder in folders or ())


class _Log:
    """Takes the lines of the status log: what is said about each message is for debugging."""

    def write(self, text: str) -> int:
        line = json.loads(text)
        level = "DEBUG" if line["event"] in ("decided", "sent", "skipped") else "INFO"
        logger.opt(colors=False).log(level, "palou {}", text.rstrip())
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""


class _Palou:
    """The bot, from the start of NoneBot to its end."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._service: Service | None = None
        self.accounts: Accounts | None = None

    async def start(self) -> None:
        """Load what there is to load, and be ready; else say why not, and keep silent."""
        from bot.cli.common import make_ready
        from bot.core import open_core
        from bot.settings_file import read
        from bot.wire.edges import Edges, Limits
        from bot.wire.hub import Hub
        from bot.wire.nonebot.accounts import Accounts
        from bot.wire.service import Service
        from bot.wire.state import file_of
        from bot.wire.status import Status
        from knowledge.errors import PalouError

        own = {key.upper() for key in Config.model_fields}
        environment = {k: v for k, v in os.environ.items() if k.upper() not in own}
        try:
            settings = read(self._config.palou_settings, environment)
            make_ready(settings, None)
        except PalouError as e:
            logger.error("palou: {}", e)
            return
        edges, limits = Edges(), Limits(late=settings.speaking.late)
        status = Status(_Log(), edges.now, state=file_of(settings.database))
        hub = Hub(lambda _: open_core(settings, None), edges, status, self._config.palou_dry_run)
        self._service = service = Service(hub, edges, status, limits)
        self.accounts = Accounts(service, settings.names, settings.onebot.history)

    async def stop(self) -> None:
        """Send what is still to be sent, and close."""
        from knowledge.errors import PalouError

        self.accounts = None
        if self._service is None:
            return
        await self._service.flush()
        try:
            await self._service.close()
        except PalouError as e:
            logger.error("palou: {}", e)


def _load() -> None:
    _import_ours()
    from bot.wire.nonebot.hooks import hook

    palou = _Palou(get_plugin_config(Config))
    hook(lambda: palou.accounts, palou._config.palou_priority)
    get_driver().on_startup(palou.start)
    get_driver().on_shutdown(palou.stop)


_load()
