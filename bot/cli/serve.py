"""`palou serve`: the archive in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

import click

from bot.cli.common import db_option, make_ready
from bot.reload import Subprocess
from bot.settings import Settings
from bot.settings_file import WEB_TOKEN, base_url
from knowledge.errors import PalouError


@click.command("serve", short_help="Show the archive in a browser.")
@db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="The port."
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    callback=lambda ctx, option, given: [_network(address) for address in given],
    help="A web server in front of it, or a network of them, that is believed who asks by it"
    " (X-Forwarded-For); none is, else, and all who ask by it share their tries at the secret.",
)
@click.option(
    "--base-url",
    help="Where members reach it, like https://example.org/palou (default: as set).",
)
@click.option(
    "--immutable",
    is_flag=True,
    help="Nothing writes the database meanwhile, as on a read-only disk; no load is seen then.",
)
@click.pass_obj
def command(
    settings: Settings,
    database: Path | None,
    host: str,
    port: int,
    proxies: Sequence[str],
    base_url: str | None,
    immutable: bool,
) -> None:
    """Show the archive in a browser: /m/CITATION, search, days, people, and the operator's /desk.

    It reads the database and never writes to it. A load meanwhile is seen at once, and a message
    that is forgotten is gone at once. Once the settings have rooms, the pages of a group need its
    token, unless `private` lists the group: links in replies bring it, when PALOU_WEB_TOKEN is in
    the environment of `palou run` and `palou serve`. The same variable opens /desk.

    \b
    palou serve                                         http://127.0.0.1:8001/
    palou serve --port 9000 --base-url https://example.org/palou
    PALOU_WEB_TOKEN=… palou serve --host 0.0.0.0
    palou serve --proxy 127.0.0.1                       behind nginx on this machine
    """
    try:
        from bot.web.app import check_address, run
        from bot.web.site import Site
    except ImportError as e:
        raise PalouError("to serve, install the extra: pip install 'palou[web]'") from e
    path = database or settings.database
    settings = with_base_url(settings, base_url, host, port)
    check_address(host, port)
    if not immutable:
        make_ready(settings, database)
    reloader = Subprocess(
        path, lambda: settings.sources, settings.semantic, settings.timezone, settings.own
    )
    if not immutable:
        reloader.embed()
    site = Site(
        settings,
        path,
        reloader,
        lambda: datetime.now(settings.zone),
        immutable=immutable,
    )
    try:
        run(site, host, port, proxies, lambda: _announce(settings, site.archive.groups, path))
    finally:
        site.close()


def _network(address: str) -> str:
    """An address or network as it was given; click.BadParameter: it is none."""
    try:
        ip_network(address)
    except ValueError as e:
        raise click.BadParameter(f"{e}; give one like 127.0.0.1 or 10.0.0.0/8") from e
    return address


def with_base_url(settings: Settings, given: str | None, host: str, port: int) -> Settings:
    """The settings with where the pages are reached: as given, as set, or where they are served."""
    if given is not None:
        return replace(settings, base_url=base_url(given, "--base-url"), permalink="")
    if settings.base_url:
        return settings
    named = f"[{host}]" if ":" in host else host
    return replace(settings, base_url=f"http://{named}:{port}")


def _announce(settings: Settings, groups: tuple[str, ...], path: Path) -> None:
    """Say on standard error what is served where, and what is closed."""
    click.echo(f"serving {path} at {settings.base_url}/", err=True)
    closed = [g for g in groups if settings.is_closed(g)]
    if closed and not settings.web_token:
        click.echo(
            f"warning: {', '.join(closed)}: of rooms, so their pages need a token; "
            f"set {WEB_TOKEN}, or list in `private` what anybody may read",
            err=True,
        )
