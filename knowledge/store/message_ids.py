"""What networks know of messages: their ids, who replies to whom, who speaks under a name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from knowledge.store.ids import DAY_BITS, messages_of


def are_there(conn: sqlite3.Connection) -> bool:
    """Whether any message has such an id."""
    return conn.execute("select 1 from message_ids limit 1").fetchone() is not None


def put(conn: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Keep the ids of messages, and of those that they reply to; empty where there is none."""
    conn.executemany("insert into message_ids values (?, ?, ?)", rows)


def of(conn: sqlite3.Connection, day: int) -> list[tuple[int, str, str]]:
    """Those of a day, in the order of its messages."""
    return conn.execute(
        "select message, id, reply from message_ids where message between ? and ? order by message",
        messages_of(day),
    ).fetchall()


def drop(conn: sqlite3.Connection, day: int) -> None:
    """Drop those of a day."""
    conn.execute("delete from message_ids where message between ? and ?", messages_of(day))


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


def put_speakers(conn: sqlite3.Connection, group: str, names: Iterable[tuple[str, str]]) -> None:
    """Keep under which names somebody spoke in a group, by his id there."""
    conn.executemany(
        "insert or ignore into speaker_ids(grp, id, name) values (?, ?, ?)",
        ((group, i, name) for i, name in names),
    )


def names_by_id(conn: sqlite3.Connection, group: str) -> list[list[str]]:
    """The names of everybody in a group who has several, as his id tells."""
    rows = conn.execute(
        "select json_group_array(name) from speaker_ids where grp = ? group by id"
        " having count(*) > 1",
        [group],
    )
    return [json.loads(names) for (names,) in rows]
