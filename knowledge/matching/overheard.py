"""What a message asks, and whether the bot may answer what it overheard unasked."""

from __future__ import annotations

import json
import pkgutil
from functools import cache, lru_cache

from knowledge.language.earnest import SIGNS, signs
from knowledge.language.kinds import Kind, Reading, read
from knowledge.language.normal import normal
from knowledge.language.questions import is_whether, sentences
from knowledge.matching.probability import log_odds, logistic

SELF_CONTAINED = 10
"""Characters of its normal form from which on an overheard question stands by itself."""

SURE_ANSWER = 0.5
"""The probability that an answer should have before anybody is told of it unasked."""


BEGGED = 0.7
"""The log odds that an answer gains at most by how it was asked for: some twice the odds.

With thrice, one of 817 messages of another group was replied to; with twice, none.
"""


@lru_cache(maxsize=8)
def _reading(text: str) -> Reading:
    """A message taken apart, once for all that is asked about it."""
    return read(text)


def asks(text: str) -> bool:
    """Whether a message asks for information."""
    reading = _reading(text)
    return reading.kind is Kind.QUESTION or is_whether(reading.plain)


def welcome(confidence: float, text: str) -> float:
    """How probably an answer is welcome to a question that was put to nobody.

    Its odds are those of the match, times how much likelier it is than usual that the question
    wants an answer at all: at most `BEGGED`, as no way of asking makes a match of what is none. Of
    300 overheard questions of a real group, months held out, by the confidence alone 2 of the 24
    replies from 0.8 on would have been welcome, by this 3 of the 6 from 0.9 on.
    """
    weights, offset, usual = _learned()
    wanted = offset + sum(map(float.__mul__, weights, signs(text))) - log_odds(usual)
    z = log_odds(confidence) + min(wanted, BEGGED)
    return logistic(z)


@cache
def _learned() -> tuple[tuple[float, ...], float, float]:
    """The weights of `SIGNS`, made by knowledge/train/overheard.py, and the usual share."""
    made = json.loads(pkgutil.get_data("knowledge.matching", "overheard_weights.json") or b"")
    if [*made["signs"]] != [*SIGNS]:
        raise ValueError(
            "overheard_weights.json was made for other signs; run knowledge.train.overheard"
        )
    return tuple(map(float, made["signs"].values())), float(made["offset"]), float(made["usual"])


def is_short(text: str) -> bool:
    """Whether a message says too little by itself to be looked up, when nobody asked to.

    Looked at on three months of a real group: of 19 overheard questions that were answered with a
    confidence of 0.6 or more, four were shorter, and none of those replies was clearly welcome.
    """
    return len(normal(text).replace(" ", "")) < SELF_CONTAINED


def questions_in(text: str) -> list[str]:
    """The questions of a text that stand by themselves, where there are several; else none."""
    own = [p for p in sentences(text) if asks(p) and not is_short(p) and not _reading(p).elliptical]
    return own if len(own) > 1 else []


def put_to_somebody(text: str) -> bool:
    """Whether a message mentions or quotes somebody: then it is his to answer."""
    reading = _reading(text)
    return bool(reading.mentions or reading.quote)


def quoted_question(text: str) -> str:
    """The question that a text quotes, where its own words ask none that stands by itself.

    Who quotes somebody's question and calls on the bot (`这个有人知道吗`) wants that one answered.
    """
    reading = _reading(text)
    if reading.quote is None or (asks(text) and not reading.elliptical):
        return ""
    return reading.quote.words if asks(reading.quote.words) else ""
