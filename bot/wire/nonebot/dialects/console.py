"""The console: one terminal with channels and people, to try the bot in."""

from __future__ import annotations

from datetime import UTC

from nonebot.adapters import Bot, Event
from nonebot.adapters.console import MessageEvent
from nonebot.adapters.console.event import PrivateMessageEvent
from nonechat.model import DIRECT

from bot.terms import Contact, Outgoing
from bot.wire.nonebot.dialects.base import Dialect, Said


class ConsoleDialect(Dialect):
    """How the console's messages read and look."""

    def __init__(self) -> None:
        super().__init__("console")

    def room_of(self, event: Event) -> str | None:
        """The channel's id; None: it is a private one."""
        if not isinstance(event, MessageEvent) or isinstance(event, PrivateMessageEvent):
            return None
        id = str(event.channel.id)
        return None if id == DIRECT.id or id.startswith("private:") else id

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message of a channel or of one person."""
        if not isinstance(event, MessageEvent):
            return "not a message"
        return Said(
            room=self.room_of(event),
            topic=event.channel.name,
            sender=Contact(event.user.id, event.user.nickname),
            parts=(event.get_plaintext(),),
            sent_at=event.time.astimezone(UTC),
            to_me=event.is_tome(),
        )

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Send to a channel, or to one person."""
        if outgoing.room is None:
            sent = await bot.send_private_message(
                user_id=self.raw(outgoing.to.id), message=outgoing.text
            )
        else:
            text = f"@{outgoing.to.name} {outgoing.text}" if outgoing.mention else outgoing.text
            sent = await bot.send_message(channel_id=self.raw(outgoing.room.id), message=text)
        return str(sent.message_id)
