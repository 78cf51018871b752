"""What comes from a chat and what goes into it: people, rooms, and messages in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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

    `mention` is the contact to be mentioned in the room. `decided_at` is when, by the bot's
    clock; `key` is the same however often this message is tried. `reply_to` is the id of the
    message that is answered; empty: none is.
    """

    room: Room | None
    to: Contact
    text: str
    decided_at: datetime
    key: str
    mention: bool = False
    reply_to: str = ""
