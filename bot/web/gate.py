"""The gate before Datasette: what of a request goes further, and the headers of all answers."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from datasette.utils.asgi import AsgiStream, Request, Response

from bot.web.arguments import MOST, SEARCH, STREAM, page_of, refused
from bot.web.compressed import Message, Send, compressing, takes_gzip
from bot.web.desk import COOKIE
from bot.web.pages import closed
from bot.web.site import Site, WebPage
from bot.web.streaming import stream
from knowledge.store.by_key import VIEW
from knowledge.store.tables import SHOWN, columns

_STREAMED = f"/archive/{VIEW}.csv"
_NAMED = 40  # characters of an argument that an error page names

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BROUGHT: ContextVar[tuple[str, ...]] = ContextVar("brought", default=())
"""The tokens of the request at hand, for what Datasette asks without it: how to show a value."""

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


def response(page: WebPage) -> Response:
    """A page as Datasette answers with it."""
    return Response(page.html, page.status, page.headers, page.content_type)


class Gate:
    """Lets requests through to Datasette, or answers them itself."""

    def __init__(self, app: App, site: Site) -> None:
        self._app = app
        self._site = site
        self._tables = _policy_of_tables()
        self._columns = {t: columns(site.archive.conn, t) for t in SHOWN}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, request = self._path(scope), Request(scope, receive)
        BROUGHT.set(tuple(request.args.getlist("_t")[:MOST]))
        answer = await self._answered(path, request)
        lasting = path.startswith("/-/")
        policy = self._tables if path.startswith("/archive/") else _STRICT

        if not path.startswith("/desk") and takes_gzip(scope["headers"]):
            send = compressing(send)

        async def guarded(message: Message) -> None:
            if path.startswith("/archive/") and message["type"] == "http.response.body":
                message = {**message, "body": _labelled(message.get("body", b""))}
            if message["type"] == "http.response.start":
                message = self._with_headers(message, policy, lasting)
            await send(message)

        if answer is not None:
            await answer.asgi_send(guarded)
        else:
            await self._app(scope, receive, guarded)

    def _path(self, scope: Scope) -> str:
        """The path as Datasette's router reads it, below the prefix."""
        raw = scope.get("raw_path")
        path: str = raw.decode("latin-1") if raw else scope["path"]
        path = path.partition("?")[0]
        prefix = self._site.settings.prefix
        return path[len(prefix) :] if prefix and path.startswith(prefix + "/") else path

    async def _answered(self, path: str, request: Request) -> Response | AsgiStream | None:
        """What to say to a request that goes no further: refused, or answered here."""
        found = page_of(path)
        if found is None:
            return self._nothing()
        page, parts = found
        names = [name for name in request.args for _ in request.args.getlist(name)]
        if page.takes and SEARCH in page.takes and SEARCH in names:
            return await self._search(request)
        if len(names) > MOST:
            return self._not_understood(f"问号后面最多 {MOST} 项。")
        wrong = refused(page, names, self._columns.get(page.columns, ()))
        if wrong is not None:
            return self._not_understood(f"这里不认「{wrong[:_NAMED]}」。")
        if "row" in parts and not await self._shows(parts["table"], int(parts["row"]), request):
            # Whether there is such a row is told to nobody who may not see all of them.
            return self._closed() if await self._shut(request) else self._nothing()
        if page.columns and await self._shut(request, request.args):
            return self._closed()
        reads = request.method in ("GET", "HEAD")
        if reads and STREAM in names and path == _STREAMED:
            try:
                return await stream(self._site, request, self._columns[VIEW])
            except (ValueError, sqlite3.Error):
                return self._not_understood("这样筛选没有意义。")
        posts = request.method == "POST" and path.startswith("/desk")
        return None if (reads and "act" not in parts) or posts else _wrong()

    async def _search(self, request: Request) -> Response:
        """Where our own search looks for what was to be looked for in a table.

        Datasette's would look in an index of all groups.
        """
        site, sought = self._site, request.args.get(SEARCH)
        return Response.redirect(
            await site.read(lambda: site.access(request.args).url("/", q=sought))
        )

    async def _shows(self, table: str, row: int, request: Request) -> bool:
        """Whether a request may see a row: of a group open to it, with nothing left to take out."""
        site = self._site

        def look() -> bool:
            group = site.archive.group_of_row(table, row)
            return group is not None and group in site.visible(request.args)

        return await site.read(look)

    async def _shut(self, request: Request, named: Any = None) -> bool:
        """Whether a request lacks what opens a group of the archive.

        With the arguments of a table: any that they name or, where they name none, all of them.
        """
        site = self._site

        def look() -> bool:
            access, archived = site.access(request.args), site.archive.groups
            if named is None:
                return len(access.groups) < len(archived)
            wanted = [v for key in ("grp", "grp__exact") for v in named.getlist(key)]
            if wanted:
                return not all(map(access.may, wanted))
            return bool(archived) and not access.groups

        return await site.read(look)

    def _closed(self) -> Response:
        return response(closed(self._site))

    def _nothing(self) -> Response:
        return self._note(404, "没有这个页面", "地址可能写错了，或者这一页没有开放。")

    def _not_understood(self, what: str) -> Response:
        return self._note(400, "看不懂这个地址", f"请检查问号后面的部分。{what}")

    def _note(self, status: int, title: str, said: str) -> Response:
        return response(self._site.note(status, title, said))

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


# What Datasette's pages lack for who hears them: a language, and names of the fields of its form.
_UNNAMED = re.compile(rb'<(select|input type="text") name="(_filter_(?:column|op|value)|_sort)')
_FIELDS = {
    b"_filter_column": "列",
    b"_filter_op": "怎么比",
    b"_filter_value": "值",
    b"_sort": "按哪一列排",
}


def _labelled(body: bytes) -> bytes:
    """A page of Datasette's with these added; anything else as it is."""
    if not body.startswith(b"<!DOCTYPE html>"):
        return body
    body = body.replace(b"<html>", b'<html lang="en">', 1)
    return _UNNAMED.sub(
        lambda m: b'<%s aria-label="%s" name="%s' % (m[1], _FIELDS[m[2]].encode(), m[2]), body
    )


def _wrong() -> Response:
    return Response.text("Method not allowed", status=405)
