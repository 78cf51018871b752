"""Sends all rows of the view of exchanges' messages, in the order of a key that the view has not.

Datasette goes on in a table from a key, and in a view by skipping the rows before, each time more
of them. Here the view is read by the exchanges that its rows are of, some hundred at a time.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from datasette.filters import Filters
from datasette.utils import escape_sqlite
from datasette.utils.asgi import AsgiStream, AsgiWriter, Request

from bot.web.site import Site
from knowledge.store.tables import columns, of_groups_by_row

VIEW = "exchange_messages"

AT_ONCE = 250
"""Exchanges that are read at once: some thousand rows, in a hundredth of a second."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows, and the last exchange that was looked at; None: there are no more."""

    rows: Sequence[tuple[object, ...]]
    last: int | None


class Rows:
    """The rows of the view that a request's filters leave; its arguments passed the gate."""

    def __init__(self, conn: sqlite3.Connection, arguments: Mapping[str, Sequence[str]]) -> None:
        there = columns(conn, VIEW)
        only, without = arguments.get("_col", ()), arguments.get("_nocol", ())
        self.columns = [c for c in there if c not in without and (not only or c in only)]
        pairs = sorted(
            (name, value)
            for name, values in arguments.items()
            if name.partition("__")[0] in there
            for value in values
        )
        wheres, self._values = Filters(pairs).build_where_clauses(VIEW)
        self._sql = (
            f"select {', '.join(map(escape_sqlite, self.columns))} from {VIEW}"
            " where exchange > :after and exchange <= :last and "
            + " and ".join([of_groups_by_row(VIEW, "groups"), *(f"({where})" for where in wheres)])
        )

    def after(self, conn: sqlite3.Connection, exchange: int, groups: Sequence[str]) -> _Part:
        """The next rows behind an exchange, of some groups."""
        values = {"after": exchange, "groups": json.dumps(groups)}
        (last,) = conn.execute(
            "select max(id) from (select id from exchanges where id > :after"
            f" and {of_groups_by_row('exchanges', 'groups')} order by id limit {AT_ONCE})",
            values,
        ).fetchone()
        if last is None:
            return _Part((), None)
        return _Part(
            conn.execute(self._sql, self._values | values | {"last": last}).fetchall(), last
        )


def stream(site: Site, request: Request) -> AsgiStream:
    """All rows of the view that a request may see, as CSV.

    Which groups those are is asked for each part: what is wished to be forgotten meanwhile is left
    out from then on.
    """
    arguments = {name: request.args.getlist(name) for name in request.args}

    async def send(writer: AsgiWriter) -> None:
        rows = await site.read(lambda: Rows(site.archive.conn, arguments))
        if request.args.get("_header") != "off":
            await writer.write(_lines([rows.columns]))
        part = _Part((), -1)
        while part.last is not None:
            part = await site.read(partial(_next, site, request, rows, part.last))
            if part.rows:
                await writer.write(_lines(part.rows))

    if not request.args.get("_dl"):
        return AsgiStream(send, content_type="text/plain; charset=utf-8")
    saved = {"content-disposition": f'attachment; filename="{VIEW}.csv"'}
    return AsgiStream(send, headers=saved, content_type="text/csv; charset=utf-8")


def _next(site: Site, request: Request, rows: Rows, after: int) -> _Part:
    return rows.after(site.archive.conn, after, site.visible(request.args))


def _lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
