"""What the bot remembers of a conversation while it runs; in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.reply.reply import Page, PermalinkTo, asked_again, told
from bot.terms import Incoming
from knowledge.matching.match import Match
from knowledge.model import Exchange

FRESH = timedelta(minutes=10)
"""How long a reply can be talked about: 更多, 有用, 出处."""

_PLACES = 5_000
_SEEN = 50_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(OrderedDict[K, V], Generic[K, V]):
    """A dict that forgets what was put first when it holds too much."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


@dataclass
class LastReply:
    """The last reply in a place: what can still be said about it.

    `exchange` is what was quoted last, None when nothing was found; then `near` are the near misses
    that were offered. `same` are all exchanges that asked this, `left` pages not shown yet,
    `others` further matches for when those are used up. `asker` is the contact who was replied to;
    `passed`: something else was said in that place since.
    """

    at: datetime
    asked: str
    reply: int
    exchange: Exchange | None
    left: list[Page]
    others: list[Match]
    near: tuple[Match, ...] = ()
    asker: str = ""
    passed: bool = False
    same: tuple[Exchange, ...] = ()

    def quote(self, match: Match, permalink_to: PermalinkTo) -> str:
        """Go on with a match; the first page of the reply to it."""
        first, *self.left = told(match, permalink_to)
        self.exchange, self.same = first.exchange, tuple(asked_again(match))
        return first.text

    def more(self) -> str:
        """The next page that was not shown yet."""
        page = self.left.pop(0)
        self.exchange = page.exchange
        return page.text

    def fresh(self, now: datetime) -> bool:
        """Whether it is recent enough to be talked about."""
        return now - self.at <= FRESH


@dataclass(frozen=True, slots=True)
class Held:
    """An overheard question that waits whether a person answers it."""

    incoming: Incoming
    asked: str
    matches: tuple[Match, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision with its figures, for /why."""

    text: str
    reason: str
    threshold: float
    matches: tuple[Match, ...]


@dataclass
class Memory:
    """What is remembered, by place: a room's id, or `@` and a contact's id in private."""

    last: Bounded[str, LastReply] = field(default_factory=lambda: Bounded(_PLACES))
    held: dict[str, list[Held]] = field(default_factory=dict)
    quiet_until: Bounded[str, datetime] = field(default_factory=lambda: Bounded(_PLACES))
    why: Bounded[str, Explained] = field(default_factory=lambda: Bounded(_PLACES))
    refused: Bounded[str, datetime] = field(default_factory=lambda: Bounded(_PLACES))
    seen: Bounded[str, None] = field(default_factory=lambda: Bounded(_SEEN))
    met: Bounded[tuple[str, str], str] = field(default_factory=lambda: Bounded(_SEEN))

    def forget(self, contact: str) -> None:
        """Drop that a contact was seen speaking anywhere."""
        for key in [k for k in self.met if k[1] == contact]:
            del self.met[key]


def place(incoming: Incoming) -> str:
    """Where a conversation happens."""
    return incoming.room.id if incoming.room else f"@{incoming.sender.id}"
