"""Make `links_weights.json`: python -m knowledge.train.links ARCHIVE_DIR GOLD_JSON [-o FILE]

Gold is a list of objects with `question_key` and `answer_keys`, each key a triple of group, date
and time. Prints precision, recall and F1 of the cited messages, each month predicted by a model
that was trained on the other months. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from knowledge.exchanges import _scene
from knowledge.features import ALONE, CODES, FAR, LEAD, Scene, alone, lead_codes, pairs
from knowledge.model import Message
from knowledge.people import Census
from knowledge.train.archive import read_archive

# How many values each code can take.
SIZES = {
    "far": 4 * FAR, "gap": 17, "same": 12, "asked": 5, "talks": 5, "asked_him": 3, "spoke": 5,
    "voices": 5, "silence": 34, "shared": 5, "own": 5, "thanked": 2,
    "asks": 4, "size": 11, "opens": 4, "yes": 2,
}  # fmt: skip
LEAD_SIZES = {
    "asks": 4, "size": 11, "ends": 3, "elliptical": 2, "mentions": 2, "goes_on": 3, "went_on": 2,
    "reply": 17, "silence": 17, "voices": 6, "opens": 4,
}  # fmt: skip
class Case:
    """A labelled day: its scene, and for each gold lead the indices of its answers."""

    def __init__(self, scene: Scene, month: str) -> None:
        self.scene, self.month = scene, month
        self.answers: dict[int, set[int]] = {}
        self.wanted: dict[int, int] = {}  # lead -> number of gold answers, linked or not
        self.index: dict[tuple[str, str], int] = {}
        for i, x in enumerate(scene.notes):
            c = x.message.citation
            self.index.setdefault((c.date, c.time), i)


def cases(archive: Path, gold: Sequence[dict[str, Any]]) -> list[Case]:
    """Set up the labelled days."""
    days: dict[str, dict[str, list[Message]]] = defaultdict(dict)
    census: defaultdict[str, Census] = defaultdict(Census)
    for group, day, messages in read_archive(archive):
        days[group].setdefault(day, []).extend(messages)
    for group, by_day in days.items():
        for day in sorted(by_day):
            census[group].see(by_day[day])
    people = {group: c.people() for group, c in census.items()}
    found: dict[tuple[str, str], Case] = {}
    for g in gold:
        group, day, time = g["question_key"]
        if (group, day) not in found:
            ordinal = date.fromisoformat(day).toordinal()
            near = [date.fromordinal(ordinal + k).isoformat() for k in (-1, 1)]
            before, after = (days[group].get(d, []) for d in near)
            scene = _scene(days[group][day], before, after, people[group])
            found[group, day] = Case(scene, day[:7])
        case = found[group, day]
        i = case.index[day, time]
        keys = [case.index.get((a[1], a[2])) for a in g["answer_keys"]]
        case.answers[i] = {k for k in keys if k is not None}
        case.wanted[i] = len(keys)
    return list(found.values())


def one_hot(codes: Sequence[Sequence[int]], sizes: Sequence[int]) -> Any:
    """Spread codes over columns, one for each value."""
    out = np.zeros((len(codes), sum(sizes)), np.float32)
    at = 0
    for column, size in zip(np.array(codes).T, sizes, strict=True):
        out[np.arange(len(codes)), at + column] = 1
        at += size
    return out


def fit(x: Sequence[Sequence[int]], y: Sequence[bool], sizes: dict[str, int]) -> dict[str, Any]:
    """Fit log odds and return them as a table for each code."""
    model = LogisticRegression(C=0.3, max_iter=2000).fit(one_hot(x, list(sizes.values())), y)
    weights, at, tables = model.coef_[0], 0, {}
    for name, size in sizes.items():
        tables[name] = [round(float(v), 3) for v in weights[at : at + size]]
        at += size
    return {"tables": tables, "bias": round(float(model.intercept_[0]), 3)}


def odds(model: dict[str, Any], codes: Sequence[int]) -> float:
    """Weigh codes by a fitted model."""
    tables = model["tables"].values()
    return float(model["bias"] + sum(t[c] for t, c in zip(tables, codes, strict=True)))


def link_rows(case: Case, i: int) -> list[tuple[int, tuple[int, ...]]]:
    """Code the pairs of a lead, each with what its message shows alone."""
    return [(j, codes + alone(case.scene.notes[j])) for j, codes in pairs(case.scene, i)]


def fit_links(train: Sequence[Case]) -> dict[str, Any]:
    """Fit the links on labelled leads."""
    rows = [(j in c.answers[i], r) for c in train for i in c.answers for j, r in link_rows(c, i)]
    return fit([r for _, r in rows], [y for y, _ in rows], {n: SIZES[n] for n in CODES + ALONE})


def fit_leads(train: Sequence[Case]) -> dict[str, Any]:
    """Fit what is asked: gold leads against all other messages of the same days."""
    rows = [
        (i in c.answers, lead_codes(c.scene, i))
        for c in train
        for i in range(c.scene.lo, c.scene.hi)
        if c.scene.notes[i].says
    ]
    return fit([r for _, r in rows], [y for y, _ in rows], {n: LEAD_SIZES[n] for n in LEAD})


def figures(scored: Sequence[tuple[float, bool]], wanted: int, at: float) -> dict[str, float]:
    """Compute precision, recall and F1 of the links from a probability on."""
    cited = [y for p, y in scored if p >= at]
    right = sum(cited)
    precision, recall = right / max(1, len(cited)), right / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def threshold(scored: Sequence[tuple[float, bool]], wanted: int) -> float:
    """Find the probability with the best F1 whose precision is no lower than its recall."""
    best, at = 0.0, 0.5
    for k in range(10, 70):
        f = figures(scored, wanted, k / 100)
        if f["precision"] >= f["recall"] and f["f1"] > best:
            best, at = f["f1"], k / 100
    return at


def score(model: dict[str, Any], case: Case) -> list[tuple[float, bool]]:
    """Weigh all links of the labelled leads of a day."""
    return [
        (1 / (1 + float(np.exp(-odds(model, r)))), j in case.answers[i])
        for i in case.answers
        for j, r in link_rows(case, i)
    ]


def main() -> None:
    """Train, validate by month, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument(
        "-o", type=Path, default=Path(__file__).parents[1] / "links_weights.json", dest="out"
    )
    o = parser.parse_args()
    labelled = cases(o.archive, json.loads(o.gold.read_text(encoding="utf-8")))
    months = sorted({c.month for c in labelled})
    kept: dict[str, list[tuple[float, bool]]] = {}
    for month in months:
        model = fit_links([c for c in labelled if c.month != month])
        kept[month] = [s for c in labelled if c.month == month for s in score(model, c)]
    wanted = {m: sum(sum(c.wanted.values()) for c in labelled if c.month == m) for m in months}
    everything = [s for m in months for s in kept[m]]
    at = threshold(everything, sum(wanted.values()))
    report = {m: figures(kept[m], wanted[m], at) for m in months}
    report["all months"] = figures(everything, sum(wanted.values()), at)
    for name, f in report.items():
        print(name, f)
    links, leads = fit_links(labelled), fit_leads(labelled)
    data = {
        "made": date.today().isoformat(),
        "by": "knowledge/train/links.py",
        "data": f"{sum(len(c.answers) for c in labelled)} questions with "
        f"{sum(wanted.values())} answers of {len(labelled)} days, picked by people",
        "figures": {"each month predicted from the others": report},
        "threshold": at,
        "link_bias": links["bias"],
        "link": links["tables"],
        "lead_bias": leads["bias"],
        "lead": leads["tables"],
    }
    o.out.write_text(dump(data), encoding="utf-8")


def dump(data: dict[str, Any]) -> str:
    """Write JSON with a table a line."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text) + "\n"


if __name__ == "__main__":
    main()
