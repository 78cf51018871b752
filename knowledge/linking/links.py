"""Which message answers which: the probability of every link that a scene can hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from operator import getitem
from pathlib import Path
from typing import Any

from knowledge.linking.answered import ANSWERED, answered
from knowledge.linking.citing import worth_citing
from knowledge.linking.company import Company, Lead, again
from knowledge.linking.evidence import ADDRESSED, CERTAIN, Evidence
from knowledge.linking.figures import FIGURES, Figures
from knowledge.linking.scene import ALONE, CODES, LEAD, Scene, alone, lead_codes, pairs
from knowledge.linking.trees import Trees

_FAINT = -2.5  # log odds below which a link is not looked at again
_FIRST = 0.1  # probability, from which a link is cited, that it is the first right one
_AGAINST = 0.4  # part of the best link's probability from which another is cited beside it
_RULES = 5  # raised by hand when exchanges change for another reason than new weights
_CLAIMED = 0.1  # the most that is left to a message which answers somebody else for certain
_BESIDE = 0.9  # of the best answer's probability, the most that a message that asks can have
_AT_ONCE = 128  # links that the trees are asked of together; more leave the processor's cache
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
    trees: Trees
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

    try:
        trees = Trees.of(data["trees"], list(FIGURES))
    except ValueError as e:
        raise ValueError(f"{path.name}: {e}; run knowledge.train.links") from e
    return Weights(
        tables("pair", CODES | ALONE),
        tables("lead", LEAD),
        trees,
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
    company, evidence = Company(scene, leads), Evidence(scene)
    looked = [x for x in leads if x.sought >= least]
    claims: dict[int, set[str]] = {}  # who is answered for certain by a message
    second: list[tuple[Lead, dict[int, float]]] = []
    for lead, found in _looked_again(looked, Figures(scene, company, evidence), w.trees):
        if scene.notes[lead.index].asks:
            lead.certain = frozenset(evidence.certain(lead.index))
            lead.agreed = {j: evidence.agreed[j] for j in lead.certain if j in evidence.agreed}
        if found or scene.notes[lead.index].asks:
            second.append((lead, settled(scene, lead, found, evidence)))
            for j in lead.certain if scene.notes[lead.index].asks >= 2 else ():
                claims.setdefault(j, set()).add(scene.notes[lead.index].who)
    for lead, found in second:
        lead.links = found
        for j in claims.keys() & found.keys() - lead.certain:
            if scene.notes[lead.index].who not in claims[j]:
                found[j] = min(found[j], _CLAIMED)
        if found:
            lead.answered = 1.0 / (1.0 + exp(-w.answered.odds(answered(company, lead))))
    return leads


def _looked_again(
    leads: Iterable[Lead], figures: Figures, trees: Trees
) -> Iterator[tuple[Lead, dict[int, float]]]:
    """Each lead with its links as the trees weigh them, or as they are where none are asked.

    The trees are asked of many links at once, which takes a tenth of the time.
    """
    waiting: list[tuple[Lead, Sequence[int] | None]] = []
    rows: list[tuple[float, ...]] = []

    def weighed() -> Iterator[tuple[Lead, dict[int, float]]]:
        found = iter(trees.probabilities(rows) if rows else ())
        for lead, places in waiting:
            # The places end first, so that none of what the trees found is lost.
            yield lead, lead.links if places is None else dict(zip(places, found, strict=False))
        waiting.clear()
        rows.clear()

    for lead in leads:
        if again(figures.scene, lead):
            of_lead = figures.of(lead)
            waiting.append((lead, [j for j, _ in of_lead]))
            rows += [row for _, row in of_lead]
        else:
            waiting.append((lead, None))
        if len(rows) >= _AT_ONCE:
            yield from weighed()
    yield from weighed()


def settled(
    scene: Scene, lead: Lead, links: Mapping[int, float], evidence: Evidence
) -> dict[int, float]:
    """The links of a lead after what the chat itself says: the certain ones, and what asks.

    A message that asks answers nothing. One that hands the question back to its asker may stand
    beside an answer, and never before it.
    """
    notes, i = scene.notes, lead.index
    found = {**links, **{j: max(CERTAIN, links.get(j, 0.0)) for j in lead.certain}}
    if notes[i].asks and (j := evidence.addressed(i)) is not None:
        found[j] = max(ADDRESSED, found.get(j, 0.0))
    best = max([p for j, p in found.items() if notes[j].asks < 2], default=0.0)
    for j in found:
        if notes[j].asks >= 2:
            back = notes[j].who != notes[i].who and evidence.handed_back(i, j)
            found[j] = min(found[j], _BESIDE * best) if back else 0.0
    return dict(sorted(found.items()))


def cited(links: Mapping[int, float], threshold: float) -> dict[int, float]:
    """Choose the links to cite, in their order: the likely ones, and more where those are few.

    Every link is cited that is likely, by itself (`threshold`) and against the best (`_AGAINST`).
    Where that leaves it open whether one of them is right at all, the likeliest of the others are
    added, while each still has a fair chance of being the first right one.
    """
    least = max(threshold, _AGAINST * max(links.values(), default=0.0))
    return dict(sorted(worth_citing(links, _FIRST, least).items()))


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
