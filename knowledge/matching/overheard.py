"""What a message asks, and whether the bot may answer what it overheard unasked."""

from __future__ import annotations

from functools import lru_cache

from knowledge.language.kinds import Kind, Reading, read
from knowledge.language.normal import normal
from knowledge.language.questions import is_whether, sentences

SELF_CONTAINED = 10
"""Characters of its normal form from which on an overheard question stands by itself."""

SURE_ANSWER = 0.5
"""The probability that an answer should have before anybody is told of it unasked."""


@lru_cache(maxsize=8)
def _reading(text: str) -> Reading:
    """A message taken apart, once for all that is asked about it."""
    return read(text)


def asks(text: str) -> bool:
    """Whether a message asks for information."""
    reading = _reading(text)
    return reading.kind is Kind.QUESTION or is_whether(reading.plain)


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
