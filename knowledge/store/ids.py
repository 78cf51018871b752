"""How ids are made: a message's id is its day's id and its place in the day.

So the messages of a day, and their order, need no index; an exchange's id is the id of the message
that asks.
"""

from __future__ import annotations

DAY_BITS = 20
"""Place for 1,048,576 messages a day; the busiest real day seen had 1,842."""


def ids_of(day: int) -> tuple[int, int]:
    """The first and the last id that messages and exchanges of a day can have."""
    return day << DAY_BITS, (day + 1 << DAY_BITS) - 1
