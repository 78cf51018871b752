from __future__ import annotations

import math

import pytest

from knowledge.matching.compare import MEANING, NAMES
from knowledge.matching.rank import ALONE, STANDING, Curve, Ranker, shipped, standing

LEAF, STEP = 0.25, [1, 0.5, -1.0, [0, 2.0, 1.0, 3.0]]


def ranker() -> Ranker:
    return Ranker(
        glance=(),
        weights=(2.0, -1.0),
        base=0.5,
        trees=(LEAF, STEP),
        curve=Curve(1.0, 0.0, 0.0, 0.0),
    )


def figures(*first: float) -> tuple[float, ...]:
    return (*first, *[0.0] * (len(NAMES) - len(first)))


def test_a_score_is_a_weighted_sum() -> None:
    assert ranker().score((3.0, 1.0)) == 5.0


def test_trees_add_up_to_the_confidence() -> None:
    low = ranker().confidence(figures(9.0, 0.5))  # -1.0: up to the threshold goes left
    middle = ranker().confidence(figures(2.0, 0.6))
    high = ranker().confidence(figures(2.1, 0.6))
    assert low < 0.5 < middle < high < 1
    assert low == pytest.approx(0.4378, abs=1e-4)


def test_a_rival_takes_the_lead_away() -> None:
    alone = dict(zip(STANDING, standing([5.0, 4.5], 0, [False, False]), strict=True))
    rivalled = dict(zip(STANDING, standing([5.0, 4.5], 0, [False, True]), strict=True))
    assert (alone["lead"], rivalled["lead"]) == (5.0, 0.5)
    assert alone["share"] > 0.9 > rivalled["share"] > 0.5


def test_what_fits_as_badly_as_can_be_has_no_share() -> None:
    found = dict(zip(STANDING, standing([-900.0, -990.0], 0, [False, True]), strict=True))
    assert 0 <= found["share"] < 1e-300


@pytest.mark.parametrize(
    ("kind", "names"),
    [(ALONE, NAMES), ("words", (*NAMES, *MEANING)), ("semantic", (*NAMES, *MEANING))],
)
def test_the_shipped_weights_fit_the_figures(kind: str, names: tuple[str, ...]) -> None:
    made = shipped(kind)
    assert len(made.weights) == len(names)

    def highest(tree: object) -> int:
        if not isinstance(tree, list):
            return -1
        return max(int(tree[0]), highest(tree[2]), highest(tree[3]))

    assert max(map(highest, made.trees)) < len(names) + len(STANDING)


def test_the_curve_changes_with_the_size_of_the_archive() -> None:
    curve = Curve(slope=1.0, offset=0.0, small_slope=0.0, small_offset=-2.0)
    sure = [curve(1.0, math.log(exchanges)) for exchanges in (10, 60, 400, 3_000, 1_000_000)]
    assert sure[0] == sure[1] < sure[2] < sure[3] == sure[4] == pytest.approx(0.731, abs=1e-3)
    assert 0 < curve(-1e9, 0.0) < curve(1e9, 0.0) < 1
