"""Makes the weights of the ranker: learns from archived questions asked again.

    python -m knowledge.train.rank ARCHIVE GOLD PARAPHRASES REASKED READ OUT [words | VECTORS]

ARCHIVE is a folder with day files. GOLD is a JSON list of {id, question, question_key,
answer_keys} (keys: group, date, time), PARAPHRASES one of {id, short, reworded}, REASKED one of
{id, short, reworded, hurried, near}, READ one of {id, answers} (keys), which count instead of those
of GOLD. `near` looks like the question and is not answered by its answers. Further negatives cost
nothing: a wording with another word of the archive in the place of one; every question once more
with its whole day left out of the archive, and other messages of the archive likewise; an archive
in which nobody answers; pieces of the archive, asked what other pieces know; archives in which each
question has a twin; elsewhere.txt beside this file, invented questions of other fields. Needs
numpy, scipy and scikit-learn, and some six minutes. Months are held out in turn for all figures
that are printed.

OUT is rank_weights.json. With `words`, what is made looks at what is meant, too, by vectors of
words, for words_weights.json. With VECTORS it does by the packaged model, for
semantic_weights.json; its vectors are kept in that file. Without the file, an hour more.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from knowledge.matching.compare import MEANING, NAMES
from knowledge.matching.conversation import lent, shares
from knowledge.matching.embedder import PACKAGED, WORDS, Model, open_model
from knowledge.matching.match import rivals
from knowledge.matching.rank import LENGTH, STANDING, USUAL, standing
from knowledge.train.best import Best, weight
from knowledge.train.calibration import SIZE, curve, reliability, report, thresholds
from knowledge.train.cases import ORPHANED, Array, Case, gather
from knowledge.train.gold import Key, read_gold
from knowledge.train.remembered import Remembered

LARGE = 500
"""Queries of a month that is held out by itself."""

SHRINK = 0.01
"""What the square of a weight costs; 0.01 to 0.2 do as well for months held out, less is worse."""


def learn_glance(cases: Iterable[Case]) -> Array:
    """Weights of a glance, under which what is right has most of the softmax of the scores."""
    usable = [c for c in cases if any(c.right)]
    return _separate(usable, [c.right for c in usable])


def learn_order(cases: Iterable[Case]) -> Array:
    """Weights under which what is right has most of the softmax of the scores.

    Where meanings are known, as many follow for how each changes with the length of what is asked:
    keywords and sentences are not compared alike. Of keywords 59.1 instead of 58.0 of 100 then have
    the right match first, months held out, of other words 50.1 instead of 49.2; by words alone
    nothing is won.

    What is asked in vain teaches no order: there, the best that can be found is not right. Learned
    twice: first, an exchange is right that cites an answer or is what was asked; then also one
    that is lent an answer by its conversation, which depends on the scores.
    """
    usable = [c for c in cases if any(c.right) and not c.kind.startswith(ORPHANED)]
    by_length = any(c.figures.shape[1] > len(NAMES) for c in usable)
    weights = _separate(usable, [c.right for c in usable], by_length)
    return _separate(usable, [_lent_too(c, weights) for c in usable], by_length)


def _separate(
    cases: Sequence[Case], labels: Sequence[Sequence[bool]], by_length: bool = False
) -> Array:
    """Weights of the figures that tell what is right from the rest in each query.

    `by_length`: and of the same by the query's length.
    """
    told = [(c, right) for c, right in zip(cases, labels, strict=True) if not all(right)]
    figures = np.concatenate([c.figures for c, _ in told]).astype(float)
    if by_length:
        figures = np.concatenate([figures, figures * (figures[:, [LENGTH]] - USUAL)], axis=1)
    right = np.concatenate([np.array(mine, float) for _, mine in told])
    sizes = [len(c.finalists) for c, _ in told]
    query = np.repeat(np.arange(len(told)), sizes)
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    counts = np.array([weight(c) for c, _ in told])
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


def _scores(case: Case, weights: Array) -> list[float]:
    count = case.figures.shape[1]
    scores = case.figures @ weights[:count]
    if len(weights) > count:
        scores += (case.figures[0, LENGTH] - USUAL) * (case.figures @ weights[count:])
    return list(map(float, scores))


def _lent_too(case: Case, weights: Array) -> list[bool]:
    """Which finalists are right, or are lent an answer that was picked."""
    raw = _scores(case, weights)
    return [
        right or not case.wanted.isdisjoint(_cited(case, raw, place))
        for place, right in enumerate(case.right)
    ]


def _cited(case: Case, scores: Sequence[float], place: int) -> set[Key]:
    """What a reply cites that tells of the finalist at `place`."""
    meant = shares([f.id for f in case.finalists], scores, place)
    conversation = [(share, case.said[other]) for other, share in meant.items()]
    return {*case.said[place], *lent(conversation)}


def best_of(case: Case, weights: Array) -> Best | None:
    """The candidate that would be shown."""
    if not case.finalists:
        return None
    raw = _scores(case, weights)
    order = sorted(range(len(raw)), key=lambda i: -raw[i])
    first = order[0]
    ranked = [case.finalists[i] for i in order]
    place = standing([raw[i] for i in order], 0, rivals(ranked, 0))
    cited = not case.wanted.isdisjoint(_cited(case, raw, first))
    among = cited or any(case.right[i] for i in order[:4])
    return Best(case, (*map(float, case.figures[first]), *place), cited, among)


def learn_confidence(best: Sequence[Best]) -> HistGradientBoostingClassifier:
    """Boosted trees that tell replies that cite what was picked from others."""
    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=16, min_samples_leaf=30,
        l2_regularization=5.0, max_bins=128, max_features=0.4, early_stopping=False, random_state=0,
    )  # fmt: skip
    x, y = np.array([b.figures for b in best]), np.array([b.right for b in best])
    return model.fit(x, y, sample_weight=[b.weight for b in best])


def folds(cases: Iterable[Case]) -> dict[str, int]:
    """Which folds of the cases are held out together: each large month, and all small ones.

    What has no month is spread over them.
    """
    counts = Counter(c.fold for c in cases)
    months = [f for f in sorted(counts) if "-" in f]
    large = [f for f in months if counts[f] >= LARGE]
    place = {f: large.index(f) if f in large else len(large) for f in months}
    rest = [f for f in sorted(counts) if "-" not in f]
    return place | {f: i % (len(large) + 1) for i, f in enumerate(rest)}


def held_out(cases: list[Case]) -> list[tuple[Best, float]]:
    """Every query's best candidate with its raw confidence, learned on the other months."""
    held = folds(cases)
    out = []
    for fold in sorted(set(held.values())):
        train = [c for c in cases if held[c.fold] != fold]
        test = [c for c in cases if held[c.fold] == fold]
        weights = learn_order(train)
        known = [b for c in train if (b := best_of(c, weights))]
        asked = [b for c in test if (b := best_of(c, weights))]
        raw = learn_confidence(known).decision_function(np.array([b.figures for b in asked]))
        out += list(zip(asked, map(float, raw), strict=True))
    return out


def trees(model: HistGradientBoostingClassifier) -> list[Any]:
    """The trees of a model as nested lists; see `knowledge.matching.rank.Tree`."""

    def node(nodes: Array, i: int) -> Any:
        n = nodes[i]
        if n["is_leaf"]:
            return round(float(n["value"]), 4)
        below, above = node(nodes, n["left"]), node(nodes, n["right"])
        return [int(n["feature_idx"]), float(f"{n['num_threshold']:.6g}"), below, above]

    return [node(predictor.nodes, 0) for [predictor] in model._predictors]


def main(
    archive: str,
    gold: str,
    paraphrases: str,
    reasked: str,
    read: str,
    out: str,
    vectors: str | None = None,
) -> None:
    """Learn, print figures of held-out months, write the weights of all."""
    model, kept = None, None
    if vectors == WORDS.name:
        model = open_model(WORDS)
    elif vectors:
        packaged = open_model(PACKAGED)
        kept = Remembered(packaged.embedder, Path(vectors))
        model = Model(kept, packaged.digest)
    sources = gold, paraphrases, reasked, read
    questions = read_gold(*map(Path, sources))
    glance, cases = gather(Path(archive), questions, learn_glance, model)
    if kept:
        kept.save()
    data = {Path(s).name: hashlib.sha256(Path(s).read_bytes()).hexdigest()[:16] for s in sources}
    # On a busy machine, threads that wait for each other take ten times as long.
    with threadpool_limits(1):
        made = fitted(glance, cases, {"queries": len(cases), "sha256": data})
    text = json.dumps(made, ensure_ascii=False, indent=1)
    Path(out).write_text(_compact(text) + "\n", encoding="utf-8")


def fitted(glance: Array, cases: list[Case], data: Mapping[str, Any]) -> dict[str, Any]:
    """All that the file of weights holds; `data` says what the cases were made of."""
    raw = held_out(cases)
    asked = Counter(c.kind for c in cases)
    fitted_to = curve(raw)
    held = [(b, fitted_to(r, b.figures[SIZE])) for b, r in raw]
    figures = report(asked, held)
    figured = raw[0][0].case.figures.shape[1]
    meaning = figured > len(NAMES)
    weights = learn_order(cases)
    model = learn_confidence([b for c in cases if (b := best_of(c, weights))])
    return {
        "made": {
            "date": datetime.now(UTC).date().isoformat(),
            "by": "knowledge/train/rank.py",
            "data": data,
            "held_out_months": figures,
            "calibration_error": reliability(held),
            "thresholds": dict(zip(("hedged", "told"), thresholds(held, asked), strict=True)),
        },
        "figures": [*NAMES, *(MEANING if meaning else ()), *STANDING],
        "glance": [float(f"{w:.5g}") for w in glance],
        "weights": [float(f"{w:.5g}") for w in weights[:figured]],
        "by_length": [float(f"{w:.5g}") for w in weights[figured:]],
        "curve": astuple(fitted_to),
        "base": round(float(model._baseline_prediction.item()), 4),
        "trees": trees(model),
    }


def _compact(text: str) -> str:
    """A list of numbers, or a tree, on one line each."""
    head, _, trees = text.partition('"trees": ')
    lines = ",\n  ".join(json.dumps(t) for t in json.loads(trees.rstrip()[:-1]))
    return f'{head}"trees": [\n  {lines}\n ]\n}}'


if __name__ == "__main__":
    if len(sys.argv) not in (7, 8):
        sys.exit(__doc__)
    main(*sys.argv[1:])
