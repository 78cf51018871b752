"""How ids are made: a message's id is its day's id and its place in the day.

So the messages of a day, and their order, need no index. An exchange's id is made of the id of the
message that leads it and, since one message can retell several, a number. Ids of different days
are in the order in which the days were first loaded, not in that of the calendar.
"""

from __future__ import annotations

DAY_BITS = 20
"""Place for 1,048,576 messages a day; the busiest real day seen had 1,842."""


EXCHANGE_BITS = 6
"""Place for 64 exchanges that one message leads."""


EXCHANGE_DAY_BITS = DAY_BITS + EXCHANGE_BITS
"""What an exchange's id is shifted by to get its day's."""


def messages_of(day: int) -> tuple[int, int]:
    """The first and the last id that messages of a day can have."""
    return day << DAY_BITS, (day + 1 << DAY_BITS) - 1


def exchanges_of(day: int) -> tuple[int, int]:
    """The first and the last id that exchanges of a day can have."""
    return day << EXCHANGE_DAY_BITS, (day + 1 << EXCHANGE_DAY_BITS) - 1


def exchange_id(lead: int, number: int) -> int:
    """The id of an exchange that a message leads."""
    return lead << EXCHANGE_BITS | number
