"""The schema of the database, as numbered migrations, and opening it.

Two kinds of tables stand apart. What a load writes can be rebuilt from the archives at any time.
What LASTING lists cannot, and no load touches it: it refers to messages by citation alone.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import StoreError
from knowledge.store import index

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = 4
"""The newest schema that this version knows: the number of migrations below."""

LASTING = ("asked", "replies", "feedback", "forgotten", "room_state", "seen")
"""Tables that no load rebuilds: questions asked, replies to them, feedback, things forgotten, what
admins set for rooms, and who was seen in which."""

_REBUILT = """
create table archives(
    id integer primary key, path text not null unique, sha256 text not null,
    grp text not null, date text not null, messages integer not null, same_as text not null);
create index archives_sha256 on archives(sha256);
create table archive_days(
    archive integer not null references archives(id) on delete cascade,
    day integer not null references days(id), primary key(day, archive)) without rowid;
create table losses(
    archive integer not null references archives(id) on delete cascade,
    line integer not null, what text not null);
create table days(
    id integer primary key, grp text not null, date text not null, unique(grp, date));
create table speakers(
    id integer primary key, grp text not null, name text not null, unique(grp, name));
create table messages(
    id integer primary key, archive integer not null, speaker integer not null,
    time text not null, n integer not null, line integer not null, text text not null);
create table people(
    grp text not null, name text not null, person text not null,
    primary key(grp, name)) without rowid;
create table exchanges(
    id integer primary key, asked real not null, retold integer not null, parts text not null);
create view exchange_messages as
    select x.id as exchange, p.value ->> 0 as role, p.value ->> 1 as message,
        p.value ->> 2 as probability, p.value ->> 3 as worth
    from exchanges x, json_each(x.parts) p;
create table loads(
    id integer primary key autoincrement, at text not null, seconds real not null default 0);
"""

_LASTING = """
create table asked(
    id integer primary key, at text not null, room text not null, contact text not null,
    text text not null, reason text not null, confidence real);
create index asked_at on asked(at);
create table replies(
    id integer primary key, asked integer not null, at text not null,
    citation text not null, text text not null);
create table feedback(
    id integer primary key, reply integer not null, at text not null, citation text not null,
    asked text not null, contact text not null, worth integer not null,
    unique(reply, contact));
create index feedback_citation on feedback(citation);
create table forgotten(
    id integer primary key, at text not null, contact text not null, what text not null,
    grp text not null, key text not null, applied integer not null default 0,
    unique(what, grp, key));
create table room_state(
    room text primary key, mode text, muted_until text, asked real, overheard real,
    announced text);
create table seen(
    room text not null, contact text not null, name text not null,
    primary key(room, contact)) without rowid;
"""

_SURENESS = """
alter table exchange_texts rename column quality to sureness;
alter table loads add column linked_by text not null default '';
"""
"""`linked_by` is the version of the links that all exchanges are made by after that load."""


_QUESTIONS = """
drop index asked_at;
alter table asked rename to questions;
alter table questions add column figure real;
alter table questions add column bound real;
create index questions_at on questions(at);
alter table replies rename column asked to question;
alter table feedback rename column asked to text;
update questions set reason = case
    when reason like 'not found%' then 'not found'
    when reason like 'silent: below threshold%' then 'silent: below threshold'
    when reason like 'silent: answer unsure%' then 'silent: answer unsure'
    when reason like 'silent: cooldown%' then 'silent: cooldown'
    when reason like 'silent: muted%' then 'silent: muted'
    else reason end;
"""
"""`reason` is one of an enumeration; what it was decided by stands in `figure` and `bound`."""


def create_or_migrate(db: Database) -> None:
    """Bring a database to the newest schema, in transactions of its own."""
    from sqlite_utils import Migrations  # deferred: it costs a cold start 0.2 s

    migrations = Migrations("palou")

    @migrations()
    def m001_knowledge_and_record(db: Database) -> None:
        for statement in (_REBUILT + _LASTING + index.SCHEMA).split(";"):
            if statement.strip():
                db.execute(statement)

    @migrations()
    def m002_vectors(db: Database) -> None:
        for statement in index.VECTORS.split(";"):
            if statement.strip():
                db.execute(statement)

    @migrations()
    def m003_sureness(db: Database) -> None:
        for statement in _SURENESS.split(";"):
            if statement.strip():
                db.execute(statement)

    @migrations()
    def m004_questions(db: Database) -> None:
        for statement in _QUESTIONS.split(";"):
            if statement.strip():
                db.execute(statement)

    migrations.apply(db)
    db.execute(f"pragma user_version = {SCHEMA}")


def connect(path: Path, *, read_only: bool = True, immutable: bool = False) -> sqlite3.Connection:
    """Open a database that is there; StoreError when it is missing, none of ours, or too new.

    One of an older schema cannot be read, only written, by which it becomes new.

    `immutable` is for a file that nothing writes while it is open, a copy on a read-only disk:
    SQLite then takes no locks, makes no files beside it, and sees no change.
    """
    if not path.is_file():
        raise StoreError(f"there is no database {path}; make one with: palou load")
    how = "immutable=1" if immutable else f"mode={'ro' if read_only else 'rw'}"
    uri = f"{path.resolve().as_uri()}?{how}"
    try:
        conn = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)
        version = conn.execute("pragma user_version").fetchone()[0]
        ours = conn.execute("select count(*) from sqlite_master where name = 'archives'").fetchone()
    except sqlite3.Error as e:
        raise StoreError(f"{path} cannot be opened as a database: {e}") from e
    if version > SCHEMA:
        conn.close()
        raise StoreError(
            f"{path} has schema {version}, this palou knows {SCHEMA}; use a newer palou, "
            "or another --db"
        )
    if read_only and 0 < version < SCHEMA:
        conn.close()
        raise StoreError(
            f"{path} was made by an older palou; bring it up to date with: palou load ARCHIVE "
            f"--db {path}"
        )
    if not ours[0] and version == 0:
        tables = conn.execute("select count(*) from sqlite_master").fetchone()[0]
        if tables or read_only:
            conn.close()
            raise StoreError(f"{path} is not a database of palou's; name another with --db")
    return conn
