"""Lays out a conversation for a page: who said what, what it is to the question, what is left out.

A page must stay small on a phone's connection, so each message has a budget in bytes of HTML; what
is cut is read on the message's own page, and there in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from markupsafe import Markup

from bot.web.prose import parts, plain, render
from knowledge.language.display import shown
from knowledge.language.names import SOMEBODY, tidy
from knowledge.model import Citation, Exchange, Message
from knowledge.store.archive import Cited

COLOURS = 12
"""Colours of speakers; as many as can be told apart at all (palou.css has them)."""

BEFORE, AFTER, BEYOND = 3, 12, 3
"""Messages shown above and below a cited one at least, and beyond its last answer."""

PAGE = 30_000
"""Bytes of HTML that the texts of a page may take together."""

OWN = 9_000
"""Of these, bytes for the cited message; an answer gets a third of it."""

PART = 3_000
"""Characters in a part of a long message: 50,000 bytes of HTML, be it all emoji codes."""

_NAME = 32
_EXCERPT = 90
_HEADING = 100
_PAUSE = 600  # seconds after which a speaker is named again

QUESTION, ANSWER, FOLLOWS = "question", "answer", "follows"
MARKS = {QUESTION: "问", ANSWER: "答", FOLLOWS: "续"}

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
class Pointer:
    """A message named in a line, with a link to where it stands: on this page, or its own.

    `more` is how many further messages the same speaker added to it, on this page.
    """

    href: str
    name: str
    colour: int
    when: str
    text: str
    share: str = ""
    more: int = 0

    @property
    def near(self) -> bool:
        """Whether it stands on this page."""
        return self.href.startswith("#")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A cited message in place, and pointers to what belongs to it.

    `said` is the message in a line, for a heading. `question` is there when it answers one.
    """

    said: str
    lines: tuple[Line, ...]
    question: tuple[Pointer, ...]
    answers: tuple[Pointer, ...]
    follows: tuple[Pointer, ...]
    asks: bool


@lru_cache(4096)
def colour(group: str, name: str) -> int:
    """The colour of a speaker: the same on every page, for every spelling of the name."""
    digest = blake2b(f"{group}\0{tidy(name)}".encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") % COLOURS


@lru_cache(4096)
def named(name: str) -> str:
    """A speaker's name as shown."""
    clean = shown(name)
    return (clean if len(clean) <= _NAME else clean[: _NAME - 1] + "…") or SOMEBODY


def anchor(citation: Citation) -> str:
    """Where a message stands within a page."""
    tail = f"-{citation.n}" if citation.n else ""
    return f"m{citation.date.replace('-', '')}-{citation.time.replace(':', '')}{tail}"


def conversation(found: Cited, href: Href) -> Conversation:
    """What the page of a cited message shows."""
    own = found.message.citation
    exchanges, asked = _meant(found.exchanges, own)
    roles, shares = _roles(exchanges)
    window = _window(found.around, own, roles)
    lines = lay_out(window, href, roles, shares, own)
    here = {line.citation: f"#{line.anchor}" for line in lines}

    def points(messages: Iterable[Message], role: str) -> tuple[Pointer, ...]:
        unique = {m.citation: m for m in messages if roles.get(m.citation) == role}
        unique.pop(own, None)
        found = (
            _pointer(unique[c], here.get(c) or href(c), own, shares.get(c, ""))
            for c in sorted(unique)
        )
        return tuple(_by_speaker(found))

    said = shown(found.message.text)
    return Conversation(
        said if len(said) <= _HEADING else said[: _HEADING - 1] + "…",
        lines,
        points((m for x in exchanges for m in x.question[:1]), QUESTION) if not asked else (),
        points((a.message for x in exchanges for a in x.answers), ANSWER),
        points((m for x in exchanges for m in x.thread), FOLLOWS),
        asked,
    )


def _meant(exchanges: Sequence[Exchange], own: Citation) -> tuple[list[Exchange], bool]:
    """The exchanges that a message is read for, and whether for what it asks.

    Any statement that was replied to is an exchange, too: a message is read for what it answers
    when that is likelier to be a question. Then only the likeliest questions are named.
    """
    asks = [x for x in exchanges if any(m.citation == own for m in x.question)]
    answers = [x for x in exchanges if x not in asks]
    replied = max((x.sought for x in asks if x.answers), default=-1.0)
    likeliest = max((x.sought for x in answers), default=-1.0)
    if not answers or replied >= likeliest:
        return asks, bool(asks)
    return [x for x in answers if x.sought >= likeliest / 2], False


def _by_speaker(pointers: Iterable[Pointer]) -> list[Pointer]:
    """What one speaker says in a row on this page, as one pointer to its beginning."""
    found: list[Pointer] = []
    for p in pointers:
        last = found[-1] if found else None
        if last is not None and p.near and last.near and p.name == last.name:
            found[-1] = replace(last, more=last.more + 1)
        else:
            found.append(p)
    return found


def _roles(exchanges: Sequence[Exchange]) -> tuple[dict[Citation, str], dict[Citation, str]]:
    """What each message is to some exchanges, and how surely the answers answer."""
    roles: dict[Citation, str] = {}
    shares: dict[Citation, float] = {}
    for exchange in exchanges:
        roles.update((m.citation, FOLLOWS) for m in exchange.thread if m.citation not in roles)
    for exchange in exchanges:
        for a in exchange.answers:
            cited = a.message.citation
            roles[cited] = ANSWER
            shares[cited] = max(shares.get(cited, 0.0), a.probability)
    for exchange in exchanges:
        if not exchange.retold:
            roles.update((m.citation, QUESTION) for m in exchange.question)
    return roles, {c: f"{p:.0%}" for c, p in shares.items() if roles[c] == ANSWER}


def _window(
    around: Sequence[Message], own: Citation, roles: dict[Citation, str]
) -> Sequence[Message]:
    """As much of what was said around as holds the question and its answers."""
    place = next(i for i, m in enumerate(around) if m.citation == own)
    marked = [i for i, m in enumerate(around) if roles.get(m.citation) in (QUESTION, ANSWER)]
    first = min(place - BEFORE, *(i - 1 for i in marked), place)
    last = max(place + AFTER, *(i + BEYOND for i in marked), place)
    return around[max(first, 0) : last + 1]


def lay_out(
    messages: Sequence[Message],
    href: Href,
    roles: dict[Citation, str] | None = None,
    shares: dict[Citation, str] | None = None,
    own: Citation | None = None,
) -> tuple[Line, ...]:
    """Messages as lines, within the budget of a page."""
    roles, shares = roles or {}, shares or {}
    budgets = {ANSWER: OWN // 3, QUESTION: OWN // 3}
    special = sum(budgets.get(roles.get(m.citation, ""), 0) for m in messages)
    share = max(0, PAGE - OWN) / max(special, PAGE - OWN)
    others = sum(roles.get(m.citation) not in budgets for m in messages)
    rest = max(240, int((PAGE - OWN - special * share) / max(1, others)))
    lines: list[Line] = []
    for m in messages:
        role = roles.get(m.citation, "")
        here = m.citation == own
        budget = OWN if here else int(budgets[role] * share) if role in budgets else max(rest, 240)
        above = lines[-1] if lines else None
        lines.append(_line(m, href, role, shares.get(m.citation, ""), here, budget, above))
    return tuple(lines)


def _line(
    m: Message, href: Href, role: str, share: str, here: bool, budget: int, above: Line | None
) -> Line:
    whole = plain(m.text)
    text, length = render(whole[: budget + 1], budget)
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
        role=role,
        mark=MARKS.get(role, ""),
        share=share,
        here=here,
        again=not new_day and above is not None and above.name == name and _soon(above, m),
        date=m.citation.date if new_day else "",
    )


def _soon(above: Line, m: Message) -> bool:
    return m.citation.seconds - above.citation.seconds < _PAUSE


def _pointer(m: Message, href: str, own: Citation, share: str) -> Pointer:
    cited = m.citation
    when = cited.time[:5] if cited.date == own.date else f"{cited.date[5:]} {cited.time[:5]}"
    words = shown(m.text)
    excerpt = words if len(words) <= _EXCERPT else words[: _EXCERPT - 1] + "…"
    return Pointer(
        href, named(m.speaker), colour(cited.group, m.speaker), when, excerpt or "（图片）", share
    )


def part(text: str, number: int) -> tuple[Markup, int] | None:
    """One part of a long text, from 1, and how many there are; None when there is no such part."""
    found = parts(plain(text), PART)
    if not 1 <= number <= len(found):
        return None
    return render(found[number - 1], 60_000)[0], len(found)
