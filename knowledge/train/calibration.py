"""Makes probabilities of raw confidences, and tells what is told rightly and wrongly at which one.

All figures are of months held out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.matching.compare import NAMES
from knowledge.matching.rank import Curve, smallness
from knowledge.train.best import Best
from knowledge.train.cases import NEAR, SMALL
from knowledge.train.gold import PARAPHRASED, REASKED

HEDGED, TOLD = 0.3, 0.8
"""Confidences from which a match is told with a doubt, and without."""

MISLED, LURED_AT_MOST, STRANGERS_TOLD = 0.04, 0.02, 0.01
"""Share of what is asked in other words that may be told wrongly; of the questions that look like
an archived one, that may be told its answers; and of other fields' questions, that may be told."""

STRANGERS = ("elsewhere", SMALL + "elsewhere")
"""The kinds of queries that an archive has nothing on."""

STRANGERS_HEDGED, RIGHT_WHEN_HEDGED = 0.1, 0.5
"""Share of other fields' questions that may be told with a doubt or without; and of what is told
with a doubt, that has to be right."""

THRESHOLDS = (0.6, 0.7, 0.8, 0.9)
"""Confidences that are reported."""

LURES = (NEAR, SMALL + NEAR)
"""The kinds of queries that look like an archived one and that people wrote."""

SIZES = (0, 60, 300, 1000, 3000, 1_000_000)
"""Exchanges of archives between which the reliability is told."""

SIZE = NAMES.index("size")


def curve(held: Sequence[tuple[Best, float]]) -> Curve:
    """The logistic curve that makes a probability of a raw confidence, by the archive's size.

    Fitted (Platt 1999) to what the bot is asked by people, in months held out: the rest teaches
    what a difference is, and is asked more often than anybody would ask it.
    """
    asked = [(b, raw) for b, raw in held if _is_asked(b.case.kind)]
    raw = np.array([r for _, r in asked])
    small = np.array([smallness(b.figures[SIZE]) for b, _ in asked])
    x = np.stack([raw, small, raw * small], axis=1)
    fitted = LogisticRegression(C=1e6).fit(x, [b.right for b, _ in asked])
    slope, small_offset, small_slope = fitted.coef_[0]
    [offset] = fitted.intercept_
    return Curve(*(round(float(v), 4) for v in (slope, offset, small_slope, small_offset)))


def _is_asked(kind: str) -> bool:
    """Whether a query of a kind is one that people wrote, to be asked of such an archive."""
    kind = kind.removeprefix(SMALL).removeprefix(PARAPHRASED)
    return kind in ("verbatim", *REASKED, NEAR, "elsewhere", "other")


def thresholds(held: Sequence[tuple[Best, float]], asked: Mapping[str, int]) -> tuple[float, float]:
    """Confidences from which on to tell, and to tell with a doubt.

    The first leaves few enough misled, of months held out; between both enough are right. `asked`
    is the number of queries of each kind.
    """
    told = max(
        *(_least(held, kind, asked, MISLED, lambda b: not b.right) for kind in REASKED),
        *(_least(held, kind, asked, LURED_AT_MOST, lambda b: b.cited) for kind in LURES),
        *(_least(held, kind, asked, STRANGERS_TOLD, lambda b: True) for kind in STRANGERS),
    )
    hedged = max(_least(held, kind, asked, STRANGERS_HEDGED, lambda b: True) for kind in STRANGERS)
    for kind in (*REASKED, *(SMALL + kind for kind in REASKED)):
        falling = sorted(((p, b.right) for b, p in held if b.case.kind == kind and p < told))[::-1]
        share = np.cumsum([right for _, right in falling]) / np.arange(1, len(falling) + 1)
        enough = [p for (p, _), s in zip(falling, share, strict=True) if s >= RIGHT_WHEN_HEDGED]
        hedged = max(hedged, min(enough, default=told))
    return hedged, told


def _least(
    held: Sequence[tuple[Best, float]],
    kind: str,
    asked: Mapping[str, int],
    share: float,
    bad: Callable[[Best], bool],
) -> float:
    """The confidence that so small a share of the queries of a kind exceeds wrongly."""
    falling = sorted([p for b, p in held if b.case.kind == kind and bad(b)], reverse=True)
    if not falling:
        return 0.0
    place = int(share * asked[kind])
    return falling[place] if place < len(falling) else falling[-1]


def report(asked: Mapping[str, int], held: Sequence[tuple[Best, float]]) -> dict[str, Any]:
    """Figures by kind of query, months held out; also printed.

    first, in4: share of the queries for which the best match, one of the best four, is right;
    told: by threshold, which share is told right and wrong; hedged: which share has a confidence
    from `HEDGED` to `TOLD`, and how many of these are right; lure: told with the answers of the
    question that a lure looks like.
    """
    figures: dict[str, Any] = {}
    for kind, n in asked.items():
        mine = [(p, b) for b, p in held if b.case.kind == kind]
        hedged = [b.right for p, b in mine if HEDGED <= p < TOLD]
        figures[kind] = {
            "n": n,
            "first": round(sum(b.right for _, b in mine) / n, 3),
            "in4": round(sum(b.among and not b.case.lure for _, b in mine) / n, 3),
            "told": {
                str(threshold): [
                    round(sum(b.right == right for p, b in mine if p >= threshold) / n, 3)
                    for right in (True, False)
                ]
                for threshold in THRESHOLDS
            },
            "hedged": [round(len(hedged) / n, 3), round(sum(hedged) / max(1, len(hedged)), 3)],
            "lure": round(sum(b.cited and b.case.lure for p, b in mine if p >= TOLD) / n, 3),
        }
        print(f"{kind:22s}", figures[kind])
    return figures


def reliability(held: Sequence[tuple[Best, float]]) -> dict[str, float]:
    """The expected calibration error (Naeini et al. 2015; ten bins) by the archive's size."""
    out = {}
    for least, most in pairwise(SIZES):
        mine = [
            (p, b.right)
            for b, p in held
            if _is_asked(b.case.kind) and least <= math.exp(b.figures[SIZE]) < most
        ]
        if not mine:
            continue
        p, right = (np.array(column, float) for column in zip(*mine, strict=True))
        bins = np.minimum((p * 10).astype(int), 9)
        off = [abs((p - right)[bins == k].sum()) for k in range(10)]
        out[f"{least} to {most}"] = round(float(sum(off)) / len(mine), 3)
    return out
