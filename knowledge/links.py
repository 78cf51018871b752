"""Which message answers which: the probability of every link that a scene can hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import exp
from operator import getitem
from pathlib import Path

from knowledge.features import ALONE, CODES, LEAD, Scene, alone, lead_codes, pairs

_FAINT = -2.2  # log odds below which a link is not kept
_WEIGHTS = Path(__file__).with_name("links_weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned tables: what each code adds to the log odds of a link or of a question."""

    link: tuple[tuple[float, ...], ...]  # a table for each of CODES
    alone: tuple[tuple[float, ...], ...]  # a table for each of ALONE
    link_bias: float
    lead: tuple[tuple[float, ...], ...]  # a table for each of LEAD
    lead_bias: float
    threshold: float  # probability from which a link is cited


@cache
def weights() -> Weights:
    """Read the shipped weights; `knowledge/train/links.py` makes them."""
    data = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        tuple(tuple(data["link"][name]) for name in CODES),
        tuple(tuple(data["link"][name]) for name in ALONE),
        data["link_bias"],
        tuple(tuple(data["lead"][name]) for name in LEAD),
        data["lead_bias"],
        data["threshold"],
    )


@dataclass(slots=True)
class Lead:
    """A message that could be asked about: its index, and the links to what is behind it.

    `asked` is the probability that it is a question; `links` maps indices of messages to the
    probability that they answer it.
    """

    index: int
    asked: float
    links: dict[int, float]


def link(scene: Scene) -> list[Lead]:
    """Weigh all links of a scene whose lead stands in the day itself, in the order of the day."""
    w = weights()
    a_asks, a_size, a_opens, a_yes = w.alone
    own = [
        w.link_bias + a_asks[c[0]] + a_size[c[1]] + a_opens[c[2]] + a_yes[c[3]]
        for c in map(alone, scene.notes)
    ]
    far, gap, same, asked, talks, him, spoke, voices, silence, shared, of_own, thanked = w.link
    leads: list[Lead] = []
    for i in range(scene.lo, scene.hi):
        if not scene.notes[i].says:
            continue
        links = {}
        for j, (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11) in pairs(scene, i):
            odds = (
                own[j] + far[c0] + gap[c1] + same[c2] + asked[c3] + talks[c4] + him[c5]
                + spoke[c6] + voices[c7] + silence[c8] + shared[c9] + of_own[c10] + thanked[c11]
            )  # fmt: skip
            if odds > _FAINT:
                links[j] = 1.0 / (1.0 + exp(-odds))
        odds = w.lead_bias + sum(map(getitem, w.lead, lead_codes(scene, i)))
        leads.append(Lead(i, 1.0 / (1.0 + exp(-odds)), links))
    return leads
