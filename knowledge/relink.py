"""Works out anew who answered what, for the days that a load touched and those beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from knowledge import exchanges
from knowledge.store.read import Day, Store
from knowledge.store.write import Writer


def relink(writer: Writer, touched: set[int], progress: Callable[[int, int], None]) -> None:
    """Replace the exchanges of the touched days and of the days before and after them."""
    store = Store(writer.conn)
    days = dict(writer.conn.execute("select id, grp || ' ' || date from days"))
    by_name = {name: day for day, name in days.items()}

    def beside(day: int, by: int) -> int | None:
        group, _, iso = days[day].rpartition(" ")
        return by_name.get(f"{group} {date.fromisoformat(iso) + timedelta(days=by)}")

    wanted = {d for t in touched if t in days for d in (beside(t, -1), t, beside(t, 1)) if d}
    recent: dict[int, Day] = {}

    def messages_of(day: int | None) -> Day | None:
        if day is None:
            return None
        if day not in recent:
            if found := store.day(day):
                recent[day] = found
            while len(recent) > 4:
                del recent[next(iter(recent))]
        return recent.get(day)

    for done, day in enumerate(sorted(wanted, key=lambda d: days[d])):
        progress(done, len(wanted))
        before, here, after = (messages_of(d) for d in (beside(day, -1), day, beside(day, 1)))
        if here is None:
            continue
        near = [d for d in (before, here, after) if d is not None]
        found = exchanges.build(
            here.messages, before.messages if before else (), after.messages if after else ()
        )
        writer.drop_exchanges(day)
        writer.put_exchanges(found, {c: i for d in near for c, i in d.ids.items()})
    progress(len(wanted), len(wanted))
