"""Makes an account of ours of each bot that NoneBot connects, and hands over what it hears."""

from __future__ import annotations

import math
from dataclasses import replace

from nonebot.adapters import Bot, Event

from bot.bounded import Bounded
from bot.wire.adapter import Adapter
from bot.wire.edges import Limits
from bot.wire.nonebot.connection import Seat, connector
from bot.wire.nonebot.dialects import dialect_of
from bot.wire.nonebot.dialects.base import Dialect
from bot.wire.service import Service

ROOMS = 20_000
"""How many rooms are remembered by the account that speaks there."""


def patient(limits: Limits) -> Limits:
    """The limits of an account that NoneBot connects again itself: it is waited for, for ever."""
    return replace(limits, login=math.inf, scan=math.inf, first=0.2, longest=2.0)


class Accounts:
    """All accounts that NoneBot connects; several of one network do not speak in one room.

    `history`: what was said while one was away goes into the live archive, where a network tells.
    """

    def __init__(self, service: Service, names: tuple[str, ...], history: bool = False) -> None:
        self._service = service
        self._limits = patient(service.limits)
        self._names = names
        self._history = history
        self._dialects: dict[str, Dialect] = {}
        self._own: dict[str, set[str]] = {}  # of a network: the ids of our accounts
        self._accounts: dict[tuple[str, str], tuple[Seat, Adapter]] = {}
        self._speaker: Bounded[str, Seat] = Bounded(ROOMS)  # of a room

    def connected(self, bot: Bot) -> None:
        """A bot is connected, for the first time or again."""
        self._account(bot)[0].bot = bot

    def disconnected(self, bot: Bot) -> None:
        """A bot is gone."""
        seat, _ = self._account(bot)
        if seat.bot is bot:
            seat.bot = None

    def heard(self, bot: Bot, event: Event) -> None:
        """A message has arrived."""
        seat, adapter = self._account(bot)
        if seat.bot is not bot:
            seat.bot = bot
        try:
            found = seat.dialect.key_of(event)
        except (LookupError, ValueError):
            self._service.status("skipped", reason="it has no id, or no sender")
            return
        if self._speaks(seat, event) and adapter.arrived(found):
            seat.keep(found, event)

    def _speaks(self, seat: Seat, event: Event) -> bool:
        """Whether a room is this account's: that which heard it first, as long as it is there."""
        room = seat.dialect.room_of(event)
        if room is None or len(seat.own) == 1:
            return True
        room = f"{seat.dialect.network}:{room}"
        speaker = self._speaker.get(room)
        if speaker is None or speaker.bot is None:
            speaker = seat
        self._speaker[room] = speaker
        return speaker is seat

    def _account(self, bot: Bot) -> tuple[Seat, Adapter]:
        """The account of a bot; new if it was not there before."""
        adapter = bot.adapter.get_name()
        key = adapter, bot.self_id
        if key not in self._accounts:
            dialect = self._dialects.setdefault(adapter, dialect_of(adapter))
            network = dialect.network
            own = self._own.setdefault(network, set())
            own.add(bot.self_id)
            seat = Seat(dialect, own, self._names, self._history)
            service = self._service
            status = service.status.of(network=network, account=bot.self_id)
            line = Adapter(service.hub, service.edges, status, self._limits, network=network)
            self._accounts[key] = seat, line
            service.add(connector(seat), line, self._limits)
        return self._accounts[key]
