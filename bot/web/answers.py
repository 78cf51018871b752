"""The card on a message's page: the question that it is read for, its answers as a reply has them.

A reply and the page that it links to quote the same exchange: that which the cited message leads,
and where that is a statement, its link says so; and of it the same lines, by the rules of
`bot.reply.excerpt`. The page has room for lines that the reply left for `更多`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from bot.reply import texts
from bot.reply.address import Address
from bot.reply.excerpt import (
    LIKELY,
    LINES,
    Quoted,
    for_itself,
    is_asked,
    lines,
    surest,
    when,
    words,
)
from bot.web.names import anchor, colour, named
from bot.web.prose import render
from knowledge.model import ANSWERED, Citation, Exchange
from knowledge.store.archive import Cited

Href = Callable[[Citation], str]

_LINE = 2_400  # bytes of HTML of a line: 800 Chinese characters
_FOLDED = 24  # lines that are folded away; who wants more reads the conversation
_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A line of an answer; `at` is its place in the conversation, `share` how surely it answers.

    `here` is the message that was cited.
    """

    text: Markup
    at: str
    share: str
    unsure: bool
    here: bool
    more: bool


@dataclass(frozen=True, slots=True)
class Answerer:
    """What one person answered; `href` leads to the first of it, `doubt` when nobody is sure."""

    name: str
    colour: int
    when: str
    href: str
    said: tuple[Said, ...]

    @property
    def doubt(self) -> bool:
        """Whether none of it is likely to answer."""
        return all(s.unsure for s in self.said)


@dataclass(frozen=True, slots=True)
class Other:
    """Another question of which something is quoted, too: how it is named, and its answers."""

    heading: str
    href: str
    answers: tuple[Answerer, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """An exchange as its page shows it on top.

    `asked`: it begins with a question, not with a statement. `answers` are what a reply quotes, the
    surest first, `folded` the rest; `others` what a reply quoted of other questions.
    """

    exchange: Exchange
    question: str
    asked: bool
    note: str
    answers: tuple[Answerer, ...]
    folded: tuple[Answerer, ...]
    others: tuple[Other, ...]
    marked: Mapping[Citation, float]

    @property
    def left(self) -> int:
        """How many lines are folded away."""
        return sum(len(a.said) for a in self.folded)

    @property
    def first(self) -> str:
        """The first answer in a line, for a preview."""
        return " ".join(str(s.text.striptags()) for a in self.answers[:1] for s in a.said)


def meant(found: Cited, stated: bool = False) -> int | None:
    """The exchange that a message is read for, by its id: one that it leads, or answers; if any.

    `stated`: it is to be read for itself, whatever it answers.
    """
    own = found.message.citation
    ids = list(found.exchanges)
    led = ids[: found.led]
    first = max(led, key=lambda i: _told(found.exchanges[i]), default=None)
    if first is not None:
        exchange = found.exchanges[first]
        if stated or for_itself(exchange):
            return first
    answered = {
        i: a.probability * x.sought
        for i, x in found.exchanges.items()
        for a in x.answers
        if a.message.citation == own and i not in led
    }
    likeliest = max(answered, key=answered.__getitem__, default=None)
    if first is not None and found.exchanges[first].answers:
        # A statement that was replied to: what it answers comes first if that was likelier asked.
        sought = found.exchanges[first].sought
        if likeliest is None or found.exchanges[likeliest].sought <= sought:
            return first
    if likeliest is not None:
        return likeliest
    further = (i for i, x in found.exchanges.items() if any(m.citation == own for m in x.question))
    return next(further, first)


def _told(exchange: Exchange) -> tuple[bool, float]:
    """By which of the exchanges that a message leads it is known: one that it retells itself."""
    return exchange.retold, sum(a.probability for a in exchange.answers)


def card(
    exchange: Exchange, address: Address, href: Href, beside: Mapping[Citation, Exchange]
) -> Card:
    """The card of an exchange; `beside` has the other questions of the address, by their leads."""
    own = address.citation
    everything = lines(exchange)
    picked = surest(everything, LINES)
    note = ""
    if not picked:
        note = texts.NOBODY_ANSWERED
    elif picked[0].probability < ANSWERED:
        note = texts.UNSURE
    if own not in {m.citation for m in exchange.question}:
        picked += [line for line in everything if line.cited == own and line not in picked]
    rest = [line for line in everything if line not in picked][:_FOLDED]
    lent: list[Quoted] = []
    others = []
    for lead, cited in address.beside:
        other = beside.get(lead)
        told = [line for line in lines(other) if line.cited in cited] if other else []
        if other and told:
            heading = texts.ALSO if is_asked(other) else texts.ALSO_SAID
            said = heading.format(words(other)[:_EXCERPT], lead.time[:5])
            others.append(Other(said, href(lead), _answerers(told, own, exchange, href)))
            lent += told
    return Card(
        exchange=exchange,
        question=words(exchange) or "（图片）",
        asked=is_asked(exchange),
        note=note.strip("（）"),
        answers=_answerers(picked, own, exchange, href),
        folded=_answerers(rest, own, exchange, href),
        others=tuple(others),
        marked={line.cited: line.probability for line in (*everything, *lent)},
    )


def _answerers(
    found: Sequence[Quoted], own: Citation, exchange: Exchange, href: Href
) -> tuple[Answerer, ...]:
    """Lines by who said them, the surest first; the cited one before all."""
    by_speaker: dict[str, list[Quoted]] = {}
    for line in sorted(found, key=lambda q: q.cited):
        by_speaker.setdefault(named(line.message.speaker), []).append(line)
    turns = sorted(
        by_speaker.values(),
        key=lambda turn: (
            all(q.cited != own for q in turn) or exchange.retold,
            -max(q.probability for q in turn),
        ),
    )
    return tuple(_answerer(turn, own, exchange, href) for turn in turns)


def _answerer(turn: Sequence[Quoted], own: Citation, exchange: Exchange, href: Href) -> Answerer:
    first, asked = turn[0].cited, exchange.lead.citation
    said = []
    for line in turn:
        text, length = render(line.text, _LINE)
        said.append(
            Said(
                text,
                anchor(line.cited),
                f"{line.probability:.0%}",
                line.probability < LIKELY,
                line.cited == own and not exchange.retold,
                length < len(line.text),
            )
        )
    speaker = turn[0].message.speaker
    return Answerer(
        named(speaker), colour(first.group, speaker), when(first, asked), href(first), tuple(said)
    )


def on_page(card: Card, here: Iterable[str]) -> Card:
    """A card whose links lead to where its lines stand on the page, as far as they do: `here`."""
    there = frozenset(here)

    def moved(found: tuple[Answerer, ...]) -> tuple[Answerer, ...]:
        return tuple(
            replace(a, href=f"#{a.said[0].at}") if a.said[0].at in there else a for a in found
        )

    others = tuple(replace(o, answers=moved(o.answers)) for o in card.others)
    return replace(card, answers=moved(card.answers), folded=moved(card.folded), others=others)
