"""The file of the database: what is none of ours stays as it is, what was killed goes on."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from knowledge.errors import LoadError, PalouError, StoreError
from knowledge.loading.load import load
from knowledge.store.migrations import create_or_migrate
from knowledge.store.read import Store
from knowledge.store.schema import SCHEMA, connect
from knowledge.store.transaction import bring_up_to_date, create, writable
from tests.chats import ASKED, put
from tests.command import palou
from tests.dump import restore

QUESTION = ASKED[0][2]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    put(tmp_path / "archive" / "g", "2024-05-06", ASKED)
    return tmp_path / "archive"


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


# What is no regular file.


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # another /dev/null
    except PermissionError:
        pytest.skip("only root makes devices")


def link_to_device(path: Path) -> None:
    device(path.with_name("device"))
    path.symlink_to(path.with_name("device"))


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("made", [fifo, device, link_to_device, folder])
@pytest.mark.parametrize("given", [("load",), ("ask", QUESTION), ("stats",), ("backup",)])
def test_what_is_no_regular_file_is_refused_and_stays(
    tmp_path: Path, archive: Path, made: Callable[[Path], None], given: tuple[str, ...]
) -> None:
    target = tmp_path / "palou.db"
    made(target)
    before = [(p.name, p.lstat().st_mode) for p in sorted(tmp_path.iterdir())]
    if given == ("backup",):
        load(tmp_path / "archive" / "other.db", [archive])
        result = palou("backup", target, "--force", "--db", tmp_path / "archive" / "other.db")
    else:
        more = [archive] if given == ("load",) else []
        result = palou(*given, *more, "--db", target)
    assert result.exit_code != 0 and not isinstance(result.exception, OSError | sqlite3.Error)
    assert "regular file" in result.stderr or "is a directory" in result.stderr
    assert [(p.name, p.lstat().st_mode) for p in sorted(tmp_path.iterdir())] == before


# A load that fails or is killed.


class _Wrong(Exception):
    pass


def test_a_database_that_was_made_in_vain_is_removed(tmp_path: Path, database: Path) -> None:
    with pytest.raises(_Wrong), writable(database):
        raise _Wrong
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_that_was_there_stays(database: Path, archive: Path) -> None:
    database.touch()
    with pytest.raises(_Wrong), writable(database):
        raise _Wrong
    assert database.exists()
    assert load(database, [archive]).new == 1


def test_what_another_load_filled_meanwhile_stays(database: Path, archive: Path) -> None:
    with pytest.raises(_Wrong), writable(database) as conn:
        conn.rollback()
        load(database, [archive])
        raise _Wrong
    with closing(connect(database)) as conn:
        assert Store(conn).totals().messages == len(ASKED)


def test_nothing_is_loaded_into_a_file_that_was_removed_meanwhile(
    database: Path, archive: Path
) -> None:
    create(database)
    with pytest.raises(LoadError, match="try again"), writable(database) as conn:
        conn.execute("insert into speakers(grp, name) values ('g', 'x')")
        for beside in database.parent.glob("test.db*"):
            beside.unlink()
    assert load(database, [archive]).new == 1


class _Killed(sqlite3.Connection):
    """A connection whose process is gone after so many statements, as by SIGKILL."""

    left = 0

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.set_trace_callback(self._count)

    def _count(self, statement: str) -> None:
        _Killed.left -= 1
        if _Killed.left < 0:
            os._exit(9)


def killed_after(statements: int, database: Path, archive: Path) -> int:
    """Load in a process that is killed after so many statements; its exit status."""
    child = os.fork()
    if child == 0:
        _Killed.left = statements
        sqlite3.connect = partial(sqlite3.connect, factory=_Killed)  # type: ignore[assignment]
        load(database, [archive], workers=1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system kills otherwise")
def test_a_first_load_that_was_killed_is_begun_again(tmp_path: Path, archive: Path) -> None:
    chosen = random.Random(15)
    for statements in [*range(12), *(chosen.randint(12, 110) for _ in range(12))]:
        database = tmp_path / f"{statements}.db"
        assert killed_after(statements, database, archive) == 9
        if chosen.random() < 0.5:
            (tmp_path / "palou.toml").write_text(f'archives = ["{archive}"]')
            asked = palou("--settings", tmp_path / "palou.toml", "ask", QUESTION, "--db", database)
            assert "T+1" in asked.output
        else:
            load(database, [archive])
        with closing(connect(database)) as conn:
            assert Store(conn).totals().messages == len(ASKED)


def test_what_an_older_palou_left_when_it_was_killed_is_filled(
    database: Path, archive: Path
) -> None:
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("pragma journal_mode = wal")
        conn.execute("create table _sqlite_migrations(id, migration_set, name, applied_at)")
    shutil.copy(database, database.with_name("bare.db"))
    load(database, [archive])
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("pragma user_version = 0")  # all was made, and its number was not written
    assert load(database, [archive]).unchanged == 1
    assert palou("stats", "--db", database).exit_code == 0
    bare = database.with_name("bare.db")
    assert load(bare, [archive]).new == 1


def test_nobody_writes_in_the_midst_of_a_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = restore(SCHEMA - 1, tmp_path)

    def meanwhile(db: Database) -> None:
        other = sqlite3.connect(old, timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("delete from questions")
        create_or_migrate(db)

    monkeypatch.setattr("knowledge.store.transaction.create_or_migrate", meanwhile)
    bring_up_to_date(old)
    connect(old).close()


def test_a_copy_that_nothing_writes_is_looked_at_without_a_trace(
    tmp_path: Path, seeds_database: Path
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    shutil.copy(seeds_database, folder / "x.db")
    (folder / "x.db-wal").write_bytes(b"left behind" * 99)
    before = files(folder)
    with closing(connect(folder / "x.db", immutable=True)) as conn:
        assert not Store(conn).is_empty()
    assert files(folder) == before


# Databases of other programs, and damaged ones.


@pytest.mark.parametrize("version", [0, 3, 7, 99])
@pytest.mark.parametrize("kind", ["plain", "wal", "migrated", "open"])
@pytest.mark.parametrize("given", ["load", "ask", "stats", "backup"])
def test_another_programs_database_is_told_as_such_and_left_as_it_is(
    tmp_path: Path, archive: Path, version: int, kind: str, given: str
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    theirs = folder / "theirs.db"
    conn = sqlite3.connect(theirs)
    if kind != "plain":
        conn.execute("pragma journal_mode = wal")
    conn.execute("create table messages(x)")
    if kind == "migrated":
        conn.execute("create table _sqlite_migrations(id, migration_set, name, applied_at)")
        conn.execute("insert into _sqlite_migrations values (1, 'theirs', 'm1', '')")
    conn.execute(f"pragma user_version = {version}")
    conn.commit()
    if kind != "open":
        conn.close()
    before = files(folder)
    copy = tmp_path / "copy.db"
    more: dict[str, list[Path | str]] = {"load": [archive], "ask": [QUESTION], "backup": [copy]}
    result = palou(given, *more.get(given, []), "--db", theirs)
    assert result.exit_code == 1 and "database of another program" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    after = files(folder)
    after.pop("theirs.db-shm", None), before.pop("theirs.db-shm", None)
    assert after == before and not copy.exists()
    conn.close()


@pytest.fixture
def damaged(tmp_path: Path, seeds_database: Path) -> Path:
    """A database with some pages that hold nonsense."""
    copy = tmp_path / "damaged.db"
    shutil.copy(seeds_database, copy)
    with copy.open("r+b") as stream:
        stream.seek(4096 * 20)
        stream.write(random.Random(15).randbytes(copy.stat().st_size - 4096 * 40))
    return copy


@pytest.mark.parametrize("given", ["load", "ask", "stats", "backup", "show"])
@pytest.mark.parametrize("header", [True, False])
def test_a_damaged_database_is_one_line_that_says_what_to_do(
    tmp_path: Path, archive: Path, damaged: Path, given: str, header: bool
) -> None:
    more: dict[str, list[Path | str]] = {
        "load": [archive],
        "ask": [QUESTION],
        "backup": [tmp_path / "copy.db"],
        "show": ["paytalk-20240301-004933"],
    }
    if not header:
        damaged.write_bytes(b"nonsense" * 4096)
    before = damaged.read_bytes()
    result = palou(given, *more.get(given, []), "--db", damaged)
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 1 and line.startswith(f"palou: {damaged} is damaged")
    assert "palou backup" in line and ".recover" in line and f"{damaged}.forgotten" in line
    assert damaged.read_bytes() == before
    assert not list(tmp_path.glob("*copy.db*"))


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
def test_what_is_recovered_by_that_line_can_be_used(tmp_path: Path, seeds_database: Path) -> None:
    new = tmp_path / "new.db"
    dumped = subprocess.run(["sqlite3", seeds_database, ".recover"], capture_output=True)
    if dumped.returncode:
        pytest.skip("this sqlite3 cannot recover")
    subprocess.run(["sqlite3", new], input=dumped.stdout, check=True, capture_output=True)
    asked = palou("ask", "网联成立以后备付金是不是都得放到网联去", "--db", new)
    assert "paytalk-20240301-004933" in asked.output


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, archive: Path) -> None:
    with pytest.raises(PalouError, match="no such folder"):
        load(tmp_path / "nowhere" / "x.db", [archive])


def test_an_empty_database_is_said_to_be_one(database: Path) -> None:
    database.touch()
    with pytest.raises(StoreError, match="is empty; fill it with: palou load"):
        connect(database)
