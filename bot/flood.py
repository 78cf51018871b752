"""A limit on replies a minute, for a person and for a room; the excess is counted.

The minutes are those of a clock that is never set back, as is whatever else is waited for.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=1)
_KEYS = 10_000


class Flood:
    """Counts what was let through in the last minute, by key, in bounded memory."""

    def __init__(self) -> None:
        self._times: dict[str, deque[datetime]] = {}
        self.dropped = 0

    def full(self, key: str, limit: int, now: datetime) -> bool:
        """Whether a key has had its share of the last minute."""
        times = self._times.get(key)
        while times and now - times[0] >= _WINDOW:
            times.popleft()
        return times is not None and len(times) >= limit

    def note(self, key: str, now: datetime) -> None:
        """Something was let through."""
        if len(self._times) >= _KEYS:
            self._times = {k: t for k, t in self._times.items() if t and now - t[-1] < _WINDOW}
        self._times.setdefault(key, deque()).append(now)
