"""Make `links_weights.json`: python -m knowledge.train.links ARCHIVE_DIR GOLD_JSON [-o FILE]

Gold is a list of objects with `question_key` and `answer_keys`, each key a triple of group, date
and time. Prints precision, recall and F1 of the cited messages, and the share of questions with a
right one among them, each month predicted by a model that was trained on the other months. Needs
scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.linking.answered import ANSWERED, answered
from knowledge.linking.company import COMPANY, Company, again
from knowledge.linking.exchanges import _scene
from knowledge.linking.links import Tables, Weights, cited, first, link
from knowledge.linking.people import Census
from knowledge.linking.scene import ALONE, CODES, LEAD, Scene, alone, lead_codes, pairs
from knowledge.model import Message
from knowledge.train.archive import read_archive
from knowledge.train.orphans import orphaned

Scored = tuple[dict[int, float], set[int], float]
"""The links of a lead with their probabilities, which messages answer it, and the probability that
any does."""


class LabelledDay:
    """A labelled day: its scene, and for each gold lead the indices of its answers.

    `orphaned` days are made up: nothing answers their leads.
    """

    def __init__(self, scene: Scene, month: str, orphaned: bool = False) -> None:
        self.scene, self.month, self.orphaned = scene, month, orphaned
        self.answers: dict[int, set[int]] = {}
        self.wanted: dict[int, int] = {}  # lead -> number of gold answers, linked or not
        self.index: dict[tuple[str, str], int] = {}
        for i, x in enumerate(scene.notes):
            c = x.message.citation
            self.index.setdefault((c.date, c.time), i)


def cases(archive: Path, gold: Sequence[dict[str, Any]]) -> list[LabelledDay]:
    """Set up the labelled days."""
    days = read_archive(archive)
    census: defaultdict[str, Census] = defaultdict(Census)
    for (group, day), messages in days.items():
        census[group].see(day, ((m.speaker, m.text) for m in messages))
    people = {group: c.people() for group, c in census.items()}

    def scene(group: str, day: str, messages: Sequence[Message]) -> Scene:
        ordinal = date.fromisoformat(day).toordinal()
        near = [date.fromordinal(ordinal + k).isoformat() for k in (-1, 1)]
        before, after = (days.get((group, d), []) for d in near)
        return _scene(messages, before, after, people[group])

    found: dict[tuple[str, str], LabelledDay] = {}
    for g in gold:
        group, day, time = g["question_key"]
        if (group, day) not in found:
            found[group, day] = LabelledDay(scene(group, day, days[group, day]), day[:7])
        case = found[group, day]
        i = case.index[day, time]
        keys = [case.index.get((a[1], a[2])) for a in g["answer_keys"]]
        case.answers[i] = {k for k in keys if k is not None}
        case.wanted[i] = len(keys)
    rng = random.Random(0)
    made = []
    for (group, day), case in found.items():
        lo = case.scene.lo
        answers = {i - lo: {j - lo for j in a} for i, a in case.answers.items()}
        messages, orphans = orphaned(days[group, day], answers, rng)
        made.append(LabelledDay(scene(group, day, messages), day[:7], orphaned=True))
        made[-1].answers = {made[-1].scene.lo + i: set() for i in orphans}
        made[-1].wanted = dict.fromkeys(made[-1].answers, 0)
    return [*found.values(), *made]


def one_hot(codes: Sequence[Sequence[int]], sizes: Sequence[int]) -> Any:
    """Spread codes over columns, one for each value."""
    out = np.zeros((len(codes), sum(sizes)), np.float32)
    at = 0
    for column, size in zip(np.array(codes).T, sizes, strict=True):
        out[np.arange(len(codes)), at + column] = 1
        at += size
    return out


def fit(
    rows: Sequence[tuple[bool, Sequence[int]]], sizes: dict[str, int], c: float
) -> dict[str, Any]:
    """Fit log odds and return them as a table for each code."""
    codes, labels = [r for _, r in rows], [y for y, _ in rows]
    model = LogisticRegression(C=c, max_iter=2000).fit(one_hot(codes, list(sizes.values())), labels)
    weights, at, tables = model.coef_[0], 0, {}
    for name, size in sizes.items():
        tables[name] = [round(float(v), 3) for v in weights[at : at + size]]
        at += size
    return {"bias": round(float(model.intercept_[0]), 3), "tables": tables}


class LinkModel:
    """The learned tables of both looks, fitted on some labelled days."""

    def __init__(self, train: Sequence[LabelledDay]) -> None:
        """Fit the tables; made-up days teach nothing but whether a question is answered."""
        zeros = {name: [0.0] * values for name, values in ANSWERED.items()}
        self.answered: dict[str, Any] = {"bias": 0.0, "tables": zeros}
        orphaned, train = [c for c in train if c.orphaned], [c for c in train if not c.orphaned]
        self.pair = fit(
            [
                (j in c.answers[i], codes + alone(c.scene.notes[j]))
                for c in train
                for i in c.answers
                for j, codes in pairs(c.scene, i)
            ],
            CODES | ALONE,
            0.3,
        )
        # Gold leads against all other messages of the same days.
        self.lead = fit(
            [
                (i in c.answers, lead_codes(c.scene, i))
                for c in train
                for i in range(c.scene.lo, c.scene.hi)
                if c.scene.notes[i].says
            ],
            LEAD,
            0.3,
        )
        self.company = fit(
            [row for c in train for row in self.second(c)],
            COMPANY,
            0.1,
        )

        self.answered = fit(
            [row for c in (*train, *orphaned) for row in self.third(c)],
            ANSWERED,
            0.1,
        )

    def third(self, case: LabelledDay) -> list[tuple[bool, tuple[int, ...]]]:
        """Code whether the labelled leads of a day were answered."""
        leads = link(case.scene, self.weights())
        company = Company(case.scene, leads)
        return [
            (not case.orphaned, answered(company, x))
            for x in leads
            if x.index in case.answers and x.links
        ]

    def weights(self) -> Weights:
        """Put the tables together as `link` takes them."""
        return Weights(
            Tables.of(self.pair, CODES | ALONE),
            Tables.of(self.lead, LEAD),
            Tables.of(self.company, COMPANY),
            Tables.of(self.answered, ANSWERED),
            0.0,
        )

    def second(self, case: LabelledDay) -> list[tuple[bool, tuple[int, ...]]]:
        """Code the links of the labelled leads of a day for the second look."""
        pair, lead = Tables.of(self.pair, CODES | ALONE), Tables.of(self.lead, LEAD)
        leads = first(case.scene, pair, lead)
        company = Company(case.scene, leads)
        return [
            (j in case.answers[x.index], codes)
            for x in leads
            if x.index in case.answers and again(case.scene, x)
            for j, codes in company.codes(x)
        ]

    def score(self, case: LabelledDay) -> list[Scored]:
        """Weigh the links of the labelled leads of a day."""
        weights = self.weights()
        return [
            (x.links, case.answers[x.index], x.answered)
            for x in link(case.scene, weights)
            if x.index in case.answers
        ]


def figures(scored: Sequence[Scored], wanted: int, at: float) -> dict[str, float]:
    """Compute precision, recall and F1 of what is cited, and how often one of it is right."""
    chosen = [(cited(links, at), answers) for links, answers, _ in scored]
    right = [sum(j in answers for j in links) for links, answers in chosen]
    precision = sum(right) / max(1, sum(len(links) for links, _ in chosen))
    recall = sum(right) / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    hit = sum(map(bool, right)) / max(1, len(right))
    return {
        "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3),
        "hit": round(hit, 3),
    }  # fmt: skip


def discrimination(yes: Sequence[float], no: Sequence[float]) -> dict[str, float]:
    """Tell how well their surest links tell answered questions from others: area under the ROC."""
    above = sum(a > b for a in yes for b in no) + sum(a == b for a in yes for b in no) / 2
    return {
        "answered": len(yes),
        "made up": len(no),
        "area": round(above / max(1, len(yes) * len(no)), 3),
    }


def threshold(kept: dict[str, list[Scored]], wanted: dict[str, int]) -> float:
    """Find the probability with the best F1.

    Months count alike (those with 100 answers or more), so that one busy month does not decide.
    """
    months = [m for m in kept if wanted[m] >= 100]

    def mean(at: float) -> float:
        return sum(figures(kept[m], wanted[m], at)["f1"] for m in months) / len(months)

    return max((k / 100 for k in range(10, 70)), key=mean)


def main() -> None:
    """Train, validate by month, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument(
        "-o",
        type=Path,
        default=Path(__file__).parents[1] / "linking" / "links_weights.json",
        dest="out",
    )
    o = parser.parse_args()
    labelled = cases(o.archive, json.loads(o.gold.read_text(encoding="utf-8")))
    months = sorted({c.month for c in labelled})
    kept: dict[str, list[Scored]] = {month: [] for month in months}
    unanswered: list[Scored] = []
    for month in months:
        model = LinkModel([c for c in labelled if c.month != month])
        for c in labelled:
            if c.month == month:
                (unanswered if c.orphaned else kept[month]).extend(model.score(c))
    wanted = {m: sum(sum(c.wanted.values()) for c in labelled if c.month == m) for m in months}
    everything = [s for m in months for s in kept[m]]
    at = threshold(kept, wanted)
    report = {m: figures(kept[m], wanted[m], at) for m in months}
    report["all months"] = figures(everything, sum(wanted.values()), at)
    report["answered at all"] = discrimination(
        [p * max(links.values(), default=0.0) for links, _, p in everything],
        [p * max(links.values(), default=0.0) for links, _, p in unanswered],
    )
    for name, f in report.items():
        print(name, f)
    model = LinkModel(labelled)
    data = {
        "made": date.today().isoformat(),
        "by": "knowledge/train/links.py",
        "data": f"{sum(len(c.answers) for c in labelled)} questions with "
        f"{sum(wanted.values())} answers of {len(labelled)} days, picked by people",
        "figures": {"each month predicted from the others": report},
        "threshold": at,
        "pair": model.pair,
        "lead": model.lead,
        "company": model.company,
        "answered": model.answered,
    }
    o.out.write_text(dump(data), encoding="utf-8")


def dump(data: dict[str, Any]) -> str:
    """Write JSON with a table a line."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    flat = re.compile(r"[\[{]\s+[^\[\]{}]*?\s+[\]}]")
    return flat.sub(lambda m: " ".join(m[0].split()), text) + "\n"


if __name__ == "__main__":
    main()
