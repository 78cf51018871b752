"""`palou run`: the bot in WeChat."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import click

from bot.cli.common import db_option, make_ready, synonyms_option
from bot.decision import Core
from bot.settings import Settings
from bot.wire.state import file_of
from knowledge.errors import PalouError

OpenCore = Callable[[Settings, Path | None], Core]

ENDPOINT = "WECHATY_PUPPET_SERVICE_ENDPOINT"
TOKEN = "WECHATY_PUPPET_SERVICE_TOKEN"


@click.command("run", short_help="Answer in WeChat.")
@db_option
@synonyms_option
@click.option("--dry-run", is_flag=True, help="Decide and log, but send nothing.")
@click.option("-v", "--verbose", is_flag=True, help="Log also names and what was said.")
@click.pass_obj
def command(settings: Settings, database: Path | None, dry_run: bool, verbose: bool) -> None:
    """Answer in WeChat, through a wechaty gateway, until SIGTERM or Ctrl-C.

    The gateway's address (host:port) and token come from the environment alone. The log on
    standard error is a line of JSON for each event; without -v it holds no text of the chat.

    \b
    export WECHATY_PUPPET_SERVICE_ENDPOINT=127.0.0.1:18788
    export WECHATY_PUPPET_SERVICE_TOKEN=…
    palou run --dry-run               the first days in a new group
    palou run
    """
    run(settings, database, dry_run=dry_run, verbose=verbose, open_core=_open_core)


def _open_core(settings: Settings, database: Path | None) -> Core:
    core: Core = import_module("bot.core").open_core(settings, database)
    return core


def run(
    settings: Settings,
    database: Path | None,
    *,
    dry_run: bool,
    verbose: bool,
    open_core: OpenCore,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Run the bot; `open_core` makes what decides, once somebody is logged in."""
    endpoint, token = _gateway(environment)
    from bot.wire.wechat.compat import prepare

    prepare()
    # What there is to load is loaded here, with the others' progress bar and errors (in synonyms
    # and model, too); afterwards it would hold up the login.
    make_ready(settings, database)
    from bot.wire.adapter import Adapter
    from bot.wire.edges import Edges, Limits
    from bot.wire.service import serve
    from bot.wire.status import LogHandler, Status
    from bot.wire.wechat.connection import connector
    from bot.wire.wechat.convert import wire_text

    edges, limits = Edges(), Limits(late=settings.speaking.late)
    state = file_of(database or settings.database)
    status = Status(sys.stderr, edges.now, verbose, state)
    logging.basicConfig(handlers=[LogHandler(status)], force=True)

    async def main() -> None:
        adapter = Adapter(
            lambda own: open_core(settings, database),
            edges,
            status,
            limits,
            dry_run,
            wire_text,
        )
        await serve(connector(endpoint, token), adapter, edges, status, limits)

    asyncio.run(main())


def _gateway(environment: Mapping[str, str]) -> tuple[str, str]:
    """The gateway's address and token. Without the address, wechaty would ask a public host."""
    missing = [name for name in (ENDPOINT, TOKEN) if not environment.get(name, "").strip()]
    if missing:
        raise PalouError(f"set {' and '.join(missing)} in the environment to reach the gateway")
    endpoint, token = environment[ENDPOINT].strip(), environment[TOKEN].strip()
    host, _, port = endpoint.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise PalouError(f"{ENDPOINT} should be host:port, like 127.0.0.1:18788")
    return endpoint, token
