"""What all networks of these tests have in common: who is there, what is said, what is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

OWN, OWN_NAME = "10000", "群助手"
LIN, ZHOU, ADMIN = "10002", "10003", "10001"
NAMES = {OWN: OWN_NAME, LIN: "林一一", ZHOU: "周大山", ADMIN: "阿梅"}
PAY, BOOKS = "700001", "700002"
TOPICS = {PAY: "支付同行", BOOKS: "账务小群"}
ANSWER_ID = "900001"
"""The id of a message that the bot sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the network was given: where to, and whom it mentions and replies to."""

    to: str
    text: str
    mentions: tuple[str, ...] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said: `reply` is the id, author and text of the message that it replies to."""

    by: str
    text: str
    room: str | None = PAY
    mention: str = ""
    reply: tuple[str, str, str] | None = None
    id: str = "1"
    at: datetime = field(default_factory=datetime.now)


class Network:
    """A network with its adapter and its bot, and the calls that were made to it."""

    name = ""
    adapter_name = ""
    shows_replies = True
    room_is_mentioned = False  # everything said in a room is put to the bot

    def __init__(self, ctx: ApiContext) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[str] = []
        self._replied: Line | None = None
        self.adapter = self._adapter(ctx)
        object.__setattr__(self.adapter, "get_name", lambda: self.adapter_name)
        object.__setattr__(self.adapter, "_call_api", self._called)
        self.bot = self._bot(ctx)

    async def _called(self, bot: Bot, api: str, **data: Any) -> Any:
        self.calls.append((api, data))
        return self.answer(api, data)

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        """What the network answers."""
        return {}

    def event(self, line: Line) -> Event:
        """The event of something said."""
        self._replied = line
        return self._event(line)

    def _adapter(self, ctx: ApiContext) -> Adapter:
        raise NotImplementedError

    def _bot(self, ctx: ApiContext) -> Bot:
        raise NotImplementedError

    def _event(self, line: Line) -> Event:
        raise NotImplementedError

    @property
    def sent(self) -> list[Sent]:
        """What the bot sent, in order."""
        return [found for api, data in self.calls if (found := self.read(api, data))]

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        """A call as a message, if it is one."""
        raise NotImplementedError


class Bare:
    """An object of a network's, as far as it is looked at."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)
