"""Takes a group out of the database, as if it had never been loaded."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import LoadError
from knowledge.store import index
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.store.transaction import give_back, writable
from knowledge.store.write import Writer


def remove(database: Path, group: str) -> int:
    """Take a group out; how many messages it had. LoadError: there is none of that name.

    What members wished, asked and thought stays. A file that is still in a folder which is loaded
    again brings the group back.
    """
    connect(database).close()  # it is there, and ours
    with writable(database) as conn:
        writer, store = Writer(conn), Store(conn)
        days = [day for day, (name, _) in store.days().items() if name == group]
        if not days:
            there = ", ".join(store.groups()) or "none"
            raise LoadError(f"there is no group {group}; there is {there}")
        before = store.totals().messages
        for day in days:
            writer.put_day(day, group, [])
        writer.drop_group(group, days)
        index.count(conn, anew=True)
        removed = before - store.totals().messages
    give_back(database)
    return removed
