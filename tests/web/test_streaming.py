"""Streams of tables: what one costs grows with its rows, and a wish that comes meanwhile holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from knowledge.store import by_key, wishes
from knowledge.store.by_key import Part, Rows
from knowledge.store.ids import EXCHANGE_DAY_BITS
from knowledge.store.schema import connect
from tests.web.client import QUESTION, Client, settings


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
    own: Path, serve: Callable[[Settings], Client], monkeypatch: pytest.MonkeyPatch
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
