"""Asks a site as a browser without scripts would, through `datasette.client`."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.reload import InProcess, report
from bot.settings import RoomSettings, Settings
from bot.tokens import tokens
from bot.web.app import Palou
from bot.web.site import Site

BASE = "https://archive.example.org"
SECRET = "a secret for these tests alone"
NOW = datetime(2024, 4, 1, 4, 0, tzinfo=UTC)
QUESTION = "paytalk-20240301-004933"
ANSWER = "paytalk-20240301-075540"
SAID = "备付金是交到人民银行"
SPEAKER = "知渔-蓝鲸架构师"
TABLES = ("days", "messages", "exchanges", "exchange_messages")


class Client:
    """A site in this process; what it says is kept in `last`."""

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime] = lambda: NOW,
        *,
        immutable: bool = False,
    ) -> None:
        self.settings = settings
        reloader = InProcess(lambda: report(settings.database, settings.sources, settings.zone))
        self.site = Site(settings, settings.database, reloader, now, immutable=immutable)
        self.address = "127.0.0.1"
        """Where the next requests come from."""
        self._app = Palou(self.site)
        app = self._app.client.app

        async def from_there(scope: dict[str, Any], receive: Any, send: Any) -> None:
            await app({**scope, "client": (self.address, 1)}, receive, send)

        self._app.client.app = from_there
        self._loop = asyncio.new_event_loop()

    def get(self, path: str, **how: Any) -> Any:
        """The answer to a GET."""
        return self._loop.run_until_complete(
            self._app.client.request("GET", path, avoid_path_rewrites=True, **how)
        )

    def post(self, path: str, form: dict[str, str], **how: Any) -> Any:
        """The answer to a form."""
        return self._loop.run_until_complete(
            self._app.client.request("POST", path, avoid_path_rewrites=True, data=form, **how)
        )

    def text(self, path: str, **how: Any) -> str:
        """What a page says, without its markup; it must be there."""
        answer = self.get(path, **how)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(answer.text)

    def close(self) -> None:
        """End it."""
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
        self.site.close()


Serve = Callable[[Settings], Client]
"""Serves what a test has set, as the fixture `serve` does."""


def plain(page: str) -> str:
    """The text of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def links(page: str) -> list[str]:
    """Where a page's links lead to."""
    return [html.unescape(x) for x in re.findall(r'<a [^>]*?href="([^"]*)"', page)]


def path_of(url: str) -> str:
    """An address without its server."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def settings(database: Path, **changes: Any) -> Settings:
    """Settings of an archive that is open to anybody."""
    made = Settings(
        database=database,
        archives=(database.parent / "archive",),
        answers=database.parent / "answers",
        evaluation=database.parent / "eval",
        base_url=BASE,
    )
    return replace(made, **changes)


def closed(database: Path, **changes: Any) -> Settings:
    """Settings of two rooms whose groups are their own; each has its token."""
    rooms = (
        RoomSettings(id="1@chatroom", groups=("paytalk",)),
        RoomSettings(id="2@chatroom", groups=("ledgerlab",)),
    )
    return settings(database, rooms=rooms, web_token=SECRET, **changes)


def token(group: str) -> str:
    """What opens a group."""
    return tokens(SECRET).group(group)


def enter(client: Client) -> str:
    """The session that the secret opens."""
    answer = client.post("/desk/enter", {"token": SECRET})
    assert answer.status_code == 303 and answer.headers["location"] == "/desk"
    cookie: str = answer.headers["set-cookie"]
    return cookie.split(";")[0].partition("=")[2]


def desk(client: Client, session: str) -> str:
    """The desk in a session."""
    answer = client.get("/desk", cookies={"palou_desk": session})
    assert answer.status_code == 200
    return str(answer.text)


def rows(client: Client, table: str, query: str = "") -> list[dict[str, object]]:
    """The rows of a table that a site shows, so far as one page does."""
    answer = client.get(f"/archive/{table}.json?_shape=array&_size=max{query}")
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()
    return found
