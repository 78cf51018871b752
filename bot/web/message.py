"""The page of a message: its question with the answers on top, then the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from urllib.parse import quote

from bot.reply.address import Address, parse, tail
from bot.reply.excerpt import best_line, lines
from bot.web.access import Access
from bot.web.answers import Card, Href, card, meant, on_page
from bot.web.conversation import NO_MARKS, lay_out, marks, part, window
from bot.web.names import anchor, colour, named
from bot.web.pages import closed, day_with, weekday
from bot.web.paging import paging
from bot.web.query import GLUED, OF_SEARCH, search_of
from bot.web.site import Arguments, Site, WebPage
from knowledge.language.display import shown
from knowledge.model import Citation, Exchange, Message
from knowledge.store.archive import AROUND, Cited, Gone

MORE = 20
"""Messages that are shown further up at a time."""

_MOST_BEFORE = 200  # who reads on from there reads the day
_LIKE = 3
_AGAIN = 6
_CLAMPED = 40  # characters of a question that may take more than three lines on a phone
_TITLE = 60
_PREVIEW = 120
_COPIED = 2_000
_LISTED = 70
_MOST_A_SECOND = 1 << 20
_PASSED = (*OF_SEARCH, "before", "part")  # arguments that stay when an address is put right


@dataclass(frozen=True, slots=True)
class Listed:
    """Another question in a list: its words, who asked when, and its first answer."""

    href: str
    words: str
    name: str
    when: str
    answer: str


def message(site: Site, cited: str, arguments: Arguments) -> WebPage:
    """`/m/<citation>`: the conversation around a message."""
    access = site.access(arguments)
    try:
        address = _address(cited)
    except ValueError:
        return _beside(site, access, cited, arguments)
    citation = address.citation
    if not access.may(citation.group):
        return closed(site)
    before = _number(arguments.get("before"), _MOST_BEFORE)
    try:
        found = site.archive.cited(citation, AROUND + before)
    except Gone:
        return site.note(
            410, "这条消息已被忘掉", "应群友的要求，它不再出现在这里。", access.url("/")
        )
    if found is None:
        return site.note(404, "没有这条消息", f"归档里没有 {citation}。", access.url("/"))
    number = arguments.get("part") or ""
    if number:
        return _part(site, access, found.message, number)
    return _page(site, access, found, address, before, search_of(arguments))


def _address(cited: str) -> Address:
    address = parse(cited[:400])
    Date.fromisoformat(address.citation.date)
    if address.citation.n > _MOST_A_SECOND:
        raise ValueError(address.citation.n)
    return address


def _beside(site: Site, access: Access, cited: str, arguments: Arguments) -> WebPage:
    """Where an address leads that a chat glued something to, if anywhere."""
    bare = cited[:400].rstrip(GLUED)
    try:
        _address(bare)
    except ValueError:
        return site.note(404, "没有这个出处", "出处的样子是 paytalk-20240301-004933。")
    kept = {name: arguments.get(name) for name in _PASSED}
    return site.moved(access.url("/m/" + quote(bare, safe="+"), **kept))


def _page(
    site: Site, access: Access, found: Cited, address: Address, before: int, came: Mapping[str, str]
) -> WebPage:
    own = found.message.citation

    def href(citation: Citation) -> str:
        return access.message(citation, **came)

    chosen = meant(found, address.stated)
    told, noted = None, NO_MARKS
    if chosen is not None:
        exchange = found.exchanges[chosen]
        told = card(exchange, address, href, _named_beside(site, address))
        noted = marks(exchange, told.marked, not told.asked)
    first, last = window(found.around, own, noted, before)
    talk = lay_out(found.around[first : last + 1], href, noted, own)
    up = talk[0].citation
    earlier = ""
    if first > 0 and before + MORE <= _MOST_BEFORE:
        earlier = (
            access.message(own, _tail(address), **came, before=before + MORE) + "#" + anchor(up)
        )
    elif first > 0:
        earlier = day_with(site, access, up)
    if told is not None:
        told = on_page(told, (line.anchor for line in talk))
    again, like = _similar(site, access, chosen, told, href)
    lead = told.exchange.lead if told else found.message
    title = told.question if told else shown(found.message.text) or "（图片）"
    return site.page(
        "message.html",
        access=access,
        citation=own,
        told=told,
        retold=_retold(found, chosen, address, href),
        title=title,
        long=len(title) > _CLAMPED,
        heading=title[:_TITLE],
        preview=_preview(told, lead),
        copied=_copied(told, title, lead, site.settings.base_url and _absolute(site, own)),
        name=named(lead.speaker),
        colour=colour(own.group, lead.speaker),
        lead=lead.citation,
        lead_href=href(lead.citation),
        weekday=weekday(lead.citation.date),
        day=day_with(site, access, lead.citation),
        lines=talk,
        part=access.message(own, part=1),
        more=MORE,
        earlier=earlier,
        later=day_with(site, access, talk[-1].citation, after=True),
        again=again,
        like=like,
        q=came.get("q", ""),
        back=access.url("/", **came) if came else "",
    )


def _tail(address: Address) -> str:
    return tail(address.citation, address.beside, address.stated)


def _named_beside(site: Site, address: Address) -> Mapping[Citation, Exchange]:
    """The other questions that an address names, by the messages that ask them.

    Of several that a message asks, the one of whose answers the address names most.
    """
    found: dict[Citation, Exchange] = {}
    for lead, cited in address.beside:
        if led := site.archive.led_by(lead):
            found[lead] = max(
                led.values(),
                key=lambda x: (sum(q.cited in cited for q in lines(x)), len(x.answers)),
            )
    return found


def _retold(found: Cited, chosen: int | None, address: Address, href: Href) -> tuple[Card, ...]:
    """What else there is to a message that retells: its other questions, and what followed it."""
    if chosen is None or not found.exchanges[chosen].retold:
        return ()
    led = list(found.exchanges.items())[: found.led]
    others = [x for i, x in led if i != chosen and x.answers]
    return tuple(card(x, Address(address.citation), href, {}) for x in others)


def _similar(
    site: Site, access: Access, chosen: int | None, told: Card | None, href: Href
) -> tuple[list[Listed], list[Listed]]:
    """The other times that a question was asked, and questions like it."""
    if chosen is None or told is None or not told.asked:
        return [], []
    pending = site.archive.pending()
    groups = [g for g in access.groups if g not in pending]
    alike = site.similar.to(chosen, told.question, groups, _AGAIN)
    known = site.archive.exchanges([*alike.again, *alike.like[:_LIKE]])
    again = [_listed(known[i], href) for i in alike.again if i in known]
    like = [_listed(known[i], href) for i in alike.like[:_LIKE] if i in known]
    again.sort(key=lambda x: x.when, reverse=True)
    return again, like


def _listed(exchange: Exchange, href: Href) -> Listed:
    lead = exchange.lead
    best = best_line([exchange])
    words = " ".join(filter(None, (shown(m.text) for m in exchange.question)))
    return Listed(
        href(lead.citation),
        words[:_LISTED] + ("…" if len(words) > _LISTED else ""),
        named(lead.speaker),
        lead.citation.date,
        best.text[:_LISTED] if best else "",
    )


def _preview(told: Card | None, lead: Message) -> str:
    """What a preview says below the title: the first answer, group and date."""
    first = told.first if told else ""
    where = f"{lead.citation.group} {lead.citation.date}"
    return f"{first[:_PREVIEW]} · {where}" if first else where


def _copied(told: Card | None, title: str, lead: Message, link: str) -> str:
    """The question with its answers as plain text, to be pasted elsewhere."""
    at = lead.citation
    said = [f"{named(lead.speaker)} {at.date} {at.time[:5]}：{title}"]
    said += (
        f"{a.name} {a.when}：" + " ".join(str(s.text.striptags()) for s in a.said)
        for a in (told.answers if told else ())
    )
    return "\n".join([*said, link or str(at)])[:_COPIED]


def _absolute(site: Site, citation: Citation) -> str:
    """The address of a page, as it is passed on: without what opens it."""
    return f"{site.settings.base_url}/m/{citation}"


def _number(given: str | None, most: int) -> int:
    return min(int(given), most) if given and given.isdecimal() and len(given) < 5 else 0


def _part(site: Site, access: Access, said: Message, number: str) -> WebPage:
    """A part of a long message by itself."""
    found = part(said.text, int(number)) if number.isdecimal() and len(number) < 6 else None
    if found is None:
        return site.note(404, "没有这一段", "这条消息没有这么长。", access.message(said.citation))
    text, parts = found
    cited = said.citation
    return site.page(
        "part.html",
        access=access,
        citation=cited,
        name=named(said.speaker),
        colour=colour(cited.group, said.speaker),
        text=text,
        paging=paging(parts, 1, int(number), lambda n: access.message(cited, part=n)),
        back=access.message(cited),
    )
