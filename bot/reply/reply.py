"""Writes the reply that a group reads: a cited excerpt of the archive, in plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.reply import texts
from bot.reply.excerpt import excerpts, lines, name, short, source
from knowledge.language.display import sentences, shown, split
from knowledge.matching.compare import NAMES
from knowledge.matching.match import Match, asked_in
from knowledge.matching.overheard import SURE_ANSWER
from knowledge.model import Citation, Exchange

MEANT = 0.13
"""Confidence from which a question is offered to choose from."""

BESIDE = 0.05
"""The same beside an answer that is told with a doubt: who is not helped by it may be by these."""

RARE = 0.04
"""The same of one that shares a rare word with what is asked."""

MESSAGES = 3
"""How many messages a reply is at most."""

MESSAGE_CHARACTERS = 600
"""How long one message is at most."""

_NEAR_CHARACTERS = 50
_RAREST = NAMES.index("covered_rarest")
_UNSEEN = NAMES.index("unseen")
_MOST_OF_IT = 0.6  # a share of their weight
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
    told, seen = [match.told], _answers(match.told)
    for repeat in match.repeats:
        again = any(_who(x) == _who(repeat) for x in told)
        if not again and not _answers(repeat) <= seen and lines(repeat):
            told.append(repeat)
            seen |= _answers(repeat)
    if len(told) > 1 and not lines(match.told):
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
    behind = [len(lines(x)) for x in exchanges]
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
        permalink = permalink_to(exchange.lead.citation.group)
        lent = match.nearby if exchange is match.told else ()
        found += (
            Page(excerpt.text(sum(behind[place + 1 :])), excerpt.exchange, excerpt.shown)
            for excerpt in excerpts(exchange, permalink, notes, lent)
        )
    return found


def hedged(
    match: Match, others: Sequence[Match], text: str, permalink_to: PermalinkTo = no_permalink
) -> list[Page]:
    """The reply to a text by a match that is not sure, with others to choose from; what goes on."""
    first = asked_again(match)[0]
    excerpt = short(first, permalink_to(first.lead.citation.group))
    said = [texts.HEDGED, excerpt.text()]
    if others:
        said += [texts.OR_ELSE, *_listed(others, text)]
    rest = told(match, permalink_to)
    whole = [rest[0]] if set(rest[0].shown) > set(excerpt.shown) else []
    return [Page("\n".join(said), first, excerpt.shown), *whole, *rest[1:]]


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


def offered(matches: Sequence[Match], most: int, meant: float = MEANT) -> tuple[Match, ...]:
    """The matches that are not sure but may be meant: so many at most, none hopeless.

    That does not move with the threshold: of questions of a real group asked in other words, 13 of
    85 right ones stood below a fourth of it.
    """
    return tuple(m for m in matches if m.confidence >= min(meant, RARE if _shares(m) else meant))[
        :most
    ]


def _shares(match: Match) -> bool:
    """Whether a match holds most of the rarest words that were asked for, and few are unknown."""
    if not match.figures:
        return False
    return match.figures[_RAREST] >= _MOST_OF_IT and match.figures[_UNSEEN] < 1 - _MOST_OF_IT


def near_misses(matches: Sequence[Match], text: str) -> str:
    """The reply that offers questions that a text may mean, numbered to be picked."""
    return "\n".join([texts.NOT_FOUND_BUT, *_listed(matches, text)])


def _listed(matches: Sequence[Match], text: str) -> Iterator[str]:
    """Each match in a line: of its question, the message that is most like what was asked."""
    for number, match in enumerate(matches, 1):
        asked, times = asked_in(match.exchange, text), len(asked_again(match))
        often = texts.TIMES.format(times) if times > 1 else ""
        words = sentences(shown(asked.text), _NEAR_CHARACTERS)
        yield f"{number}. {words}（{asked.citation.date}{often}）"


def full_citation(exchange: Exchange, permalink: str = "", others: Sequence[Exchange] = ()) -> str:
    """Who asked and who answered, each with date, time and citation.

    `others` are the other times that the same was asked. Who retold a question is not who asked.
    """
    answers = [a.message for a in exchange.answers[:_CITED]]
    asked = [] if exchange.retold else [(texts.QUESTION, exchange.lead)]
    said = [*asked, *((texts.ANSWER, m) for m in answers)]
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
