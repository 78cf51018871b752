"""The desk's work list: what was asked and not found, and what an operator does about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from bot.decision import Verdict
from bot.live import archive_answer
from bot.reasons import Why
from bot.record.record import Record
from bot.reply.excerpt import lines, surest
from bot.rooms import Rooms
from bot.terms import Contact, Incoming
from bot.todo import Todo, find, todos
from bot.web.access import Access
from bot.web.paging import Paging, page_number, paging
from bot.web.site import Arguments, Site
from knowledge.groups import group_name
from knowledge.language.display import quoted, shown
from knowledge.model import Citation, Exchange

PAGE = 6
"""Cards on a page."""

_ANSWER = 4_000
_NAME = 40
_WORDINGS = 4
_WORDS = 160


@dataclass(frozen=True, slots=True)
class Nearest:
    """The archived question that is nearest to one, how surely it is the same, and its answer."""

    href: str
    citation: str
    question: str
    answer: str
    by: str
    share: str


@dataclass(frozen=True, slots=True)
class Card:
    """A question of the work list; `groups` are those that its answer may belong to, best first."""

    text: str
    shown: str
    others: tuple[str, ...]
    room: str
    times: int
    last: str
    groups: tuple[str, ...]
    nearest: Nearest | None


@dataclass(frozen=True, slots=True)
class Work:
    """A page of the work list, each question with the groups that may answer it; `left`: in all."""

    asked: Mapping[Todo, tuple[str, ...]]
    left: int
    paging: Paging


def work(site: Site, arguments: Arguments) -> Work:
    """The page of the work list that is wanted; the last, if there is none such."""
    found, rooms = todos(site.record), Rooms(site.settings, site.record)
    address = f"{site.settings.prefix}/desk?page="
    number = page_number(arguments)
    paged = paging(len(found), PAGE, number, lambda n: f"{address}{n}", clamped=True)
    asked = {todo: _groups_of(site, rooms, todo.room) for todo in found[paged.part]}
    return Work(asked, len(found), paged)


def _groups_of(site: Site, rooms: Rooms, room: str) -> tuple[str, ...]:
    """The groups that answer where a question was put; none: those that answer privately."""
    found = rooms.groups_of(room) if room else site.settings.private
    return tuple(g for g in found if g in site.archive.groups)


def cards(
    site: Site, access: Access, todo: Iterable[Todo], verdicts: Mapping[Todo, Verdict]
) -> list[Card]:
    """What is shown of some questions, with what was found nearest to each."""
    rooms = Rooms(site.settings, site.record)
    return [_card(site, access, rooms, t, verdicts.get(t)) for t in todo]


def _card(site: Site, access: Access, rooms: Rooms, todo: Todo, verdict: Verdict | None) -> Card:
    own = rooms.answered_in(todo.room) or ""
    words = [shown(t)[:_WORDS] for t in todo.texts]
    match = verdict.matches[0] if verdict and verdict.matches else None
    nearest = None
    if match is not None and (said := _answer_of(match.told)):
        lead = match.told.lead
        nearest = Nearest(
            access.message(lead.citation),
            str(lead.citation),
            quoted(lead.text)[:_WORDS],
            said[1][:_WORDS],
            shown(said[0])[:_NAME],
            f"{match.confidence:.0%}",
        )
    return Card(
        todo.text,
        words[0] or todo.text[:_WORDS],
        tuple(dict.fromkeys(words[1:]))[:_WORDINGS],
        todo.room,
        todo.times,
        todo.last,
        tuple(dict.fromkeys((own, *site.archive.groups))),
        nearest,
    )


def _answer_of(exchange: Exchange) -> tuple[str, str] | None:
    """Who gave the surest answer of an exchange, and all that they said of it."""
    found = surest(lines(exchange))
    if not found:
        return None
    speaker = found[0].message.speaker
    said = sorted((q for q in found if q.message.speaker == speaker), key=lambda q: q.cited)
    return speaker, " ".join(q.text for q in said)


def act(site: Site, what: str, posted: Mapping[str, str], now: datetime) -> str:
    """Do what a button of a card says; what came of it, a key of `desk._SAID`."""
    text, room = posted.get("question", "").strip(), posted.get("room", "")
    todo = find(site.record, text, room)
    if what == "answer" and not (text and posted.get("answer", "").strip()):
        return "empty"
    if todo is None:
        return "gone"  # another operator did it, or who asked it wanted it forgotten
    if site.immutable:
        return "fixed"
    if what == "dismiss":
        return "dismissed" if _note(site, todo, Why.DISMISSED) else "unwritten"
    rooms = Rooms(site.settings, site.record)
    if what == "teach":
        given = _taught(site, rooms, todo, posted.get("citation", ""))
    else:
        given = _written(site, rooms, todo, posted)
    if given is None:
        return "empty"
    group, name, answer = given
    said = Incoming("desk", None, Contact("desk", name), answer[:_ANSWER], now)
    archive_answer(site.settings.answers, site.settings.zone, group, todo.text, said)
    _note(site, todo, Why.TAUGHT)
    if not site.reloader.running:
        site.reloader.start()
    return "answered"


def _note(site: Site, todo: Todo, why: Why) -> bool:
    with closing(Record(site.database)) as record:
        since = record.mark()
        record.done(todo.texts, todo.room, why)
        return record.kept(since)


def _written(
    site: Site, rooms: Rooms, todo: Todo, posted: Mapping[str, str]
) -> tuple[str, str, str] | None:
    """Group, name and text of an answer that was typed."""
    own = rooms.answered_in(todo.room)
    group = group_name(posted.get("group", ""))
    if group not in {*site.archive.groups, own}:
        return None
    name = posted.get("name", "").strip()[:_NAME] or "管理员"
    return group, name, posted.get("answer", "").strip()


def _taught(site: Site, rooms: Rooms, todo: Todo, cited: str) -> tuple[str, str, str] | None:
    """The same of an archived answer, which stays whose it is: forgotten with all that is theirs.

    It is one of a group that answers where the question was put, and stays in it.
    """
    try:
        citation = Citation.parse(cited[:300])
    except ValueError:
        return None
    if citation.group not in _groups_of(site, rooms, todo.room):
        return None
    led = site.archive.led_by(citation).values()
    said = next((a for x in led if (a := _answer_of(x))), None)
    if said is None:
        return None
    return citation.group, said[0], f"{said[1]}（原文 {citation}）"
