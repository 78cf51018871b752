"""The words themselves: every message that holds what was typed, highlighted, page by page."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.web.access import Access
from bot.web.facets import Facet, facets, narrowed, values_of, wanted
from bot.web.names import colour, named
from bot.web.paging import Paging, page_number, paging
from bot.web.query import Sought, search_of
from bot.web.site import Arguments, Site
from knowledge.language.display import unescaped
from knowledge.model import Message
from knowledge.store.holding import Held

PAGE = 20
"""Messages on a page."""

ORDERS = {"": "最新在前", "old": "最早在前", "near": "最贴近在前"}
"""How they are ordered."""

_BEFORE, _AFTER = 36, 110  # characters shown around the first word


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the list shows it."""

    href: str
    name: str
    colour: int
    when: str
    group: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the messages that hold some words, with what narrows them down."""

    rows: tuple[Row, ...]
    count: int
    paging: Paging
    facets: list[tuple[str, list[Facet]]]
    orders: tuple[tuple[str, str, bool], ...]


def held(site: Site, access: Access, sought: Sought) -> list[Held]:
    """All messages that hold what is sought, of what a request may see."""
    groups = [g for g in access.groups if not sought.group or sought.group in g]
    return site.archive.holding(sought.words, groups, sought.speaker)


def found(site: Site, access: Access, q: str, sought: Sought, arguments: Arguments) -> Found:
    """A page of what is `held`, narrowed down as wanted."""
    known = held(site, access, sought)
    chosen = wanted(arguments)
    order = arguments.get("order") or ""
    kept = narrowed(known, _values, chosen)
    if order == "near":
        kept.sort(key=lambda h: -h.nearness)
    elif order != "old":
        kept.reverse()

    def url(page: int | None = None, order: str = order, **changed: str) -> str:
        given = {"q": q, "in": "words", "order": order, **chosen, **changed}
        return access.url("/", **given, page=page)

    paged = paging(len(kept), PAGE, page_number(arguments), url, clamped=True)
    came = search_of(arguments)
    messages = site.archive.messages([h.id for h in kept[paged.part]])
    return Found(
        tuple(_row(m, access, came, sought.words) for m in messages),
        len(kept),
        paged,
        facets(known, _values, chosen, url),
        tuple((said, url(order=o), o == order) for o, said in ORDERS.items()),
    )


def _values(h: Held, kind: str) -> Collection[str]:
    return values_of(h.group, h.date, (h.speaker,), kind)


def _row(m: Message, access: Access, came: Mapping[str, str], words: Sequence[str]) -> Row:
    cited = m.citation
    return Row(
        access.message(cited, **came),
        named(m.speaker),
        colour(cited.group, m.speaker),
        f"{cited.date} {cited.time[:5]}",
        cited.group,
        highlighted(m.text, words),
    )


def highlighted(text: str, words: Sequence[str]) -> Markup:
    """What of a text stands around the first of some words, with all of them marked."""
    line = " ".join(unescaped(text).split())
    pattern = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    marks = list(re.finditer(pattern, line, re.IGNORECASE)) if pattern else []
    first = marks[0].start() if marks else 0
    start = max(0, first - _BEFORE) if first > _BEFORE + 10 else 0
    end = min(len(line), max(first, start) + _AFTER)
    out = ["…" if start else ""]
    at = start
    for m in marks:
        if m.start() < at or m.end() > end:
            continue
        out += [str(escape(line[at : m.start()])), f"<mark>{escape(m[0])}</mark>"]
        at = m.end()
    out += [str(escape(line[at:end])), "…" if end < len(line) else ""]
    return Markup("".join(out))
