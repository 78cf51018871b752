"""Leafs through a list: which page is wanted, what stands on it, and where those beside it are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.web.site import Arguments


@dataclass(frozen=True, slots=True)
class Paging:
    """A page by its number, from 1; `part` is what of the list stands on it.

    `before` and `after` lead to the pages beside it; empty where there is none.
    """

    number: int
    pages: int
    part: slice
    before: str
    after: str


def page_number(arguments: Arguments) -> int:
    """Which page was asked for, from 1."""
    given = arguments.get("page") or "1"
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1


def paging(
    count: int, size: int, number: int, url: Callable[[int], str], *, clamped: bool = False
) -> Paging:
    """A page of `size` among `count` entries; `clamped`: the last page for any beyond it."""
    pages = max(1, -(-count // size))
    number = min(number, pages) if clamped else number

    def beside(page: int) -> str:
        return url(page) if 1 <= page <= pages else ""

    part = slice(size * (number - 1), size * number)
    return Paging(number, pages, part, beside(number - 1), beside(number + 1))
