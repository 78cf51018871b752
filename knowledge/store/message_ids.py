"""What networks know of messages: their ids and senders, who replies to whom, and threads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from knowledge.language.names import SOMEBODY
from knowledge.store.ids import DAY_BITS, messages_of


class MessageIds(NamedTuple):
    """A row: the message, and what its network knows of it, empty or 0 where it knows nothing.

    `id` is its own, `reply` that of the message that it replies to, `sender` that of its speaker,
    `thread` that of the conversation that it belongs to; `addressed` is how many characters at the
    head of its text name whom it is said to.
    """

    message: int
    id: str
    reply: str
    sender: str
    thread: str
    addressed: int


_SELECT = f"select {', '.join(MessageIds._fields)} from message_ids"


def are_there(conn: sqlite3.Connection) -> bool:
    """Whether anything is known of any message."""
    return conn.execute("select 1 from message_ids limit 1").fetchone() is not None


def tell_of_talk(conn: sqlite3.Connection) -> bool:
    """Whether any message belongs to a thread, or is said to whom its head names."""
    row = conn.execute(
        "select 1 from message_ids where thread <> '' or addressed > 0 limit 1"
    ).fetchone()
    return row is not None


def put(conn: sqlite3.Connection, rows: Iterable[MessageIds]) -> None:
    """Keep what is known of messages."""
    conn.executemany("insert into message_ids values (?, ?, ?, ?, ?, ?)", rows)


def of(conn: sqlite3.Connection, day: int) -> list[MessageIds]:
    """What is known of the messages of a day, in their order."""
    rows = conn.execute(
        f"{_SELECT} where message between ? and ? order by message",
        messages_of(day),
    )
    return [MessageIds(*row) for row in rows]


def of_messages(conn: sqlite3.Connection, messages: Iterable[int]) -> list[MessageIds]:
    """What is known of some messages, in their order."""
    rows = conn.execute(
        f"{_SELECT} where message in (select value from json_each(?)) order by message",
        [json.dumps([*messages])],
    )
    return [MessageIds(*row) for row in rows]


def drop(conn: sqlite3.Connection, day: int) -> None:
    """Drop what is known of the messages of a day."""
    conn.execute("delete from message_ids where message between ? and ?", messages_of(day))


def drop_senders_of_nameless(conn: sqlite3.Connection) -> None:
    """Drop by whom messages were sent whose speaker has been forgotten."""
    conn.execute(
        "update message_ids set sender = '' where sender <> '' and message in"
        " (select m.id from messages m join speakers s on s.id = m.speaker where s.name = ?)",
        [SOMEBODY],
    )


def replies_into(conn: sqlite3.Connection, day: int) -> list[tuple[int, int]]:
    """The messages of a group that reply to one of a day, and to which."""
    return conn.execute(
        "select r.message, t.message from message_ids t join message_ids r on r.reply = t.id"
        f" join days d on d.id = r.message >> {DAY_BITS}"
        f" join days e on e.id = t.message >> {DAY_BITS} and e.grp = d.grp"
        " where t.id <> '' and r.reply <> '' and t.message between ? and ?"
        " order by 1, 2",
        messages_of(day),
    ).fetchall()


def days_replied_to(conn: sqlite3.Connection, days: Iterable[int]) -> set[int]:
    """The days that messages of some days reply to."""
    found: set[int] = set()
    for day in days:
        rows = conn.execute(
            f"select distinct t.message >> {DAY_BITS} from message_ids r"
            " join message_ids t on t.id = r.reply"
            " where t.id <> '' and r.reply <> '' and r.message between ? and ?",
            messages_of(day),
        )
        found.update(day for (day,) in rows)
    return found


def threads_of(conn: sqlite3.Connection, day: int) -> set[str]:
    """The threads that messages of a day belong to."""
    rows = conn.execute(
        "select distinct thread from message_ids where thread <> '' and message between ? and ?",
        messages_of(day),
    )
    return {thread for (thread,) in rows}


def thread_days(conn: sqlite3.Connection, group: str) -> dict[str, list[tuple[str, int, int]]]:
    """Of each thread of a group its days, in order: date, id, and how much was said in it."""
    rows = conn.execute(
        "select i.thread, d.date, d.id, count(*) from message_ids i"
        f" join days d on d.id = i.message >> {DAY_BITS}"
        " where i.thread <> '' and d.grp = ? group by 1, 2, 3 order by 1, 2",
        [group],
    )
    return {
        thread: [(date, day, count) for _, date, day, count in days]
        for thread, days in groupby(rows, key=lambda row: row[0])
    }


def in_thread(conn: sqlite3.Connection, thread: str, day: int, order: str, most: int) -> list[int]:
    """The first messages of a thread on a day, or the last (`desc`)."""
    rows = conn.execute(
        "select message from message_ids where thread = ? and thread <> ''"
        f" and message between ? and ? order by message {order} limit ?",
        [thread, *messages_of(day), most],
    )
    return [message for (message,) in rows]


def note_speakers(conn: sqlite3.Connection, group: str) -> None:
    """Keep under which names somebody speaks in a group, by his id there."""
    conn.execute("delete from speaker_ids where grp = ?", [group])
    conn.execute(
        "insert into speaker_ids(grp, id, name) select distinct d.grp, i.sender, s.name"
        " from message_ids i join messages m on m.id = i.message"
        " join speakers s on s.id = m.speaker"
        f" join days d on d.id = i.message >> {DAY_BITS} where d.grp = ? and i.sender <> ''",
        [group],
    )


def speakers(conn: sqlite3.Connection, group: str) -> list[tuple[str, str]]:
    """The ids of a group's speakers, each with a name that he speaks under."""
    rows = conn.execute("select id, name from speaker_ids where grp = ? order by id, name", [group])
    return rows.fetchall()


def senders_by_file(conn: sqlite3.Connection, group: str) -> list[list[str]]:
    """The ids of senders that stand together in a file, for each file of a group."""
    rows = conn.execute(
        "select distinct m.file, i.sender from message_ids i"
        " join messages m on m.id = i.message"
        f" join days d on d.id = i.message >> {DAY_BITS}"
        " where d.grp = ? and i.sender <> '' order by 1, 2",
        [group],
    )
    return [[i for _, i in ids] for _, ids in groupby(rows, key=lambda row: row[0])]


def sent_by(conn: sqlite3.Connection, senders: Iterable[str]) -> list[int]:
    """The messages of some senders, in any group."""
    rows = conn.execute(
        "select message from message_ids where sender <> ''"
        " and sender in (select value from json_each(?))",
        [json.dumps([*senders])],
    )
    return [message for (message,) in rows]


def files_with(conn: sqlite3.Connection, group: str, senders: Iterable[str]) -> list[str]:
    """The paths of the files in which a group's messages of some senders stand."""
    rows = conn.execute(
        "select distinct f.path from message_ids i join messages m on m.id = i.message"
        f" join files f on f.id = m.file join days d on d.id = i.message >> {DAY_BITS}"
        " where d.grp = ? and i.sender in (select value from json_each(?)) order by 1",
        [group, json.dumps([*senders])],
    )
    return [path for (path,) in rows]


def sent_under(
    conn: sqlite3.Connection, group: str, names: Sequence[str]
) -> list[tuple[int, str, str]]:
    """The messages of a group under some names, with the name and the id of the sender."""
    rows = conn.execute(
        "select m.id, s.name, i.sender from messages m join speakers s on s.id = m.speaker"
        " join message_ids i on i.message = m.id where s.grp = ? and i.sender <> ''"
        " and s.name in (select value from json_each(?))",
        [group, json.dumps(names)],
    )
    return rows.fetchall()
