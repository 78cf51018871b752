"""The labelled days that links learn from: what people picked, and what they read.

GOLD is a JSON list of {id, question_key, answer_keys}: an editor's picks, which miss answers. READ
is one of {id, asked, answered, question, answers, best, same}: a reader's names for every message
around a question of the same id. A key is a triple of group, date and time.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.linking.exchanges import scene_of
from knowledge.linking.people import Census, People
from knowledge.linking.scene import Scene
from knowledge.model import Message
from knowledge.train.archive import read_archive
from knowledge.train.orphans import orphaned
from knowledge.train.thinned import Places, Stretch, composed, thinned

PICKED = 0.15
"""What a link of a question counts that nobody read: what is not picked there may well answer."""

PART = 0.6
"""What a link of another part of a question counts."""

MADE_UP = {"thinned": 0.2, "composed": 0.25, "invented": 0.2, "unanswered": 0.1}
"""What a link of a made-up day counts: one of many copies of the same stretch, or of an invented
group. The latter two were chosen among .1, .2 and .4, and 0, .05, .2 and .4: more of them cites
more of what is invented rightly, and .01 fewer of what is best in the real archive."""

_COPIES = 4  # thinned copies of each question that was read
_COMPOSED = 6  # days put together of each month's questions, for each twenty of them


@dataclass(slots=True)
class Label:
    """What is known of a question: indices of its answers, of the best, of what does no harm.

    `wanted` counts its answers, linked or not; `weight` is what it counts in training.
    """

    answers: set[int]
    best: set[int] = field(default_factory=set)
    same: set[int] = field(default_factory=set)
    wanted: int = 0
    weight: float = PICKED
    read: bool = False


@dataclass(slots=True)
class LabelledDay:
    """A day with labels by lead.

    `kind` is "archived", "orphaned", "thinned" or "composed"; of a group of other fields "invented"
    or "unanswered", and the group stands for the month.
    """

    scene: Scene
    month: str
    kind: str
    labels: dict[int, Label]


def cases(
    archive: Path, gold: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]]
) -> list[LabelledDay]:
    """Set up the labelled days: those of the archive, and the ones made up of them."""
    days = read_archive(archive)
    census: defaultdict[str, Census] = defaultdict(Census)
    for (group, day), messages in days.items():
        census[group].see(day, ((m.speaker, m.text) for m in messages))
    people = {group: c.people() for group, c in census.items()}

    def near(group: str, day: str, messages: Sequence[Message]) -> Scene:
        ordinal = date.fromisoformat(day).toordinal()
        beside = [date.fromordinal(ordinal + k).isoformat() for k in (-1, 1)]
        before, after = (days.get((group, d), []) for d in beside)
        return scene_of(messages, before, after, people[group])

    readings = {x["id"]: x for x in read}
    found: dict[tuple[str, str], LabelledDay] = {}
    for g in gold:
        group, day, _ = g["question_key"]
        if (group, day) not in found:
            here = near(group, day, days[group, day])
            found[group, day] = LabelledDay(here, day[:7], "archived", {})
        _label(found[group, day], g, readings.get(g["id"]))
    rng = random.Random(0)
    made = [_orphaned(case, days[key], near, key, rng) for key, case in found.items()]
    return [*found.values(), *made, *_made_up(found, people, rng)]


def _label(case: LabelledDay, g: Mapping[str, Any], reading: Mapping[str, Any] | None) -> None:
    """Label a gold question; one that nobody could ask again is left out."""
    index: dict[tuple[str, str], int] = {}
    for i, x in enumerate(case.scene.notes):
        c = x.message.citation
        index.setdefault((c.date, c.time), i)

    def known(keys: Collection[Sequence[str]]) -> set[int]:
        return {index[k[1], k[2]] for k in keys if (k[1], k[2]) in index}

    i = index[g["question_key"][1], g["question_key"][2]]
    if reading is None:
        keys = g["answer_keys"]
        case.labels[i] = Label(known(keys), wanted=len(keys))
    elif reading["asked"] and reading["answered"] != "no" and reading["answers"]:
        answers, same = known(reading["answers"]), known(reading["same"])
        parts = known(reading["question"])
        wanted = len({tuple(k) for k in reading["answers"]})
        for k in parts:  # somebody may look for any part of a question
            if k not in case.labels and k < min(answers, default=0):
                case.labels[k] = Label(answers - {k}, set(), same | parts, wanted, PART)
        case.labels[i] = Label(answers, known(reading["best"]), same | parts, wanted, 1.0, True)


def _orphaned(
    case: LabelledDay, day: Sequence[Message], near: Any, key: tuple[str, str], rng: random.Random
) -> LabelledDay:
    """Make up a day on which nobody answers the labelled questions."""
    lo = case.scene.lo
    answers = {i - lo: {j - lo for j in x.answers} for i, x in case.labels.items()}
    messages, orphans = orphaned(day, answers, rng)
    here = near(*key, messages)
    return LabelledDay(here, case.month, "orphaned", {here.lo + i: Label(set()) for i in orphans})


def _made_up(
    found: Mapping[tuple[str, str], LabelledDay], people: Mapping[str, People], rng: random.Random
) -> Iterator[LabelledDay]:
    """Make up thinned and composed days of the questions that were read."""
    stretches: defaultdict[tuple[str, str], list[Stretch]] = defaultdict(list)
    for (group, _), case in sorted(found.items()):
        said = [x.message for x in case.scene.notes]
        for i, x in sorted(case.labels.items()):
            if x.read:
                stretches[group, case.month].append(Stretch(said, i, x.answers, x.same))

    def day(
        where: tuple[str, str], kind: str, made: tuple[Sequence[Message], Places]
    ) -> LabelledDay:
        (group, month), (messages, places) = where, made
        labels = {
            i: Label(answers, set(), same, len(answers), MADE_UP[kind])
            for i, (answers, same) in places.items()
        }
        return LabelledDay(scene_of(messages, [], [], people[group]), month, kind, labels)

    for where, some in stretches.items():
        for stretch in some * _COPIES:
            yield day(where, "thinned", thinned(stretch, rng))
        for _ in range(max(1, _COMPOSED * len(some) // 20)):
            yield day(where, "composed", composed(some, rng))
