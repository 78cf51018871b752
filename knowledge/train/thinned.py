"""Quieter and quicker days, made of labelled stretches of a busy one.

What is learned from one busy group must not need that group's habits. Here a stretch loses most of
what others say around it and runs faster or slower (`thinned`); and stretches of one month are put
behind each other, each asked some minutes after the last was answered, with chatter behind them
(`composed`), as in a small group where people ask by turns.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from knowledge.language.kinds import mentions
from knowledge.model import Message

Places = dict[int, tuple[set[int], set[int]]]
"""Of a made-up day, by the index of a question: its answers, and what belongs to its stretch."""

_AROUND = 60  # messages kept on either side of a stretch
_DROPPED = (0.3, 0.6, 0.9)  # share of the others' messages that a copy loses
_PACE = (0.25, 4.0)  # how much slower a copy can run
_STRETCHES = (4, 10)  # stretches in a composed day
_ANSWERS = (1, 1, 1, 2, 3)  # answers of a stretch in it, at most
_REPLY = (10, 240)  # seconds between the messages of a stretch in it
_PAUSE = (45, 900)  # seconds before the next one
_MEMBERS = (5, 12)  # members of its group, who all ask and answer
_CHATTER = 40  # messages of chatter behind them
_THANKS = ("谢谢", "好的，谢谢", "明白了", "收到，多谢", "了解了")
_BRIEF = 0.5  # share of its stretches of which only the question and the answers are kept
_THANKED = 0.4  # share of its stretches in which the asker thanks
_DAY = 86399  # seconds of a day


@dataclass(frozen=True, slots=True)
class Stretch:
    """A labelled question: its day, its index, its answers, and what else belongs to it."""

    day: Sequence[Message]
    lead: int
    answers: set[int]
    same: set[int]


def thinned(stretch: Stretch, rng: random.Random) -> tuple[list[Message], Places]:
    """A copy of a stretch with fewer messages around it, and at another pace."""
    mine = {stretch.lead, *stretch.answers, *stretch.same}
    first, last = max(0, stretch.lead - _AROUND), min(len(stretch.day), max(mine) + _AROUND)
    dropped = rng.choice(_DROPPED)
    kept = [k for k in range(first, last) if k in mine or rng.random() > dropped]
    pace = _PACE[0] * (_PACE[1] / _PACE[0]) ** rng.random()
    start = stretch.day[kept[0]].citation
    at = [_seconds(stretch.day[k], start.date) - start.seconds for k in kept]
    pace = min(pace, _DAY / max(1, at[-1]))
    place = {k: n for n, k in enumerate(kept)}
    found = {j: place[j] for j in mine if j in place}
    return _day([(round(t * pace), stretch.day[k]) for t, k in zip(at, kept, strict=True)]), {
        found[stretch.lead]: (
            {found[j] for j in stretch.answers if j in found},
            {found[j] for j in stretch.same if j in found},
        )
    }


def composed(stretches: Sequence[Stretch], rng: random.Random) -> tuple[list[Message], Places]:
    """A day on which some stretches follow each other, with chatter behind them."""
    said: list[tuple[int, Message]] = []
    places: Places = {}
    clock = 9 * 3600
    for stretch in rng.sample(stretches, min(len(stretches), rng.randint(*_STRETCHES))):
        lead, answers, same = len(said), set[int](), set[int]()
        last = sorted(stretch.answers)[: rng.choice(_ANSWERS)][-1]
        brief = rng.random() < _BRIEF
        for k in range(stretch.lead, last + 1):
            if k != stretch.lead and k not in stretch.answers and (brief or k not in stretch.same):
                continue
            if k in stretch.answers:
                answers.add(len(said))
            elif k != stretch.lead:
                same.add(len(said))
            said.append((clock, stretch.day[k]))
            clock += rng.randint(*_REPLY)
        if rng.random() < _THANKED:
            same.add(len(said))
            said.append((clock, replace(stretch.day[stretch.lead], text=rng.choice(_THANKS))))
        places[lead] = (answers, same)
        clock += rng.randint(*_PAUSE)
    chatter = rng.choice(stretches).day
    start = rng.randrange(max(1, len(chatter) - _CHATTER))
    for message in chatter[start : start + _CHATTER]:
        clock += rng.randint(*_PAUSE)
        said.append((clock, message))
    return _day([(min(t, _DAY), m) for t, m in _few(said, places, rng)]), places


def _few(
    said: Sequence[tuple[int, Message]], stretches: Collection[int], rng: random.Random
) -> list[tuple[int, Message]]:
    """Let a few members say it all: each is somebody else in each stretch, and nobody is named."""
    members = [f"member {n}" for n in range(rng.randint(*_MEMBERS))]
    cast: dict[str, str] = {}
    out = []
    for k, (at, message) in enumerate(said):
        if k in stretches:
            cast = {}
        if message.speaker not in cast:
            free = [m for m in members if m not in cast.values()] or members
            cast[message.speaker] = rng.choice(free)
        text = message.text
        for name in mentions(text):
            text = text.replace(f"@{name}", "")
        out.append((at, replace(message, speaker=cast[message.speaker], text=text)))
    return out


def _seconds(message: Message, first: str) -> int:
    """Seconds since the midnight that begins the first date; a stretch spans two days at most."""
    return message.citation.seconds + (message.citation.date != first) * (_DAY + 1)


def _day(said: Sequence[tuple[int, Message]]) -> list[Message]:
    """Messages at other times of one day."""
    date, out = said[0][1].citation.date, list[Message]()
    seen: dict[int, int] = {}
    for at, message in said:
        time = f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}"
        n = seen.get(at, 0)
        seen[at] = n + 1
        out.append(replace(message, citation=replace(message.citation, date=date, time=time, n=n)))
    return out
