"""The archived knowledge as it is read on: fresh after each load, nothing forgotten in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from knowledge.language.names import ME, SOMEBODY
from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.store import browse, message_ids, tables, wishes
from knowledge.store.forget import in_force, waiting, waiting_groups
from knowledge.store.holding import Held, holding
from knowledge.store.ids import DAY_BITS, EXCHANGE_BITS, exchange_id, messages_of
from knowledge.store.read import GroupStats, Store
from knowledge.store.schema import connect
from knowledge.store.state import snapshot, written
from knowledge.store.wishes import Stamp

AROUND = 30
"""Messages looked at on either side of a cited one."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited message with what was said around it, and the exchanges that it asks or answers.

    `around` holds the message itself, in the archive's order. `exchanges` are by their ids, those
    that it leads first; `led` counts these.
    """

    message: Message
    around: tuple[Message, ...]
    exchanges: Mapping[int, Exchange]
    led: int = 0


@dataclass(frozen=True, slots=True)
class DayPart:
    """Some messages of a day; `first` is the place of the first of them, from 0, of `total`.

    `asked` are the questions of the whole day that were answered, `hours` the first message
    of each hour in which something was said, with its place.
    """

    messages: tuple[Message, ...]
    first: int
    total: int
    beside: browse.Beside
    asked: tuple[Exchange, ...] = ()
    hours: tuple[tuple[Citation, int], ...] = ()


class Gone(Exception):
    """The message was there and is forgotten."""


class Archive:
    """One connection for reading; use it from one thread at a time."""

    def __init__(self, database: Path, *, immutable: bool = False, me: str = "") -> None:
        self.conn = connect(database, immutable=immutable)
        self.store = Store(self.conn, me)
        self._database = database
        self._seen: tuple[int, Stamp | None] | None = None
        self._generation: tuple[int | Stamp | None, ...] = ()
        self.refresh()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the database throughout, the newest: a load shows before or after it."""
        with snapshot(self.conn):
            self.refresh()
            yield

    def refresh(self) -> bool:
        """See what a load, or a wish to be forgotten, has changed; whether there was any.

        Asks SQLite whether another connection wrote; only then the tables.
        """
        seen = written(self.conn), wishes.stamp(self._database)
        if seen == self._seen:
            return False
        self._seen = seen
        found = self.conn.execute(
            "select (select max(id) from loads), (select max(id) from forgotten),"
            " (select count(*) from forgotten where applied = 0)"
        ).fetchone()
        if (*found, seen[1]) == self._generation:
            return False
        self._generation = *found, seen[1]
        self._forgotten = in_force(self.conn)
        self._waiting = waiting(self.conn, self._forgotten.contacts)
        self.groups = self.store.groups()
        self.stats = lru_cache(1)(self._stats)
        self.months = lru_cache(64)(self._months)
        self.speakers = lru_cache(64)(self._speakers)
        self.answerable = lru_cache(64)(self._answerable)
        self.examples = lru_cache(64)(self._examples)
        return True

    @property
    def generation(self) -> tuple[int | Stamp | None, ...]:
        """What it is another one of after each load, and each wish to be forgotten."""
        return self._generation

    def pending(self) -> frozenset[str]:
        """The groups of which something is to be forgotten that no load has taken out yet."""
        return waiting_groups(self.conn)

    def message(self, citation: Citation) -> Message | None:
        """A message by itself; None: it was never there. Gone: forgotten."""
        found = self.cited(citation, 0, 0)
        return found.message if found else None

    def cited(self, citation: Citation, before: int = AROUND, after: int = AROUND) -> Cited | None:
        """A message with so much of its conversation; None: it was never there. Gone: forgotten."""
        number = self.store.message_id(citation)
        if number is None:
            if self._forgotten.message(citation.group, str(citation)):
                raise Gone
            return None
        around = self.store.around(number, before, after)
        message = next(m for m in around if m.citation == citation)
        if self._is_gone(message):
            raise Gone
        ids = self.store.exchanges_with(number)
        ids.sort(key=lambda i: (i >> EXCHANGE_BITS != number, i))
        exchanges = self.exchanges(ids)
        return Cited(
            self._masked(message),
            tuple(self._known(around)),
            exchanges,
            sum(i >> EXCHANGE_BITS == number for i in exchanges),
        )

    def exchanges(self, ids: Sequence[int]) -> dict[int, Exchange]:
        """Exchanges by their ids, in that order; without what is forgotten.

        One of whose question nothing is left is none.
        """
        found = self.store.exchanges(ids)
        known = ((i, self._without_forgotten(found[i])) for i in ids if i in found)
        return {i: x for i, x in known if x.question}

    def led_by(self, citation: Citation) -> dict[int, Exchange]:
        """The exchanges that a message leads, by their ids; without what is forgotten."""
        message = self.store.message_id(citation)
        if message is None:
            return {}
        low, high = exchange_id(message, 0), exchange_id(message, (1 << EXCHANGE_BITS) - 1)
        rows = self.conn.execute("select id from exchanges where id between ? and ?", [low, high])
        return self.exchanges([i for (i,) in rows])

    def day(self, group: str, date: str, first: int, count: int) -> DayPart | None:
        """So many messages of a day from a place on; None when the day was not archived."""
        day = self.store.day_id(group, date)
        if day is None:
            return None
        low, high = messages_of(day)
        ids = [
            i
            for (i,) in self.conn.execute(
                "select id from messages where id between ? and ? order by id limit ? offset ?",
                [low, high, count, first],
            )
        ]
        found = self.store.messages(ids)
        total = self._count(low, high)
        known = tuple(self._known(found[i] for i in ids))
        asked = self.exchanges(browse.asked_on(self.conn, day)).values()
        answered = tuple(x for x in asked if x.answers)
        hours = tuple(
            (Citation(group, date, time, n), place)
            for time, n, place in browse.hours(self.conn, day)
        )
        return DayPart(known, first, total, self.beside(group, date), answered, hours)

    def messages(self, ids: Sequence[int]) -> list[Message]:
        """Messages by their ids, in that order; without what is forgotten."""
        found = self.store.messages(ids)
        return list(self._known(found[i] for i in ids if i in found))

    def holding(
        self, words: Sequence[str], groups: Sequence[str], speakers: str = ""
    ) -> list[Held]:
        """The messages of some groups that hold some words, oldest first; none forgotten."""
        found = holding(self.conn, words, groups, speakers)
        found = [h if h.speaker != ME else h._replace(speaker=self.store.me) for h in found]
        if pending := self.pending().intersection(groups):
            found = self._still_held(found, pending, words, speakers)
        return [h for h in found if h.speaker != SOMEBODY or words]

    def _still_held(
        self, found: Sequence[Held], pending: Collection[str], words: Sequence[str], speakers: str
    ) -> list[Held]:
        """What holds them with all out of it that is to be forgotten, where no load has done that.

        It must not be found by a name, or words, that are gone.
        """
        known = self.store.messages(h.id for h in found if h.group in pending)

        def still(h: Held) -> Held | None:
            if h.group not in pending:
                return h
            if self._is_gone(known[h.id]):
                return None
            left = self._masked(known[h.id])
            named = speakers.casefold() in left.speaker.casefold()
            held = all(w.lower() in left.text.lower() for w in words)
            return h._replace(speaker=left.speaker) if named and held else None

        return [h for h in map(still, found) if h is not None]

    def place(self, citation: Citation) -> tuple[int, int]:
        """How many messages of its day stand before a message, and how many there are in all."""
        number = self.store.message_id(citation)
        assert number is not None, citation
        low, high = messages_of(number >> DAY_BITS)
        return self._count(low, number - 1), self._count(low, high)

    def has_day(self, group: str, date: str) -> bool:
        """Whether a day was archived."""
        return self.store.day_id(group, date) is not None

    def of_person(self, group: str, names: Sequence[str]) -> tuple[list[int], list[int]]:
        """The ids of what somebody asked, and answered, by all names, newest first."""
        return browse.of_person(self.conn, group, names)

    def beside(self, group: str, date: str) -> browse.Beside:
        """The days of a group next to a date."""
        return browse.beside(self.conn, group, date)

    def group_of_row(self, table: str, row: int) -> str | None:
        """The group that a row of a table with archived knowledge belongs to."""
        day = tables.day_of(table, row)
        return None if day is None else self.store.day_name(day)[0] or None

    def _count(self, low: int, high: int) -> int:
        row = self.conn.execute(
            "select count(*) from messages where id between ? and ?", [low, high]
        ).fetchone()
        return int(row[0])

    def _stats(self) -> tuple[GroupStats, ...]:
        return tuple(self.store.stats())

    def _answerable(self, group: str) -> int:
        """How many questions of a group can be asked again, and have an answer."""
        return browse.answerable(self.conn, group)

    def _examples(self, group: str, most: int) -> list[Exchange]:
        """Questions of a group that somebody would ask again, surely answered; of all months."""
        return list(self.exchanges(browse.examples(self.conn, group, most)).values())

    def _months(self, group: str) -> list[tuple[str, list[tuple[str, int]]]]:
        return browse.months(self.conn, group)

    def _speakers(self, group: str) -> list[browse.Speaker]:
        """Who spoke in a group; a forgotten member is nowhere, and nobody is called `我`.

        What a load has applied left no message of his under his name.
        """
        gone = {
            name
            for i, name in message_ids.speakers(self.conn, group)
            if self._waits(group, name, i)
        }
        found = (
            s._replace(name=self.store.me) if s.name == ME else s
            for s in browse.speakers(self.conn, group)
        )
        return [
            s
            for s in found
            if s.name != SOMEBODY and not any(n in gone or self._waits(group, n) for n in s.names)
        ]

    def _waits(self, group: str, name: str, sender: str = "") -> bool:
        """Whether somebody is forgotten by a wish that no load has applied yet."""
        means = self._waiting.means
        return means("name", group, name, sender) or means("words", group, name, sender)

    def _is_gone(self, message: Message) -> bool:
        if message.speaker == SOMEBODY and not message.text:
            return True
        return bool(self._forgotten) and self._forgotten.is_gone(message)

    def _masked(self, message: Message) -> Message:
        return self._forgotten.mask(message) if self._forgotten else message

    def _known(self, messages: Iterable[Message]) -> Sequence[Message]:
        """Those that are not gone, as far as they may be known."""
        return [self._masked(m) for m in messages if not self._is_gone(m)]

    def _without_forgotten(self, exchange: Exchange) -> Exchange:
        def answers(found: Iterable[Answer]) -> tuple[Answer, ...]:
            return tuple(
                replace(a, message=self._masked(a.message))
                for a in found
                if not self._is_gone(a.message)
            )

        return replace(
            exchange,
            question=tuple(self._known(exchange.question)),
            answers=answers(exchange.answers),
            context=tuple(self._known(exchange.context)),
            thread=tuple(self._known(exchange.thread)),
        )

    def close(self) -> None:
        """Let go of the database."""
        self.conn.close()
