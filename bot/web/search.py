"""The front page: a question as one would ask the bot, its answer, and what else is like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.decision import Verdict
from bot.reply.address import tail
from bot.reply.excerpt import excerpts, for_itself
from bot.web.access import Access
from bot.web.names import colour, named
from bot.web.pages import closed, page_number
from bot.web.site import Arguments, Site, WebPage
from knowledge.language.display import shown
from knowledge.matching.match import Match

ASKED = 1_000
"""Characters of a question that are read."""

PAGE = 5
"""Matches on a page."""

_FACET = 8
_QUESTION = 160


@dataclass(frozen=True, slots=True)
class Hit:
    """A match as a page shows it: the question, and the bot's excerpt, line by line.

    `lines` are what was said with the name (or nothing) in front, as the bot quotes it.
    """

    href: str
    question: str
    name: str
    colour: int
    when: str
    group: str
    share: str
    level: int
    lines: tuple[tuple[str, str], ...]
    more: str
    again: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A value to narrow the matches down by, and the link that does it, or undoes it."""

    value: str
    count: int
    href: str
    chosen: bool


def question(arguments: Arguments) -> str:
    """What was asked."""
    return " ".join((arguments.get("q") or "").split())[:ASKED]


def front(site: Site, access: Access, arguments: Arguments) -> WebPage:
    """`/` without a question: the groups and their days."""
    if not access.groups and site.archive.groups:
        return closed(site)
    wanted = arguments.get("group") or ""
    groups = []
    for stats in site.archive.stats():
        if not access.may(stats.group):
            continue
        months = site.archive.months(stats.group)
        month = arguments.get("month") if stats.group == wanted else None
        days = dict(months).get(month or "", months[0][1] if months else [])
        links = [
            (m, access.url("/", group=stats.group, month=m), bool(d and d[0] == days[0]))
            for m, d in months
            if d
        ]
        groups.append((stats, links, [(d, n, access.day(stats.group, d)) for d, n in days]))
    return site.page("front.html", access=access, groups=groups, q="")


def results(site: Site, access: Access, arguments: Arguments, verdict: Verdict | None) -> WebPage:
    """`/?q=…`: what the bot would reply, and the matches, narrowed down as wanted."""
    if verdict is None:
        return front(site, access, arguments)
    q = question(arguments)
    wanted = {n: arguments.get(n) or "" for n in ("group", "month", "speaker")}
    known = [m for m in verdict.matches if access.may(m.exchange.lead.citation.group)]
    known = [m for m in known if shown(m.exchange.lead.text)]
    kept = [m for m in known if all(not w or w in _values(m)[n] for n, w in wanted.items())]
    best = verdict.matches[0] if verdict.matches else None
    number = page_number(arguments)
    pages_ = max(1, -(-len(kept) // PAGE))

    def url(page: int | None = None, **changed: str) -> str:
        return access.url("/", q=q, **{**wanted, **changed}, page=page)

    facets = [
        (title, _facet(known, name, wanted, url))
        for name, title in (("group", "群"), ("month", "月份"), ("speaker", "群友"))
    ]
    return site.page(
        "search.html",
        access=access,
        q=q,
        answered=verdict.answered and number == 1 and kept[:1] == [best],
        hedged=verdict.hedged and number == 1 and kept[:1] == [best],
        silent=not verdict.pages,
        best=f"{best.confidence:.2f}" if best else "",
        threshold=f"{site.settings.asked:.2f}",
        found=[_hit(m, access, q) for m in kept[PAGE * (number - 1) : PAGE * number]],
        count=len(kept),
        facets=[
            (t, values) for t, values in facets if len(values) > 1 or any(v.chosen for v in values)
        ],
        narrowed=any(wanted.values()),
        number=number,
        pages=pages_,
        before=url(number - 1) if number > 1 else "",
        after=url(number + 1) if number < pages_ else "",
    )


def _values(match: Match) -> dict[str, set[str]]:
    """What a match can be narrowed down by."""
    lead = match.exchange.lead
    said = {lead.speaker, *(a.message.speaker for a in match.exchange.answers)}
    return {
        "group": {lead.citation.group},
        "month": {lead.citation.date[:7]},
        "speaker": {named(s) for s in said},
    }


def _facet(
    matches: Sequence[Match], name: str, wanted: dict[str, str], url: Callable[..., str]
) -> list[Facet]:
    others = {n: w for n, w in wanted.items() if n != name and w}
    left = [m for m in matches if all(w in _values(m)[n] for n, w in others.items())]
    counts = Counter(value for m in left for value in _values(m)[name])
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if name == "month":
        most.sort(reverse=True)
    kept = [(v, n) for i, (v, n) in enumerate(most) if i < _FACET or v == wanted[name]]
    return [
        Facet(v, n, url(**{name: "" if v == wanted[name] else v}), v == wanted[name])
        for v, n in kept
    ]


def _hit(match: Match, access: Access, q: str) -> Hit:
    exchange = match.told
    lead = exchange.lead
    cited = lead.citation
    excerpt = excerpts(exchange, lent=match.nearby)[0]
    lines = [("", note) for note in excerpt.notes or ()]
    for heading, said in excerpt.said:
        lines += [(heading.removeprefix("▸ "), ""), *(("", line.text) for line in said)]
    return Hit(
        href=access.message(cited, tail(cited, (), not for_itself(exchange)), q=q),
        question=excerpt.question[:_QUESTION],
        name=named(lead.speaker),
        colour=colour(cited.group, lead.speaker),
        when=f"{cited.date} {cited.time[:5]}",
        group=cited.group,
        share=f"{match.confidence:.0%}",
        level=min(4, int(match.confidence * 5)),
        lines=tuple(lines),
        more=str(excerpt.left or ""),
        again=len(match.repeats),
    )
