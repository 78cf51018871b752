"""Tells on which days it changes anything that names turned out to be somebody else's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from knowledge.language.kinds import may_name, mentions, quote
from knowledge.language.names import tidy
from knowledge.loading.days import Days
from knowledge.loading.linker import Job

_Names = tuple[str, tuple[str, ...], str]
"""Who speaks in a message, whom it mentions, and whom it quotes; tidied."""


def moved(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """The names that now belong together with other names than they did before."""
    was, is_now = _circles(before), _circles(now)
    alone: frozenset[str] = frozenset()
    return {n for n in was.keys() | is_now.keys() if was.get(n, alone) != is_now.get(n, alone)}


def holding(days: Days, group: str, names: Collection[str]) -> Iterator[int]:
    """The days of a group on which some names speak or are named, and those beside such a day."""
    for day in days.of(group):
        found = days.get(day)
        if found and any(
            _tidied(speaker) in names or (may_name(text) and not _all(text).isdisjoint(names))
            for speaker, text in days.said(found)
        ):
            yield from (d for by in (-1, 0, 1) if (d := days.beside(day, by)) is not None)


def _all(text: str) -> set[str]:
    named, quoted = _named(text)
    return {*named, quoted}


def changes(
    days: Days,
    job: Job,
    before: Mapping[str, str],
    now: Mapping[str, str],
    moved: Collection[str],
    retold: Collection[str],
) -> bool:
    """Whether a day is linked otherwise by these people than by those before.

    Only who is one with whom counts, among those who speak or are named on the day and at the ends
    of the days beside it. `moved` are the names that belong to others now, `retold` those that
    several bear now or bore before, but not both.
    """
    names = list(_names(days, job))
    here = {name for speaker, named, quoted in names for name in (speaker, *named, quoted)}
    if not here.isdisjoint(retold):
        return True
    return not here.isdisjoint(moved) and _pattern(names, before) != _pattern(names, now)


def _names(days: Days, job: Job) -> Iterator[_Names]:
    for day in (job.before, job.here, job.after, *job.further):
        for speaker, text in days.said(day) if day else ():
            named, quoted = _named(text) if may_name(text) else ((), "")
            yield _tidied(speaker), named, quoted


@lru_cache(maxsize=8192)
def _tidied(name: str) -> str:
    return tidy(name)


def _named(text: str) -> tuple[tuple[str, ...], str]:
    """Whom a text mentions and quotes."""
    quoted, said = quote(text)
    return tuple(map(tidy, mentions(said))), tidy(quoted.name) if quoted else ""


def _pattern(names: list[_Names], people: Mapping[str, str]) -> list[int]:
    """Who is one with whom: each person as the number of his first place.

    Of several mentions in one message the first by name counts more, so its place is told, too.
    """
    numbers: dict[str, int] = {}
    found: list[int] = []
    for speaker, named, quoted in names:
        people_named = [people.get(name, name) for name in named]
        everybody = [people.get(speaker, speaker), *people_named, people.get(quoted, quoted)]
        found += [numbers.setdefault(who, len(numbers)) for who in everybody]
        if len(people_named) > 1:
            found.append(people_named.index(min(people_named)))
    return found


def _circles(people: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Each name that shares its person with others, with all names of that person."""
    by_person: dict[str, set[str]] = {}
    for name, person in people.items():
        by_person.setdefault(person, {person}).add(name)
    shared = (frozenset(names) for names in by_person.values() if len(names) > 1)
    return {name: names for names in shared for name in names}
