"""Makes rank_weights.json: learns from archived questions asked again in other words.

    python -m knowledge.train.rank ARCHIVE GOLD PARAPHRASES OUT

ARCHIVE is a folder with day files. GOLD is a JSON list of {id, question, question_key,
answer_keys} (keys: group, date, time), PARAPHRASES one of {id, short, reworded}. Negatives cost
nothing: every question is asked once more with its whole day left out of the archive, and so are
other messages of the archive; it is asked of archives in which nobody answers it; pieces of the
archive are asked what other pieces know;
elsewhere.txt beside this file holds invented questions of other fields. Needs numpy, scipy and
scikit-learn, and some three minutes. Months are held out in turn for all figures that are printed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from knowledge.matching.compare import NAMES
from knowledge.matching.conversation import lent, shares
from knowledge.matching.match import rivals
from knowledge.matching.rank import STANDING, standing
from knowledge.train.cases import ORPHANED, SMALL, Array, Case, Key, gather, read_gold

WEIGHT = {
    "verbatim": 0.5,
    "-verbatim": 0.5,
    "archive": 0.5,
    "talk": 0.3,
}
"""What a query of a kind counts, if not 1."""

SHARE = {SMALL: 0.5, ORPHANED: 0.1}
"""What a query to a piece of the archive, or to one in which nobody answers, counts, times that.

With more of the latter, the bot keeps silent on more questions that were answered, too.
"""


SHRINK = 0.01
"""What the square of a weight costs; 0.01 to 0.2 do as well for months held out, less is worse."""


def weight(kind: str) -> float:
    """What a query of a kind counts in training."""
    for prefix, share in SHARE.items():
        if kind.startswith(prefix):
            return share * WEIGHT.get(kind.removeprefix(prefix), 1.0)
    return WEIGHT.get(kind, 1.0)


def learn_glance(cases: Iterable[Case]) -> Array:
    """Weights of a glance, under which what is right has most of the softmax of the scores."""
    usable = [c for c in cases if any(c.right)]
    return _separate(usable, [c.right for c in usable])


def learn_order(cases: Iterable[Case]) -> Array:
    """Weights under which what is right has most of the softmax of the scores.

    What is asked in vain teaches no order: there, the best that can be found is not right. Learned
    twice: first, an exchange is right that cites an answer or is what was asked; then also one
    that is lent an answer by its conversation, which depends on the scores.
    """
    usable = [c for c in cases if any(c.right) and not c.kind.startswith(ORPHANED)]
    weights = _separate(usable, [c.right for c in usable])
    return _separate(usable, [_lent_too(c, weights) for c in usable])


def _separate(cases: Sequence[Case], labels: Sequence[Sequence[bool]]) -> Array:
    """Weights of the figures that tell what is right from the rest in each query."""
    told = [(c, right) for c, right in zip(cases, labels, strict=True) if not all(right)]
    figures = np.array([f.figures for c, _ in told for f in c.finalists])
    right = np.array([r for _, mine in told for r in mine], float)
    query = np.repeat(np.arange(len(told)), [len(c.finalists) for c, _ in told])
    starts = np.r_[0, np.cumsum([len(c.finalists) for c, _ in told])[:-1]]
    counts = np.array([weight(c.kind) for c, _ in told])
    spread = figures.std(0) + 1e-9
    scaled = (figures - figures.mean(0)) / spread

    def loss(b: Array) -> tuple[float, Array]:
        scores = scaled @ b
        e = np.exp(scores - np.maximum.reduceat(scores, starts)[query])
        share = e / np.add.reduceat(e, starts)[query]
        hit = np.add.reduceat(share * right, starts)
        slope = (share - share * right / (hit[query] + 1e-12)) * counts[query]
        value = -(counts * np.log(hit + 1e-12)).sum() / counts.sum()
        return value + SHRINK * (b @ b), scaled.T @ slope / counts.sum() + 2 * SHRINK * b

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


def _lent_too(case: Case, weights: Array) -> list[bool]:
    """Which finalists are right, or are lent an answer that was picked."""
    raw = [float(weights @ np.array(f.figures)) for f in case.finalists]
    return [
        right or not case.wanted.isdisjoint(_cited(case, raw, place))
        for place, right in enumerate(case.right)
    ]


def _cited(case: Case, scores: Sequence[float], place: int) -> set[Key]:
    """What a reply cites that tells of the finalist at `place`."""
    meant = shares([f.id for f in case.finalists], scores, place)
    conversation = [(share, case.said[other]) for other, share in meant.items()]
    return {*case.said[place], *lent(conversation)}


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate of a query: its figures for the confidence, and whether it is right."""

    kind: str
    fold: str
    figures: tuple[float, ...]
    right: bool
    cited: bool


def best_of(case: Case, weights: Array) -> Best | None:
    """The candidate that would be shown."""
    if not case.finalists:
        return None
    raw = [float(weights @ np.array(f.figures)) for f in case.finalists]
    order = sorted(range(len(raw)), key=lambda i: -raw[i])
    first = order[0]
    ranked = [case.finalists[i] for i in order]
    figures = (*ranked[0].figures, *standing([raw[i] for i in order], 0, rivals(ranked, 0)))
    cited = not case.wanted.isdisjoint(_cited(case, raw, first))
    return Best(case.kind, case.fold, figures, case.right[first], cited)


def learn_confidence(best: list[Best]) -> GradientBoostingClassifier:
    """Boosted trees that tell replies that cite what was picked from others."""
    model = GradientBoostingClassifier(
        n_estimators=160, learning_rate=0.05, max_depth=3, min_samples_leaf=25, subsample=0.6,
        max_features=0.4, random_state=0,
    )  # fmt: skip
    x, y = np.array([b.figures for b in best]), np.array([b.cited for b in best])
    return model.fit(x, y, sample_weight=[weight(b.kind) for b in best])


def held_out(cases: list[Case]) -> list[tuple[Best, float]]:
    """Every query's best candidate with its raw confidence, learned on the other months."""
    folds = sorted({c.fold for c in cases})
    out = []
    for fold in folds:
        train = [c for c in cases if c.fold != fold]
        test = [c for c in cases if c.fold == fold]
        weights = learn_order(train)
        known = [b for c in train if (b := best_of(c, weights))]
        asked = [b for c in test if (b := best_of(c, weights))]
        if asked:
            raw = learn_confidence(known).decision_function(np.array([b.figures for b in asked]))
            out += list(zip(asked, map(float, raw), strict=True))
    return out


def tree(model: GradientBoostingClassifier, place: int) -> Any:
    """A tree as nested lists; see `knowledge.matching.rank.Tree`."""
    t = model.estimators_[place, 0].tree_

    def node(i: int) -> Any:
        if t.children_left[i] < 0:
            return round(float(t.value[i, 0, 0]) * model.learning_rate, 4)
        below, above = node(t.children_left[i]), node(t.children_right[i])
        return [int(t.feature[i]), float(f"{t.threshold[i]:.5g}"), below, above]

    return node(0)


def report(held: list[tuple[Best, float]], slope: float, offset: float) -> dict[str, Any]:
    """Figures of held-out months by kind of query and threshold; also printed."""
    p = {id(b): 1 / (1 + np.exp(-(slope * raw + offset))) for b, raw in held}
    kinds = dict.fromkeys(b.kind for b, _ in held)
    figures: dict[str, Any] = {}
    for kind in kinds:
        mine = [b for b, _ in held if b.kind == kind]
        figures[kind] = {"n": len(mine), "hit1": round(sum(b.cited for b in mine) / len(mine), 3)}
        for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            said = [b for b in mine if p[id(b)] >= threshold]
            figures[kind][str(threshold)] = [
                round(sum(b.cited for b in said) / len(mine), 3),
                round(sum(not b.cited for b in said) / len(mine), 3),
            ]
        print(f"{kind:10s}", figures[kind])
    return figures


def main(archive: str, gold: str, paraphrases: str, out: str) -> None:
    """Learn, print figures of held-out months, write the weights of all."""
    questions = read_gold(Path(gold), Path(paraphrases))
    glance, cases = gather(Path(archive), questions, learn_glance)
    held = held_out(cases)
    raw = np.array([[r] for _, r in held])
    counts = [weight(b.kind) for b, _ in held]
    curve = LogisticRegression(C=1e3).fit(raw, [b.cited for b, _ in held], sample_weight=counts)
    slope, offset = float(curve.coef_[0, 0]), float(curve.intercept_[0])
    figures = report(held, slope, offset)
    weights = learn_order(cases)
    best = [b for c in cases if (b := best_of(c, weights))]
    model = learn_confidence(best)
    base = float(model.decision_function(np.array([best[0].figures]))[0]) - sum(
        float(t.predict(np.array([best[0].figures], np.float32))[0]) * model.learning_rate
        for t in model.estimators_[:, 0]
    )
    made = {
        "made": {
            "date": datetime.now(UTC).date().isoformat(),
            "by": "knowledge/train/rank.py",
            "held_out_months": figures,
        },
        "figures": [*NAMES, *STANDING],
        "glance": [float(f"{w:.5g}") for w in glance],
        "weights": [float(f"{w:.5g}") for w in weights],
        "slope": round(slope, 4),
        "offset": round(offset, 4),
        "base": round(base, 4),
        "trees": [tree(model, i) for i in range(len(model.estimators_))],
    }
    text = json.dumps(made, ensure_ascii=False, indent=1)
    Path(out).write_text(_compact(text) + "\n", encoding="utf-8")


def _compact(text: str) -> str:
    """A list of numbers, or a tree, on one line each."""
    head, _, trees = text.partition('"trees": ')
    lines = ",\n  ".join(json.dumps(t) for t in json.loads(trees.rstrip()[:-1]))
    return f'{head}"trees": [\n  {lines}\n ]\n}}'


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
