"""Archives in which two questions differ in one word, and are answered each for itself.

A group asks the same of two banks, two versions, two cities. A busy one seldom does so in words
that are so alike, so such pairs are made here: a question with its answers, and once more with
another word of the archive in the place of one. Who asks with the one wants its answers, with the
other those of the other, and with a third word none of both.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.language.normal import CJK, normal, terms
from knowledge.model import Message
from knowledge.train.gold import REASKED, Gold, instead_of
from knowledge.train.orphans import write_day

_BEHIND = 60  # messages behind a question that are looked at for its answers
_DAYS = [f"{day:02}" for day in range(1, 29)]
_OTHERS = 0.5  # how probably a twin is answered with what answers another question


@dataclass(frozen=True, slots=True)
class Twins:
    """A question and its twin, with the wordings that name what tells them apart.

    `third` are wordings that name yet another thing, by their kind.
    """

    one: Gold
    other: Gold
    third: dict[str, str]


def twins(
    days: Mapping[tuple[str, str], Sequence[Message]],
    folder: Path,
    gold: Sequence[Gold],
    common: Mapping[str, int],
    rng: random.Random,
) -> list[Twins]:
    """Write an archive of some questions with their answers, with twins where there can be one."""
    made: dict[tuple[str, str], list[Message]] = {}
    found: list[Twins] = []
    stretches = {g.question: _stretch(days[g.question[:2]], g) for g in gold}
    for g in gold:
        asked, *answers = stretches[g.question]
        made.setdefault(g.question[:2], []).extend([asked, *answers])
        words = _words(asked.text, g, common, rng)
        if words is None or not answers:
            continue
        old, new, third = words
        group, date, _ = g.question
        free = [d for day in _DAYS if (group, d := f"{date[:8]}{day}") not in {*days, *made}]
        if not free:
            continue
        day = rng.choice(free)
        others = [m for h in gold if h is not g for m in stretches[h.question][1:]]
        said = others if others and rng.random() < _OTHERS else answers
        texts = [asked.text.replace(old, new)]
        texts += [rng.choice(said).text.replace(old, new) for _ in answers]
        again = [
            replace(m, citation=replace(m.citation, date=day), text=text)
            for m, text in zip([asked, *answers], texts, strict=True)
        ]
        made[group, day] = again
        wordings = {kind: text for kind, text in g.texts.items() if old in text}
        keys = [(group, day, m.citation.time) for m in again]
        found.append(
            Twins(
                replace(g, texts=wordings),
                Gold(keys[0], frozenset(keys[1:]), _each(wordings, old, new), ""),
                _each(wordings, old, third),
            )
        )
    for (group, date), messages in made.items():
        unique = {m.citation: m for m in messages}
        write_day(folder / group, date, [unique[c] for c in sorted(unique)])
    return found


def _each(wordings: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    return {kind: text.replace(old, new) for kind, text in wordings.items()}


def _stretch(day: Sequence[Message], g: Gold) -> list[Message]:
    """A question and those of its answers that stand behind it."""
    at = next(i for i, m in enumerate(day) if m.citation.time == g.question[2])
    answered = {time for _, date, time in g.answers if date == g.question[1]}
    behind = day[at + 1 : at + _BEHIND]
    return [day[at], *(m for m in behind if m.citation.time in answered)]


def _words(
    asked: str, g: Gold, common: Mapping[str, int], rng: random.Random
) -> tuple[str, str, str] | None:
    """A word of a question that is named again, and two others that could stand in its place."""
    own = [t for t in dict.fromkeys(terms(normal(asked))) if t in asked]
    again = [t for t in own if any(t in g.texts.get(kind, "") for kind in REASKED)]
    again = [t for t in again if t[0] < CJK or len(t) == 2]
    if not again:
        return None
    old = rng.choice(sorted(again, key=lambda t: common.get(t, 0))[:3])
    others = instead_of(old, asked, common)
    if len(others) < 2:
        return None
    new, third = rng.sample(others, 2)
    return old, new, third
