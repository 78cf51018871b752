"""The pages of days and people; each a function of a request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date

from markupsafe import Markup

from bot.reply.excerpt import LIKELY, words
from bot.web.access import Access
from bot.web.conversation import ANSWER, QUESTION, Marks, lay_out
from bot.web.names import anchor, colour, named
from bot.web.paging import page_number, paging
from bot.web.site import Arguments, Site, WebPage
from knowledge.model import Citation, Exchange
from knowledge.store.ids import DAY_BITS, EXCHANGE_BITS, EXCHANGE_DAY_BITS
from knowledge.store.tables import SHOWN

DAY_PAGE = 60
"""Messages on a page of a day."""

PEOPLE_PAGE = 40
"""People on a page."""

MONTHS = 12
"""Months shown of each."""

_WORDS = 60
_WEEKDAYS = "一二三四五六日"


def day(site: Site, group: str, date: str, arguments: Arguments) -> WebPage:
    """`/day/<group>/<date>`: all that was said, page by page."""
    access = site.access(arguments)
    if not access.may(group):
        return closed(site)
    number = page_number(arguments)
    found = site.archive.day(group, date, DAY_PAGE * (number - 1), DAY_PAGE)
    if found is None or (found.total and found.first >= found.total):
        return site.note(404, "没有这一天", f"{group} 没有 {date} 的归档。", access.url("/"))
    beside = found.beside
    paged = paging(found.total, DAY_PAGE, number, lambda n: access.day(group, date, page=n))
    return site.page(
        "day.html",
        access=access,
        group=group,
        date=date,
        weekday=weekday(date),
        lines=lay_out(found.messages, access.message, _marked(found.asked)),
        total=found.total,
        asked=[_asked(access, x) for x in found.asked],
        hours=[
            (
                cited.time[:2],
                access.day(group, date, page=_page_of(place)) + "#" + anchor(cited),
                _page_of(place) or 1,
            )
            for cited, place in found.hours
        ],
        numbers=[
            (n, access.day(group, date, page=n if n > 1 else None))
            for n in range(1, paged.pages + 1)
        ],
        paging=paged,
        day_before=access.day(group, beside.before) if beside.before else "",
        day_after=access.day(group, beside.after) if beside.after else "",
        beside=beside,
    )


def _asked(access: Access, x: Exchange) -> tuple[str, str, str, str]:
    """A question of a day: its page, when, by whom, and its words."""
    asked = words(x)
    cut = asked if len(asked) <= _WORDS else asked[: _WORDS - 1] + "…"
    at = x.lead.citation
    return access.message(at), at.time[:5], named(x.lead.speaker), cut or "（图片）"


def _marked(asked: Sequence[Exchange]) -> Marks:
    """The marks of several questions and their likely answers together."""
    roles: dict[Citation, str] = {}
    shares: dict[Citation, float] = {}
    for x in asked:
        for a in x.answers:
            if a.probability >= LIKELY:
                cited = a.message.citation
                roles[cited] = ANSWER
                shares[cited] = max(a.probability, shares.get(cited, 0.0))
    for x in asked:
        roles[x.lead.citation] = QUESTION
        shares.pop(x.lead.citation, None)
    return Marks(roles, shares)


def last_day(site: Site, group: str, arguments: Arguments) -> WebPage:
    """`/day/<group>`: leads to its last day."""
    access = site.access(arguments)
    if not access.may(group):
        return closed(site)
    date = site.archive.beside(group, "9999").before
    if not date:
        return site.note(404, "没有这个群", f"归档里没有 {group[:80]}。", access.url("/"))
    return site.moved(access.day(group, date))


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
    paged = paging(
        len(found),
        PEOPLE_PAGE,
        page_number(arguments),
        lambda n: access.url("/people", group=group, page=n),
    )
    shown = found[paged.part]
    months = sorted({m for s in found for m in s.months})[-MONTHS:]
    rows = [(named(s.name), colour(group, s.name), s) for s in shown]

    return site.page(
        "people.html",
        access=access,
        group=group,
        rows=rows,
        first=paged.part.start + 1,
        count=len(found),
        months=months,
        levels=_levels([s.months.get(m, 0) for s in shown for m in months]),
        paging=paged,
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


def _levels(counts: Sequence[int]) -> dict[int, int]:
    """How dark each count is drawn, from 0 (none) to 4 (the most)."""
    most = max(counts, default=0)
    return {n: 0 if n == 0 else 1 + min(3, 4 * n // (most + 1)) for n in set(counts)}


def tables(site: Site, arguments: Arguments) -> WebPage:
    """`/archive`: the tables, for who wants to make something of them."""
    access = site.access(arguments)
    if not access.groups and site.archive.groups:
        return closed(site)
    return site.page("tables.html", access=access, tables=SHOWN)


def cell(
    site: Site, access: Access, table: str, column: str, value: object, row: int
) -> Markup | None:
    """A value in a table with what its row stands for, linked to its page; `row` is its id.

    None: that is not shown.
    """
    message = None
    if table == "days":
        day = row
    elif table in ("messages", "exchange_messages") and column != "exchange":
        day, message = row >> DAY_BITS, row
    else:
        day, message = row >> EXCHANGE_DAY_BITS, row >> EXCHANGE_BITS
    group, date = site.archive.store.day_name(day)
    if group not in access.groups or group in site.archive.pending():
        return None
    if message is None:
        href, said = access.day(group, date), f"{group} {date}"
    else:
        found = site.archive.messages([message])
        if not found:
            return None
        href = access.message(found[0].citation)
        said = f"{group} {date} {found[0].citation.time[:5]} {named(found[0].speaker)}"
    return Markup('{} <a href="{}"><bdi>{}</bdi></a>').format(value, href, said)


def day_with(site: Site, access: Access, cited: Citation, *, after: bool = False) -> str:
    """A link to a message in its day, page and all.

    With `after`, to what was said behind it: on the next day, where it is the last of its own, and
    nowhere where it is the last of the archive.
    """
    archive, group = site.archive, cited.group
    place, total = archive.place(cited)
    if after and place + 1 == total:
        date = archive.beside(group, cited.date).after
        return access.day(group, date) if date else ""
    number = _page_of(place + 1 if after else place)
    return access.day(group, cited.date, page=number) + "#" + anchor(cited)


def _page_of(place: int) -> int | None:
    """The page of a day that holds the message at a place; None: the first."""
    return place // DAY_PAGE + 1 if place >= DAY_PAGE else None
