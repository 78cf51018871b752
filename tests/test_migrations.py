"""A database of every schema that there was: what comes out of it, and that nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from knowledge.errors import StoreError
from knowledge.language.names import SOMEBODY
from knowledge.loading.load import load
from knowledge.matching.match import Match, Matcher
from knowledge.store.migrations import create_or_migrate
from knowledge.store.read import Store
from knowledge.store.schema import SCHEMA, connect
from knowledge.store.transaction import create
from tests.chats import Said, put
from tests.dump import ASKED, FORGOTTEN, restore
from tests.group import Group, said, settings

NEW: list[Said] = [
    ("09:00:00", "Mia 罗", "请问电子回单在哪里补打？"),
    ("09:01:00", FORGOTTEN, "@Mia 罗?网银的回单中心里补打，一年以内的都有"),
]


@pytest.fixture(params=range(1, SCHEMA + 1))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database of each schema, with its archive beside it."""
    return restore(request.param, tmp_path)


def migrate(database: Path) -> None:
    with closing(sqlite3.connect(database)) as conn:
        create_or_migrate(Database(conn))


def ask(database: Path, text: str) -> Match:
    with closing(connect(database)) as conn:
        return Matcher(conn).ask(text, k=1)[0]


def archive(database: Path) -> Path:
    return database.parent / "archive"


def described(database: Path) -> set[tuple[str, str]]:
    """Every table, index and view with the statement that makes it, and the schema's number."""
    with closing(sqlite3.connect(database)) as conn:
        made = conn.execute("select name, sql from sqlite_master where sql is not null").fetchall()
        migrations = conn.execute("select count(*) from _sqlite_migrations").fetchone()
        version = conn.execute("pragma user_version").fetchone()
    return {*made, ("migrations", *map(str, migrations)), ("version", *map(str, version))}


def test_an_old_database_becomes_what_a_new_one_is(old: Path, tmp_path: Path) -> None:
    migrate(old)
    create(tmp_path / "new.db")
    assert described(old) == described(tmp_path / "new.db")
    assert ("migrations", str(SCHEMA)) in described(old)


def test_an_old_database_is_not_read_before_it_was_loaded_into(tmp_path: Path) -> None:
    old = restore(SCHEMA - 1, tmp_path)
    with pytest.raises(StoreError, match="made by an older palou; bring it up to date"):
        connect(old)
    load(old, [archive(old)])
    connect(old).close()


def test_exchanges_stay_as_they_were_made(old: Path) -> None:
    parts = "select exchange, role, message, probability from exchange_messages"
    with closing(sqlite3.connect(old)) as conn:
        before = conn.execute(parts).fetchall()
    migrate(old)
    with closing(connect(old)) as conn:
        assert conn.execute(parts).fetchall() == before != []
        exchanges = Store(conn).exchanges([exchange for exchange, *_ in before])
    (retold,) = (x for x in exchanges.values() if x.retold)
    assert (retold.lead.text, retold.answers[0].message.text) == (
        "能不能跨行冲正？",
        "不能，只能发起退货",
    )


def test_what_was_asked_before_is_answered_before_any_load(old: Path) -> None:
    migrate(old)
    found = ask(old, "清算文件几点能下载")
    assert found.confidence > 0.3
    assert found.exchange.lead.text == ASKED
    assert "一般早上九点半以后" in found.exchange.answers[0].message.text
    assert found.exchange.answers[1].message.speaker == SOMEBODY


def test_a_load_finds_nothing_new_and_then_one_file(old: Path) -> None:
    report = load(old, [archive(old)])
    assert (report.new, report.changed, report.unchanged, report.removed) == (0, 0, 2, 0)
    assert ask(old, "清算文件几点能下载").exchange.lead.text == ASKED
    put(archive(old) / "paytalk", "2024-05-08", NEW)
    report = load(old, [archive(old)])
    assert (report.new, report.changed, report.unchanged, report.removed) == (1, 0, 2, 0)
    found = ask(old, "电子回单在哪里补打").exchange
    assert [a.message.text for a in found.answers] == [NEW[1][2]]
    assert ask(old, "清算文件几点能下载").exchange.lead.text == ASKED


def test_what_no_load_can_make_again_is_kept(old: Path) -> None:
    put(archive(old) / "paytalk", "2024-05-08", NEW)
    load(old, [archive(old)])
    with closing(connect(old)) as conn:
        speakers = {name for (name,) in conn.execute("select name from speakers")}
    assert SOMEBODY in speakers and FORGOTTEN not in speakers
    group = Group(settings(old.parent))
    assert "紫砂壶开壶要煮几个小时？" in group.command("/unanswered")
    assert "ambient" in group.command("/mode")
    assert group.core.record.feedback_on("paytalk-20240506-090000") == [(ASKED, 1)]
    assert "一般早上九点半以后" in said(group.ask("小林", ASKED))
    group.close()
