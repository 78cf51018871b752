"""Boosted trees of scikit-learn as the nested lists that `knowledge` reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

from knowledge.linking.trees import DEPTH


def nested(model: GradientBoostingClassifier) -> dict[str, Any]:
    """The log odds that all rows begin with, and the trees; see `knowledge.linking.trees.Tree`."""
    nothing = np.zeros((1, model.n_features_in_), np.float32)
    known = sum(float(t.predict(nothing)[0]) * model.learning_rate for t in model.estimators_[:, 0])
    base = float(model.decision_function(nothing)[0]) - known
    return {
        "base": round(base, 4),
        "trees": [_tree(model, i) for i in range(len(model.estimators_))],
    }


def _tree(model: GradientBoostingClassifier, place: int) -> Any:
    t = model.estimators_[place, 0].tree_

    def node(i: int, depth: int) -> Any:
        if depth == DEPTH:
            return round(float(t.value[i, 0, 0]) * model.learning_rate, 4)
        if t.children_left[i] < 0:  # a leaf too early asks what makes no difference
            return [0, 0.0, node(i, depth + 1), node(i, depth + 1)]
        below, above = t.children_left[i], t.children_right[i]
        threshold = float(f"{t.threshold[i]:.5g}")
        return [int(t.feature[i]), threshold, node(below, depth + 1), node(above, depth + 1)]

    return node(0, 0)
