"""Works out anew who answered what, where a load touched it.

A day's exchanges depend on its messages, on those of the days beside it, and on who is whom in the
group. So the days to be linked again are the touched ones, those beside them, and those that hold
a name which turned out to be somebody else's than it seemed. What comes out is the same in
whatever order the archive was loaded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from knowledge import exchanges
from knowledge.kinds import mentions
from knowledge.people import Census, People, tidy
from knowledge.store.read import Day, Store
from knowledge.store.write import Writer

_DAYS_IN_MEMORY = 4


def relink(writer: Writer, touched: set[int], progress: Callable[[int, int], None]) -> None:
    """Replace the exchanges of all days of which they can have changed."""
    days = _Days(Store(writer.conn))
    everybody: dict[str, People] = {}
    wanted: set[int] = set()
    for group in sorted({days.names[day][0] for day in touched if day in days.names}):
        everybody[group] = people = _people(days, group)
        moved = _moved(writer.people(group), people.names())
        writer.put_people(group, people.names())
        mine = {d for d in touched if days.names.get(d, ("", ""))[0] == group}
        wanted |= {b for d in mine for b in (days.beside(d, -1), d, days.beside(d, 1)) if b}
        if moved:
            wanted |= {d for d in days.of(group) if d not in wanted and _holds(days.get(d), moved)}
    for done, day in enumerate(sorted(wanted, key=lambda d: days.names[d])):
        progress(done, len(wanted))
        _relink_day(writer, days, day, everybody[days.names[day][0]])
    progress(len(wanted), len(wanted))


def _relink_day(writer: Writer, days: _Days, day: int, people: People) -> None:
    near = [days.get(d) for d in (days.beside(day, -1), day, days.beside(day, 1))]
    before, here, after = (d.messages if d else () for d in near)
    found = exchanges.build(here, before, after, people)
    writer.drop_exchanges(day)
    writer.put_exchanges(found, {c: i for d in near if d for c, i in d.ids.items()})


class _Days:
    """The days of a database, a few of them in memory at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.names = store.days()
        self._ids = {name: day for day, name in self.names.items()}
        self._recent: OrderedDict[int, Day] = OrderedDict()

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
            while len(self._recent) > _DAYS_IN_MEMORY:
                self._recent.popitem(last=False)
        return self._recent[day]


def _people(days: _Days, group: str) -> People:
    census = Census()
    for day in days.of(group):
        found = days.get(day)
        if found and found.messages:
            census.see(found.messages)
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

    pairs = [(m.speaker, m.text) for m in day.messages] if day else []
    return any(tidy(name) in names for name in said(pairs))
