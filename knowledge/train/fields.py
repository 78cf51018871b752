"""Labelled days of invented groups of other fields: small ones, in which a question is answered
within minutes, and others go on to talk of something else.

The archive that links learn from is of one busy group. FOLDER holds a file a group, `NAME.jsonl`,
with a conversation a line: `talk`, a list of [speaker, text], and where a question is answered in
it the places of `question` and `answers`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.linking.exchanges import scene_of
from knowledge.linking.people import Census, People
from knowledge.linking.scene import Scene
from knowledge.model import Citation, Message
from knowledge.train.labels import MADE_UP, Label, LabelledDay
from knowledge.train.orphans import orphaned

_A_DAY = 12  # conversations
_FIRST = datetime(2025, 3, 3, 9, 0)
_WITHIN, _BETWEEN = (15, 75), (240, 1500)  # seconds from one message to the next


class Talk(NamedTuple):
    """A conversation: what its line holds, and its messages."""

    row: dict[str, Any]
    said: list[Message]


def names(folder: Path) -> list[str]:
    """The groups in a folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def days(folder: Path, name: str) -> Iterator[list[Talk]]:
    """The conversations of a group, a few a day, with minutes between them."""
    lines = (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    rng = random.Random(name)
    for start in range(0, len(rows), _A_DAY):
        at = _FIRST + timedelta(days=start // _A_DAY)
        found: list[Talk] = []
        for row in rows[start : start + _A_DAY]:
            said: list[Message] = []
            for speaker, text in row["talk"]:
                cited = Citation(name, f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}")
                said.append(Message(cited, speaker, text))
                last = at
                at += timedelta(seconds=rng.randint(*_WITHIN))
            at = last + timedelta(seconds=rng.randint(*_BETWEEN))
            found.append(Talk(row, said))
        yield found


def labelled(folder: Path) -> list[LabelledDay]:
    """The days of all groups, and each once more with questions that nobody answers."""
    found: list[LabelledDay] = []
    for name in names(folder):
        by_date = {talks[0].said[0].citation.date: talks for talks in days(folder, name)}
        said = {day: [m for talk in talks for m in talk.said] for day, talks in by_date.items()}
        census = Census()
        for day, messages in said.items():
            census.see(day, ((m.speaker, m.text) for m in messages))
        rng = random.Random(name)
        for day, talks in by_date.items():
            found += _of_day(name, day, talks, said, census.people(), rng)
    return found


def _of_day(
    name: str,
    day: str,
    talks: Sequence[Talk],
    said: dict[str, list[Message]],
    people: People,
    rng: random.Random,
) -> Iterator[LabelledDay]:
    def near(messages: Sequence[Message]) -> Scene:
        ordinal = date.fromisoformat(day).toordinal()
        before, after = (said.get(date.fromordinal(ordinal + k).isoformat(), []) for k in (-1, 1))
        return scene_of(messages, before, after, people)

    answers: dict[int, set[int]] = {}
    belongs: dict[int, set[int]] = {}
    start = 0
    for row, messages in talks:
        if "question" in row:
            answers[start + row["question"]] = {start + k for k in row["answers"]}
            belongs[start + row["question"]] = {*range(start, start + len(messages))}
        start += len(messages)
    scene = near(said[day])
    labels = {
        scene.lo + i: Label(
            {scene.lo + j for j in there},
            set(),
            {scene.lo + j for j in belongs[i]},
            len(there),
            MADE_UP["invented"],
        )
        for i, there in answers.items()
    }
    yield LabelledDay(scene, name, "invented", labels)
    messages, alone = orphaned(said[day], answers, rng)
    scene = near(messages)
    nothing = {scene.lo + i: Label(set(), weight=MADE_UP["unanswered"]) for i in alone}
    yield LabelledDay(scene, name, "unanswered", nothing)
