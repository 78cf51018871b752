"""What comes from a chat and what goes into it: the terms between the core and its adapters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from knowledge.matching.match import Match


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in the chat: the id that nobody can choose, and the name that anybody can."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Room:
    """A group chat: its id, and its topic, which can change."""

    id: str
    topic: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it arrived.

    `room` is None when it came privately. `mentioned`: it mentions the bot. `own`: the bot sent
    it. `sent_at` is when it was sent, by the chat's clock, with a time zone.
    """

    id: str
    room: Room | None
    sender: Contact
    text: str
    sent_at: datetime
    mentioned: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent: to a room if there is one, else privately to a contact.

    `mention` is the contact to be mentioned in the room. `decided_at` tells an outbox how late it
    is; `key` is the same however often this message is tried.
    """

    room: Room | None
    to: Contact
    text: str
    decided_at: datetime
    key: str
    mention: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a message, with its reason in one line; `sends` in the order to be sent.

    The reason is `answered`, `held: …`, `command: …`, `silent: …` or `refused: …`. `matches` are
    what was found, best first, whether it was said or not; `threshold` is the confidence from
    which on it would be said.
    """

    incoming: Incoming
    reason: str
    sends: tuple[Outgoing, ...] = ()
    matches: tuple[Match, ...] = ()
    threshold: float = 0.0


class Core(Protocol):
    """What an adapter drives: every adapter the same, WeChat, console and harness."""

    def receive(self, incoming: Incoming) -> Decision:
        """Decide about a message; never raises, whatever it holds."""

    def due(self, now: datetime) -> list[Decision]:
        """Decisions that waited for time to pass (held messages, a reload that has ended)."""

    def close(self) -> None:
        """Write down what is still to be written, and let go of the database."""
