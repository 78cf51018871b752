"""Narrows what was found down by group, month and person, and says how much each would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.web.names import named
from bot.web.site import Arguments

T = TypeVar("T")

Values = Callable[[T, str], Collection[str]]
"""What something that was found has of a kind: `group`, `month` or `speaker`."""

_TITLES = {"group": "群", "month": "月份", "speaker": "群友"}
_MOST = 8  # values of a kind that are offered


@dataclass(frozen=True, slots=True)
class Facet:
    """A value to narrow what was found down by, and the link that does it, or undoes it."""

    value: str
    count: int
    href: str
    chosen: bool


def wanted(arguments: Arguments) -> dict[str, str]:
    """What it is to be narrowed down by, of each kind; empty: by nothing."""
    return {kind: arguments.get(kind) or "" for kind in _TITLES}


def values_of(group: str, date: str, speakers: Iterable[str], kind: str) -> Collection[str]:
    """What is of a kind in something that these people said in a group on a date."""
    if kind == "speaker":
        return {named(s) for s in speakers}
    return (group if kind == "group" else date[:7],)


def narrowed(found: Sequence[T], values: Values[T], wanted: Mapping[str, str]) -> list[T]:
    """What is left of it."""
    return [x for x in found if all(not w or w in values(x, k) for k, w in wanted.items())]


def facets(
    found: Sequence[T], values: Values[T], wanted: Mapping[str, str], url: Callable[..., str]
) -> list[tuple[str, list[Facet]]]:
    """The kinds of which there is something to choose, each with its title and values."""
    offered = [(title, _facet(found, values, kind, wanted, url)) for kind, title in _TITLES.items()]
    return [(title, vs) for title, vs in offered if len(vs) > 1 or any(v.chosen for v in vs)]


def _facet(
    found: Sequence[T],
    values: Values[T],
    kind: str,
    wanted: Mapping[str, str],
    url: Callable[..., str],
) -> list[Facet]:
    """The values of a kind, with how much each would leave; the most first, months by date."""
    left = narrowed(found, values, {**wanted, kind: ""})
    counts = Counter(value for x in left for value in values(x, kind))
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if kind == "month":
        most.sort(reverse=True)
    kept = [(v, n) for i, (v, n) in enumerate(most) if i < _MOST or v == wanted[kind]]
    return [
        Facet(v, n, url(**{kind: "" if v == wanted[kind] else v}), v == wanted[kind])
        for v, n in kept
    ]
