"""Moments as formats write them: numbers of several units, with or without an offset."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

_EPOCH = date(1970, 1, 1).toordinal()
_LATEST = 253_402_300_799  # the last second of the year 9999


def epoch(value: object) -> int | None:
    """Seconds of the epoch in a number or a string of digits; None when it holds no moment.

    Above 1e14 it counts microseconds, above 1e11 milliseconds.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if number > 1e14:
        number /= 1e6
    elif number > 1e11:
        number /= 1e3
    return int(number) if 0 <= number <= _LATEST else None


def in_utc(at: int) -> tuple[str, str]:
    """ISO date and `HH:MM:SS` of a moment, as UTC has them."""
    day, second = divmod(at, 86400)
    minute = second // 60
    return _date(day), f"{minute // 60:02}:{minute % 60:02}:{second % 60:02}"


@lru_cache(maxsize=1024)
def _date(day: int) -> str:
    return date.fromordinal(_EPOCH + day).isoformat()


def iso(text: object) -> tuple[str, str, int | None] | None:
    """Date, time and moment of an ISO text; without an offset it is a wall clock's: no moment.

    With one, date and time are those of UTC. None when it is none.
    """
    try:
        moment = datetime.fromisoformat(str(text).strip())
        if moment.tzinfo is None:
            return f"{moment.date()}", f"{moment:%H:%M:%S}", None
        at = int(moment.timestamp())
        return (*in_utc(at), at)
    except (ValueError, OverflowError):
        return None
