"""Works out anew who answered what, where a load touched it.

A day's exchanges depend on its messages, on those of the days beside it, and on who is whom in the
group. So the days to be linked again are the touched ones, those beside them, and those that hold
a name which turned out to be somebody else's than it seemed. What comes out is the same in
whatever order the archive was loaded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from knowledge.language.kinds import mentions
from knowledge.language.names import tidy
from knowledge.linking.people import Census, People, joined
from knowledge.loading.linker import Job, Linker, Run, job
from knowledge.model import Message
from knowledge.store import message_ids
from knowledge.store.ids import DAY_BITS
from knowledge.store.read import Day, Store
from knowledge.store.write import Writer

_ROOM = 12_000_000  # characters of days that are to be seen again soon; some 40 MB
_MESSAGE = 100  # characters that a message counts as beside its text

_RUN = 8  # days that are linked in one go


def relink(
    writer: Writer, touched: set[int], linker: Linker, progress: Callable[[int, int], None]
) -> None:
    """Replace the exchanges of all days of which they can have changed."""
    days = _Days(Store(writer.conn))
    if days.have_replies:
        # What they reply to is linked anew, however long ago it was said.
        touched = touched | writer.replied_to
        touched |= message_ids.days_replied_to(writer.conn, sorted(touched & days.names.keys()))
    everybody: dict[str, Mapping[str, str]] = {}
    wanted: set[int] = set()
    for group in sorted({days.names[day][0] for day in touched if day in days.names}):
        same = message_ids.names_by_id(writer.conn, group)
        everybody[group] = people = joined(_people(days, group).names(), same)
        moved = _moved(writer.people(group), people)
        writer.put_people(group, people)
        mine = {d for d in touched if days.names.get(d, ("", ""))[0] == group}
        wanted |= {b for d in mine for b in (days.beside(d, -1), d, days.beside(d, 1)) if b}
        if moved:
            wanted |= {d for d in days.of(group) if d not in wanted and _holds(days.get(d), moved)}
    order = sorted(wanted, key=lambda d: days.names[d])
    for done, (day, rows) in enumerate(
        zip(order, linker.link(_runs(days, order, everybody)), strict=True)
    ):
        progress(done, len(order))
        writer.drop_exchanges(day)
        writer.put_exchanges(rows)
    progress(len(order), len(order))


def _runs(
    days: _Days, order: list[int], everybody: Mapping[str, Mapping[str, str]]
) -> Iterator[Run]:
    """The days to be linked, some of one group at a time, with what stands beside them."""
    for group, people in everybody.items():
        mine = [day for day in order if days.names[day][0] == group]
        for start in range(0, len(mine), _RUN):
            yield Run(people, [days.job(day) for day in mine[start : start + _RUN]])


class _Days:
    """The days of a database, a few of them in memory at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.names = store.days()
        self._ids = {name: day for day, name in self.names.items()}
        self.have_replies = message_ids.are_there(store.conn)
        self._recent: OrderedDict[int, Day] = OrderedDict()
        self._held = 0  # characters in them

    def of(self, group: str) -> list[int]:
        """The days of a group, in order."""
        return [self._ids[name] for name in sorted(self._ids) if name[0] == group]

    def beside(self, day: int, by: int) -> int | None:
        """The day so many days later, if it was archived."""
        group, iso = self.names[day]
        return self._ids.get((group, (date.fromisoformat(iso) + timedelta(days=by)).isoformat()))

    def job(self, day: int) -> Job:
        """What linking a day needs."""
        here = self.get(day)
        assert here is not None
        replies = message_ids.replies_into(self._store.conn, day) if self.have_replies else []
        far = self._store.messages(i for i, _ in replies if i >> DAY_BITS != day)
        late = (_alone(i, message) for i, message in far.items())
        near = self.get(self.beside(day, -1)), here, self.get(self.beside(day, 1))
        return job(*near, replies, tuple(late))

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


def _alone(i: int, message: Message) -> Day:
    """A message as the only one of its day."""
    cited = message.citation
    said = (cited.time, cited.n, message.speaker, message.text)
    return Day(cited.group, cited.date, i, (said,))


def _size(day: Day) -> int:
    """How much room a day takes, in characters."""
    return sum([_MESSAGE + len(text) for _, _, _, text in day.said])


def _people(days: _Days, group: str) -> People:
    census = Census()
    for day in days.of(group):
        found = days.get(day)
        if found and found.said:
            census.see(found.date, ((speaker, text) for _, _, speaker, text in found.said))
    return census.people()


def _moved(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """The names that now belong together with other names than they did before."""
    was, is_now = _circles(before), _circles(now)
    alone: frozenset[str] = frozenset()
    return {n for n in was.keys() | is_now.keys() if was.get(n, alone) != is_now.get(n, alone)}


def _circles(people: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Each name that shares its person with others, with all names of that person."""
    by_person: dict[str, set[str]] = {}
    for name, person in people.items():
        by_person.setdefault(person, {person}).add(name)
    shared = (frozenset(names) for names in by_person.values() if len(names) > 1)
    return {name: names for names in shared for name in names}


def _holds(day: Day | None, names: set[str]) -> bool:
    """Whether one of the names speaks or is mentioned on a day."""

    def said(messages: Iterable[tuple[str, str]]) -> Iterable[str]:
        for speaker, text in messages:
            yield speaker
            if "@" in text:
                yield from mentions(text)

    pairs = [(speaker, text) for _, _, speaker, text in day.said] if day else []
    return any(tidy(name) in names for name in said(pairs))
