"""The migrations that make the database what it is, each as it stood when it was written.

A migration is text and is never changed again: what it made is in databases by now. A change is a
further migration at the end; `tests/data` holds a dump of a database of each schema, and it has to
come out of all that follow as what a new database is.

Two kinds of tables stand apart. What a load writes can be made again from the archives at any time.
`questions`, `replies`, `feedback`, `room_state`, `seen`, `rooms`, `wishes`, `outputs`, `forgotten`
cannot, and no load touches them but to take out what is forgotten: they refer to messages by
citation alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.store.schema import SCHEMA

if TYPE_CHECKING:
    from sqlite_utils import Database

_KNOWLEDGE_AND_RECORD = """
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
create table sounds(character text primary key, sound text not null) without rowid;
create virtual table exchange_index using fts5(
    question, context, answers, content='', columnsize=0, detail=column, tokenize='ascii');
create virtual table exchange_terms using fts5vocab(exchange_index, row);
create table common_terms(term text primary key, exchanges integer not null) without rowid;
create table index_size(exchanges integer not null, counted integer not null);
insert into index_size values (0, 0);
create table exchange_texts(
    id integer primary key, grp text not null, question text not null, context text not null,
    answers text not null, asked real not null, count integer not null, quality real not null);
"""

_VECTORS = """
create table vectors(exchange integer primary key, vector blob not null);
create table vectors_of(model text not null, typical real not null, made integer not null);
"""

# `linked_by` is the version of the links that all exchanges are made by after that load.
_SURENESS = """
alter table exchange_texts rename column quality to sureness;
alter table loads add column linked_by text not null default '';
"""

# A file is no archive; `asked` is what members ask the bot, `sought` how probably somebody would
# look an exchange up; and the fourth value of its parts said what nobody read.
_ONE_WORD = """
alter table archives rename to files;
drop index archives_sha256;
alter table archive_days rename to file_days;
alter table file_days rename column archive to file;
alter table losses rename column archive to file;
alter table messages rename column archive to file;
drop view exchange_messages;
alter table exchanges rename column asked to sought;
alter table exchange_texts rename column asked to sought;
update exchanges set parts =
    (select json_group_array(json_remove(value, '$[3]')) from json_each(exchanges.parts));
create view exchange_messages as
    select x.id as exchange, p.value ->> 0 as role, p.value ->> 1 as message,
        p.value ->> 2 as probability
    from exchanges x, json_each(x.parts) p;
"""


# `reason` is one of an enumeration; what it was decided by stands in `figure` and `bound`.
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


# A threshold of a room: from which confidence on an answer is told with a doubt.
_HEDGED = "alter table room_state add column hedged real;"


# A second vector of each exchange; those that there are can be made again.
_SAID = """
drop table vectors;
drop table vectors_of;
create table vectors(exchange integer primary key, question blob not null, said blob not null);
create table vectors_of(
    model text not null, typical real, typical_said real, made integer not null
);
"""


# All names that a contact was seen under and since when, the topics of the rooms that were met, and
# wishes that an admin has to decide on; and what was written elsewhere, which wishes have to reach.
# What was replied stands in the archive, by its citation.
_IDENTITIES = """
alter table seen rename to seen_last;
create table seen(
    room text not null, contact text not null, name text not null, at text not null,
    primary key(contact, room, name)) without rowid;
insert into seen select room, contact, name, '' from seen_last;
drop table seen_last;
create table rooms(
    id integer primary key, room text not null, topic text not null, unique(room, topic));
create table wishes(
    id integer primary key autoincrement, at text not null, contact text not null,
    name text not null, room text not null, topic text not null, words integer not null,
    claims text not null);
create table outputs(path text primary key, kind text not null) without rowid;
alter table replies drop column text;
"""


# What formats know of a message beyond who said what: the platform's id of it, and of that to which
# it replies; who it is, by the platform's id, that
# speaks under a name; and the zone that the moments of a group were put into.
_IDS = """
create table message_ids(
    message integer primary key, id text not null, reply text not null);
create index message_ids_id on message_ids(id) where id <> '';
create index message_ids_reply on message_ids(reply) where reply <> '';
create table speaker_ids(
    grp text not null, id text not null, name text not null,
    primary key(grp, id, name)) without rowid;
create table zones(grp text primary key, zone text not null) without rowid;
"""


# A rule about a name tells from when to when the name was of whom it is about.
_SPANS = """
alter table forgotten rename to forgotten_ever;
create table forgotten(
    id integer primary key, at text not null, contact text not null, what text not null,
    grp text not null, key text not null, since text not null default '',
    until text not null default '', applied integer not null default 0,
    unique(what, grp, key, since, until));
insert into forgotten(id, at, contact, what, grp, key, applied)
    select id, at, contact, what, grp, key, applied from forgotten_ever;
drop table forgotten_ever;
"""

_WORD_VECTORS = """
create table word_vectors(
    exchange integer primary key, question blob not null, said blob not null
);
create table word_vectors_of(
    model text not null, typical real, typical_said real, made integer not null
);
"""


# Who sent a message, by the platform's id; the conversation of the network's own that it belongs
# to; and how many characters at its head are the name of whom it is said to. And the names that
# several people of a group bear, as ids tell them apart. Files with ids are read again for it.
_SENDERS = """
alter table message_ids add column sender text not null default '';
alter table message_ids add column thread text not null default '';
alter table message_ids add column addressed integer not null default 0;
create table shared_names(
    grp text not null, name text not null, primary key(grp, name)) without rowid;
create index message_ids_thread on message_ids(thread, message) where thread <> '';
update files set sha256 = 'to read again ' || id where id in
    (select m.file from messages m join message_ids i on i.message = m.id);
"""


# Which senders of an archive have ids that are contact ids of the chat that the bot is in, by the
# hashes that wishes to be forgotten have of them.
_CONTACTS = "create table contact_senders(key text primary key) without rowid;"


# What stood before the last day of a large file, by which it is told that it has but grown.
_MARKS = """
create table file_marks(
    file integer primary key references files(id) on delete cascade,
    first integer not null, records integer not null, messages integer not null,
    size integer not null, until text not null, digest text not null, head text not null,
    names text not null);
"""


def create_or_migrate(db: Database) -> None:
    """Bring a database to the newest schema, each migration in a transaction of its own."""
    from sqlite_utils import Migrations  # deferred: it costs a cold start 0.2 s

    migrations = Migrations("palou")

    @migrations()
    def m001_knowledge_and_record(db: Database) -> None:
        _run(db, _KNOWLEDGE_AND_RECORD)

    @migrations()
    def m002_vectors(db: Database) -> None:
        _run(db, _VECTORS)

    @migrations()
    def m003_sureness(db: Database) -> None:
        _run(db, _SURENESS)

    @migrations()
    def m004_one_word(db: Database) -> None:
        _run(db, _ONE_WORD)

    @migrations()
    def m005_questions(db: Database) -> None:
        _run(db, _QUESTIONS)

    @migrations()
    def m006_hedged(db: Database) -> None:
        _run(db, _HEDGED)

    @migrations()
    def m007_said(db: Database) -> None:
        _run(db, _SAID)

    @migrations()
    def m008_identities(db: Database) -> None:
        _run(db, _IDENTITIES)

    @migrations()
    def m009_ids(db: Database) -> None:
        _run(db, _IDS)

    @migrations()
    def m010_spans(db: Database) -> None:
        _run(db, _SPANS)

    @migrations()
    def m011_senders(db: Database) -> None:
        _run(db, _SENDERS)

    @migrations()
    def m012_word_vectors(db: Database) -> None:
        _run(db, _WORD_VECTORS)

    @migrations()
    def m013_contact_senders(db: Database) -> None:
        _run(db, _CONTACTS)

    @migrations()
    def m014_marks(db: Database) -> None:
        _run(db, _MARKS)

    migrations.apply(db)
    db.execute(f"pragma user_version = {SCHEMA}")


def _run(db: Database, script: str) -> None:
    """Run the statements of a script, in which nothing but their ends is a semicolon."""
    for statement in script.split(";"):
        if statement.strip():
            db.execute(statement)
