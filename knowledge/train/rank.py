"""Makes rank_weights.json: learns from archived questions asked again in other words.

    python -m knowledge.train.rank DATABASE GOLD PARAPHRASES OUT

DATABASE is a loaded archive. GOLD is a JSON list of {id, question, question_key, answer_keys}
(keys: group, date, time), PARAPHRASES one of {id, short, reworded}. Negatives cost nothing: every
question is asked once more with its whole day left out of the archive, and so are other messages
of the archive; elsewhere.txt beside this file holds invented questions of other fields. Needs
numpy, scipy and scikit-learn. Months are held out in turn for all figures that are printed.
"""

from __future__ import annotations

import json
import random
import sqlite3
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

from knowledge.compare import GLANCE, NAMES
from knowledge.match import Considered, Finder, rivals
from knowledge.rank import STANDING, standing
from knowledge.store.ids import DAY_BITS, EXCHANGE_BITS, EXCHANGE_DAY_BITS

Array = np.ndarray[Any, Any]
WEIGHT = {
    "verbatim": 0.5,
    "-verbatim": 0.5,
    "archive": 0.5,
    "talk": 0.3,
}
"""What a query of a kind counts in training, if not 1."""

SAMPLES = 1200
"""Archived questions, and messages, that are asked with their day left out."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query with its finalists; `right` are those that answer it. `fold` is a month, or -1."""

    kind: str
    fold: int
    text: str
    finalists: Sequence[Considered]
    right: tuple[bool, ...]
    cited: tuple[bool, ...]


class Cases:
    """Asks queries of a database and keeps what was considered."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.finder = Finder(conn, (0.0,) * len(GLANCE))
        self.cases: list[Case] = []
        days = conn.execute("select id, grp, date from days").fetchall()
        self.day_ids = {(group, date): i for i, group, date in days}
        months = sorted({date[:7] for _, _, date in days})
        self.month = {i: months.index(date[:7]) for i, _, date in days}
        self.parts: dict[int, dict[str, set[tuple[str, str, str]]]] = {}
        self.by_day: dict[int, set[int]] = {}
        for exchange, role, *key in conn.execute(
            "select exchange, role, grp, date, time from exchange_messages"
            f" join messages m on m.id = message join days d on d.id = m.id >> {DAY_BITS}"
        ):
            part = self.parts.setdefault(exchange, {})
            part.setdefault(role, set()).add((key[0], key[1], key[2]))
            self.by_day.setdefault(exchange >> EXCHANGE_DAY_BITS, set()).add(exchange)

    def learn_glance(self, questions: Iterable[tuple[str, dict[str, Any]]]) -> Array:
        """Weights of `GLANCE` by which what is right comes to be a finalist."""
        cases = []
        for text, gold in questions:
            _, _, glances = self.finder.glance(text)
            considered = [Considered(i, "", figures) for i, figures in glances.items()]
            right = tuple(any(self._judge(i, gold)) for i in glances)
            cases.append(Case("reworded", -1, text, considered, right, right))
        return learn_order(cases)

    def ask(self, kind: str, text: str, day: int = -1, gold: dict[str, Any] | None = None) -> None:
        """Ask a query; without `gold` its `day` is left out, and nothing is right."""
        without = self.by_day.get(day, set()) if gold is None else set()
        _, finalists = self.finder.consider(text, without=without)
        judged = [self._judge(f.id, gold) for f in finalists]
        right, cited = tuple(any(j) for j in judged), tuple(j[0] for j in judged)
        self.cases.append(Case(kind, self.month.get(day, -1), text, finalists, right, cited))

    def _judge(self, exchange: int, gold: dict[str, Any] | None) -> tuple[bool, bool]:
        """Whether an exchange cites an answer that was picked, and whether it is what was asked."""
        if gold is None:
            return False, False
        part = self.parts[exchange]
        answers = {tuple(key) for key in gold["answer_keys"]}
        cites = bool(answers & part.get("answer", set()))
        return cites, tuple(gold["question_key"]) in part["question"]

    def of_archive(self, seed: int = 0) -> None:
        """Ask a sample of archived questions, and of messages, with their day left out."""
        rng = random.Random(seed)
        exchanges = self.conn.execute("select id from exchange_texts where asked > 0.1").fetchall()
        for (i,) in rng.sample(exchanges, min(SAMPLES, len(exchanges))):
            self._again("archive", i >> EXCHANGE_BITS)
        messages = self.conn.execute("select id from messages where length(text) > 2").fetchall()
        for (i,) in rng.sample(messages, min(SAMPLES, len(messages))):
            self._again("talk", i)

    def _again(self, kind: str, message: int) -> None:
        row = self.conn.execute("select text from messages where id = ?", (message,)).fetchone()
        self.ask(kind, row[0], message >> DAY_BITS)


def gather(database: Path, gold: Path, paraphrases: Path) -> tuple[Array, list[Case]]:
    """The weights for a glance, and all cases that there is to learn from."""
    cases = Cases(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True))
    by_id = {g["id"]: g for g in json.loads(gold.read_text("utf-8"))}
    asked_again = [(p, by_id[p["id"]]) for p in json.loads(paraphrases.read_text("utf-8"))]
    glance = cases.learn_glance((p[k], g) for p, g in asked_again for k in ("short", "reworded"))
    cases.finder = Finder(cases.conn, tuple(map(float, glance)))
    for p, g in asked_again:
        day = cases.day_ids.get(tuple(g["question_key"][:2]), -1)
        for kind in ("verbatim", "short", "reworded"):
            text = p.get(kind, g["question"])
            cases.ask(kind, text, day, g)
            cases.ask("-" + kind, text, day)
    cases.of_archive()
    elsewhere = Path(__file__).with_name("elsewhere.txt").read_text("utf-8").splitlines()
    for text in elsewhere:
        cases.ask("elsewhere", text)
    return glance, cases.cases


def learn_order(cases: Iterable[Case]) -> Array:
    """Weights of `NAMES` under which what is right has most of the softmax of the scores."""
    usable = [c for c in cases if any(c.right) and not all(c.right)]
    figures = np.array([f.figures for c in usable for f in c.finalists])
    right = np.array([r for c in usable for r in c.right], float)
    query = np.repeat(np.arange(len(usable)), [len(c.finalists) for c in usable])
    starts = np.r_[0, np.cumsum([len(c.finalists) for c in usable])[:-1]]
    counts = np.array([WEIGHT.get(c.kind, 1.0) for c in usable])
    spread = figures.std(0) + 1e-9
    scaled = (figures - figures.mean(0)) / spread

    def loss(b: Array) -> tuple[float, Array]:
        scores = scaled @ b
        e = np.exp(scores - np.maximum.reduceat(scores, starts)[query])
        share = e / np.add.reduceat(e, starts)[query]
        hit = np.add.reduceat(share * right, starts)
        slope = (share - share * right / (hit[query] + 1e-12)) * counts[query]
        value = -(counts * np.log(hit + 1e-12)).sum() / counts.sum()
        return value + 3e-3 * (b @ b), scaled.T @ slope / counts.sum() + 6e-3 * b

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate of a query: its figures for the confidence, and whether it is right."""

    kind: str
    fold: int
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
    return Best(case.kind, case.fold, figures, case.right[first], case.cited[first])


def learn_confidence(best: list[Best]) -> GradientBoostingClassifier:
    """Boosted trees that tell replies that cite what was picked from others."""
    model = GradientBoostingClassifier(
        n_estimators=100, learning_rate=0.07, max_depth=3, min_samples_leaf=25, subsample=0.6,
        max_features=0.4, random_state=0,
    )  # fmt: skip
    x, y = np.array([b.figures for b in best]), np.array([b.cited for b in best])
    return model.fit(x, y, sample_weight=[WEIGHT.get(b.kind, 1.0) for b in best])


def held_out(cases: list[Case]) -> list[tuple[Best, float]]:
    """Every query's best candidate with its raw confidence, learned on the other months."""
    rng = random.Random(1)
    folds = sorted({c.fold for c in cases} - {-1})
    fold_of = [c.fold if c.fold >= 0 else rng.choice(folds) for c in cases]
    out = []
    for fold in folds:
        train = [c for c, f in zip(cases, fold_of, strict=True) if f != fold]
        test = [c for c, f in zip(cases, fold_of, strict=True) if f == fold]
        weights = learn_order(train)
        known = [b for c in train if (b := best_of(c, weights))]
        asked = [b for c in test if (b := best_of(c, weights))]
        if asked:
            raw = learn_confidence(known).decision_function(np.array([b.figures for b in asked]))
            out += list(zip(asked, map(float, raw), strict=True))
    return out


def tree(model: GradientBoostingClassifier, place: int) -> Any:
    """A tree as nested lists; see `knowledge.rank.Tree`."""
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


def main(database: str, gold: str, paraphrases: str, out: str) -> None:
    """Learn, print figures of held-out months, write the weights of all."""
    glance, cases = gather(Path(database), Path(gold), Path(paraphrases))
    held = held_out(cases)
    raw = np.array([[r] for _, r in held])
    counts = [WEIGHT.get(b.kind, 1.0) for b, _ in held]
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
