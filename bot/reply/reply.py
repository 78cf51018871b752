"""Writes the reply that a group reads: a cited excerpt of the archive, in plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.reply import texts
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
_CITED_REPEATS = 2
_CITED = 8  # answers that a full citation names at most


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a reply, the exchange that it quotes, and the answers that stand on it."""

    text: str
    exchange: Exchange
    shown: tuple[Citation, ...] = ()


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
        notes = [texts.ANOTHER_TIME] if place else []
        if not place and len(exchanges) > 1:
            others = [x.lead.citation for x in exchanges[1:]]
            newest = all((c.date, c.time) <= (first.date, first.time) for c in others)
            cited = "、".join(map(str, others[:_CITED_REPEATS]))
            cited += texts.AND_OTHERS if len(others) > _CITED_REPEATS else ""
            notes.append(
                texts.REPEATED.format(len(exchanges), texts.NEWEST if newest else "", cited)
            )
        if exchange is match.exchange:
            notes += nearby(match)
        permalink = permalink_to(exchange.lead.citation.group)
        found += (
            Page(excerpt.text(sum(behind[place + 1 :])), exchange, excerpt.shown)
            for excerpt in excerpts(exchange, permalink, notes)
        )
    return found


def nearby(match: Match) -> list[str]:
    """A note that names the other question whose answers are quoted with those of a match."""
    told = [x.lead for x in match.nearby if shown(x.lead.text)]
    if not told:
        return []
    lead = told[0]
    words = sentences(shown(lead.text), _NEAR_CHARACTERS)
    said = texts.NEARBY_ASKED if asks(lead.text) else texts.NEARBY_SAID
    return [said.format(words, lead.citation.time[:5])]


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


def near_misses(matches: Sequence[Match]) -> str:
    """The reply that offers questions that may be meant, numbered to be picked."""
    return "\n".join(
        [texts.NOT_FOUND_BUT, *(_near_miss(n, match) for n, match in enumerate(matches, 1))]
    )


def _near_miss(number: int, match: Match) -> str:
    lead, times = match.exchange.lead, len(asked_again(match))
    often = texts.TIMES.format(times) if times > 1 else ""
    words = sentences(shown(lead.text), _NEAR_CHARACTERS)
    return f"{number}. {words}（{lead.citation.date}{often}）"


def full_citation(exchange: Exchange, permalink: str = "", others: Sequence[Exchange] = ()) -> str:
    """Who asked and who answered, each with date, time and citation.

    `others` are the other times that the same was asked.
    """
    answers = [a.message for a in exchange.answers[:_CITED]]
    said = [(texts.QUESTION, exchange.lead), *((texts.ANSWER, m) for m in answers)]
    lines = [
        f"{mark} {name(m)} {m.citation.date} {m.citation.time} {m.citation}" for mark, m in said
    ]
    return "\n".join(
        [
            texts.GROUP.format(exchange.lead.citation.group),
            *lines,
            *(
                f"{texts.AGAIN} {name(x.lead)} {x.lead.citation.date} {x.lead.citation}"
                for x in others
            ),
            texts.SOURCE.format(source(exchange.lead.citation, permalink)),
        ]
    )
