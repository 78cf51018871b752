"""The gate before Datasette: which addresses exist, and the headers that all answers bear."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from datasette.utils.asgi import Request, Response

from bot.web.desk import COOKIE
from bot.web.site import Site
from knowledge.store.tables import SHOWN, WITH_ROWS

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_OURS = re.compile(
    r"/|/m/[^/]+|/day/[^/]+/\d{4}-\d\d-\d\d|/people|/archive|/favicon\.ico|/robots\.txt|/-/palou\.(?:svg|[0-9a-f]{12}\.css)"
)
_DESK = re.compile(r"/desk(?:/(?P<act>enter|leave|answer))?")
_TABLE = re.compile(rf"/archive/(?:{'|'.join(SHOWN)})(?:\.(?:json|csv))?")
_ROW = re.compile(rf"/archive/(?P<table>{'|'.join(WITH_ROWS)})/(?P<row>\d{{1,19}})(?:\.json)?")
_ITS_STATIC = re.compile(r"/-/static/[\w.-]+")

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

_STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def _policy_of_tables() -> str:
    """What Datasette's table pages need: its own script, its two lines in the page, by their hash.

    Their colours are style attributes, which run nothing and load nothing.
    """
    inline = _SCRIPT.findall(
        files("datasette").joinpath("templates/_close_open_menus.html").read_text("utf-8")
    )
    inline += (f"DATASETTE_ALLOW_FACET = {value};" for value in ("true", "false"))
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
        for code in inline
    )
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Lets requests through to Datasette, or answers them itself."""

    def __init__(self, app: App, site: Site) -> None:
        self._app = app
        self._site = site
        self._tables = _policy_of_tables()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = self._path(scope)
        refused = await self._refused(path, scope, receive)
        lasting = path.startswith("/-/")
        policy = self._tables if path.startswith("/archive/") else _STRICT

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = self._with_headers(message, policy, lasting)
            await send(message)

        if refused is not None:
            await refused.asgi_send(guarded)
        else:
            await self._app(scope, receive, guarded)

    def _path(self, scope: Scope) -> str:
        """The path as Datasette's router reads it, below the prefix."""
        raw = scope.get("raw_path")
        path: str = raw.decode("latin-1") if raw else scope["path"]
        path = path.partition("?")[0]
        prefix = self._site.settings.prefix
        return path[len(prefix) :] if prefix and path.startswith(prefix + "/") else path

    async def _refused(self, path: str, scope: Scope, receive: Receive) -> Response | None:
        """What to say to a request that goes no further."""
        reads = scope["method"] in ("GET", "HEAD")
        if desk := _DESK.fullmatch(path):
            return (
                None if (desk["act"] is None and reads) or scope["method"] == "POST" else _wrong()
            )
        if row := _ROW.fullmatch(path):
            if not await self._shows(row["table"], int(row["row"]), Request(scope, receive)):
                return self._nothing()
        elif not (_OURS.fullmatch(path) or _TABLE.fullmatch(path) or _ITS_STATIC.fullmatch(path)):
            return self._nothing()
        return None if reads else _wrong()

    async def _shows(self, table: str, row: int, request: Request) -> bool:
        """Whether a request may see a row: of a group open to it, with nothing left to take out."""
        site = self._site

        def look() -> bool:
            group = site.archive.group_of_row(table, row)
            return (
                group is not None
                and group not in site.archive.pending()
                and group in site.access(request.args).groups
            )

        return await site.read(look)

    def _nothing(self) -> Response:
        page = self._site.note(404, "没有这个页面", "地址可能写错了，或者这一页没有开放。")
        return Response(page.html, page.status, page.headers, page.content_type)

    def _with_headers(self, message: Message, policy: str, lasting: bool) -> Message:
        drop = {name.lower().encode() for name in _HEADERS}
        drop |= {b"content-security-policy", b"cache-control"}
        # No cookie but the desk's.
        kept = [
            (name, value)
            for name, value in message.get("headers", [])
            if name.lower() not in drop
            and (name.lower() != b"set-cookie" or value.startswith(COOKIE.encode() + b"="))
        ]
        # What was forgotten must not live on in a cache.
        cached = "public, max-age=86400" if lasting and message["status"] == 200 else "no-store"
        own = _HEADERS | {"Content-Security-Policy": policy, "Cache-Control": cached}
        if urlsplit(self._site.settings.base_url).scheme == "https":
            own["Strict-Transport-Security"] = "max-age=31536000"
        kept += [(name.lower().encode(), value.encode()) for name, value in own.items()]
        return {**message, "headers": kept}


def _wrong() -> Response:
    return Response.text("Method not allowed", status=405)
