"""Makes a Datasette that serves one database with our plugin, and runs it."""

from __future__ import annotations

import signal
import socket
import sqlite3
from collections.abc import Callable, Sequence

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from bot.web import plugin
from bot.web.site import Site
from knowledge.errors import PalouError
from knowledge.store.schema import connect
from knowledge.store.tables import only_shown

_SETTINGS = {
    "default_allow_sql": False,
    "allow_download": False,
    "allow_csv_stream": True,
    "default_cache_ttl": 0,
    "suggest_facets": False,
}


class ReadOnly(Database):
    """The database as Datasette's own pages read it."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open it, never for writing."""
        assert not write, "nothing is written from here"
        site = self.ds.palou
        conn = connect(site.database, immutable=site.immutable)
        only_shown(conn)
        return conn


class Palou(Datasette):
    """A Datasette that our plugin knows as its own."""

    def __init__(self, site: Site) -> None:
        # Only now: its plugins load each other, in an order that begins with datasette.app.
        from datasette import handle_exception

        # With rich, errors would print all variables at hand, messages and tokens included.
        handle_exception.rich = None
        if not pm.is_registered(plugin):
            pm.register(plugin)
        self.palou = site  # before all else: routes are made within the next line
        base_url = site.settings.prefix + "/"
        super().__init__(files=[], settings=_SETTINGS | {"base_url": base_url})
        self.remove_database("_memory")
        shown = ReadOnly(self, path=str(site.database), is_mutable=not site.immutable)
        self.add_database(shown, name=plugin.DATABASE)


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def check_address(host: str, port: int) -> None:
    """PalouError when the port cannot be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            raise PalouError(f"cannot listen on {host}, port {port}: {e.strerror or e}") from e


def run(
    site: Site,
    host: str,
    port: int,
    proxies: Sequence[str] = (),
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, and call `ready` once it does; PalouError: it cannot.

    `proxies` are the addresses or networks of web servers in front of it, which are believed in
    `X-Forwarded-For` whom they ask for; nobody else is.

    There is no log of requests: it would hold what people asked, and tokens.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn ends in order and then raises the signal again, which would be the exit status.
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        Palou(site).app(),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        lifespan="on",
    )
    server = _Server(config, ready)
    server.run()
    if not server.started:
        raise PalouError(f"cannot serve on {host}, port {port}; what is wrong stands above")
