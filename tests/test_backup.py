"""Copies of the database: whole at one moment, and never in the place of something else."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.record.record import Record
from knowledge.loading.load import load
from knowledge.store.schema import SCHEMA, connect
from tests.chats import ASKED, put
from tests.disk import mounted
from tests.dump import restore
from tests.test_record import ask


@pytest.fixture
def known(tmp_path: Path, database: Path) -> Path:
    """A database with a day of a group, and a question that was put to the bot."""
    put(tmp_path / "g", "2024-05-06", ASKED)
    load(database, [tmp_path / "g"])
    record = Record(database)
    ask(record, "茶壶\x00“怎么\n洗”")
    record.close()
    return database


def backup(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["backup", *map(str, args)])


def asked(database: Path) -> list[str]:
    with closing(connect(database, any_schema=True)) as conn:
        return [text for (text,) in conn.execute("select text from questions order by id")]


def test_a_copy_is_whole_while_others_write(known: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    record = Record(known)
    ask(record, "写下了")
    record.flush()
    with closing(sqlite3.connect(known, isolation_level=None)) as loading:
        loading.execute("begin immediate")
        loading.execute("delete from messages")
        ask(record, "还没写")
        result = backup(copy, "--db", known)
        loading.execute("rollback")
    assert result.exit_code == 0 and "MB" in result.stderr
    assert [p.name for p in copy.parent.iterdir()] == ["copy.db"], "and nothing else is left"
    assert copy.stat().st_mode == known.stat().st_mode
    assert asked(copy) == ["茶壶\x00“怎么\n洗”", "写下了"]
    assert load(copy, [tmp_path / "g"]).messages == len(ASKED)
    record.close()


def test_what_is_there_is_replaced_only_when_told_to(known: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    refused = backup(copy, "--db", known)
    assert refused.exit_code == 1 and "is there already" in refused.stderr
    assert copy.read_text() == "mine"
    assert backup(copy, "--db", known, "--force").exit_code == 0
    assert len(asked(copy)) == 1


@pytest.mark.parametrize("how", ["itself", "linked", "in use"])
def test_a_database_in_use_is_never_replaced(known: Path, tmp_path: Path, how: str) -> None:
    target = known
    if how == "linked":
        target = tmp_path / "linked.db"
        target.symlink_to(known)
    record = Record(known)
    if how == "in use":
        target = tmp_path / "other.db"
        assert backup(target, "--db", known).exit_code == 0
        record.close()
        record = Record(target)
        ask(record, "别的")
        record.flush()
    before = asked(target)
    result = backup(target, "--db", known, "--force")
    assert result.exit_code == 1 and ("itself" in result.stderr or "in use" in result.stderr)
    assert asked(target) == before
    record.close()


def test_a_database_of_an_older_schema_is_copied_as_it_is(tmp_path: Path) -> None:
    old = restore(SCHEMA - 1, tmp_path)
    assert backup(tmp_path / "copy.db", "--db", old).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        assert conn.execute("pragma user_version").fetchone() == (SCHEMA - 1,)


def test_what_no_load_makes_again_is_written_as_text_too(known: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    result = backup(copy, "--db", known, "--text")
    lines = (tmp_path / "copy.db.jsonl").read_text("utf-8").splitlines()
    assert "copy.db.jsonl: 1 rows" in result.stderr
    (row,) = [json.loads(line) for line in lines]
    assert row["table"] == "questions" and row["text"] == "茶壶\x00“怎么\n洗”"
    assert backup(copy, "--db", known, "--text", "--force").exit_code == 0
    (tmp_path / "copy.db").unlink()
    refused = backup(copy, "--db", known, "--text")
    assert refused.exit_code == 1 and "jsonl is there already" in refused.stderr


def test_a_folder_that_is_not_there_is_said(known: Path, tmp_path: Path) -> None:
    result = backup(tmp_path / "nowhere" / "copy.db", "--db", known)
    assert result.exit_code == 1 and "cannot be written: No such file" in result.stderr
    assert backup(tmp_path / "copy.db", "--db", tmp_path / "none.db").exit_code == 1


def test_a_copy_that_finds_no_room_leaves_nothing(known: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "200k"):
        result = backup(disk / "copy.db", "--db", known)
        assert result.exit_code == 1 and "copy.db cannot be written: " in result.stderr
        assert list(disk.iterdir()) == []


def test_a_copy_that_is_damaged_gets_no_name(known: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(known)) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
        conn.execute("pragma writable_schema = on")
        conn.execute("update sqlite_master set rootpage = 2 where name = 'replies'")
        conn.commit()
    result = backup(tmp_path / "copy.db", "--db", known)
    assert result.exit_code == 1 and "is damaged" in result.stderr
    assert not list(tmp_path.glob("*copy.db*"))
