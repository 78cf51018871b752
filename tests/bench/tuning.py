"""Prints whether the thresholds that `palou tune` chooses keep what they promise.

    python -m tests.bench.tuning DATABASE GOLD REASKED STRANGE [--labels 100] [--draws 300]

DATABASE holds the archive of which GOLD has questions and answers, REASKED the same questions as
others put them (as in CONTRIBUTING.md), and STRANGE is a text of questions, one a line, that have
nothing to do with it. All are asked; of these, LABELS are drawn, thresholds chosen by them, and
what was promised is compared with how many of the other replies are right. A line for each wanted
precision: threshold on average, promised, kept, how far apart they are on average over the draws
and in the middle draw, and the share of draws with 3 points or less between.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from bot.asking import Asking
from bot.record.record import Record
from bot.reports.evaluate import Labelled, outcome
from bot.reports.tuning import Judged, choose, fit
from bot.settings import Settings
from knowledge.model import Citation

_WAYS = ("short", "reworded", "hurried")
_STRANGE = 200  # of the questions that have nothing to do with the archive


def labelled(gold: Path, reasked: Path, strange: Path) -> list[Labelled]:
    """Questions with citations of what answers them; none for those that should get no reply."""
    answers = {}
    found = []
    for row in json.loads(gold.read_text("utf-8")):
        cited = frozenset(_citation(key) for key in row["answer_keys"])
        answers[row["id"]] = cited
        found.append(Labelled(row["question"], cited))
    for row in json.loads(reasked.read_text("utf-8")):
        found += (Labelled(row[way], answers[row["id"]]) for way in _WAYS if row["id"] in answers)
        found.append(Labelled(row["near"], frozenset()))
    lines = strange.read_text("utf-8").splitlines()[:_STRANGE]
    return found + [Labelled(line, frozenset()) for line in lines if line.strip()]


def _citation(key: list[str]) -> str:
    group, date, time = key
    return str(Citation(group, date, time, 0))


def main() -> None:
    """Ask, draw, choose, and compare."""
    parser = argparse.ArgumentParser()
    for name in ("database", "gold", "reasked", "strange"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--labels", type=int, default=100)
    parser.add_argument("--draws", type=int, default=300)
    given = parser.parse_args()
    asking = Asking(given.database, Settings(), Record(given.database, read_only=True))
    judged = []
    for each in labelled(given.gold, given.reasked, given.strange):
        found = outcome(each, asking.ask(each.question).matches)
        judged.append(Judged(found.confidence, float(found.hit1)))
    print(f"{len(judged)} questions, {sum(j.right for j in judged):.0f} with the right match first")
    for wanted in (0.8, 0.85, 0.9, 0.95):
        print(_line(judged, wanted, given.labels, given.draws))


def _line(judged: list[Judged], wanted: float, labels: int, draws: int) -> str:
    chance = random.Random(18)
    rows = []
    for _ in range(draws):
        order = chance.sample(judged, len(judged))
        own, others = order[:labels], order[labels:]
        choice = choose(own, wanted, fitted=fit(own))
        if choice.threshold is None:
            continue
        told = [j.right for j in others if j.confidence >= choice.threshold]
        rows.append((choice.threshold, choice.promised, sum(told) / len(told)))
    threshold, promised, kept = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    apart = sorted(abs(p - k) for _, p, k in rows)
    return (
        f"wanted {wanted:.2f}: threshold {threshold:.2f}, promised {promised:.3f}, kept {kept:.3f};"
        f" apart {sum(apart) / len(apart):.3f} on average, {apart[len(apart) // 2]:.3f} in the"
        f" middle, {sum(a <= 0.03 for a in apart) / len(apart):.0%} within 0.03"
        + (f"; {draws - len(rows)} draws chose none" if len(rows) < draws else "")
    )


if __name__ == "__main__":
    main()
