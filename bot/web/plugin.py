"""The plugin: our pages as Datasette's routes, and what of Datasette's own is left on.

A Datasette that is none of ours, in the same process, is left as it is.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.filters import FilterArguments
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from bot.web import desk, judging, message, pages, person, search
from bot.web.access import Access
from bot.web.gate import BROUGHT, Gate, response
from bot.web.site import HERE, Site, WebPage
from knowledge.store.tables import SHOWN, of_groups

DATABASE = "archive"
"""What the database is called in the addresses of its tables."""

FORM = 100_000
"""Bytes that a form may have: an answer and a question of the desk, percent-encoded."""

_ROBOTS = "User-agent: *\nDisallow: /\n"


def site_of(datasette: Datasette) -> Site | None:
    """The site that a Datasette serves, if it is one of ours."""
    site = getattr(datasette, "palou", None)
    return site if isinstance(site, Site) else None


def _site(datasette: Datasette) -> Site:
    site = site_of(datasette)
    assert site is not None, "our routes are registered with our sites alone"
    return site


async def _front(datasette: Datasette, request: Request) -> Response:
    site = _site(datasette)

    def begin() -> tuple[Access, WebPage | None]:
        access = site.access(request.args)
        return access, search.place(site, access, request.args)

    access, moved = await site.read(begin)
    if moved is not None:
        return response(moved)
    if search.by_words(request.args):
        return response(await site.read(lambda: search.words_page(site, access, request.args)))
    asked, verdict = search.sought(request.args), None
    if asked.text and access.groups:
        group = request.args.get("group")
        groups = (group,) if group in access.groups else access.groups
        groups = tuple(g for g in groups if asked.group in g)
        verdict = await site.ask(asked.text, groups)
    return response(await site.read(lambda: search.results(site, access, request.args, verdict)))


async def _message(datasette: Datasette, request: Request) -> Response:
    site, cited = _site(datasette), unquote(request.url_vars["citation"])
    return response(await site.read(lambda: message.message(site, cited, request.args)))


async def _day(datasette: Datasette, request: Request) -> Response:
    site, group = _site(datasette), unquote(request.url_vars["group"])
    date = request.url_vars["date"]
    return response(await site.read(lambda: pages.day(site, group, date, request.args)))


async def _last_day(datasette: Datasette, request: Request) -> Response:
    site, group = _site(datasette), unquote(request.url_vars["group"])
    return response(await site.read(lambda: pages.last_day(site, group, request.args)))


async def _people(datasette: Datasette, request: Request) -> Response:
    site = _site(datasette)
    return response(await site.read(lambda: pages.people(site, request.args)))


async def _person(datasette: Datasette, request: Request) -> Response:
    site, given = _site(datasette), request.url_vars
    group, name = unquote(given["group"]), unquote(given["name"])
    return response(await site.read(lambda: person.person(site, group, name, request.args)))


async def _desk(datasette: Datasette, request: Request) -> Response:
    site = _site(datasette)
    posted: dict[str, str] = {}
    if request.method == "POST":
        body = await _body(request)
        if body is None:
            return Response.text("Payload too large", status=413)
        # A browser ends the lines of a form otherwise than the text that it was given.
        text = body.decode("utf-8", "replace").replace("%0D%0A", "%0A")
        posted = dict(parse_qsl(text, keep_blank_values=True))
    # Not by a header: whoever asks writes those, unless a server in front is trusted with them.
    address, *_ = request.scope.get("client") or ("",)
    act = request.path.rpartition("/")[2]
    asked = desk.DeskRequest(act, posted, request.args, request.cookies, str(address))
    if work := await site.read(lambda: desk.work(site, asked)):
        verdicts = {t: await site.nearest(t.text, groups) for t, groups in work.asked.items()}
        asked = replace(asked, work=work, verdicts=verdicts)
    if act in (judging.SHOWS, *judging.ACTS) and await site.read(lambda: desk.is_open(site, asked)):
        if act == judging.SHOWS:
            asked = replace(asked, turn=await judging.turn(site, request.args))
        elif act == "judge":
            asked = replace(asked, judged=await judging.posted_again(site, posted))
    return response(await site.read(lambda: desk.respond(site, asked)))


async def _body(request: Request) -> bytes | None:
    """The body of a request; None when it is longer than any form of ours."""
    body, more = b"", True
    while more and len(body) <= FORM:
        message = await request.receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    return body if len(body) <= FORM else None


def _static(datasette: Datasette, request: Request) -> Response:
    site = _site(datasette)
    if not request.path.endswith(".css"):
        icon = (HERE / "static" / "palou.svg").read_text("utf-8")
        return Response(icon, content_type="image/svg+xml")
    of_tables = request.path.endswith("/" + site.tables_style.name)
    style = site.tables_style if of_tables else site.style
    return Response(style.css, content_type="text/css; charset=utf-8")


async def _tables(datasette: Datasette, request: Request) -> Response:
    site = _site(datasette)
    return response(await site.read(lambda: pages.tables(site, request.args)))


def _robots() -> Response:
    return Response.text(_ROBOTS)


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Our pages, before Datasette's own."""
    if site_of(datasette) is None:
        return []
    return [
        (r"^/$", _front),
        (r"^/m/(?P<citation>[^/]+)/?$", _message),
        (r"^/day/(?P<group>[^/]+)/?$", _last_day),
        (r"^/day/(?P<group>[^/]+)/(?P<date>\d{4}-\d\d-\d\d)$", _day),
        (r"^/people$", _people),
        (r"^/people/(?P<group>[^/]+)/(?P<name>[^/]+)$", _person),
        (r"^/desk(?:/(?:enter|leave|answer|teach|dismiss|judge|threshold|unjudge))?$", _desk),
        (r"^/desk/label(?:s\.jsonl)?$", _desk),
        (r"^/-/palou(?:-tables)?\.(?:svg|[0-9a-f]{12}\.css)$", _static),
        (r"^/favicon\.ico$", _static),
        (rf"^/{DATABASE}$", _tables),
        (r"^/robots\.txt$", _robots),
    ]


@hookimpl(trylast=True)
def permission_allowed(datasette: Datasette, action: str, resource: Any) -> bool | None:
    """Leave on the tables with archived knowledge, for reading; nothing else."""
    if site_of(datasette) is None:
        return None
    if action == "view-instance":
        return True
    if action == "view-database":
        return bool(resource == DATABASE)
    if action == "view-table":
        return resource[0] == DATABASE and resource[1] in SHOWN
    return False


@hookimpl
def filters_from_request(
    datasette: Datasette, database: str, table: str, request: Request
) -> Awaitable[FilterArguments] | None:
    """Leave out the rows of groups that the request may not see."""
    site = site_of(datasette)
    if site is None:
        return None

    async def only_visible() -> FilterArguments:
        if database != DATABASE or table not in SHOWN:
            return FilterArguments(["0"])
        groups = await site.read(lambda: site.visible(request.args))
        return FilterArguments(
            [of_groups(table, "palou_groups")], {"palou_groups": json.dumps(groups)}
        )

    return only_visible()


# The column of each table beside whose value it says what the row stands for, and the one that has
# the id of that: the first column, an id, is Datasette's own.
_TOLD = {
    ("days", "date"): "id",
    ("messages", "speaker"): "id",
    ("exchanges", "sought"): "id",
    ("exchange_messages", "exchange"): "exchange",
    ("exchange_messages", "message"): "message",
}


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, datasette: Datasette
) -> Awaitable[str | None] | None:
    """Say what a message, an exchange or a day is, with a link to its page."""
    site, key = site_of(datasette), _TOLD.get((table or "", column))
    if site is None or key is None:
        return None
    try:
        number = int(row[key])
    except (KeyError, IndexError, TypeError, ValueError):
        return None  # a page that was asked to leave that column out
    brought = BROUGHT.get()
    return site.read(
        lambda: pages.cell(site, site.access_with(brought), table or "", column, value, number)
    )


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """The tables in our colours, dark ones too."""
    site = site_of(datasette)
    return [] if site is None else [f"{site.settings.prefix}/-/{site.tables_style.name}"]


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Response | None:
    """Say that something went wrong, and not what; what a request itself got wrong is told."""
    site = site_of(datasette)
    told = isinstance(exception, (Base400, DatasetteError)) and exception.status < 500
    if site is None or told:
        return None
    if f"/{DATABASE}/" in request.path and request.query_string:
        # Datasette stumbles over arguments that make no sense to it.
        return response(site.note(400, "看不懂这个地址", "请检查问号后面的部分。"))
    return response(site.note(500, "出了点问题", "已记在日志里，请稍后再试。"))


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Let through what is meant to be seen, and say what a browser may do with it."""
    site = site_of(datasette)
    if site is None:
        return lambda app: app
    return lambda app: Gate(app, site)


@hookimpl
def skip_csrf(datasette: Datasette, scope: dict[str, Any]) -> bool | None:
    """The desk's forms carry a token of their own, and need no other cookie."""
    return True if site_of(datasette) is not None else None
