"""Thresholds for a wanted precision, out of a few labelled questions, with what they promise.

Of the replies above a threshold, a hundred labels tell how many are right to some points only, and
the threshold that looks best among them looks better than it is. So confidences are first made
to fit the labels by two numbers (Platt 1999), held near to the shipped calibration by a prior, and
precisions are promised by what comes out: never by counting right replies above a threshold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import floor
from typing import TYPE_CHECKING

from knowledge.matching.probability import log_odds, logistic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENOUGH = 60
"""Labels below which a choice is hardly better than the shipped thresholds."""

# Standard deviations of the prior about the shipped calibration, 0 and 1: in archives that the
# weights had not seen, confidences are off by 0.02 to 0.08, which 0.4 in log odds allows for. By
# 100 of 4,262 questions of a real group, and 0.90 wanted, 0.904 was promised and 0.909 kept
# (tests/bench/tuning.py).
_SHIFT, _SLOPE = 0.4, 0.2
_STEPS = 30  # of Newton's method; it converges in fewer than ten
_GRID = tuple(round(0.05 + 0.01 * n, 2) for n in range(95))  # thresholds to choose from
_EDGE = 1e-4  # how near to 0 and 1 a confidence is taken for


@dataclass(frozen=True, slots=True)
class Judged:
    """The confidence of the best match for a question, and how right it was: 0, 0.5 (half) or 1."""

    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How confidences are to be read here: their log odds times `slope`, plus `shift`."""

    shift: float
    slope: float

    def probability(self, confidence: float) -> float:
        """The probability that a match of a confidence is right here."""
        return logistic(self.shift + self.slope * _odds(confidence))


@dataclass(frozen=True, slots=True)
class Choice:
    """A threshold for a wanted precision: what it promises, and how many labels lie above it.

    `threshold` is None where none reaches that precision; `share` is of all labelled questions.
    """

    wanted: float
    threshold: float | None
    promised: float
    replies: int
    share: float


def fit(judged: Sequence[Judged]) -> Fit:
    """Fit confidences to labels; without any, as they are."""
    import numpy as np  # deferred: it costs the list of commands 0.1 s

    x = np.array([_odds(j.confidence) for j in judged])
    y = np.array([j.right for j in judged])
    weights = np.array([0.0, 1.0])
    prior = np.diag([1 / _SHIFT**2, 1 / _SLOPE**2])
    columns = np.column_stack([np.ones_like(x), x])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-columns @ weights))
        gradient = columns.T @ (y - p) - prior @ (weights - [0.0, 1.0])
        weights = weights + np.linalg.solve(_curvature(columns, p) + prior, gradient)
    return Fit(float(weights[0]), float(weights[1]))


def choose(
    judged: Sequence[Judged], wanted: float, below: float = 1.01, fitted: Fit | None = None
) -> Choice:
    """The lowest threshold from which on replies are as right as wanted.

    Replies are those from the threshold to `below`, where a surer kind of reply begins.
    """
    fitted = fitted or fit(judged)
    # The surest first, with how many of those so far are right as it is promised.
    asked = sorted((j.confidence for j in judged if j.confidence < below), reverse=True)
    right = list(accumulate(map(fitted.probability, asked)))
    for threshold in _GRID:
        replies = bisect_right(asked, -threshold, key=lambda confidence: -confidence)
        if replies and right[replies - 1] / replies >= wanted:
            promised = right[replies - 1] / replies
            # Below the least sure of these, nothing is known: it goes no lower than that.
            lowest = max(threshold, floor(100 * asked[replies - 1]) / 100)
            return Choice(wanted, lowest, promised, replies, replies / len(judged))
    return Choice(wanted, None, 0.0, 0, 0.0)


def _curvature(columns: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    curved: NDArray[np.float64] = (columns * (p * (1 - p))[:, None]).T @ columns
    return curved


def _odds(confidence: float) -> float:
    return log_odds(min(1 - _EDGE, max(_EDGE, confidence)))
