"""Reads what a load wrote: messages, days and exchanges, from one read-only connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from knowledge.language.names import ME, SOMEBODY
from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.store.ids import DAY_BITS, EXCHANGE_DAY_BITS, exchanges_of, messages_of

_MESSAGE = (
    "select m.id, d.grp, d.date, m.time, m.n, s.name, m.text, ifnull(i.sender, '') from messages m"
    f" join days d on d.id = m.id >> {DAY_BITS} join speakers s on s.id = m.speaker"
    " left join message_ids i on i.message = m.id"
)


class Day(NamedTuple):
    """A day of a group, or some of its messages in a row, as plain as it travels best.

    `first` is the id of the first message; `said` has time, n, speaker and text of each, in order.
    """

    group: str
    date: str
    first: int
    said: tuple[tuple[str, int, str, str], ...]

    def messages(self) -> list[Message]:
        """The messages, in order."""
        group, date = self.group, self.date
        return [
            Message(Citation(group, date, time, n), who, text) for time, n, who, text in self.said
        ]

    def part(self, start: int | None, stop: int | None) -> Day:
        """Some of the messages, by their places as a slice has them."""
        places = range(len(self.said))[start:stop]
        return self._replace(first=self.first + places.start, said=self.said[start:stop])


@dataclass(frozen=True, slots=True)
class GroupStats:
    """What is known of a group; the dates are ISO, first and last."""

    group: str
    days: int
    first: str
    last: str
    messages: int
    speakers: int
    exchanges: int


class Totals(NamedTuple):
    """How much is known: the files that stand for others, messages, speakers and exchanges."""

    same: int
    messages: int
    speakers: int
    exchanges: int


class Store:
    """The archived knowledge in a database; `me` is the name of whoever exported it, if known."""

    def __init__(self, conn: sqlite3.Connection, me: str = "") -> None:
        self.conn = conn
        self.me = me or SOMEBODY

    def is_empty(self) -> bool:
        """Whether no archive has been loaded yet."""
        return self.conn.execute("select 1 from files limit 1").fetchone() is None

    def day(self, day: int) -> Day | None:
        """A day with its messages, by its id."""
        head = self.conn.execute("select grp, date from days where id = ?", [day]).fetchone()
        if head is None:
            return None
        group, date = head
        rows = self.conn.execute(
            "select m.time, m.n, s.name, m.text from messages m join speakers s on s.id = m.speaker"
            " where m.id between ? and ? order by m.id",
            messages_of(day),
        )
        return Day(group, date, messages_of(day)[0], tuple(rows))

    def day_id(self, group: str, date: str) -> int | None:
        """The id of a day, if it was archived."""
        found = self.conn.execute("select id from days where grp = ? and date = ?", [group, date])
        row = found.fetchone()
        return int(row[0]) if row else None

    def message_id(self, citation: Citation) -> int | None:
        """The id of a cited message, if it is there."""
        day = self.day_id(citation.group, citation.date)
        if day is None:
            return None
        row = self.conn.execute(
            "select id from messages where id between ? and ? and time = ? and n = ?",
            [*messages_of(day), citation.time, citation.n],
        ).fetchone()
        return int(row[0]) if row else None

    def messages(self, ids: Iterable[int]) -> dict[int, Message]:
        """Messages by their ids; those that are not there are left out."""
        wanted = sorted(set(ids))
        found: dict[int, Message] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ",".join("?" * len(some))
            for i, *head, name, text, sender in self.conn.execute(
                f"{_MESSAGE} where m.id in ({marks})", some
            ):
                found[i] = Message(Citation(*head), self.me if name == ME else name, text, sender)
        return found

    def around(self, message: int, before: int, after: int) -> list[Message]:
        """A message with so many before and after it; into the days beside when its own ends."""
        above = self._ids(message, "<", "desc", before)
        below = self._ids(message, ">", "asc", after)
        found = self.messages([*above, message, *below])
        return [found[i] for i in (*reversed(above), message, *below)]

    def _ids(self, message: int, side: str, order: str, count: int) -> list[int]:
        """The ids of the messages of a group on one side of a message, the nearest first."""
        days = self.conn.execute(
            f"select other.id from days here join days other using (grp) where here.id = ?"
            f" and (other.id = here.id or other.date {side} here.date) order by other.date {order}",
            [message >> DAY_BITS],
        )
        found: list[int] = []
        for (day,) in days:
            if len(found) >= count:
                break
            rows = self.conn.execute(
                f"select id from messages where id between ? and ? and (? or id {side} ?)"
                f" order by id {order} limit ?",
                [*messages_of(day), day != message >> DAY_BITS, message, count - len(found)],
            )
            found += (row[0] for row in rows)
        return found

    def exchanges(self, ids: Sequence[int]) -> dict[int, Exchange]:
        """Exchanges by their ids, with all their messages."""
        marks = ",".join("?" * len(ids))
        rows = self.conn.execute(
            f"select id, sought, retold, parts from exchanges where id in ({marks})", ids
        )
        heads = [(i, sought, bool(retold), json.loads(parts)) for i, sought, retold, parts in rows]
        messages = self.messages(part[1] for *_, parts in heads for part in parts)
        return {i: _exchange(sought, retold, parts, messages) for i, sought, retold, parts in heads}

    def exchanges_with(self, message: int) -> list[int]:
        """The ids of the exchanges (of its day and the one before) that it asks or answers."""
        day = message >> DAY_BITS
        days = [d for d in (self.day_before(day), day) if d is not None]
        # Most are passed over by SQLite, without being parsed: none but these have the digits.
        return [
            i
            for d in days
            for i, parts in self.conn.execute(
                "select id, parts from exchanges where id between ? and ? and instr(parts, ?)"
                " order by id",
                [*exchanges_of(d), str(message)],
            )
            if any(p[1] == message and p[0] in ("question", "answer") for p in json.loads(parts))
        ]

    def day_before(self, day: int) -> int | None:
        """The day before in the same group, if it was archived."""
        row = self.conn.execute(
            "select other.id from days here join days other using (grp)"
            " where here.id = ? and other.date = date(here.date, '-1 day')",
            [day],
        ).fetchone()
        return int(row[0]) if row else None

    def days(self) -> dict[int, tuple[str, str]]:
        """Group and date of every day."""
        rows = self.conn.execute("select id, grp, date from days")
        return {i: (group, iso) for i, group, iso in rows}

    def day_name(self, day: int) -> tuple[str, str]:
        """Group and date of one day, by its id; empty when there is no such day."""
        found = self.conn.execute("select grp, date from days where id = ?", [day]).fetchone()
        return found or ("", "")

    def groups(self) -> tuple[str, ...]:
        """The groups of which a day was archived, by name."""
        rows = self.conn.execute("select distinct grp from days order by 1")
        return tuple(group for (group,) in rows)

    def totals(self) -> Totals:
        """How much is known of all groups together."""
        row = self.conn.execute(
            "select (select count(*) from files where same_as <> ''),"
            " (select count(*) from messages), (select count(*) from speakers),"
            " (select count(*) from exchanges)"
        )
        return Totals(*row.fetchone())

    def stats(self) -> list[GroupStats]:
        """Figures of each group, by name."""
        held = "(select count(*) from {} x where x.id between d.id << {} and (d.id + 1 << {}) - 1)"
        rows = self.conn.execute(
            "select d.grp, count(*), min(d.date), max(d.date),"
            f" sum({held.format('messages', DAY_BITS, DAY_BITS)}),"
            " (select count(*) from speakers s where s.grp = d.grp),"
            f" sum({held.format('exchanges', EXCHANGE_DAY_BITS, EXCHANGE_DAY_BITS)})"
            " from days d group by 1 order by 1"
        )
        return [GroupStats(*row) for row in rows]

    def losses(self) -> list[tuple[str, int, str]]:
        """What the loaded files lost: path, line, and what happened."""
        return self.conn.execute(
            "select f.path, l.line, l.what from losses l join files f on f.id = l.file"
            " order by 1, 2"
        ).fetchall()


def _exchange(
    sought: float, retold: bool, parts: list[list[Any]], messages: Mapping[int, Message]
) -> Exchange:
    """An exchange from its `parts` as `store.rows` makes them."""

    said: dict[str, list[Answer]] = {r: [] for r in ("question", "context", "answer", "thread")}
    for role, i, probability, *text in parts:
        message = messages.get(i)
        if message is not None:
            if text:
                message = replace(message, text=text[0])
            said[role].append(Answer(message, probability))
    for found in said.values():
        if len(found) > 1:
            found.sort(key=_place)
    question, context, thread = (
        tuple([a.message for a in said[role]]) for role in ("question", "context", "thread")
    )
    return Exchange(question, tuple(said["answer"]), context, thread, sought, retold)


def _place(answer: Answer) -> tuple[str, str, str, int]:
    """What citations are ordered by, for a sort that makes no call for each two."""
    cited = answer.message.citation
    return cited.group, cited.date, cited.time, cited.n


def linked_by(conn: sqlite3.Connection, before: int | None = None) -> str:
    """The version of the links that the exchanges were made by; empty before the first load.

    `before` is a load that has begun: what stood there when it did.
    """
    row = conn.execute(
        "select linked_by from loads where ?1 is null or id < ?1 order by id desc limit 1", [before]
    ).fetchone()
    return str(row[0]) if row else ""


def zones(conn: sqlite3.Connection) -> dict[str, str]:
    """The zones that the moments of groups were put into, by group."""
    return dict(conn.execute("select grp, zone from zones").fetchall())
