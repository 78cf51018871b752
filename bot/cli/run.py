"""`palou run`: the bot in WeChat, QQ, Telegram and other networks."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click

from bot.cli.common import db_option, make_ready, synonyms_option, warn_of_misnamed
from bot.decision import Core
from bot.networks import NETWORKS, WECHAT
from bot.settings import Settings
from bot.wire.state import file_of

OpenCore = Callable[[Settings, Path | None], Core]

_CONSOLE = "console"


@click.command("run", short_help="Answer in WeChat, QQ, Telegram and others.")
@db_option
@synonyms_option
@click.option(
    "--network",
    "networks",
    multiple=True,
    type=click.Choice([*NETWORKS]),
    help="Connect to this one (repeatable; else those of the settings, else wechat).",
)
@click.option("--dry-run", is_flag=True, help="Decide and log, but send nothing.")
@click.option("-v", "--verbose", is_flag=True, help="Log also names and what was said.")
@click.pass_obj
def command(
    settings: Settings,
    database: Path | None,
    networks: tuple[str, ...],
    dry_run: bool,
    verbose: bool,
) -> None:
    """Answer in one network or several, until SIGTERM or Ctrl-C.

    Secrets, and the address of a wechaty gateway, come from the environment alone: the README says
    which. The log on standard error is a line of JSON for each event; without -v it holds no text
    of the chat.

    \b
    palou run --dry-run               the first days in a new group
    palou run                         WeChat, through a wechaty gateway
    palou run --network onebot        QQ, through NapCat or another OneBot v11
    palou run --network wechat --network telegram
    """
    chosen = tuple(dict.fromkeys(networks)) or settings.networks
    run(settings, database, networks=chosen, dry_run=dry_run, verbose=verbose, open_core=_open_core)


def _open_core(settings: Settings, database: Path | None) -> Core:
    core: Core = import_module("bot.core").open_core(settings, database)
    return core


def run(
    settings: Settings,
    database: Path | None,
    *,
    networks: tuple[str, ...] = (WECHAT,),
    dry_run: bool,
    verbose: bool,
    open_core: OpenCore,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Run the bot; `open_core` makes what decides, once somebody is logged in."""
    by_nonebot = tuple(name for name in networks if name != WECHAT)
    wechat = None
    if WECHAT in networks:
        wechat = import_module("bot.wire.wechat.start").connector(environment)
    if by_nonebot:
        import_module("bot.wire.nonebot.running").prepare(by_nonebot, settings.onebot, environment)
    # What there is to load is loaded here, with the others' progress bar and errors (in synonyms
    # and model, too); afterwards it would hold up the login.
    make_ready(settings, database)
    warn_of_misnamed(settings, database)
    from bot.wire.adapter import Adapter
    from bot.wire.edges import Edges, Limits
    from bot.wire.hub import Hub
    from bot.wire.service import Service, serve
    from bot.wire.status import LogHandler, Status

    edges, limits = Edges(), Limits(late=settings.speaking.late)
    state = file_of(database or settings.database)
    log: TextIO = sys.stderr
    if _CONSOLE in networks and log.isatty():
        # The terminal is the console's: the log would be written all over it.
        log = state.with_name(state.name + ".log").open("a", encoding="utf-8")
    status = Status(log, edges.now, verbose, state)
    logging.basicConfig(handlers=[LogHandler(status)], force=True)

    async def main() -> None:
        hub = Hub(lambda own: open_core(settings, database), edges, status, dry_run)
        service = Service(hub, edges, status, limits)
        async with AsyncExitStack() as stack:
            if wechat is not None:
                from bot.wire.wechat.convert import wire_text

                alone = status if not by_nonebot else status.of(network=WECHAT)
                service.add(wechat, Adapter(hub, edges, alone, limits, wire_text))
            if by_nonebot:
                from bot.wire.nonebot.accounts import Accounts
                from bot.wire.nonebot.hooks import hook
                from bot.wire.nonebot.running import running

                accounts = Accounts(service, settings.names, settings.onebot.history)
                hook(lambda: accounts)
                await stack.enter_async_context(running(settings.onebot, "onebot" in by_nonebot))
            await serve(service)

    asyncio.run(main())
