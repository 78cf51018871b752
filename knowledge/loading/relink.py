"""Works out anew who answered what, where a load touched it.

A day's exchanges depend on its messages, on those of the days beside it, on what replies to them
or belongs to their threads, and on who is whom in the group. So the days to be linked again are
the touched ones, those that these reach, and those on which somebody turned out to be one with
another than it seemed. What comes out is the same in whatever order the archive was loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from knowledge.linking.people import Census, People
from knowledge.linking.senders import NOBODY, Senders
from knowledge.loading.days import Days
from knowledge.loading.linker import Linker, Run
from knowledge.loading.renamed import changes, holding, moved
from knowledge.store import message_ids
from knowledge.store.forget import shared_names
from knowledge.store.read import Store
from knowledge.store.write import Writer

_RUN = 8  # days that are linked in one go


def relink(
    writer: Writer, touched: set[int], linker: Linker, progress: Callable[[int, int], None]
) -> None:
    """Replace the exchanges of all days of which they can have changed."""
    days = Days(Store(writer.conn))
    if days.have_ids:
        # What they reply to is linked anew, however long ago it was said.
        touched = touched | writer.replied_to
        touched |= message_ids.days_replied_to(writer.conn, sorted(touched & days.names.keys()))
    everybody: dict[str, Mapping[str, str]] = {}
    wanted: set[int] = set()
    for group in sorted({days.names[day][0] for day in touched if day in days.names}):
        senders = _senders(writer, group) if days.have_ids else NOBODY
        if senders.shared:
            days.tell_apart(group, senders)
        everybody[group] = people = _people(days, group, senders).names()
        mine = {d for d in touched if days.names.get(d, ("", ""))[0] == group}
        near = {b for d in mine for b in (days.beside(d, -1), d, days.beside(d, 1)) if b}
        for day in sorted(mine) if days.have_ids else ():
            threads = message_ids.threads_of(writer.conn, day) | writer.threads.get(day, set())
            near |= days.conversed(day, threads)
        before, shared = writer.people(group), shared_names(writer.conn, group)
        elsewhere, retold = moved(before, people), shared ^ senders.shared
        if elsewhere or retold:
            there = {*holding(days, group, elsewhere | retold)}
            for day in sorted(there) if days.have_ids else ():
                there |= days.conversed(day, message_ids.threads_of(writer.conn, day))
                there |= message_ids.days_replied_to(writer.conn, [day])
            near |= {
                d
                for d in sorted(there - near)
                if changes(days, days.job(d), before, people, elsewhere, retold)
            }
        wanted |= near
        writer.put_people(group, people, senders.shared)
    order = sorted(wanted, key=lambda d: days.names[d])
    for done, (day, rows) in enumerate(
        zip(order, linker.link(_runs(days, order, everybody)), strict=True)
    ):
        progress(done, len(order))
        writer.drop_exchanges(day)
        writer.put_exchanges(rows)
    progress(len(order), len(order))


def _runs(
    days: Days, order: list[int], everybody: Mapping[str, Mapping[str, str]]
) -> Iterator[Run]:
    """The days to be linked, some of one group at a time, with what stands beside them."""
    for group, people in everybody.items():
        mine = [day for day in order if days.names[day][0] == group]
        for start in range(0, len(mine), _RUN):
            yield Run(people, [days.job(day) for day in mine[start : start + _RUN]])


def _senders(writer: Writer, group: str) -> Senders:
    """Who is who in a group by the ids that its archive has."""
    message_ids.note_speakers(writer.conn, group)
    names = message_ids.speakers(writer.conn, group)
    return Senders(names, message_ids.senders_by_file(writer.conn, group)) if names else NOBODY


def _people(days: Days, group: str, senders: Senders) -> People:
    census = Census()
    for day in days.of(group):
        found = days.get(day)
        if found and found.said:
            census.see(found.date, days.said(found))
    return census.people(senders)
