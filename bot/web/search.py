"""The search: a question as one would ask the bot, its answer, what is like it, and the words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.decision import Verdict
from bot.reply.address import tail
from bot.reply.excerpt import excerpts, for_itself
from bot.reply.reply import offered
from bot.web import facets, words
from bot.web.access import Access
from bot.web.front import front
from bot.web.names import colour, named
from bot.web.pages import closed
from bot.web.paging import page_number, paging
from bot.web.query import ASKED, Sought, cited, dated, read, search_of
from bot.web.site import Arguments, Site, WebPage
from knowledge.language.display import shown
from knowledge.matching.match import Match

PAGE = 5
"""Matches on a page."""

_QUESTION = 160
_OTHER = 40
_TALK = 1800  # seconds between questions of one conversation


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
    lines: tuple[tuple[str, str], ...]
    more: str
    again: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """What was found in one conversation: the best hit, and links to the others.

    `weak`: it has little in common with what was asked.
    """

    hit: Hit
    others: tuple[tuple[str, str], ...]
    weak: bool


def sought(arguments: Arguments) -> Sought:
    """What was typed."""
    return read(arguments.get("q") or "")


def by_words(arguments: Arguments) -> bool:
    """Whether the words themselves are wanted, and not an answer."""
    return (arguments.get("in") or "") == "words" or bool(sought(arguments).speaker)


def place(site: Site, access: Access, arguments: Arguments) -> WebPage | None:
    """Where leads what has a page of its own: a citation, a link, a date, a name; None: nowhere."""
    text = (arguments.get("q") or "").strip()[:ASKED]
    if not text:
        return None
    if citation := cited(text):
        return site.moved(access.message(citation))
    if date := dated(text):
        groups = [g for g in access.groups if site.archive.has_day(g, date)]
        if groups:
            return site.moved(access.day(groups[0], date))
    for group in access.groups:
        for speaker in site.archive.speakers(group):
            if text in (named(speaker.name), *speaker.names):
                return site.moved(access.person(group, speaker.name))
    return None


def words_page(site: Site, access: Access, arguments: Arguments) -> WebPage:
    """`/?in=words&q=…`: the messages that hold the words."""
    if not access.groups:
        return closed(site)
    wanted, q = sought(arguments), (arguments.get("q") or "")[:ASKED]
    if not wanted.words and not wanted.speaker:
        wanted = replace(wanted, speaker=arguments.get("speaker") or "")
    return site.page(
        "words.html",
        access=access,
        q=q,
        found=words.found(site, access, q, wanted, arguments),
        narrowed=any(facets.wanted(arguments).values()),
        asked=access.url("/", q=wanted.text) if wanted.text else "",
        sought=wanted,
    )


def results(site: Site, access: Access, arguments: Arguments, verdict: Verdict | None) -> WebPage:
    """`/?q=…`: what the bot would reply, and the matches, narrowed down as wanted."""
    if verdict is None:
        return front(site, access, arguments)
    q = (arguments.get("q") or "")[:ASKED]
    wanted = facets.wanted(arguments)
    known = [m for m in verdict.matches if access.may(m.exchange.lead.citation.group)]
    known = [m for m in known if shown(m.exchange.lead.text)]
    kept = facets.narrowed(known, _values, wanted)
    best = verdict.matches[0] if verdict.matches else None
    told = page_number(arguments) == 1 and kept[:1] == [best]
    talks = _talks(kept, access, search_of(arguments))

    def url(page: int | None = None, **changed: str) -> str:
        return access.url("/", q=q, **{**wanted, **changed}, page=page)

    paged = paging(len(talks), PAGE, page_number(arguments), url)
    return site.page(
        "search.html",
        access=access,
        q=q,
        answered=verdict.answered and told,
        hedged=verdict.hedged and told,
        silent=not verdict.pages,
        best=f"{best.confidence:.2f}" if best else "",
        threshold=f"{site.settings.asked:.2f}",
        found=talks[paged.part],
        count=len(talks),
        held=len(words.held(site, access, sought(arguments))),
        words_href=access.url("/", **{"q": q, "in": "words"}),
        facets=facets.facets(known, _values, wanted, url),
        narrowed=any(wanted.values()),
        paging=paged,
    )


def _values(match: Match, kind: str) -> Collection[str]:
    """What a match can be narrowed down by."""
    lead = match.exchange.lead
    said = {lead.speaker, *(a.message.speaker for a in match.exchange.answers)}
    return facets.values_of(lead.citation.group, lead.citation.date, said, kind)


def _talks(matches: Sequence[Match], access: Access, came: Mapping[str, str]) -> list[Talk]:
    """Matches by conversation; in each the best, and links to what else was asked there."""
    talks: list[list[Match]] = []
    for m in matches:
        talk = next((t for t in talks if _together(t[0], m)), None)
        if talk is None:
            talks.append([m])
        else:
            talk.append(m)
    meant = set(map(id, offered([t[0] for t in talks], len(talks))))
    return [
        Talk(
            _hit(best, access, came),
            tuple((_href(m, access, came), _named(m)) for m in others),
            id(best) not in meant,
        )
        for best, *others in talks
    ]


def _together(one: Match, other: Match) -> bool:
    """Whether two matches belong to one conversation."""
    here, there = one.told.lead.citation, other.told.lead.citation
    same = (here.group, here.date) == (there.group, there.date)
    return same and abs(here.seconds - there.seconds) <= _TALK


def _named(match: Match) -> str:
    lead = match.told.lead
    return f"{lead.citation.time[:5]} {shown(lead.text)[:_OTHER]}"


def _href(match: Match, access: Access, came: Mapping[str, str]) -> str:
    exchange = match.told
    cited = exchange.lead.citation
    return access.message(cited, tail(cited, (), not for_itself(exchange)), **came)


def _hit(match: Match, access: Access, came: Mapping[str, str]) -> Hit:
    exchange = match.told
    lead = exchange.lead
    cited = lead.citation
    excerpt = excerpts(exchange, lent=match.nearby)[0]
    lines = [("", note) for note in excerpt.notes or ()]
    for heading, said in excerpt.said:
        lines += [(heading.removeprefix("▸ "), ""), *(("", line.text) for line in said)]
    return Hit(
        href=_href(match, access, came),
        question=excerpt.question[:_QUESTION],
        name=named(lead.speaker),
        colour=colour(cited.group, lead.speaker),
        when=f"{cited.date} {cited.time[:5]}",
        group=cited.group,
        share=f"{match.confidence:.0%}",
        lines=tuple(lines),
        more=str(excerpt.left or ""),
        again=tuple(
            (access.message(x.lead.citation, **came), x.lead.citation.date) for x in match.repeats
        ),
    )
