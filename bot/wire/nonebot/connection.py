"""Stands between a bot that NoneBot keeps connected and the wire: one connection of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nonebot.adapters import Bot, Event
from nonebot.exception import AdapterException, ApiNotAvailable

from bot.bounded import Bounded
from bot.terms import Contact, Incoming, Outgoing, Room
from bot.wire.nonebot.dialects.base import Dialect, Said, refused
from bot.wire.nonebot.parts import called, quoting, text_of
from bot.wire.terms import Down, Listener, NotSent, Refused

ANSWERABLE = 1_000
"""How many messages are kept that can be replied to by their events; later ones go by their ids."""


class Seat:
    """An account's place: the bot of the moment, if it is connected, and its messages.

    `own` are the ids of all accounts of ours in its network; `history`: what was said while it was
    away is wanted.
    """

    def __init__(
        self, dialect: Dialect, own: set[str], names: tuple[str, ...], history: bool = False
    ) -> None:
        self.history = history
        self.dialect = dialect
        self.own = own
        self.names = names
        self._bot: Bot | None = None
        self._changed = asyncio.Event()
        self._waiting: dict[str, Event] = {}
        self._read: Bounded[str, Event] = Bounded(ANSWERABLE)

    @property
    def bot(self) -> Bot | None:
        """The bot that is connected."""
        return self._bot

    @bot.setter
    def bot(self, bot: Bot | None) -> None:
        self._bot = bot
        self._changed.set()
        self._changed = asyncio.Event()

    async def other_than(self, bot: Bot | None) -> Bot | None:
        """Wait until another bot is connected, or none."""
        while self._bot is bot:
            await self._changed.wait()
        return self._bot

    def keep(self, message_id: str, event: Event) -> None:
        """Keep an event until its message is fetched."""
        self._waiting[message_id] = event

    def take(self, message_id: str) -> Event | None:
        """The event of a message that is fetched; it can be replied to for a while."""
        event = self._waiting.pop(message_id, None) or self._read.get(message_id)
        if event is not None:
            self._read[message_id] = event
        return event

    def answerable(self, message_id: str) -> Event | None:
        """The event of a message that was fetched lately."""
        return self._read.get(message_id)


class NoneBotConnection:
    """From the moment when a bot is connected and logged in until it is not."""

    def __init__(self, seat: Seat, listener: Listener) -> None:
        self._seat = seat
        self._dialect = seat.dialect
        self._listener = listener
        self._bot: Bot | None = None

    async def run(self) -> None:
        """Wait for the bot and its login, then until it is gone: NoneBot connects it again."""
        bot = self._seat.bot or await self._seat.other_than(None)
        if bot is None:
            raise Down("the bot was gone at once")
        own = await self._dialect.own(bot)
        self._bot = bot
        self._seat.own.add(own.id)
        self._listener.on_login(Contact(f"{self._dialect.network}:{own.id}", own.name))
        await self._seat.other_than(bot)
        raise Down("the network's connection is gone")

    async def probe(self) -> None:
        """Have the network answer, where that tells more than NoneBot does."""
        await self._dialect.probe(self._connected())

    async def fetch(self, message_id: str) -> Incoming | str:
        """The message of an event that was kept."""
        event = self._seat.take(message_id)
        if event is None:
            raise Refused("its event is not there")
        said = await self._dialect.said(self._connected(), event)
        return said if isinstance(said, str) else incoming(said, message_id, self._seat)

    async def missed(self) -> list[Incoming]:
        """What the rooms' histories hold, if they are wanted."""
        if not self._seat.history:
            return []
        try:
            found = await self._dialect.missed(self._connected())
        except AdapterException as e:
            raise Refused(repr(e)[:200]) from e
        return [incoming(said, key, self._seat) for key, said in found]

    async def send(self, outgoing: Outgoing) -> str:
        """Send by the network's own means."""
        bot = self._connected()
        event = self._seat.answerable(outgoing.reply_to)
        try:
            return await self._dialect.send(bot, outgoing, event)
        except ApiNotAvailable as e:
            raise NotSent("the connection is gone") from e
        except Exception as e:
            if found := refused(e):
                raise found from e
            raise

    def close(self) -> None:
        """Let go of the bot, which stays connected if it is."""
        self._bot = None

    def _connected(self) -> Bot:
        if self._bot is None or self._bot is not self._seat.bot:
            raise NotSent("the connection is gone")
        return self._bot


def incoming(said: Said, message_id: str, seat: Seat) -> Incoming:
    """A message as the core has it: ids bear the network, and what it replies to stands in front.

    A reply to the bot's own words is put to the bot; so is what begins with its name.
    """
    network, own = seat.dialect.network, frozenset(seat.own)
    text, mentions = text_of(said.parts, own, next(iter(seat.names), "bot"))
    mentioned = said.to_me or mentions
    if not mentions and (rest := called(text, seat.names)) is not None:
        text, mentioned = rest, True
    if said.quoted is not None:
        if said.quoted.sender in own:
            mentioned = True
        else:
            text = quoting(said.quoted, text)
    return Incoming(
        id=message_id,
        room=None if said.room is None else Room(f"{network}:{said.room}", said.topic),
        sender=Contact(f"{network}:{said.sender.id}", said.sender.name or said.sender.id),
        text=text,
        sent_at=said.sent_at,
        mentioned=mentioned and said.room is not None,
        own=said.sender.id in own,
    )


def connector(seat: Seat) -> Callable[[Listener], NoneBotConnection]:
    """What makes a new connection each time."""
    return lambda listener: NoneBotConnection(seat, listener)
