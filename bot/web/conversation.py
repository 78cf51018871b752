"""Lays out a conversation for a page: who said what, what it is to the question, what is left out.

A page must stay small on a phone's connection, so each message has a budget in bytes of HTML; what
is cut is read on the message's own page, and there in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.web.names import anchor, colour, named
from bot.web.prose import parts, plain, render
from knowledge.model import Citation, Exchange, Message

BEFORE, AFTER, BEYOND = 3, 8, 3
"""Messages shown above a message that is no question, below it, and beyond the last answer."""

PAGE = 30_000
"""Bytes of HTML that the texts of a page may take together."""

OWN = 9_000
"""Of these, bytes for the cited message; an answer gets a third of it."""

PART = 3_000
"""Characters in a part of a long message: 50,000 bytes of HTML, be it all emoji codes."""

LEAST = 60
"""Characters that are worth a link to where they can be read; fewer are shown."""

_PAUSE = 300  # seconds after which a speaker is named again

QUESTION, ANSWER, FOLLOWS = "question", "answer", "follows"
MARKS = {QUESTION: "问", ANSWER: "答", FOLLOWS: "续"}
STATED = {QUESTION: "说", ANSWER: "接", FOLLOWS: "续"}

Href = Callable[[Citation], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A message as a page shows it. `share` is how surely it answers, as `83%`.

    `more` is how many characters are left out; `date` stands where another day begins; `again`
    says that the speaker is the one above.
    """

    citation: Citation
    href: str
    anchor: str
    name: str
    initial: str
    colour: int
    text: Markup
    more: int
    role: str = ""
    mark: str = ""
    share: str = ""
    here: bool = False
    again: bool = False
    date: str = ""

    @property
    def time(self) -> str:
        """Hours and minutes."""
        return self.citation.time[:5]


@dataclass(frozen=True, slots=True)
class Marks:
    """What messages are to an exchange, and how surely its answers answer.

    `stated`: it begins with a statement, which nobody calls a question.
    """

    roles: Mapping[Citation, str]
    shares: Mapping[Citation, float]
    stated: bool = False


NO_MARKS = Marks({}, {})


def marks(exchange: Exchange, shares: Mapping[Citation, float], stated: bool = False) -> Marks:
    """The marks of an exchange whose answers are those in `shares`, with what a reply lent it."""
    roles = {m.citation: FOLLOWS for m in exchange.thread}
    roles.update(dict.fromkeys(shares, ANSWER))
    if not exchange.retold:
        roles.update((m.citation, QUESTION) for m in exchange.question)
    return Marks(roles, {c: p for c, p in shares.items() if roles[c] == ANSWER}, stated)


def window(around: Sequence[Message], own: Citation, marks: Marks, before: int) -> tuple[int, int]:
    """The first and the last place to be shown of what was said around: question and answers.

    `before` are messages wanted above them.
    """
    place = next(i for i, m in enumerate(around) if m.citation == own)
    marked = [i for i, m in enumerate(around) if marks.roles.get(m.citation) in (QUESTION, ANSWER)]
    first = min(marked, default=place - BEFORE)
    last = max(place + AFTER, *(i + BEYOND for i in marked), place)
    return max(min(first, place) - before, 0), min(last, len(around) - 1)


def lay_out(
    messages: Sequence[Message],
    href: Href,
    marks: Marks = NO_MARKS,
    own: Citation | None = None,
) -> tuple[Line, ...]:
    """Messages as lines, within the budget of a page."""
    roles = marks.roles
    budgets = {ANSWER: OWN // 3, QUESTION: OWN // 3}
    special = sum(budgets.get(roles.get(m.citation, ""), 0) for m in messages)
    share = max(0, PAGE - OWN) / max(special, PAGE - OWN)
    others = sum(roles.get(m.citation) not in budgets for m in messages)
    rest = max(240, int((PAGE - OWN - special * share) / max(1, others)))
    said = STATED if marks.stated else MARKS
    lines: list[Line] = []
    for m in messages:
        role = roles.get(m.citation, "")
        here = m.citation == own
        budget = OWN if here else int(budgets[role] * share) if role in budgets else rest
        above = lines[-1] if lines else None
        surely = marks.shares.get(m.citation)
        told = "" if surely is None else f"{surely:.0%}"
        lines.append(_line(m, href, (role, said.get(role, "")), told, here, budget, above))
    return tuple(lines)


def _line(
    m: Message,
    href: Href,
    role: tuple[str, str],
    share: str,
    here: bool,
    budget: int,
    above: Line | None,
) -> Line:
    whole = plain(m.text)
    text, length = render(whole[: budget + 1], budget)
    if 0 < len(whole) - length < LEAST:
        text, length = render(whole, budget + 8 * LEAST)
    name = named(m.speaker)
    new_day = above is None or above.citation.date != m.citation.date
    return Line(
        citation=m.citation,
        href=href(m.citation),
        anchor=anchor(m.citation),
        name=name,
        initial=name[:1].upper(),
        colour=colour(m.citation.group, m.speaker),
        text=text,
        more=len(whole) - length,
        role=role[0],
        mark=role[1],
        share=share,
        here=here,
        again=not new_day and above is not None and above.name == name and _soon(above, m),
        date=m.citation.date if new_day else "",
    )


def _soon(above: Line, m: Message) -> bool:
    return m.citation.seconds - above.citation.seconds < _PAUSE


def part(text: str, number: int) -> tuple[Markup, int] | None:
    """One part of a long text, from 1, and how many there are; None when there is no such part."""
    found = parts(plain(text), PART)
    if not 1 <= number <= len(found):
        return None
    return render(found[number - 1], 60_000)[0], len(found)
