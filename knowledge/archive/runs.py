"""Which of the lines that could begin a message do: exports run forward in time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any


def forward(times: Sequence[Any]) -> list[bool]:
    """Which of these lie on a longest run that never goes back."""
    ends: list[Any] = []  # the smallest end of a run of each length
    places: list[int] = []  # and where that end stands
    before: list[int] = []
    for i, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(places[length - 1] if length else -1)
        if length == len(ends):
            ends.append(time)
            places.append(i)
        else:
            ends[length] = time
            places[length] = i
    kept = [False] * len(times)
    i = places[-1] if places else -1
    while i >= 0:
        kept[i] = True
        i = before[i]
    return kept
