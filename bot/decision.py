"""What comes of a question, by the knowledge, and of a message; and what an adapter drives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.reasons import Reason, Why
from bot.reply.reply import Page
from bot.terms import Incoming, Outgoing
from knowledge.matching.match import Match
from knowledge.model import Citation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the knowledge has to say to a text, and what a group would be shown first.

    `matches` are what was found, best first, whether it is said or not; `threshold` is the
    confidence from which on it is said. `reply` is the text that is shown first, empty when it is
    better to be silent. `pages` are those of the answer, that one first, behind it what `更多`
    shows; `near` are what is offered to choose from, `offered` the messages by which `reply` names
    these, in its order.
    """

    reason: Reason
    matches: tuple[Match, ...]
    threshold: float
    reply: str = ""
    pages: tuple[Page, ...] = ()
    near: tuple[Match, ...] = ()
    offered: tuple[Citation, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether an answer is told, without a doubt."""
        return self.reason.why is Why.ANSWERED

    @property
    def hedged(self) -> bool:
        """Whether the answer is told with a doubt."""
        return self.reason.why is Why.HEDGED

    @property
    def confidence(self) -> float:
        """That of the best match; 0 without any."""
        return self.matches[0].confidence if self.matches else 0.0

    @property
    def shown(self) -> tuple[Citation, ...]:
        """The messages that are quoted as answers in `reply`, in its order."""
        return self.pages[0].shown if self.pages else ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a message, with its reason; `sends` in the order to be sent.

    `verdict` is what the knowledge had to say, where it was asked.
    """

    incoming: Incoming
    reason: Reason
    sends: tuple[Outgoing, ...] = ()
    verdict: Verdict | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        """What was found, best first, whether it was said or not."""
        return self.verdict.matches if self.verdict else ()

    @property
    def threshold(self) -> float:
        """The confidence from which on what was found would be said."""
        return self.verdict.threshold if self.verdict else 0.0


class Core(Protocol):
    """What an adapter drives: every adapter the same, WeChat, console and harness."""

    def receive(self, incoming: Incoming) -> Decision:
        """Decide about a message; never raises, whatever it holds."""

    def archive(self, incoming: Incoming) -> None:
        """Archive what was said while the bot was away, if that is wanted; it is not answered."""

    def due(self, now: datetime) -> list[Decision]:
        """Decisions that waited for time to pass (held messages, a reload that has ended)."""

    def next_due(self) -> datetime | None:
        """When something that waits for time to pass is due next; None: nothing waits for it."""

    def close(self) -> None:
        """Write down what is still to be written, and let go of the database."""
