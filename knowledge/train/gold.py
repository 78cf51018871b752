"""Questions that people picked, with what answers them, and how they were asked again."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.language.normal import CJK, normal, terms

Key = tuple[str, str, str]
"""Group, date and time of a message."""

REASKED = ("short", "reworded", "hurried")
"""The wordings of a question that the file of what was asked again has."""

PARAPHRASED = "other "
"""What the kind of a wording begins with that comes from the file of paraphrases."""

SWAPPED_IN = 16
"""Characters of a wording at most in which a word is exchanged; a longer one would ask the same
but for a detail."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A question that people picked, what answers it, and how it was asked again.

    `question` and `answers` are keys: group, date and time. `texts` has its wordings by their kind;
    `near` is a question that looks alike and that these answers do not answer, or empty.
    """

    question: Key
    answers: frozenset[Key]
    texts: dict[str, str]
    near: str

    @property
    def month(self) -> str:
        """The month of the question."""
        return self.question[1][:7]


def read_gold(gold: Path, paraphrases: Path, reasked: Path, read: Path) -> list[Gold]:
    """Read what was asked again out of the files that `knowledge.train.rank` takes."""
    listed = {file: _by_id(file) for file in (gold, paraphrases, reasked, read)}
    out = []
    for i, g in listed[gold].items():
        texts = {"verbatim": g["question"]}
        again, others = listed[reasked].get(i, {}), listed[paraphrases].get(i, {})
        texts |= {kind: again[kind] for kind in REASKED if kind in again}
        texts |= {PARAPHRASED + kind: text for kind, text in others.items() if kind != "id"}
        picked = listed[read].get(i, {}).get("answers") or g["answer_keys"]
        question, *answers = ((k[0], k[1], k[2]) for k in (g["question_key"], *picked))
        out.append(Gold(question, frozenset(answers), texts, again.get("near", "")))
    return out


def _by_id(file: Path) -> dict[str, dict[str, Any]]:
    return {x["id"]: x for x in json.loads(file.read_text("utf-8"))}


NOBODY = Gold(("", "", ""), frozenset(), {}, "")


def swapped(text: str, common: Mapping[str, int], rng: random.Random) -> str:
    """A text that names another thing at the place of one; empty when no word fits there.

    A Latin word or a number is exchanged for another, else one of the rarest words for one that the
    archive has as well, and of which the first or the last character is the same.
    """
    norm = normal(text)
    if len(norm) > SWAPPED_IN:
        return ""
    own = [t for t in dict.fromkeys(terms(norm)) if t in norm]
    rarest = sorted(own, key=lambda t: common.get(t, 0))[: rng.choice((1, 2, 3, 4))]
    for old in [*(t for t in own if t[0] < CJK), *rarest[::-1]]:
        others = instead_of(old, norm, common)
        if others:
            return norm.replace(old, rng.choice(others))
    return ""


def instead_of(old: str, text: str, common: Mapping[str, int]) -> list[str]:
    """The words that could stand in the place of one in a text that has none of them.

    A Latin word or a number for another; else those whose first or last character is the same.
    """
    latin = old[0] < CJK
    return [
        t
        for t in common
        if t not in text and (t[0] < CJK) == latin and (latin or len(t) == 2)
        and (latin or t[0] == old[0] or t[-1] == old[-1])
    ]  # fmt: skip
