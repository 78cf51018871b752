"""The logistic curve and its inverse: probabilities and their log odds."""

from __future__ import annotations

import math

_MOST = 30.0
_LEAST = 1e-6


def logistic(z: float) -> float:
    """The probability of log odds, which are cut at 30 on either side."""
    return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, z))))


def log_odds(p: float) -> float:
    """The log odds of a probability, which is cut at a millionth from 0 and from 1."""
    p = min(max(p, _LEAST), 1 - _LEAST)
    return math.log(p / (1 - p))
