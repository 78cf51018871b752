"""Sends all rows of the view of exchanges' messages, which Datasette would page ever slower."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from datasette.filters import Filters
from datasette.utils import escape_sqlite
from datasette.utils.asgi import AsgiStream, AsgiWriter, Request

from bot.web.site import Site
from knowledge.store.by_key import NOTHING, VIEW, Part, Rows


async def stream(site: Site, request: Request, there: Sequence[str]) -> AsgiStream:
    """All rows of the view that a request may see, as CSV; `there` are the columns of the view.

    Which groups those are is asked for each part: what is wished to be forgotten meanwhile is left
    out from then on. ValueError or sqlite3.Error: the arguments make no sense.
    """
    arguments = {name: request.args.getlist(name) for name in request.args}
    columns = _columns(arguments, there)
    rows = _rows(arguments, columns, there)

    async def after(part: Part) -> Part:
        return await site.read(
            lambda: rows.after(site.archive.conn, part, site.visible(request.args))
        )

    first = await after(NOTHING)

    async def send(writer: AsgiWriter) -> None:
        if request.args.get("_header") != "off":
            await writer.write(_lines([columns]))
        part = first
        while part.last is not None:
            if part.rows:
                await writer.write(_lines(part.rows))
            part = await after(part)

    if not request.args.get("_dl"):
        return AsgiStream(send, content_type="text/plain; charset=utf-8")
    saved = {"content-disposition": f'attachment; filename="{VIEW}.csv"'}
    return AsgiStream(send, headers=saved, content_type="text/csv; charset=utf-8")


def _columns(arguments: Mapping[str, Sequence[str]], there: Sequence[str]) -> list[str]:
    """The columns that are wanted; ValueError: none."""
    only, without = arguments.get("_col", ()), arguments.get("_nocol", ())
    if left := [c for c in there if c not in without and (not only or c in only)]:
        return left
    raise ValueError("no column is left")


def _rows(
    arguments: Mapping[str, Sequence[str]], columns: Sequence[str], there: Sequence[str]
) -> Rows:
    """The rows that the filters among the arguments leave."""
    pairs = sorted(
        (name, value)
        for name, values in arguments.items()
        if name.partition("__")[0] in there
        for value in values
    )
    conditions, values = Filters(pairs).build_where_clauses(VIEW)
    return Rows([escape_sqlite(c) for c in columns], conditions, values)


def _lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
