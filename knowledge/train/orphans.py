"""Questions that nobody answers, made of answered ones.

People pick questions that were answered, so a model that learns from what they picked has never
seen one that was not, and takes whatever comes next for its answer. Here some questions of a day
lose what answered them, or are asked at another hour of the day: then nothing that follows is
right, and how it follows is as in life.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.archive import writing
from knowledge.model import Message

_SHARE = 0.6  # of the questions of a day, unless they stand too close together
_LONGEST = 80  # messages behind a question that are dropped with its answers
_REPLIES = 300  # messages behind a question among which one to its asker may answer it
_AWAY = 100  # messages between a question's place and the one that it is moved to


def orphaned(
    day: Sequence[Message], answers: Mapping[int, Collection[int]], rng: random.Random
) -> tuple[list[Message], list[int]]:
    """A day in which nobody answers some of its questions, and the indices of those.

    `answers` maps the indices of questions to those of their answers. The questions lose what
    stands between them and their last answer, and what is said to their asker later, since people
    picked only some of what answers; half of them are moved to another time as well.
    """
    dropped: set[int] = set()
    moved: dict[int, int] = {}  # the message that a question is moved behind -> the question
    alone: list[int] = []
    for i in rng.sample(sorted(answers), len(answers)):
        last = max([j for j in answers[i] if j - i <= _LONGEST], default=i)
        later = range(i + 1, min(len(day), i + _REPLIES))
        said_to = {j for j in later if _speaks_to(day[j].text, day[i].speaker)}
        window = {*range(i + 1, last + 1), *answers[i], *said_to}
        if rng.random() > _SHARE or i in dropped or window & {i, *alone, *moved, *moved.values()}:
            continue
        dropped |= window
        place = rng.randrange(len(day))
        free = place not in dropped and place not in answers and place not in moved
        if rng.random() < 0.5 and free and abs(place - i) > _AWAY:
            moved[place] = i
        else:
            alone.append(i)
    out: list[Message] = []
    orphans: list[int] = []
    for k, message in enumerate(day):
        if k in dropped or k in moved.values():
            continue
        if k in alone:
            orphans.append(len(out))
        out.append(message)
        if k in moved:
            question = day[moved[k]]
            orphans.append(len(out))
            out.append(replace(question, citation=replace(message.citation, n=99)))
    return out, orphans


def _speaks_to(text: str, speaker: str) -> bool:
    """Tell whether a text mentions or quotes a speaker; aliases begin as nicknames do."""
    name = speaker.strip()[:2]
    return bool(name) and (f"@{name}" in text or f"「{name}" in text)


def write_day(folder: Path, day: str, messages: Iterable[Message]) -> None:
    """Write messages as a daily file of the group that `folder` names; `day` is its ISO date."""
    said = ((m.citation.time, m.speaker, m.text) for m in messages)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day}{writing.SUFFIX}"
    path.write_text(writing.day(day, said), encoding="utf-8")
