"""Writes the reply that a group reads: a cited excerpt of the archive, in plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.reply.excerpt import excerpts, name, source, turns
from knowledge.language.display import sentences, shown, split
from knowledge.matching.match import Match
from knowledge.matching.overheard import SURE_ANSWER, asks
from knowledge.model import Citation, Exchange

MESSAGES = 3
"""How many messages a reply is at most."""

MESSAGE_CHARACTERS = 600
"""How long one message is at most."""

_NEAR_CHARACTERS = 50
_NEAREST = 3
_REPEATED = "这个问题问过 {} 次，{}另见 {}"
_ANOTHER_TIME = "（同一个问题，另一次问）"
_NEARBY = "同一段讨论里还有人{}：{}（{}）"
_CITED_REPEATS = 2


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a reply, and the exchange that it quotes."""

    text: str
    exchange: Exchange


PermalinkTo = Callable[[str], str]
"""Gives the template of links to the messages of a group; empty: its citations stand alone."""


def no_permalink(group: str) -> str:
    """No permalink to any group."""
    return ""


def asked_again(match: Match) -> list[Exchange]:
    """The exchanges of a question that was asked several times, as they are told: newest first.

    Left out are what somebody said again on the same day, one whose answers all stand in another,
    and one without an answer to show. What nobody is sure of stands behind what somebody is.
    """
    told, seen = [match.exchange], _answers(match.exchange)
    for repeat in match.repeats:
        again = any(_who(x) == _who(repeat) for x in told)
        if not again and not _answers(repeat) <= seen and turns(repeat):
            told.append(repeat)
            seen |= _answers(repeat)
    if len(told) > 1 and not turns(match.exchange):
        del told[0]
    return sorted(told, key=_newest, reverse=True)


def _who(exchange: Exchange) -> tuple[str, str, str]:
    """Who asked, on which day."""
    return exchange.lead.citation.group, exchange.lead.citation.date, exchange.lead.speaker


def _answers(exchange: Exchange) -> set[Citation]:
    return {a.message.citation for a in exchange.answers}


def _newest(exchange: Exchange) -> tuple[bool, str, str]:
    at = exchange.lead.citation
    return exchange.sureness >= SURE_ANSWER, at.date, at.time


def told(match: Match, permalink_to: PermalinkTo = no_permalink) -> list[Page]:
    """The reply to a match, and behind it what `更多` shows; a repeated question says so."""
    exchanges = asked_again(match)
    first = exchanges[0].lead.citation
    behind = [sum(len(t.lines) for t in turns(x)) for x in exchanges]
    found: list[Page] = []
    for place, exchange in enumerate(exchanges):
        notes = [_ANOTHER_TIME] if place else []
        if not place and len(exchanges) > 1:
            others = [x.lead.citation for x in exchanges[1:]]
            newest = all((c.date, c.time) <= (first.date, first.time) for c in others)
            cited = "、".join(map(str, others[:_CITED_REPEATS]))
            cited += "等" if len(others) > _CITED_REPEATS else ""
            notes.append(
                _REPEATED.format(len(exchanges), "这是最近一次，" if newest else "", cited)
            )
        if exchange is match.exchange:
            notes += nearby(match)
        permalink = permalink_to(exchange.lead.citation.group)
        found += (
            Page(excerpt.text(sum(behind[place + 1 :])), exchange)
            for excerpt in excerpts(exchange, permalink, notes)
        )
    return found


def nearby(match: Match) -> list[str]:
    """A note that names the other question whose answers are quoted with those of a match."""
    told = [x.lead for x in match.nearby if shown(x.lead.text)]
    if not told:
        return []
    lead = told[0]
    how = "问" if asks(lead.text) else "说"
    words = sentences(shown(lead.text), _NEAR_CHARACTERS)
    return [_NEARBY.format(how, words, lead.citation.time[:5])]


def messages(text: str) -> list[str]:
    """A reply as at most three messages, split at lines and the ends of sentences."""
    found: list[str] = []
    rest = text.strip()
    while rest and len(found) < MESSAGES:
        part, rest = _first_message(rest)
        found.append(part)
    if rest:
        found[-1] = found[-1][: MESSAGE_CHARACTERS - 1].rstrip("…") + "…"
    return found


def _first_message(text: str) -> tuple[str, str]:
    if len(text) <= MESSAGE_CHARACTERS:
        return text, ""
    line_end = text.rfind("\n", 0, MESSAGE_CHARACTERS)
    if line_end >= MESSAGE_CHARACTERS // 3:
        return text[:line_end], text[line_end + 1 :]
    return split(text, MESSAGE_CHARACTERS)


def nearest(matches: Sequence[Match], threshold: float) -> tuple[Match, ...]:
    """The matches below a threshold that may still be meant: three at most, none hopeless."""
    return tuple(m for m in matches if m.confidence >= threshold / 4)[:_NEAREST]


def near_misses(matches: Sequence[Match]) -> list[str]:
    """Questions that may be meant, numbered to be picked."""
    return [
        f"{n}. {sentences(shown(m.exchange.lead.text), _NEAR_CHARACTERS)}"
        f"（{m.exchange.lead.citation.date}{times_asked(m)}）"
        for n, m in enumerate(matches, 1)
    ]


def times_asked(match: Match) -> str:
    """`，问过 3 次` for a question that was asked several times; else empty."""
    times = len(asked_again(match))
    return f"，问过 {times} 次" if times > 1 else ""


def full_citation(exchange: Exchange, permalink: str = "", others: Sequence[Exchange] = ()) -> str:
    """Who asked and who answered, each with date, time and citation.

    `others` are the other times that the same was asked.
    """
    said = [("问", exchange.lead), *(("答", a.message) for a in exchange.answers[:8])]
    lines = [
        f"{mark} {name(m)} {m.citation.date} {m.citation.time} {m.citation}" for mark, m in said
    ]
    return "\n".join(
        [
            f"群：{exchange.lead.citation.group}",
            *lines,
            *(f"又问 {name(x.lead)} {x.lead.citation.date} {x.lead.citation}" for x in others),
            f"原文：{source(exchange.lead.citation, permalink)}",
        ]
    )
