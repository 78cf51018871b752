"""Reads what a browser shows beyond single exchanges: days in a row, and who spoke how often."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.language.kinds import Kind, read
from knowledge.language.names import tidy
from knowledge.model import ANSWERED
from knowledge.store.ids import (
    DAY_BITS,
    EXCHANGE_BITS,
    EXCHANGE_DAY_BITS,
    exchanges_of,
    messages_of,
)


class Beside(NamedTuple):
    """The dates of the days before and after one in its group; empty where there is none."""

    before: str
    after: str


class Speaker(NamedTuple):
    """A person of a group with the messages of each month (`2024-03`), by the name used most."""

    name: str
    names: tuple[str, ...]
    months: dict[str, int]

    @property
    def messages(self) -> int:
        """All messages."""
        return sum(self.months.values())


def beside(conn: sqlite3.Connection, group: str, date: str) -> Beside:
    """The days next to a date in a group, archived or not."""
    row = conn.execute(
        "select (select max(date) from days where grp = ?1 and date < ?2),"
        " (select min(date) from days where grp = ?1 and date > ?2)",
        [group, date],
    ).fetchone()
    return Beside(row[0] or "", row[1] or "")


def months(conn: sqlite3.Connection, group: str) -> list[tuple[str, list[tuple[str, int]]]]:
    """The months of a group, newest first, each with its days and how much was said."""
    found: dict[str, list[tuple[str, int]]] = {}
    for date, count in conn.execute(
        "select d.date, (select count(*) from messages m where m.id between d.id << ?1"
        "   and (d.id + 1 << ?1) - 1) from days d where d.grp = ?2 order by 1 desc",
        [DAY_BITS, group],
    ):
        found.setdefault(date[:7], []).append((date, count))
    return list(found.items())


def speakers(conn: sqlite3.Connection, group: str) -> list[Speaker]:
    """Who spoke in a group, most first; the names of one person taken together."""
    people = dict(conn.execute("select name, person from people where grp = ?", [group]).fetchall())
    names: dict[str, Counter[str]] = {}
    counts: dict[str, Counter[str]] = {}
    for name, month, count in conn.execute(
        "select s.name, substr(d.date, 1, 7), count(*) from messages m"
        f" join days d on d.id = m.id >> {DAY_BITS} join speakers s on s.id = m.speaker"
        " where d.grp = ? group by 1, 2",
        [group],
    ):
        folded = tidy(name)
        person = people.get(folded, folded)
        names.setdefault(person, Counter())[name] += count
        counts.setdefault(person, Counter())[month] += count
    found = [
        Speaker(used.most_common(1)[0][0], tuple(used), dict(counts[person]))
        for person, used in names.items()
    ]
    return sorted(found, key=lambda s: (-s.messages, s.name))


ASKED = 0.1
"""Probability that somebody would look a message up, from which it is shown as a question.

Of 26,000 exchanges of a real group, most of which begin with a statement, 4,900 are.
"""


def answerable(conn: sqlite3.Connection, group: str) -> int:
    """How many questions of a group are answered."""
    row = conn.execute(
        "select count(*) from exchange_texts where grp = ? and sought >= ? and sureness >= ?",
        [group, ASKED, ANSWERED],
    ).fetchone()
    return int(row[0])


def examples(conn: sqlite3.Connection, group: str, most: int) -> list[int]:
    """The ids of the exchanges that are likeliest a question with an answer, best first."""
    rows = conn.execute(
        "select id from exchange_texts where grp = ? and count > 1 and sureness >= ?"
        " and length(question) between 8 and 30 order by sought * sureness desc limit ?",
        [group, ANSWERED, most],
    )
    return [i for (i,) in rows]


def asked_on(conn: sqlite3.Connection, day: int) -> list[int]:
    """The ids of the exchanges of a day that are questions with an answer, in order."""
    rows = conn.execute(
        "select id from exchange_texts where id between ? and ? and sought >= ? and sureness >= ?"
        " order by id",
        [*exchanges_of(day), ASKED, ANSWERED],
    )
    return [i for (i,) in rows]


def hours(conn: sqlite3.Connection, day: int) -> list[tuple[str, int, int]]:
    """The first message of each hour of a day: its time, its `n`, and how many come before it."""
    rows = conn.execute(
        "select time, n, count(*), min(id) from messages where id between ? and ?"
        " group by substr(time, 1, 2) order by 4",
        messages_of(day),
    )
    found, before = [], 0
    for time, n, count, _ in rows:
        found.append((time, n, before))
        before += count
    return found


def of_person(
    conn: sqlite3.Connection, group: str, names: Sequence[str]
) -> tuple[list[int], list[int]]:
    """The ids of the exchanges that somebody asked, and answered, by all names, newest first."""
    marks = ",".join("?" * len(names))
    own = {
        i
        for (i,) in conn.execute(
            f"select id from speakers where grp = ? and name in ({marks})", [group, *names]
        )
    }
    days = dict(conn.execute("select id, date from days where grp = ?", [group]))
    said = {
        i
        for (i,) in conn.execute(
            f"select id from messages where speaker in ({','.join('?' * len(own))})", [*own]
        )
    }
    asked: list[int] = []
    answered: list[int] = []
    for day in {i >> DAY_BITS for i in said} & set(days):
        rows = conn.execute(
            "select x.id, x.sought, x.parts, m.text from exchanges x"
            f" join messages m on m.id = x.id >> {EXCHANGE_BITS} where x.id between ? and ?",
            exchanges_of(day),
        )
        for i, sought, parts, text in rows:
            mine = i >> EXCHANGE_BITS in said
            if not mine and not any(
                p[0] == "answer" and p[1] in said and p[2] >= ANSWERED for p in json.loads(parts)
            ):
                continue
            if sought >= ASKED or read(text).kind is Kind.QUESTION:
                (asked if mine else answered).append(i)
    for found in (asked, answered):
        found.sort(key=lambda i: (days[i >> EXCHANGE_DAY_BITS], i), reverse=True)
    return asked, answered


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many messages there are under a name, and when the first was said (ISO)."""

    messages: int
    first: str

    def __add__(self, other: Spoken | None) -> Spoken:
        """Both together."""
        if other is None:
            return self
        return Spoken(self.messages + other.messages, min(self.first, other.first))


def spoken(conn: sqlite3.Connection, group: str) -> dict[tuple[str, str], Spoken]:
    """What was said in a group, by nickname as it stands in the archive, and by sender's id.

    The id is empty where the archive has none.
    """
    rows = conn.execute(
        "select s.name, ifnull(i.sender, ''), count(*), min(d.date || 'T' || m.time)"
        f" from messages m join days d on d.id = m.id >> {DAY_BITS}"
        " join speakers s on s.id = m.speaker left join message_ids i on i.message = m.id"
        " where d.grp = ? group by 1, 2",
        [group],
    )
    return {(name, sender): Spoken(*said) for name, sender, *said in rows}


def times(conn: sqlite3.Connection, group: str, date: str) -> Counter[str]:
    """How many messages were said in each second of a day."""
    rows = conn.execute(
        f"select m.time from messages m join days d on d.id = m.id >> {DAY_BITS}"
        " where d.grp = ? and d.date = ?",
        [group, date],
    )
    return Counter(time for (time,) in rows)
