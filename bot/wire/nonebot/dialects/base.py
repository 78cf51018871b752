"""What the adapter of any network tells of a message, and how one is sent over it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from nonebot.adapters import Bot, Event
from nonebot.exception import ActionFailed, AdapterException

from bot.bounded import Bounded
from bot.terms import Contact, Outgoing
from bot.wire.nonebot.parts import Part, Quoted
from bot.wire.terms import Refused

T = TypeVar("T")

BEHIND_PLACE = "/#"
"""What stands between the room, or contact, of a message and its own id there."""

KEPT_SECONDS = 600.0
"""How long a name that had to be asked for is believed."""

KEPT = 10_000
"""How many such names are kept."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as its network has it; ids are the network's own.

    `room` is None when it came privately. `to_me`: the adapter takes it to be put to the bot.
    `quoted` is the message that it replies to, as far as it is known.
    """

    room: str | None
    topic: str
    sender: Contact
    parts: tuple[Part, ...]
    sent_at: datetime
    to_me: bool
    quoted: Quoted | None = None


class Kept:
    """Answers of a network that are kept for a while: names of rooms and members."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all: Bounded[Hashable, tuple[float, Any]] = Bounded(KEPT)

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]], default: T) -> T:
        """What was answered lately, else now; the default where the network does not tell."""
        now = self._clock()
        found = self._all.get(key)
        if found is None or now - found[0] > KEPT_SECONDS:
            try:
                value = await ask()
            except (AdapterException, LookupError, TypeError, ValueError):
                value = found[1] if found else default
            self.note(key, value)
            return value
        kept: T = found[1]
        return kept

    def note(self, key: Hashable, value: object) -> None:
        """Keep what the network told unasked."""
        self._all[key] = (self._clock(), value)


class Dialect:
    """A network that is known by nothing but what all adapters of NoneBot have in common.

    A room is whatever the adapter's session holds beside its sender. It can be replied to, and
    nothing sent to anybody who has not written.
    """

    def __init__(self, network: str) -> None:
        self.network = network
        self.kept = Kept()

    def id_of(self, event: Event) -> str:
        """The id of a message; LookupError: it has none."""
        for name in ("message_id", "msg_id", "id"):
            if (found := getattr(event, name, None)) not in (None, ""):
                return str(found)
        raise LookupError("the message has no id")

    def room_of(self, event: Event) -> str | None:
        """The id of the room of a message; None: it came privately."""
        return event.get_session_id().removesuffix(event.get_user_id()).strip("_-: ") or None

    def key_of(self, event: Event) -> str:
        """The id of a message among those of all networks; LookupError, ValueError: it has none."""
        place = self.room_of(event) or event.get_user_id()
        return f"{self.network}:{place}{BEHIND_PLACE}{self.id_of(event)}"

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message, or why it is none for the bot."""
        sender = event.get_user_id()
        return Said(
            room=self.room_of(event),
            topic="",
            sender=Contact(sender, sender),
            parts=(event.get_plaintext(),),
            sent_at=datetime.now(UTC),
            to_me=event.is_tome(),
        )

    async def own(self, bot: Bot) -> Contact:
        """Who is logged in; raises while nobody is."""
        return Contact(bot.self_id, bot.self_id)

    async def probe(self, bot: Bot) -> None:
        """Have the network answer something, where the adapter does not watch over that itself."""

    async def missed(self, bot: Bot) -> list[tuple[str, Said]]:
        """What was said lately in the rooms, each message with its key, where the network tells."""
        return []

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Send a message, replying to `event` if there is one; its id, or ""."""
        if event is None:
            raise Refused(f"{self.network} lets nobody be written to who has not written")
        text = outgoing.text
        if outgoing.mention and outgoing.room:
            text = f"@{outgoing.to.name} {text}"
        result = await bot.send(event, text)
        return str(getattr(result, "message_id", "") or "")

    def raw(self, id: str) -> str:
        """The id of a room or contact as the network has it, or of a message."""
        return id.removeprefix(f"{self.network}:").rpartition(BEHIND_PLACE)[2]


def refused(error: Exception) -> Refused | None:
    """A refusal by the network, where an error is one: then it was not sent."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, ActionFailed):
        return Refused(repr(error)[:200])
    return None
