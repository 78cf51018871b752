"""Discord: channels of servers, and direct messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any, cast

from nonebot.adapters import Bot, Event
from nonebot.adapters.discord import Bot as DiscordBot
from nonebot.adapters.discord import Message, MessageSegment
from nonebot.adapters.discord.api import (
    UNSET,
    AllowedMention,
    MessageGet,
    MessageReference,
    Snowflake,
)
from nonebot.adapters.discord.event import GuildMessageCreateEvent, MessageCreateEvent

from bot.terms import Contact, Outgoing
from bot.wire.nonebot.dialects.base import Dialect, Said
from bot.wire.nonebot.parts import Mention, Part, Quoted, text_of


class DiscordDialect(Dialect):
    """How Discord's messages read and look; a channel, or a thread of it, is a room."""

    def __init__(self) -> None:
        super().__init__("discord")

    def room_of(self, event: Event) -> str | None:
        """The channel's number."""
        return str(event.channel_id) if isinstance(event, GuildMessageCreateEvent) else None

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message of a channel or of one person."""
        if not isinstance(event, MessageCreateEvent):
            return "not a new message"
        if event.author.bot is True:
            return "from a bot"
        room = self.room_of(event)
        names = {str(user.id): _name(user) for user in event.mentions}
        return Said(
            room=room,
            topic=await self._topic(bot, room) if room else "",
            sender=Contact(str(event.author.id), _name(event.author, event)),
            parts=_parts(event.original_message, names),
            sent_at=event.timestamp.astimezone(UTC),
            to_me=event.is_tome(),
            quoted=_quoted(event),
        )

    async def own(self, bot: Bot) -> Contact:
        """The bot's account."""
        me = cast(DiscordBot, bot).self_info
        return Contact(str(me.id), _name(me))

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Send as a reply that mentions the asker, and nobody whom an archived text names."""
        message = Message()
        pinged: list[Snowflake] = []
        if outgoing.room and outgoing.mention:
            pinged.append(Snowflake(self.raw(outgoing.to.id)))
            if outgoing.reply_to:
                reference = MessageReference(
                    message_id=Snowflake(self.raw(outgoing.reply_to)), fail_if_not_exists=False
                )
                message += MessageSegment.reference(reference)
            message += MessageSegment.mention_user(pinged[0])
            message += MessageSegment.text(" ")
        message += MessageSegment.text(outgoing.text)
        sent = await bot.send_to(
            channel_id=await self._channel(bot, outgoing, event),
            message=message,
            allowed_mentions=AllowedMention(
                parse=[], roles=[], users=pinged, replied_user=bool(pinged)
            ),
        )
        return str(getattr(sent, "id", ""))

    async def _channel(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> Snowflake:
        if outgoing.room:
            return Snowflake(self.raw(outgoing.room.id))
        if isinstance(event, MessageCreateEvent):
            return event.channel_id
        channel = await bot.create_DM(recipient_id=Snowflake(self.raw(outgoing.to.id)))
        return Snowflake(channel.id)

    async def _topic(self, bot: Bot, room: str) -> str:
        async def ask() -> str:
            channel = await bot.get_channel(channel_id=Snowflake(room))
            return str(channel.name or "")

        return await self.kept.get(("topic", room), ask, "")


def _name(user: Any, event: MessageCreateEvent | None = None) -> str:
    """A person's name, on a server the one that he bears there."""
    nick = getattr(getattr(event, "member", None), "nick", None)
    for name in (nick, getattr(user, "global_name", None), user.username):
        if name and name is not UNSET:
            return str(name)
    return str(user.id)


def _parts(message: Iterable[MessageSegment], names: dict[str, str]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for segment in message:
        if segment.type == "text":
            parts.append(str(segment.data["text"]))
        elif segment.type == "mention_user":
            user = str(segment.data["user_id"])
            parts.append(Mention(user, names.get(user, "")))
        elif segment.type == "mention_everyone":
            parts.append(Mention("everyone", "everyone"))
        elif segment.type == "attachment":
            parts.append(f"[文件 {segment.data['attachment'].filename}]")
        elif segment.type == "custom_emoji":
            parts.append(f"[{segment.data['name']}]")
    return tuple(parts)


def _quoted(event: MessageCreateEvent) -> Quoted | None:
    reply = event.reply
    if not isinstance(reply, MessageGet):
        return None
    names = {str(user.id): _name(user) for user in reply.mentions}
    words, _ = text_of(_parts(Message.from_guild_message(reply), names), frozenset(), "")
    return Quoted(str(reply.author.id), _name(reply.author), words)
