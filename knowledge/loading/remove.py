"""Takes a group out of the database, as if it had never been loaded."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from knowledge.errors import LoadError
from knowledge.store import index
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.store.transaction import writable
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
            conn.execute("delete from file_days where day = ?", [day])
        conn.execute(
            "delete from files where id not in (select file from file_days) and grp = ?", [group]
        )
        for table in ("people", "speaker_ids", "zones"):
            conn.execute(f"delete from {table} where grp = ?", [group])
        conn.execute("delete from days where id not in (select day from file_days)")
        conn.execute("delete from speakers where id not in (select speaker from messages)")
        index.count(conn, anew=True)
        removed = before - store.totals().messages
    with closing(connect(database, read_only=False)) as conn:
        conn.execute("vacuum")
    return removed
