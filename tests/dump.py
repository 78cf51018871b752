"""Writes a database of today's schema as a script of SQL, for the tests of later migrations.

    python -m tests.dump > tests/data/schema-14.sql

It is what a bot would have that was asked, judged and told to forget somebody. Whoever adds a
migration adds the dump of the schema that it makes, and never makes an older one again.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.loading.load import load
from knowledge.store.copies import back_up
from tests.group import Group, settings

DATA = Path(__file__).parent / "data"

FOLDER = "/where/it/was"
"""What the dumps call the folder that the archive was loaded from."""

ASKED = "请问清算文件每天几点能下载？"
FORGOTTEN = "石头"

_INDEX = "exchange_index"


def dump(conn: sqlite3.Connection, folder: str) -> Iterator[str]:
    """The statements that make a database again, its full-text index to the byte."""
    made = conn.execute(
        "select name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'"
        " order by rowid"
    ).fetchall()
    beside = [name for name, _ in made if name.startswith(f"{_INDEX}_")]
    yield from (f"{sql};" for name, sql in made if name not in beside)
    # The tables beside the index come with it, and not empty.
    yield from (f"delete from {name};" for name in beside)
    for name, sql in made:
        if sql.lower().startswith("create table"):
            columns = [column for _, column, *_ in conn.execute(f"pragma table_info({name})")]
            values = " || ', ' || ".join(f"quote({column})" for column in columns)
            for (row,) in conn.execute(f"select {values} from {name}"):
                yield f"insert into {name} values ({row.replace(folder, FOLDER)});"
    yield f"pragma user_version = {conn.execute('pragma user_version').fetchone()[0]};"


def restore(schema: int, folder: Path) -> Path:
    """A database of an older schema below a folder, with the archive that it was made of."""
    shutil.copytree(DATA / "paytalk", folder / "archive" / "paytalk")
    script = (DATA / f"schema-{schema}.sql").read_text(encoding="utf-8")
    database = folder / "bot.db"
    with closing(sqlite3.connect(database)) as conn:
        conn.executescript(f"begin; {script.replace(FOLDER, str(folder))} commit;")
    return database


def make(folder: Path) -> Path:
    """A database below a folder as a bot has it that knows a group."""
    archive = folder / "archive"
    shutil.copytree(DATA / "paytalk", archive / "paytalk")
    loaded = folder / "loaded.db"
    load(loaded, [archive])
    group = Group(replace(settings(folder), database=loaded))
    group.ask("小林", ASKED)
    group.say("小林", "有用")
    group.ask("小林", "紫砂壶开壶要煮几个小时？")
    group.command("/mode ambient")
    group.say(FORGOTTEN, "大家好")
    group.say(FORGOTTEN, "/forget-me")
    group.command("/wishes 1 yes")
    group.advance(1)
    group.restart()  # so that all is written
    made = folder / "bot.db"
    back_up(group.settings.database, made)
    group.close()
    with closing(sqlite3.connect(made)) as conn, conn:
        # Nearly 4,000 characters, of which few are needed.
        conn.execute(
            "delete from sounds where not exists"
            " (select 1 from messages where instr(text, character))"
        )
    return made


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        with closing(sqlite3.connect(make(folder))) as conn:
            sys.stdout.writelines(f"{line}\n" for line in dump(conn, str(folder)))
