"""The days of a database as they are linked: with what stands beside them, and what replies."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from knowledge.linking.exchanges import AFTER, BEFORE
from knowledge.linking.senders import Senders
from knowledge.loading.linker import NOTHING, Job, Known
from knowledge.model import Message
from knowledge.store import message_ids
from knowledge.store.ids import DAY_BITS
from knowledge.store.read import Day, Store

_ROOM = 12_000_000  # characters of days that are to be seen again soon; some 40 MB
_MESSAGE = 100  # characters that a message counts as beside its text


class Days:
    """The days of a database, a few of them in memory at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.names = store.days()
        self._ids = {name: day for day, name in self.names.items()}
        self.have_ids = message_ids.are_there(store.conn)
        self._have_talk = self.have_ids and message_ids.tell_of_talk(store.conn)
        self._recent: OrderedDict[int, Day] = OrderedDict()
        self._held = 0  # characters in them
        self._threads: dict[str, dict[str, list[tuple[str, int, int]]]] = {}
        self._keys: dict[int, str] = {}

    def of(self, group: str) -> list[int]:
        """The days of a group, in order."""
        return [self._ids[name] for name in sorted(self._ids) if name[0] == group]

    def beside(self, day: int, by: int) -> int | None:
        """The day so many days later, if it was archived."""
        group, iso = self.names[day]
        return self._ids.get((group, (date.fromisoformat(iso) + timedelta(days=by)).isoformat()))

    def get(self, day: int | None) -> Day | None:
        """A day with its messages."""
        if day is None:
            return None
        if day not in self._recent:
            found = self._store.day(day)
            if found is None:
                return None
            self._recent[day] = found
            self._held += _size(found)
            while self._held > _ROOM and len(self._recent) > 1:
                self._held -= _size(self._recent.popitem(last=False)[1])
        return self._recent[day]

    def tell_apart(self, group: str, senders: Senders) -> None:
        """Have the messages of a group that were sent under shared names be told by their ids."""
        wanted = sorted(
            {name for _, name in message_ids.speakers(self._store.conn, group)
             if senders.is_shared(name)}
        )  # fmt: skip
        for i, name, sender in message_ids.sent_under(self._store.conn, group, wanted):
            self._keys[i] = senders.key(name, sender)

    def said(self, day: Day) -> Iterator[tuple[str, str]]:
        """Speaker and text of each message of a day, the speaker told apart by his id."""
        for i, (_, _, speaker, text) in enumerate(day.said, day.first):
            yield self._keys.get(i, speaker), text

    def job(self, day: int) -> Job:
        """What linking a day needs."""
        here = self.get(day)
        assert here is not None
        before, after = self.get(self.beside(day, -1)), self.get(self.beside(day, 1))
        if not self.have_ids:
            return Job(
                before and before.part(-BEFORE, None), here, after and after.part(None, AFTER)
            )
        conn = self._store.conn
        ids = message_ids.of(conn, day) if self._have_talk else []
        threads = {x.thread for x in ids} - {""}
        if not threads:
            before = before and before.part(-BEFORE, None)
            after = after and after.part(None, AFTER)
        near = [part for part in (before, here, after) if part]
        there = {i for part in near for i in range(part.first, part.first + len(part.said))}
        replies = message_ids.replies_into(conn, day)
        far = {i for i, _ in replies} | set(self._further(here, threads))
        further = self._store.messages(far - there)
        for beside in (before, after) if self._have_talk else ():
            ids += message_ids.of(conn, beside.first >> DAY_BITS) if beside else []
        ids += message_ids.of_messages(conn, sorted(further) if self._have_talk else ())
        known = self._known(ids, replies, there | further.keys())
        return Job(before, here, after, known, tuple(_alone(*item) for item in further.items()))

    def _known(
        self,
        ids: Sequence[message_ids.MessageIds],
        replies: Sequence[tuple[int, int]],
        there: Iterable[int],
    ) -> Known:
        known = Known(
            tuple(replies),
            {x.message: x.thread for x in ids if x.thread},
            tuple(x.message for x in ids if x.thread and x.thread == x.id),
            {i: self._keys[i] for i in there if i in self._keys} if self._keys else {},
            {x.message: x.addressed for x in ids if x.addressed},
        )
        return NOTHING if known == NOTHING else known

    def conversed(self, day: int, threads: Iterable[str]) -> set[int]:
        """The days whose exchanges what was said in threads on a day can belong to."""
        group, iso = self.names[day]
        found: set[int] = set()
        for thread in threads:
            for step, most in ((-1, AFTER), (1, BEFORE)):
                found.update(d for d, _ in self._near(group, iso, thread, step, most))
        return found

    def _further(self, day: Day, threads: Iterable[str]) -> Iterator[int]:
        """The messages nearest to a day in its threads, of days that are not beside it."""
        conn = self._store.conn
        for thread in threads:
            for step, most, order in ((-1, BEFORE, "desc"), (1, AFTER, "asc")):
                for other, count in self._near(day.group, day.date, thread, step, most):
                    yield from message_ids.in_thread(conn, thread, other, order, count)

    def _near(
        self, group: str, iso: str, thread: str, step: int, most: int
    ) -> Iterator[tuple[int, int]]:
        """The days nearest to a date that have so many messages of a thread, and how many each."""
        if group not in self._threads:
            self._threads[group] = message_ids.thread_days(self._store.conn, group)
        days = self._threads[group].get(thread, [])
        place = bisect_left(days, (iso, 0, 0))
        if step > 0:
            while place < len(days) and days[place][0] == iso:
                place += 1
        else:
            place -= 1
        while most > 0 and 0 <= place < len(days):
            _, day, count = days[place]
            yield day, min(count, most)
            most -= count
            place += step


def _alone(i: int, message: Message) -> Day:
    """A message as the only one of its day."""
    cited = message.citation
    said = (cited.time, cited.n, message.speaker, message.text)
    return Day(cited.group, cited.date, i, (said,))


def _size(day: Day) -> int:
    """How much room a day takes, in characters."""
    return sum([_MESSAGE + len(text) for _, _, _, text in day.said])
