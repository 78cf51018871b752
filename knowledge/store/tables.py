"""The tables that a browser may show, and how their rows lead to the group that they are of."""

from __future__ import annotations

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


def day_of(table: str, row: int) -> int | None:
    """The id of the day that a row with an id is of; None when no row has such an id."""
    return row >> _DAYS[table][1] if 0 <= row < _MOST else None


def of_groups(table: str, groups: str) -> str:
    """The condition, in SQL, that a row is of a group in the JSON list of the parameter `groups`.

    KeyError for a table that is not shown.
    """
    column, bits = _DAYS[table]
    day = f"{column} >> {bits}" if bits else column
    return (
        f"({day}) in (select id from main.days"
        f" where grp in (select value from json_each(:{groups})))"
    )
