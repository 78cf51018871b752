"""Makes links_weights.json: python -m knowledge.train.links ARCHIVE GOLD READ FIELDS [-o FILE]

ARCHIVE is a folder with day files; `labels` says what stands in GOLD and READ, and `fields` what in
FIELDS. Prints, for each month predicted by a model that was trained on the other months, and for a
third of the invented groups by one trained on the others: precision, recall and F1 of the cited
messages against what readers call answers, the share of foreign ones, and how often one of the best
is cited. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from knowledge.linking.answered import ANSWERED, answered
from knowledge.linking.company import Company, Lead, again
from knowledge.linking.evidence import Evidence
from knowledge.linking.figures import FIGURES, Figures
from knowledge.linking.links import Tables, Weights, cited, first, link
from knowledge.linking.scene import ALONE, CODES, LEAD, alone, lead_codes, pairs
from knowledge.linking.trees import DEPTH, Trees
from knowledge.train.boosting import nested
from knowledge.train.fields import labelled
from knowledge.train.labels import PART, PICKED, Label, LabelledDay, cases

INVENTED = 0.3
"""What a question of an invented group counts for whether any is answered."""

_PARTS = 3  # of the invented groups, each predicted from the others

_ANSWERED = {"archived": 1.0, "orphaned": 1.0, "invented": INVENTED, "unanswered": INVENTED}
_NOT = ("orphaned", "unanswered")

Row = tuple[bool, float, Sequence[float]]
"""Of an example: whether it is right, what it counts, its codes or figures."""


def one_hot(codes: Sequence[Sequence[float]], sizes: Sequence[int]) -> Any:
    """Spread codes over columns, one for each value."""
    out = np.zeros((len(codes), sum(sizes)), np.float32)
    at = 0
    for column, size in zip(np.array(codes, int).T, sizes, strict=True):
        out[np.arange(len(codes)), at + column] = 1
        at += size
    return out


def fit(rows: Sequence[Row], sizes: dict[str, int], c: float) -> dict[str, Any]:
    """Fit log odds and return them as a table for each code."""
    labels, counts, codes = zip(*rows, strict=True)
    model = LogisticRegression(C=c, max_iter=2000)
    model.fit(one_hot(codes, list(sizes.values())), labels, sample_weight=counts)
    weights, at, tables = model.coef_[0], 0, {}
    for name, size in sizes.items():
        tables[name] = [round(float(v), 3) for v in weights[at : at + size]]
        at += size
    return {"bias": round(float(model.intercept_[0]), 3), "tables": tables}


def boost(rows: Sequence[Row]) -> dict[str, Any]:
    """Fit boosted trees and return them nested."""
    labels, counts, figures = zip(*rows, strict=True)
    model = GradientBoostingClassifier(
        n_estimators=300, learning_rate=0.035, max_depth=DEPTH, min_samples_leaf=30, subsample=0.5,
        max_features=0.3, random_state=0,
    )  # fmt: skip
    model.fit(np.array(figures, np.float32), labels, sample_weight=counts)
    return {"figures": list(FIGURES), **nested(model)}


def _sought(case: LabelledDay) -> list[Row]:
    """Code the labelled leads of a day against all its other messages."""
    scene = case.scene
    asked = {i for i, x in case.labels.items() if x.weight != PART}
    return [
        (i in asked, 1.0, lead_codes(scene, i))
        for i in range(scene.lo, scene.hi)
        if scene.notes[i].says
    ]


class LinkModel:
    """The weights of all looks, fitted on some labelled days."""

    def __init__(self, days: Sequence[LabelledDay]) -> None:
        """Fit the weights; orphaned days teach nothing but whether a question is answered.

        Unanswered ones of invented groups teach more: whoever reads them knows that nobody did.
        """
        archived = [c for c in days if c.kind == "archived"]
        told = [c for c in days if c.kind != "orphaned"]
        self.pair = fit(
            [
                (j in x.answers, 1.0, codes + alone(c.scene.notes[j]))
                for c in archived
                for i, x in c.labels.items()
                for j, codes in pairs(c.scene, i)
            ],
            CODES | ALONE,
            0.3,
        )
        self.lead = fit([row for c in archived for row in _sought(c)], LEAD, 0.3)
        self.trees = boost([row for c in told for row in self.second(c)])
        zeros = {name: [0.0] * values for name, values in ANSWERED.items()}
        self.answered: dict[str, Any] = {"bias": 0.0, "tables": zeros}
        self.answered = fit(
            [row for c in days if c.kind in _ANSWERED for row in self.third(c)],
            ANSWERED,
            0.1,
        )

    def second(self, case: LabelledDay) -> list[Row]:
        """The figures of the links of the labelled leads of a day."""
        scene = case.scene
        leads = first(scene, Tables.of(self.pair, CODES | ALONE), Tables.of(self.lead, LEAD))
        figures = Figures(scene, Company(scene, leads), Evidence(scene))
        return [
            (j in x.answers, x.weight, row)
            for lead in leads
            if (x := case.labels.get(lead.index)) and again(scene, lead)
            for j, row in figures.of(lead)
        ]

    def third(self, case: LabelledDay) -> list[Row]:
        """Code whether the labelled leads of a day were answered."""
        leads = link(case.scene, self.weights())
        company = Company(case.scene, leads)
        return [
            (case.kind not in _NOT, _ANSWERED[case.kind], answered(company, x))
            for x in leads
            if x.index in case.labels and x.links
        ]

    def weights(self) -> Weights:
        """Put all together as `link` takes it."""
        return Weights(
            Tables.of(self.pair, CODES | ALONE),
            Tables.of(self.lead, LEAD),
            Trees.of(self.trees, list(FIGURES)),
            Tables.of(self.answered, ANSWERED),
            0.0,
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """A labelled question, the probabilities of its links, and of its having been answered."""

    label: Label
    links: dict[int, float]
    answered: float


def score(case: LabelledDay, weights: Weights) -> list[Scored]:
    """Weigh the links of the labelled leads of a day."""
    found = {x.index: x for x in link(case.scene, weights)}
    nothing = Lead(0, 0.0, {}, 0.0)
    leads = [(label, found.get(i, nothing)) for i, label in case.labels.items()]
    return [Scored(label, lead.links, lead.answered) for label, lead in leads]


def figures_of(scored: Iterable[Scored], at: float) -> dict[str, float]:
    """Precision, recall and F1 of what is cited, foreign share, and how often a best one is."""
    right = cites = wanted = foreign = best = n = 0
    for s in scored:
        chosen = cited(s.links, at).keys()
        right += len(chosen & s.label.answers)
        cites += len(chosen)
        wanted += s.label.wanted
        foreign += len(chosen - s.label.answers - s.label.same)
        best += not chosen.isdisjoint(s.label.best or s.label.answers)
        n += 1
    precision, recall = right / max(1, cites), right / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {
        "questions": n, "precision": round(precision, 3), "recall": round(recall, 3),
        "f1": round(f1, 3), "foreign": round(foreign / max(1, cites), 3),
        "best": round(best / max(1, n), 3),
    }  # fmt: skip


def discrimination(yes: Sequence[float], no: Sequence[float]) -> dict[str, float]:
    """Tell how well their surest links tell answered questions from others: area under the ROC."""
    above = sum(a > b for a in yes for b in no) + sum(a == b for a in yes for b in no) / 2
    return {
        "answered": len(yes),
        "made up": len(no),
        "area": round(above / max(1, len(yes) * len(no)), 3),
    }


def held_out(days: Sequence[LabelledDay]) -> dict[tuple[str, str], list[Scored]]:
    """The labelled questions by kind of day and month, each predicted from the other months.

    Likewise those of some invented groups from the others, and from all months.
    """
    kept: dict[tuple[str, str], list[Scored]] = {}
    months = sorted({c.month for c in days if c.kind == "composed"})
    groups = sorted({c.month for c in days if c.kind == "invented"})
    for part in [*([month] for month in months), *(groups[k::_PARTS] for k in range(_PARTS))]:
        weights = LinkModel([c for c in days if c.month not in part]).weights()
        for c in days:
            if c.month in part:
                kept.setdefault((c.kind, c.month), []).extend(score(c, weights))
    return kept


def report(days: Sequence[LabelledDay], at: float) -> dict[str, Any]:
    """Figures of held-out months, also printed, with a curve over thresholds."""
    kept = held_out(days)
    read = {
        m: [s for s in some if s.label.read] for (k, m), some in kept.items() if k == "archived"
    }
    everything = [s for some in read.values() for s in some]
    out: dict[str, Any] = {m: figures_of(some, at) for m, some in read.items()}
    out["all months"] = figures_of(everything, at)
    out["curve"] = {str(t): figures_of(everything, t) for t in (0.25, 0.3, 0.35, 0.4, 0.45)}
    for kind in ("thinned", "composed", "invented"):
        out[kind] = figures_of([s for (k, _), some in kept.items() if k == kind for s in some], at)
    sure = {
        kind: [
            s.answered * max(s.links.values(), default=0.0)
            for (k, _), some in kept.items()
            if k == kind
            for s in some
        ]
        for kind in _ANSWERED
    }
    out["answered at all"] = discrimination(sure["archived"], sure["orphaned"])
    out["answered at all, invented"] = discrimination(sure["invented"], sure["unanswered"])
    for name, figures in out.items():
        for row in figures.items() if name == "curve" else [("", figures)]:
            print(name, *row)
    return out


def main() -> None:
    """Train, validate by month, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("archive", "gold", "read", "fields"):
        parser.add_argument(name, type=Path)
    here = Path(__file__).parents[1] / "linking" / "links_weights.json"
    parser.add_argument("-o", type=Path, default=here, dest="out")
    parser.add_argument("--threshold", type=float, default=0.36, help="from which a link is cited")
    o = parser.parse_args()
    gold, read = (json.loads(p.read_text(encoding="utf-8")) for p in (o.gold, o.read))
    days = [*cases(o.archive, gold, read), *labelled(o.fields)]
    figures = report(days, o.threshold)
    model = LinkModel(days)
    labels = [x for c in days for x in c.labels.values()]
    o.out.write_text(
        dump(
            {
                "made": date.today().isoformat(),
                "by": "knowledge/train/links.py",
                "data": f"{sum(x.read for x in labels)} questions read by people, "
                f"{sum(x.wanted > 0 and not x.read and x.weight == PICKED for x in labels)} of "
                f"which they picked answers, and {len(labels)} with the made-up ones",
                "figures": {"each month predicted from the others": figures},
                "threshold": o.threshold,
                "pair": model.pair,
                "lead": model.lead,
                "answered": model.answered,
                "trees": model.trees,
            }
        ),
        encoding="utf-8",
    )


def dump(data: dict[str, Any]) -> str:
    """Write JSON with a table or a tree a line."""
    trees = data["trees"].pop("trees")
    text = json.dumps(data, ensure_ascii=False, indent=1)
    flat = re.compile(r"[\[{]\s+[^\[\]{}]*?\s+[\]}]")
    head = flat.sub(lambda m: " ".join(m[0].split()), text).rstrip("}\n ")
    lines = ",\n   ".join(json.dumps(t) for t in trees)
    return f'{head},\n  "trees": [\n   {lines}\n  ]\n }}\n}}\n'


if __name__ == "__main__":
    main()
