"""`/` without a question: what was asked of late and most, examples, and the days by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reply.excerpt import best_line, words
from bot.rooms import Rooms
from bot.web.access import Access
from bot.web.pages import closed
from bot.web.site import Arguments, Site, WebPage
from knowledge.language.display import shown
from knowledge.store.read import GroupStats

LATELY, OFTEN, EXAMPLES = 6, 6, 4
"""Questions that are listed of each kind at most."""

_WORDS = 60
_LONGEST = 40  # characters of a question that is an example


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its months and days, and how many questions of it can be asked."""

    stats: GroupStats
    answerable: int
    months: tuple[tuple[str, int, str, bool], ...]
    days: tuple[tuple[str, int, str], ...]
    examples: tuple[tuple[str, str, str], ...]


def front(site: Site, access: Access, arguments: Arguments) -> WebPage:
    """The groups that a request may see; 403 where there are some, and it may see none."""
    if not access.groups and site.archive.groups:
        return closed(site)
    wanted = arguments.get("group") or ""
    groups = [
        _group(site, access, stats, (arguments.get("month") or "") if stats.group == wanted else "")
        for stats in site.archive.stats()
        if access.may(stats.group)
    ]
    lately, often = _asked(site, access)
    return site.page("front.html", access=access, groups=groups, q="", lately=lately, often=often)


def _group(site: Site, access: Access, stats: GroupStats, month: str) -> Group:
    group, archive = stats.group, site.archive
    months = archive.months(group)
    days = dict(months).get(month, months[0][1] if months else [])
    chosen = days[0][0][:7] if days else ""
    examples = []
    for x in archive.examples(group, EXAMPLES * 3):
        asked, best = words(x), best_line([x])
        if best and len(asked) <= _LONGEST:
            examples.append((access.message(x.lead.citation), asked, best.text[:_WORDS]))
    return Group(
        stats,
        archive.answerable(group),
        tuple(
            (m, sum(n for _, n in d), access.url("/", group=group, month=m), m == chosen)
            for m, d in months
        ),
        tuple((d, n, access.day(group, d)) for d, n in sorted(days)),
        tuple(examples[:EXAMPLES]),
    )


def _asked(site: Site, access: Access) -> tuple[Sequence[tuple[str, str]], ...]:
    """What was asked of late in rooms whose group a request may see, and what most often.

    What somebody asked privately is nobody else's.
    """
    rooms = Rooms(site.settings, site.record)
    visible: dict[str, bool] = {}
    texts: dict[str, int] = {}
    for text, room in site.record.told(_MOST_ASKED):
        if room not in visible:
            group = rooms.answered_in(room) if room else None
            visible[room] = bool(group) and access.may(group or "")
        if visible[room]:
            texts[text] = texts.get(text, 0) + 1
    often = sorted((t for t, n in texts.items() if n > 1), key=lambda t: -texts[t])

    def linked(found: Sequence[str]) -> list[tuple[str, str]]:
        return [(access.url("/", q=t), shown(t)[:_WORDS]) for t in found]

    return linked(list(texts)[:LATELY]), linked(often[:OFTEN])


_MOST_ASKED = 400  # questions that are looked at, the newest
