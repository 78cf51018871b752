"""The page of a person: what he or she asked and answered, and a way to all that was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.web.access import Access
from bot.web.names import colour, named
from bot.web.pages import closed
from bot.web.paging import page_number, paging
from bot.web.site import Arguments, Site, WebPage
from knowledge.language.display import quoted
from knowledge.model import Exchange

PAGE = 15
"""Questions on a page, and answers."""

_WORDS = 90


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, or an answer to one: its words, when, and where it stands."""

    href: str
    when: str
    words: str
    said: str = ""


def person(site: Site, group: str, name: str, arguments: Arguments) -> WebPage:
    """`/people/<group>/<name>`; who wishes to be forgotten has none."""
    access = site.access(arguments)
    if not access.may(group):
        return closed(site)
    known = site.archive.speakers(group) if group in site.archive.groups else []
    found = next((s for s in known if name in (s.name, named(s.name), *s.names)), None)
    if found is None:
        return site.note(404, "没有这位群友", "归档里没有这个名字。", access.url("/people"))
    asked, answered = site.archive.of_person(group, found.names)
    paged = paging(
        max(len(asked), len(answered)),
        PAGE,
        page_number(arguments),
        lambda n: access.person(group, found.name, page=n),
    )

    def read(ids: Sequence[int]) -> Iterable[Exchange]:
        return site.archive.exchanges(ids).values()

    return site.page(
        "person.html",
        access=access,
        group=group,
        name=named(found.name),
        colour=colour(group, found.name),
        others=[named(n) for n in found.names if n != found.name][:6],
        messages=found.messages,
        first=min(found.months),
        last=max(found.months),
        asked=[_entry(access, x) for x in read(asked[paged.part])],
        answered=_answered(access, read(answered[paged.part]), found.names),
        counts=(len(asked), len(answered)),
        all=access.url("/", **{"q": "", "in": "words", "speaker": named(found.name)}),
        paging=paged,
    )


def _entry(access: Access, x: Exchange, said: str = "") -> Entry:
    at = x.lead.citation
    words = " ".join(filter(None, (quoted(m.text) for m in x.question)))[:_WORDS]
    return Entry(access.message(at), f"{at.date} {at.time[:5]}", words or "（图片）", said)


def _answered(access: Access, found: Iterable[Exchange], names: Sequence[str]) -> list[Entry]:
    entries = []
    for x in found:
        own = [a for a in x.answers if a.message.speaker in names]
        best = max(own, key=lambda a: a.probability, default=None)
        entries.append(_entry(access, x, quoted(best.message.text)[:_WORDS] if best else ""))
    return entries
