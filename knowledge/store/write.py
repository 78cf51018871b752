"""Writes files, days of messages, and exchanges; always within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from knowledge.archive.merging import merged
from knowledge.archive.packed import column, parted
from knowledge.archive.reading import Loss, ReadMessage
from knowledge.model import Citation
from knowledge.store import index, message_ids
from knowledge.store.contact_senders import Contacts
from knowledge.store.forget import known
from knowledge.store.ids import exchanges_of, messages_of
from knowledge.store.marks import Marked
from knowledge.store.message_ids import MessageIds
from knowledge.store.rows import Rows

Part = tuple[int, Sequence[ReadMessage]]
"""The id of a file, and what it holds of one day."""


def begin(conn: sqlite3.Connection, at: str, linked_by: str) -> int:
    """Note that a load begins; being a write, it also takes the lock. The load's id.

    `linked_by` is the version of the links that it makes exchanges by.
    """
    load = conn.execute("insert into loads(at, linked_by) values (?, ?)", [at, linked_by]).lastrowid
    index.hold(conn)
    return int(load or 0)


_Row = tuple[int, int, int, str, int, int, str]
"""A message: id, file, speaker, time, n, line, text."""


def _said(rows: Sequence[_Row]) -> list[tuple[int, int, str, int, str]]:
    """What of messages their exchanges depend on: not where they stand in which file."""
    return [(i, who, time, n, text) for i, _, who, time, n, _, text in rows]


class Writer:
    """Writes into one database; remembers the ids of speakers.

    `contacts` are the senders that wishes know by their ids; files that are noted add to them.
    `forgotten` is what they want, as the database knows it.
    """

    def __init__(self, conn: sqlite3.Connection, contacts: Contacts | None = None) -> None:
        self.conn = conn
        self._contacts = contacts
        self.forgotten = known(conn, contacts.keys if contacts else None)
        self.replied_to: set[int] = set()
        """Days that messages replied to which are there no more, or stand elsewhere now."""
        self.threads: dict[int, set[str]] = {}
        """The threads that messages belonged to which are there no more, by their day."""
        self._speakers: dict[tuple[str, str], int] = {
            (group, name): speaker
            for speaker, group, name in conn.execute("select id, grp, name from speakers")
        }

    def end(self, load: int, seconds: float, anew: bool = False) -> None:
        """Note how long a load took, and drop the days and speakers that nothing mentions now.

        `anew`: all exchanges are new, so the index is counted, however much it has grown.
        """
        index.count(self.conn, anew)
        self.conn.execute("update loads set seconds = ? where id = ?", [seconds, load])
        self._drop_unused()

    def _drop_unused(self) -> None:
        self.conn.execute("delete from days where id not in (select day from file_days)")
        self.conn.execute("delete from speakers where id not in (select speaker from messages)")

    def day(self, group: str, date: str) -> int:
        """The id of a day, new or known."""
        self.conn.execute("insert or ignore into days(grp, date) values (?, ?)", [group, date])
        row = self.conn.execute("select id from days where grp = ? and date = ?", [group, date])
        return int(row.fetchone()[0])

    def file(
        self, path: str, sha256: str, chats: Mapping[str, Sequence[ReadMessage]], same_as: str
    ) -> tuple[int, dict[int, tuple[str, Sequence[ReadMessage]]]]:
        """Note a file in place of what was noted under its path, with its messages by group.

        Returns its id, and by day the group and the messages. A file of several groups is noted
        under the first of them.
        """
        self.drop_file(path)
        group = next(iter(chats), "")
        first = next((m.date for messages in chats.values() for m in messages), "")
        new = self.conn.execute(
            "insert into files(path, sha256, grp, date, messages, same_as)"
            " values (?, ?, ?, ?, ?, ?)",
            [path, sha256, group, first, sum(map(len, chats.values())), same_as],
        )
        file = int(new.lastrowid or 0)
        if self._contacts and self.forgotten:
            for name, messages in chats.items():
                self._contacts.see(path, name, {*column(messages, "sender_id")} - {""})
        return file, self._note_days(file, chats)

    def _note_days(
        self, file: int, chats: Mapping[str, Sequence[ReadMessage]]
    ) -> dict[int, tuple[str, Sequence[ReadMessage]]]:
        days = {
            self.day(name, date): (name, found)
            for name, messages in chats.items()
            for date, found in parted(messages, "date").items()
        }
        self.conn.executemany(
            "insert into file_days(file, day) values (?, ?)", ((file, d) for d in days)
        )
        return days

    def grown_file(
        self, marked: Marked, sha256: str, messages: Sequence[ReadMessage], further: int
    ) -> tuple[set[int], dict[int, tuple[str, Sequence[ReadMessage]]]]:
        """Note what a file has now behind its mark, in place of what it had there.

        What stands before the mark stands so many lines `further` now. Returns the days that it had
        behind it, and by day the group and the messages.
        """
        file, group, mark = marked
        before = {
            day
            for (day,) in self.conn.execute(
                "select day from file_days join days on id = day where file = ? and date > ?",
                [file, mark.until],
            )
        }
        self.conn.executemany(
            "delete from file_days where file = ? and day = ?", ((file, day) for day in before)
        )
        self.conn.execute(
            "update files set sha256 = ?, messages = ? where id = ?",
            [sha256, mark.messages + len(messages), file],
        )
        if further:
            self.conn.execute("update messages set line = line + ? where file = ?", [further, file])
        return before, self._note_days(file, {group: messages})

    def drop_file(self, path: str) -> None:
        """Drop a file's note; the days that it held are to be put again or dropped after it."""
        self.conn.execute("delete from files where path = ?", [path])

    def losses(self, file: int, losses: Iterable[Loss]) -> None:
        """Keep what a file lost, for whoever asks after the load."""
        self.conn.executemany(
            "insert into losses values (?, ?, ?)", ((file, x.line, x.what) for x in losses)
        )

    def note_zone(self, group: str, zone: str) -> None:
        """Note the zone that a group's moments are put into."""
        self.conn.execute("insert or ignore into zones values (?, ?)", [group, zone])

    def drop_group(self, group: str, days: Iterable[int]) -> None:
        """Drop all that is noted of a group beside the messages of its days, which are dropped."""
        self.conn.executemany("delete from file_days where day = ?", ((d,) for d in days))
        self.conn.execute(
            "delete from files where grp = ? and id not in (select file from file_days)", [group]
        )
        for table in ("people", "shared_names", "speaker_ids", "zones"):
            self.conn.execute(f"delete from {table} where grp = ?", [group])
        self._drop_unused()

    def put_day(self, day: int, group: str, parts: Sequence[Part]) -> bool:
        """Replace a day's messages by what its files hold (no parts: drop them); if it differs.

        Where nobody said anything else than before, the exchanges stay.
        """
        ids: list[MessageIds] = []
        rows = list(self._rows(day, group, parts, ids))
        before = self.conn.execute(
            "select id, file, speaker, time, n, line, text from messages"
            " where id between ? and ? order by id",
            messages_of(day),
        ).fetchall()
        if rows and _said(before) == _said(rows) and message_ids.of(self.conn, day) == ids:
            self.conn.executemany(
                "update messages set file = ?, line = ? where id = ?",
                (
                    (file, line, i)
                    for (i, file, _, _, _, line, _), was in zip(rows, before, strict=True)
                    if (file, line) != (was[1], was[5])
                ),
            )
            return False
        self.drop_exchanges(day)
        self.replied_to |= message_ids.days_replied_to(self.conn, [day])
        self.threads.setdefault(day, set()).update(message_ids.threads_of(self.conn, day))
        self.conn.execute("delete from messages where id between ? and ?", messages_of(day))
        message_ids.drop(self.conn, day)
        self.conn.executemany("insert into messages values (?, ?, ?, ?, ?, ?, ?)", rows)
        message_ids.put(self.conn, ids)
        return True

    def _rows(
        self,
        day: int,
        group: str,
        parts: Sequence[Part],
        ids: list[MessageIds],
    ) -> Iterator[_Row]:
        """The rows of a day's messages; what their networks know of them goes into `ids`."""
        found = list(merged(parts))
        for _, m, n in found if self.forgotten else ():
            cited = str(Citation(group, m.date, m.time, n))
            self.forgotten.hear(group, cited, m.speaker, m.text, m.sender_id)
        for place, (file, m, n) in enumerate(found, messages_of(day)[0]):
            name, text = m.speaker, m.text
            if self.forgotten:
                cited = str(Citation(group, m.date, m.time, n))
                name, text = self.forgotten.in_file(group, cited, name, text, m.sender_id)
            sender = m.sender_id if name == m.speaker else ""
            reply = m.reply if isinstance(m.reply, str) else ""
            if m.id or reply or sender or m.thread or m.addressed:
                head = m.addressed if text.startswith(m.text[: m.addressed]) else 0
                ids.append(MessageIds(place, m.id, reply, sender, m.thread, head))
            yield place, file, self._speaker(group, name), m.time, n, m.line, text

    def _speaker(self, group: str, name: str) -> int:
        found = self._speakers.get((group, name))
        if found is None:
            new = self.conn.execute("insert into speakers(grp, name) values (?, ?)", [group, name])
            found = self._speakers[group, name] = int(new.lastrowid or 0)
        return found

    def people(self, group: str) -> dict[str, str]:
        """The names that share a person with another name, as they were last put."""
        rows = self.conn.execute("select name, person from people where grp = ?", [group])
        return dict(rows.fetchall())

    def put_people(
        self, group: str, people: Mapping[str, str], shared: Collection[str] = ()
    ) -> None:
        """Replace who is whom in a group, and the names that several bear.

        A name that is a person of its own is not kept.
        """
        self.conn.execute("delete from shared_names where grp = ?", [group])
        self.conn.executemany(
            "insert into shared_names values (?, ?)", ((group, name) for name in sorted(shared))
        )
        self.conn.execute("delete from people where grp = ?", [group])
        self.conn.executemany(
            "insert into people values (?, ?, ?)",
            ((group, name, person) for name, person in people.items() if name != person),
        )

    def drop_exchanges(self, day: int) -> None:
        """Drop the exchanges whose question was asked on a day."""
        index.delete(self.conn, *exchanges_of(day))
        self.conn.execute("delete from exchanges where id between ? and ?", exchanges_of(day))

    def put_exchanges(self, rows: Rows) -> None:
        """Add the exchanges of a day."""
        self.conn.executemany("insert into exchanges values (?, ?, ?, ?)", rows.exchanges)
        index.add(self.conn, rows.indexed)
