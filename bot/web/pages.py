"""The pages of the archive: a message in place, a day, people; each a function of a request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date

from bot.web.access import Access
from bot.web.conversation import anchor, colour, conversation, lay_out, named, part
from bot.web.site import Arguments, Site, WebPage
from knowledge.model import Citation, Message
from knowledge.store.archive import Archive, Gone

DAY_PAGE = 60
"""Messages on a page of a day."""

PEOPLE_PAGE = 40
"""People on a page."""

MONTHS = 12
"""Months shown of each."""

_MOST_A_SECOND = 1 << 20
_WEEKDAYS = "一二三四五六日"


def message(site: Site, cited: str, arguments: Arguments) -> WebPage:
    """`/m/<citation>`: the conversation around a message."""
    access = site.access(arguments)
    try:
        citation = Citation.parse(cited[:300])
        Date.fromisoformat(citation.date)
        if citation.n > _MOST_A_SECOND:
            raise ValueError(citation.n)
    except ValueError:
        return site.note(404, "没有这个出处", "出处的样子是 paytalk-20240301-004933。")
    if not access.may(citation.group):
        return closed(site)
    try:
        found = site.archive.cited(citation)
    except Gone:
        return site.note(
            410, "这条消息已被忘掉", "应群友的要求，它不再出现在这里。", access.url("/")
        )
    if found is None:
        return site.note(404, "没有这条消息", f"归档里没有 {citation}。", access.url("/"))
    number = arguments.get("part") or ""
    if number:
        return _part(site, access, found.message, number)
    told = conversation(found, access.message)
    edges = _edges(site.archive, access, told.lines[0].citation, told.lines[-1].citation)
    return site.page(
        "message.html",
        access=access,
        citation=citation,
        told=told,
        name=named(found.message.speaker),
        colour=colour(citation.group, found.message.speaker),
        weekday=weekday(citation.date),
        day=access.day(citation.group, citation.date),
        part=access.message(citation, 1),
        **edges,
    )


def _part(site: Site, access: Access, said: Message, number: str) -> WebPage:
    """A part of a long message by itself."""
    found = part(said.text, int(number)) if number.isdecimal() and len(number) < 6 else None
    if found is None:
        return site.note(404, "没有这一段", "这条消息没有这么长。", access.message(said.citation))
    text, parts = found
    cited = said.citation

    def url(n: int) -> str:
        return access.message(cited, n) if 1 <= n <= parts else ""

    return site.page(
        "part.html",
        access=access,
        citation=cited,
        name=named(said.speaker),
        colour=colour(cited.group, said.speaker),
        text=text,
        number=int(number),
        parts_=parts,
        before=url(int(number) - 1),
        after=url(int(number) + 1),
        back=access.message(cited),
    )


def day(site: Site, group: str, date: str, arguments: Arguments) -> WebPage:
    """`/day/<group>/<date>`: all that was said, page by page."""
    access = site.access(arguments)
    if not access.may(group):
        return closed(site)
    number = page_number(arguments)
    found = site.archive.day(group, date, DAY_PAGE * (number - 1), DAY_PAGE)
    if found is None or (found.total and found.first >= found.total):
        return site.note(404, "没有这一天", f"{group} 没有 {date} 的归档。", access.url("/"))
    pages = max(1, -(-found.total // DAY_PAGE))
    beside = found.beside
    return site.page(
        "day.html",
        access=access,
        group=group,
        date=date,
        weekday=weekday(date),
        lines=lay_out(found.messages, access.message),
        total=found.total,
        number=number,
        pages=pages,
        before=access.day(group, date, page=number - 1) if number > 1 else "",
        after=access.day(group, date, page=number + 1) if number < pages else "",
        day_before=access.day(group, beside.before) if beside.before else "",
        day_after=access.day(group, beside.after) if beside.after else "",
        beside=beside,
    )


def people(site: Site, arguments: Arguments) -> WebPage:
    """`/people`: who spoke in a group, and how much in each month."""
    access = site.access(arguments)
    if not access.groups:
        return closed(site)
    group = arguments.get("group") or access.groups[0]
    if not access.may(group):
        return closed(site)
    if group not in site.archive.groups:
        return site.note(404, "没有这个群", f"归档里没有 {group[:80]}。", access.url("/people"))
    found = site.archive.speakers(group)
    number = page_number(arguments)
    pages = max(1, -(-len(found) // PEOPLE_PAGE))
    shown = found[PEOPLE_PAGE * (number - 1) : PEOPLE_PAGE * number]
    months = sorted({m for s in found for m in s.months})[-MONTHS:]
    rows = [(named(s.name), colour(group, s.name), s) for s in shown]

    def url(n: int) -> str:
        return access.url("/people", group=group, page=n) if 1 <= n <= pages else ""

    return site.page(
        "people.html",
        access=access,
        group=group,
        rows=rows,
        first=PEOPLE_PAGE * (number - 1) + 1,
        count=len(found),
        months=months,
        levels=_levels([s.months.get(m, 0) for s in shown for m in months]),
        number=number,
        pages=pages,
        before=url(number - 1),
        after=url(number + 1),
    )


def closed(site: Site) -> WebPage:
    """A group's pages need its token, and the request brought none."""
    return site.note(
        403,
        "这是群里的内容",
        "打开它要用群里的链接：在群里 @ 爬楼提问，回复末尾的原文链接就能打开。",
    )


def weekday(date: str) -> str:
    """The day of the week of an ISO date."""
    return "周" + _WEEKDAYS[Date.fromisoformat(date).weekday()]


def page_number(arguments: Arguments) -> int:
    """Which page was asked for, from 1."""
    given = arguments.get("page") or "1"
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1


def _levels(counts: Sequence[int]) -> dict[int, int]:
    """How dark each count is drawn, from 0 (none) to 4 (the most)."""
    most = max(counts, default=0)
    return {n: 0 if n == 0 else 1 + min(3, 4 * n // (most + 1)) for n in set(counts)}


def _edges(archive: Archive, access: Access, first: Citation, last: Citation) -> dict[str, str]:
    """Links to what was said before and after a page; empty at the archive's ends."""
    group = first.group
    place, _ = archive.place(first)
    if place > 0:
        earlier = access.day(group, first.date, page=_page_of(place - 1)) + "#" + anchor(first)
    else:
        date = archive.beside(group, first.date).before
        earlier = access.day(group, date, page=_last_page(archive, group, date)) if date else ""
    place, total = archive.place(last)
    if place + 1 < total:
        later = access.day(group, last.date, page=_page_of(place + 1)) + "#" + anchor(last)
    else:
        date = archive.beside(group, last.date).after
        later = access.day(group, date) if date else ""
    return {"earlier": earlier, "later": later}


def _last_page(archive: Archive, group: str, date: str) -> int | None:
    found = archive.day(group, date, 0, 1)
    return _page_of(found.total - 1) if found and found.total else None


def _page_of(place: int) -> int | None:
    """The page of a day that holds the message at a place; None: the first."""
    return place // DAY_PAGE + 1 if place >= DAY_PAGE else None
