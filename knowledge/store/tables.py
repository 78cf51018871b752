"""The tables that a browser may show, and how their rows lead to the group that they are of."""

from __future__ import annotations

import sqlite3

from knowledge.store.ids import DAY_BITS, EXCHANGE_DAY_BITS

# The column whose number, shifted by so many bits, is the id of a row's day.
_DAYS = {
    "days": ("id", 0),
    "messages": ("id", DAY_BITS),
    "exchanges": ("id", EXCHANGE_DAY_BITS),
    "exchange_messages": ("exchange", EXCHANGE_DAY_BITS),
}

SHOWN = tuple(_DAYS)
"""Tables and views with archived knowledge and no names of members."""

WITH_ROWS = tuple(table for table, (column, _) in _DAYS.items() if column == "id")
"""Those of them whose rows have an id."""

_MOST = 1 << 62

# Beside them what the schema is, how the index is set (whatever looks at the schema has it opened),
# and of how many files a day is, which a row's page counts.
_SCHEMA = frozenset(
    f"sqlite_{which}" for which in ("master", "schema", "temp_master", "temp_schema")
)
_READ = frozenset((*SHOWN, *_SCHEMA, "exchange_index_config", "file_days"))
# What is done to look at the tables shown. A pragma writes nothing on a connection for reading.
_DONE = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_PRAGMA,
        sqlite3.SQLITE_RECURSIVE,
    )
)


def only_shown(conn: sqlite3.Connection) -> None:
    """Let a connection read the tables that may be shown, and never another, whatever is asked.

    What the full-text index holds is of all groups, and what is looked for in it tells of it.
    """
    conn.set_authorizer(_authorised)


def _authorised(
    action: int, first: str | None, second: str | None, database: str | None, source: str | None
) -> int:
    """What SQLite asks of each statement: `first` is a table, `source` a view that reads it."""
    # To open the index, SQLite has its columns declared, as if it wrote them into the schema.
    if action in _DONE or (action == sqlite3.SQLITE_UPDATE and first in _SCHEMA):
        return sqlite3.SQLITE_OK
    table = first or ""
    if action == sqlite3.SQLITE_READ and (
        table in _READ or source in SHOWN or table == "json_each" or table.startswith("pragma_")
    ):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def columns(conn: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table or view."""
    return tuple(name for (name,) in conn.execute("select name from pragma_table_info(?)", [table]))


def day_of(table: str, row: int) -> int | None:
    """The id of the day that a row with an id is of; None when no row has such an id."""
    return row >> _DAYS[table][1] if 0 <= row < _MOST else None


def of_groups(table: str, groups: str) -> str:
    """The condition, in SQL, that a row is of a group in the JSON list of the parameter `groups`.

    KeyError for a table that is not shown.
    """
    return (
        f"({_day(table)}) in (select id from main.days"
        f" where grp in (select value from json_each(:{groups})))"
    )


def of_groups_by_row(table: str, groups: str) -> str:
    """The same for a few rows of many: the days are not listed, but each row's is looked up."""
    return (
        f"(select grp from main.days d where d.id = ({_day(table)}))"
        f" in (select value from json_each(:{groups}))"
    )


def _day(table: str) -> str:
    """The id of a row's day, in SQL."""
    column, bits = _DAYS[table]
    return f"{table}.{column} >> {bits}" if bits else f"{table}.{column}"
