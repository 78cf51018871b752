from __future__ import annotations

import pytest

from knowledge.matching.compare import NAMES
from knowledge.matching.rank import STANDING, Ranker, shipped, standing

LEAF, STEP = 0.25, [1, 0.5, -1.0, [0, 2.0, 1.0, 3.0]]


def ranker() -> Ranker:
    return Ranker(
        glance=(), weights=(2.0, -1.0), base=0.5, trees=(LEAF, STEP), slope=1.0, offset=0.0
    )


def test_a_score_is_a_weighted_sum() -> None:
    assert ranker().score((3.0, 1.0)) == 5.0


def test_trees_add_up_to_the_confidence() -> None:
    low = ranker().confidence((9.0, 0.5))  # -1.0: up to the threshold goes left
    middle = ranker().confidence((2.0, 0.6))
    high = ranker().confidence((2.1, 0.6))
    assert low < 0.5 < middle < high < 1
    assert low == pytest.approx(0.4378, abs=1e-4)


def test_a_rival_takes_the_lead_away() -> None:
    alone = dict(zip(STANDING, standing([5.0, 4.5], 0, [False, False]), strict=True))
    rivalled = dict(zip(STANDING, standing([5.0, 4.5], 0, [False, True]), strict=True))
    assert (alone["lead"], rivalled["lead"]) == (5.0, 0.5)
    assert alone["share"] > 0.9 > rivalled["share"] > 0.5


def test_the_shipped_weights_fit_the_figures() -> None:
    made = shipped()
    assert len(made.weights) == len(NAMES)

    def highest(tree: object) -> int:
        if not isinstance(tree, list):
            return -1
        return max(int(tree[0]), highest(tree[2]), highest(tree[3]))

    assert max(map(highest, made.trees)) < len(NAMES) + len(STANDING)
