"""Streams of tables: all rows of open groups, none wished away, at a cost that grows with them."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.store import by_key, wishes
from knowledge.store.by_key import Part, Rows
from knowledge.store.ids import EXCHANGE_DAY_BITS
from knowledge.store.schema import connect
from tests.web.client import QUESTION, TABLES, Client, Serve, settings, token


def grow(database: Path, days: int) -> None:
    """Give the archive so many days more, each with the exchanges of the first."""
    with closing(sqlite3.connect(database)) as conn, conn:
        (first, last) = conn.execute("select min(id), max(id) from days").fetchone()
        for day in range(last + 1, last + 1 + days):
            conn.execute("insert into days values (?, 'paytalk', ?)", [day, f"day {day}"])
            conn.execute(
                "insert into exchanges select id + (? << ?), sought, retold, parts"
                " from exchanges where id >> ? = ?",
                [day - first, EXCHANGE_DAY_BITS, EXCHANGE_DAY_BITS, first],
            )


def steps(database: Path) -> tuple[int, int]:
    """How many rows a stream of all has, and how many hundred steps SQLite took for them."""
    taken, found = 0, 0

    def step() -> None:
        nonlocal taken
        taken += 1

    with closing(connect(database)) as conn:
        conn.set_progress_handler(step, 100)
        rows, part = Rows(["*"]), by_key.NOTHING
        while part.last is not None:
            part = rows.after(conn, part, ["paytalk"])
            found += len(part.rows)
    return found, taken


def test_what_a_stream_costs_grows_with_its_rows(own: Path) -> None:
    grow(own, 200)
    few, of_few = steps(own)
    grow(own, 1400)
    many, of_many = steps(own)
    assert many > 5 * few > 10_000
    assert of_many / of_few < 1.3 * many / few


def test_what_is_wished_during_a_stream_is_left_out_from_then_on(
    own: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_key, "AT_ONCE", 5)
    client, read, parts = serve(settings(own)), Rows.after, 0
    address = "/archive/exchange_messages.csv?_stream=1"
    whole = client.get(address).text.count("\n")

    def after(rows: Rows, conn: sqlite3.Connection, part: Part, groups: Sequence[str]) -> Part:
        nonlocal parts
        parts += 1
        if parts == 2:
            rule = wishes.Rule("message", "paytalk", QUESTION)
            wishes.keep(own, [rule], datetime(2024, 4, 1, tzinfo=UTC), "wxid")
        return read(rows, conn, part, groups)

    monkeypatch.setattr(Rows, "after", after)
    assert 1 < client.get(address).text.count("\n") < whole


@pytest.mark.parametrize(
    "query",
    [
        "role__in=[",
        "_nocol=exchange&_nocol=role&_nocol=message&_nocol=probability",
        f"role__glob={'*' * 50_001}",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(seeds_site: Client, query: str) -> None:
    answer = seeds_site.get(f"/archive/exchange_messages.csv?_stream=1&{query}")
    assert answer.status_code == 400 and "这样筛选没有意义" in answer.text


def test_all_rows_are_streamed_by_their_keys_alone(seeds_site: Client) -> None:
    for table in TABLES:
        streamed = seeds_site.get(f"/archive/{table}.csv?_stream=1")
        assert len(rows_of(streamed.text)) - 1 == count(seeds_site, table)
        for order in ("_sort=id", "_sort_desc=id", "_next=1", "_facet=id", "_filter_column=id"):
            answer = seeds_site.get(f"/archive/{table}.csv?_stream=1&{order}")
            assert answer.status_code == 400, order
    for table in ("messages", "exchange_messages"):
        assert 'name="_stream"' in seeds_site.get(f"/archive/{table}").text


def test_a_streamed_view_is_what_its_pages_show(seeds_site: Client) -> None:
    address = "/archive/exchange_messages.csv"
    for query in (
        *("role=answer", "probability__lt=0.9&role__not=question", "_col=exchange&_col=message"),
        *(
            "_nocol=role",
            "message__gt=abc",
            'role__in=["answer","thread"]',
            "probability__isnull=1",
        ),
        *("_header=off", "exchange__lte=0", "role__contains=w", "probability__glob=0.9*"),
    ):
        shown = seeds_site.get(f"{address}?{query}&_size=1000").text
        streamed = seeds_site.get(f"{address}?{query}&_stream=1").text
        assert streamed.startswith(shown), query
        assert len(rows_of(shown)) >= 1000 or streamed == shown, query
    saved = seeds_site.get(f"{address}?_stream=1&_dl=1").headers
    assert saved["content-type"].startswith("text/csv") and "attachment" in str(saved)


def test_a_streamed_view_has_the_rows_of_open_groups_alone(closed_site: Client) -> None:
    address = "/archive/exchange_messages.csv?_stream=1"
    assert closed_site.get(address).status_code == 403
    one, other = (rows_of(closed_site.get(f"{address}&_t={token(g)}").text)[1:]
                  for g in ("paytalk", "ledgerlab"))  # fmt: skip
    assert one and other and not {row[0] for row in one} & {row[0] for row in other}
    both = closed_site.get(f"{address}&_t={token('paytalk')}&_t={token('ledgerlab')}").text
    assert len(rows_of(both)) - 1 == len(one) + len(other)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def count(client: Client, table: str) -> int:
    found: int = client.get(f"/archive/{table}.json").json()["filtered_table_rows_count"]
    return found
