"""Reads what a browser shows beyond single exchanges: days in a row, and who spoke how often."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.language.names import tidy
from knowledge.store.ids import DAY_BITS


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
