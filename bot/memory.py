"""What the bot remembers of a conversation while it runs; in bounded memory.

Moments in it are those of a clock that is never set back: their date may be wrong, what lies
between two of them is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.bounded import Bounded
from bot.decision import Verdict
from bot.reasons import Reason
from bot.record.writing import Noted
from bot.reply.reply import Page, asked_again
from bot.terms import Incoming
from knowledge.matching.match import Match
from knowledge.model import Exchange

FRESH = timedelta(minutes=10)
"""How long a reply can be talked about: 更多, 有用, 出处."""

TOLD = 3
"""Matches that /why tells of at most."""

EXPLAINED = 5
"""Decisions of a place that /why tells of at most."""

_PLACES = 5_000
_SEEN = 50_000


@dataclass
class LastReply:
    """The last reply in a place: what can still be said about it.

    `text` is what was asked, `question` its note in the record, `reply` that of the reply, None
    when nothing was found; then `near` are the near misses that were offered. `exchange` is what
    was quoted last, `same` are all exchanges that asked this, `left` pages not shown yet, `others`
    further matches for when those are used up. `asker` is the contact who was replied to;
    `passed`: something else was said in that place since.
    """

    at: datetime
    text: str
    question: Noted
    asker: str
    reply: Noted | None = None
    exchange: Exchange | None = None
    left: list[Page] = field(default_factory=list)
    others: list[Match] = field(default_factory=list)
    near: tuple[Match, ...] = ()
    passed: bool = False
    same: tuple[Exchange, ...] = ()

    def quote(self, match: Match, pages: Sequence[Page], reply: Noted) -> None:
        """Go on with a match, of whose pages the first was sent as `reply`."""
        first, *self.left = pages
        self.exchange, self.same, self.reply = first.exchange, tuple(asked_again(match)), reply

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
    text: str
    verdict: Verdict
    until: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision about what somebody said, for /why; `addressed`: it was put to the bot."""

    text: str
    contact: str
    addressed: bool
    reason: Reason
    verdict: Verdict | None

    @property
    def is_chatter(self) -> bool:
        """Whether it was nothing for the bot, and nothing was looked for."""
        return self.verdict is None and not self.addressed


@dataclass
class Memory:
    """What is remembered, by place: a room's id, or `@` and a contact's id in private."""

    last: Bounded[str, LastReply] = field(default_factory=lambda: Bounded(_PLACES))
    held: dict[str, list[Held]] = field(default_factory=dict)
    quiet_until: Bounded[str, datetime] = field(default_factory=lambda: Bounded(_PLACES))
    why: Bounded[str, deque[Explained]] = field(default_factory=lambda: Bounded(_PLACES))
    refused: Bounded[str, datetime] = field(default_factory=lambda: Bounded(_PLACES))
    seen: Bounded[str, None] = field(default_factory=lambda: Bounded(_SEEN))
    met: Bounded[tuple[str, str], str] = field(default_factory=lambda: Bounded(_SEEN))
    sure: Bounded[str, datetime] = field(default_factory=lambda: Bounded(_PLACES))
    """When a contact was asked whether all that he said is to be forgotten."""

    def explain(self, where: str, explained: Explained) -> None:
        """Keep a decision, and some before it; of chatter only the last.

        Only of the newest it can be asked which matches there were, and of these only how sure each
        was and what it asks: no more is kept, or who asks in a thousand rooms fills the memory.
        """
        decided = self.why.setdefault(where, deque(maxlen=EXPLAINED))
        if decided and explained.is_chatter and decided[-1].is_chatter:
            decided.pop()
        if decided:
            decided.append(_light(decided.pop(), 0))
        decided.append(_light(explained, TOLD))

    def reply(self, where: str, last: LastReply) -> None:
        """Keep the last reply of a place, and drop those that cannot be talked about any more."""
        self.last[where] = last
        while (oldest := next(iter(self.last.values()))) and not oldest.fresh(last.at):
            self.last.popitem(last=False)

    def next_due(self) -> datetime | None:
        """When a held question has waited long enough; None when none is held."""
        return min((h.until for held in self.held.values() for h in held), default=None)

    def forget(self, contact: str) -> None:
        """Drop that a contact was seen speaking anywhere, and what was decided about that."""
        for key in [k for k in self.met if k[1] == contact]:
            del self.met[key]
        for where, decided in list(self.why.items()):
            self.why[where] = deque((e for e in decided if e.contact != contact), maxlen=EXPLAINED)

    def drop_quotes(self) -> None:
        """Drop what was quoted, or could be: something in it is to be forgotten."""
        self.last.clear()
        self.why.clear()


def _light(explained: Explained, matches: int) -> Explained:
    """A decision without what was replied, and so many matches without their answers."""
    verdict = explained.verdict
    if verdict is None:
        return explained
    kept = tuple(
        Match(
            Exchange(m.exchange.question[:1], ()),
            m.confidence,
            by=m.by,
            read_as=m.read_as,
        )
        for m in verdict.matches[:matches]
    )
    return replace(explained, verdict=replace(verdict, matches=kept, reply="", pages=(), near=()))


def place(incoming: Incoming) -> str:
    """Where a conversation happens."""
    return incoming.room.id if incoming.room else f"@{incoming.sender.id}"
