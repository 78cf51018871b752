"""Which message answers which: the probability of every link that a scene can hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from operator import getitem
from pathlib import Path
from typing import Any

from knowledge.linking.answered import ANSWERED, answered
from knowledge.linking.citing import worth_citing
from knowledge.linking.company import COMPANY, TO_ANOTHER, Company, Lead, again
from knowledge.linking.scene import ALONE, CODES, LEAD, Scene, alone, lead_codes, pairs

_FAINT = -2.5  # log odds below which a link is not looked at again
_FIRST = 0.03  # probability, from which a link is cited, that it is the first right one
_RULES = 3  # raised by hand when exchanges change for another reason than new weights
_CLAIMED = 0.15  # probability left to a message that was said to another asker
_CALLED = list(COMPANY).index("called")
_WEIGHTS = Path(__file__).with_name("links_weights.json")


@dataclass(frozen=True, slots=True)
class Tables:
    """What each value of each code adds to the log odds."""

    bias: float
    tables: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, data: Mapping[str, Any], codes: Mapping[str, int]) -> Tables:
        """Take the tables of these codes out of what the weights file holds.

        ValueError when a code has no table, or one for another number of values.
        """
        tables = data["tables"]
        for name, values in codes.items():
            there = len(tables.get(name, ()))
            if there != values:
                raise ValueError(f"the table {name!r} has {there} values, its code {values}")
        return cls(data["bias"], tuple(tuple(tables[name]) for name in codes))

    def odds(self, codes: Sequence[int]) -> float:
        """Weigh codes: log odds."""
        return self.bias + sum(map(getitem, self.tables, codes))


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned; `threshold` is the probability from which a link is cited."""

    pair: Tables
    lead: Tables
    company: Tables
    answered: Tables
    threshold: float


@cache
def weights() -> Weights:
    """Read the shipped weights; `knowledge/train/links.py` makes them."""
    return read_weights(_WEIGHTS)


def read_weights(path: Path) -> Weights:
    """Read a file of weights; ValueError, naming file and table, when it is for other codes."""
    data = json.loads(path.read_text(encoding="utf-8"))

    def tables(part: str, codes: Mapping[str, int]) -> Tables:
        try:
            return Tables.of(data[part], codes)
        except ValueError as e:
            raise ValueError(f"{path.name}, {part}: {e}; run knowledge.train.links") from e

    return Weights(
        tables("pair", CODES | ALONE),
        tables("lead", LEAD),
        tables("company", COMPANY),
        tables("answered", ANSWERED),
        data["threshold"],
    )


@cache
def version() -> str:
    """Name the links that this version makes: a digest of the weights, and of the rules' number."""
    return f"{_RULES}-{hashlib.sha256(_WEIGHTS.read_bytes()).hexdigest()[:16]}"


def link(scene: Scene, w: Weights, least: float = 0.0) -> list[Lead]:
    """Weigh all links of a scene whose lead stands in the day itself, in the order of the day.

    Leads less likely to be sought than `least` are not worth a second look, and remarks among
    them get no links at all: no other link depends on theirs.
    """
    leads = first(scene, w.pair, w.lead, least)
    company = Company(scene, leads)
    odds = w.company.odds
    looked = [x for x in leads if x.links and x.sought >= least]
    elsewhere: list[tuple[Lead, int]] = []
    for lead in looked:
        if not again(scene, lead):
            continue
        links: dict[int, float] = {}
        for j, codes in company.codes(lead):
            links[j] = 1.0 / (1.0 + exp(-odds(codes)))
            if codes[_CALLED] >= TO_ANOTHER:
                elsewhere.append((lead, j))
        lead.links = links
    _leave_to_others(leads, elsewhere)
    for lead in looked:
        lead.answered = 1.0 / (1.0 + exp(-w.answered.odds(answered(company, lead))))
    return leads


def _leave_to_others(leads: Sequence[Lead], elsewhere: Sequence[tuple[Lead, int]]) -> None:
    """Take down the links of messages said to another asker, where a later question claims them.

    `elsewhere` are links whose message was said to somebody else than the asker. Such a message
    answers the question that it is likelier to answer, and is only part of the thread elsewhere.
    """
    said = {j for _, j in elsewhere}
    claims: dict[int, list[tuple[int, float]]] = {j: [] for j in said}
    for lead in leads:
        for j in said.intersection(lead.links):
            claims[j].append((lead.index, lead.links[j]))
    for lead, j in elsewhere:
        p = lead.links[j]
        if p > _CLAIMED and any(i > lead.index and q >= p for i, q in claims[j]):
            lead.links[j] = _CLAIMED


def cited(links: Mapping[int, float], threshold: float) -> dict[int, float]:
    """Choose the links to cite, in their order: the likely ones, and more where those are few.

    Every link from `threshold` on is cited. Where that leaves it open whether one of them is
    right at all, the likeliest of the others are added, while each still has a fair chance of
    being the first right one: who asks would rather read one message too many than none that
    answers. Measured on the labelled days, each month predicted from the others: the same F1, and
    5 in 100 questions more with a right answer.
    """
    return dict(sorted(worth_citing(links, _FIRST, threshold).items()))


def first(scene: Scene, pair: Tables, lead: Tables, least: float = 0.0) -> list[Lead]:
    """Weigh each link alone, and each lead; faint links are left out, and see `link`."""
    far, gap, same, questions, talks, him, spoke, voices, silence, shared, own, thanked = (
        pair.tables[: len(CODES)]
    )
    by_itself = Tables(pair.bias, pair.tables[len(CODES) :])
    sizes = [by_itself.odds(alone(x)) for x in scene.notes]
    leads: list[Lead] = []
    for i in range(scene.lo, scene.hi):
        q = scene.notes[i]
        if not q.says:
            continue
        sought = 1.0 / (1.0 + exp(-lead.odds(lead_codes(scene, i))))
        links: dict[int, float] = {}
        leads.append(Lead(i, sought, links))
        if q.asks == 0 and sought < least:
            continue
        for j, (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11) in pairs(scene, i):
            odds = (
                sizes[j] + far[c0] + gap[c1] + same[c2] + questions[c3] + talks[c4] + him[c5]
                + spoke[c6] + voices[c7] + silence[c8] + shared[c9] + own[c10] + thanked[c11]
            )  # fmt: skip
            if odds > _FAINT:
                links[j] = 1.0 / (1.0 + exp(-odds))
    return leads
