"""The tail of a link to a message: which of a reply's lines belong to other questions.

A reply quotes an exchange, and at times lines of another question of the same conversation that may
be meant, too. Its link has them, so that the page shows just what the reply did:
`…/m/paytalk-20240301-004933+005210-005240.2`, the question at 00:52:10 with its answer, the third
message at 00:52:40. `+0` says that the cited message is shown for itself, as what somebody said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Citation

Beside = tuple[Citation, Sequence[Citation]]
"""Another question, and what is quoted of its answers."""

_STATED = "+0"
_PLACE = r"\d{6}(?:\.[1-9]\d{0,4})?"
_TAIL = re.compile(rf"(?P<stated>\+0)?(?P<beside>(?:\+{_PLACE}(?:-{_PLACE})+){{0,4}})")
_END = re.compile(rf"(?P<cited>.*?-\d{{8}}-{_PLACE})(?P<tail>(?:\+[\d.-]*)*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """A cited message, and what its link says to show with it."""

    citation: Citation
    beside: tuple[Beside, ...] = ()
    stated: bool = False


def tail(citation: Citation, beside: Sequence[Beside], stated: bool) -> str:
    """What stands behind a citation in a link; lines of another day than its own are left out."""
    said = _STATED if stated else ""
    for question, answers in beside:
        places = [_place(c) for c in (question, *answers) if _day(c) == _day(citation)]
        if len(places) > 1 and _day(question) == _day(citation):
            said += "+" + "-".join(places)
    return said


def parse(text: str) -> Address:
    """What a link leads to; ValueError when there is no such address."""
    end = _END.fullmatch(text.strip())
    told = _TAIL.fullmatch(end["tail"]) if end else None
    if end is None or told is None:
        raise ValueError(f"{text[:80]!r} is no address of a message")
    cited = Citation.parse(end["cited"])
    beside = []
    for part in told["beside"].split("+")[1:]:
        question, *answers = (_placed(cited, place) for place in part.split("-"))
        beside.append((question, tuple(answers)))
    return Address(cited, tuple(beside), bool(told["stated"]))


def _place(citation: Citation) -> str:
    return citation.time.replace(":", "") + (f".{citation.n}" if citation.n else "")


def _placed(beside: Citation, place: str) -> Citation:
    time, _, n = place.partition(".")
    return Citation(beside.group, beside.date, f"{time[:2]}:{time[2:4]}:{time[4:]}", int(n or 0))


def _day(citation: Citation) -> tuple[str, str]:
    return citation.group, citation.date
