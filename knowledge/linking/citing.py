"""How many messages are worth citing: as long as each may be the first that is right."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def worth_citing(
    probabilities: Mapping[K, float], first: float, sure: float = math.inf, doubt: float = 1.0
) -> dict[K, float]:
    """Choose messages by how probably each is right, the likeliest first.

    All from `sure` on are chosen, and others while each has at least the probability `first` of
    being the first right one. `doubt` is the probability that none is right of what is cited
    anyhow.
    """
    chosen: dict[K, float] = {}
    for key, p in sorted(probabilities.items(), key=lambda item: -item[1]):
        if p < sure and doubt * p < first:
            break
        chosen[key] = p
        doubt *= 1.0 - p
    return chosen
