"""One connection to the gateway, by wechaty; import this after `compat.prepare`."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from grpclib.const import Status as Code
from grpclib.exceptions import GRPCError
from wechaty import Contact as WechatyContact
from wechaty import Room as WechatyRoom
from wechaty import Wechaty, WechatyOptions
from wechaty.user import Tag
from wechaty_puppet import ContactType, MessageType, PuppetOptions

from bot.terms import Contact, Incoming, Outgoing, Room
from bot.wire.terms import Down, GatewayError, Listener, NotSent, Refused
from bot.wire.wechat.convert import mentions, sent_at, wire_text

T = TypeVar("T")
log = logging.getLogger("palou.wechat")

# Answers that come from in between, not from the gateway: what it did remains unknown.
_UNSURE = {Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED}


class WechatyConnection:
    """A Wechaty instance that is never started by `Wechaty.start`, which hides how it ends.

    It takes the events from the puppet itself: those of Wechaty run each in a task of its own, so
    that messages overtake each other and an error in one is lost.
    """

    def __init__(self, endpoint: str, token: str, listener: Listener) -> None:
        # The scheduler is given, and never started, since the one by default makes a database.
        self._bot = Wechaty(
            WechatyOptions(
                puppet_options=PuppetOptions(token=token, end_point=endpoint),
                scheduler=AsyncIOScheduler(),
            )
        )
        self._listener = listener
        self._own: Contact | None = None

    async def run(self) -> None:
        """Connect and listen. Returns or raises when the connection has ended."""
        await self._bot.init_puppet()
        puppet = self._bot.puppet
        puppet.on("login", self._on_login)
        puppet.on("logout", self._on_logout)
        puppet.on("scan", lambda payload: self._listener.on_scan(payload.qrcode or ""))
        puppet.on("message", lambda payload: self._listener.on_message(payload.message_id))
        puppet.on("error", lambda error: log.warning("%r", error))
        try:
            await puppet.start()
        except GRPCError as e:
            if e.status is Code.UNAUTHENTICATED:
                raise GatewayError(
                    "the gateway refuses the token; check WECHATY_PUPPET_SERVICE_TOKEN"
                ) from e
            raise Down(f"{e.status.name}: {e.message}") from e
        raise Down("the gateway ended the stream of events")

    async def probe(self) -> None:
        """Have the gateway answer something; hangs when it is frozen."""
        await self._bot.puppet.puppet_stub.version()

    async def fetch(self, message_id: str) -> Incoming | str:
        """The message with the topic and the sender's name as they are now, if it is text."""
        return await _answer(self._fetch(message_id))

    async def _fetch(self, message_id: str) -> Incoming | str:
        message = self._bot.Message.load(message_id)
        await message.ready()
        if message.type() != MessageType.MESSAGE_TYPE_TEXT:
            return f"not text: {MessageType(message.type()).name.removeprefix('MESSAGE_TYPE_')}"
        talker = message.talker()
        if message.room() is None and talker.type() == ContactType.CONTACT_TYPE_OFFICIAL:
            return "from an official account"
        return await self._incoming(message, talker)

    async def _incoming(self, message: Any, talker: Any) -> Incoming:
        if self._own is None:
            raise Down("logged out")
        text: str = message.text()
        room, name, mentioned = None, talker.name, False
        if message.room() is not None:
            room, name = await self._place(message.room().room_id, talker)
            mentioned = mentions(text, message.payload.mention_ids or (), self._own)
        return Incoming(
            id=message.message_id,
            room=room,
            sender=Contact(talker.contact_id, name),
            text=text,
            sent_at=sent_at(message.payload.timestamp, datetime.now(UTC)),
            mentioned=mentioned,
            own=talker.contact_id == self._own.id,
        )

    async def _place(self, room_id: str, talker: Any) -> tuple[Room, str]:
        """The room, and the sender's name there; wechaty's own Room would keep both as they were.

        A gateway that knows no names of members leaves the contact's own.
        """
        payload = await self._bot.puppet.room_payload(room_id)
        try:
            member = await self._bot.puppet.room_member_payload(room_id, talker.contact_id)
        except GRPCError:
            return Room(room_id, payload.topic), talker.name
        return Room(room_id, payload.topic), member.room_alias or member.name or talker.name

    async def missed(self) -> list[Incoming]:
        """Nothing: WeChat tells nobody what was said before."""
        return []

    async def send(self, outgoing: Outgoing) -> str:
        """Send; the message's id, or "" if unknown. NotSent, Refused: it was not sent.

        Not by `say`: that has two more calls to the gateway, and when one of them fails nobody
        knows which.
        """
        channel = self._bot.puppet.channel
        if channel is None or not channel._connected:
            raise NotSent("the connection is gone")
        return await _answer(
            self._bot.puppet.message_send_text(
                conversation_id=outgoing.room.id if outgoing.room else outgoing.to.id,
                message=wire_text(outgoing),
                mention_ids=[outgoing.to.id] if outgoing.room and outgoing.mention else [],
            )
        )

    def close(self) -> None:
        """Let go of everything, without telling the gateway to stop (it would log out)."""
        puppet = self._bot.puppet
        puppet._event_stream.remove_all_listeners()
        channel, puppet.channel, puppet._puppet_stub = puppet.channel, None, None
        if channel is not None:
            channel.close()
        # They belong to the process and their members to this connection: whoever were to find
        # them there would speak over a dead one.
        for pool in (WechatyContact._pool, WechatyRoom._pool, Tag._pool):
            pool.clear()

    async def _on_login(self, payload: Any) -> None:
        contact = await self._bot.puppet.contact_payload(payload.contact_id)
        self._own = Contact(payload.contact_id, contact.name)
        self._listener.on_login(self._own)

    def _on_logout(self, payload: Any) -> None:
        self._own = None
        self._listener.on_logout()


async def _answer(call: Awaitable[T]) -> T:
    """What the gateway answers; Refused when it answers that it will not."""
    try:
        return await call
    except GRPCError as e:
        if e.status in _UNSURE:
            raise Down(f"{e.status.name}: {e.message}") from e
        raise Refused(f"{e.status.name}: {e.message}") from e


def connector(endpoint: str, token: str) -> Callable[[Listener], WechatyConnection]:
    """What makes a new connection each time; `endpoint` is `host:port`."""
    return lambda listener: WechatyConnection(endpoint, token, listener)
