"""QQ's official bots: groups and private chats, and channels of its guilds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from nonebot.adapters import Bot, Event
from nonebot.adapters.qq import Bot as QQBot
from nonebot.adapters.qq import Message, MessageSegment
from nonebot.adapters.qq.event import (
    C2CMessageCreateEvent,
    DirectMessageCreateEvent,
    GroupMessageCreateEvent,
    GuildMessageEvent,
    QQMessageEvent,
)

from bot.terms import Contact, Outgoing
from bot.wire.nonebot.dialects.base import Dialect, Said
from bot.wire.nonebot.parts import Mention, Part, Quoted, text_of
from bot.wire.terms import Refused

_NAMED = {
    "image": "[图片]",
    "audio": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
    "emoji": "[表情]",
    "embed": "[卡片]",
    "ark": "[卡片]",
}


class QQDialect(Dialect):
    """How messages read and look to an official bot of QQ.

    Where it is not allowed more, it hears only what mentions it, and speaks only in reply, within
    five minutes. It knows nobody's number: a member has another id in each group.
    """

    def __init__(self) -> None:
        super().__init__("qq")

    def room_of(self, event: Event) -> str | None:
        """The group's id for this bot, or the channel's."""
        if isinstance(event, GroupMessageCreateEvent):
            return event.group_openid
        if isinstance(event, GuildMessageEvent) and not isinstance(event, DirectMessageCreateEvent):
            return event.channel_id
        return None

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message of a group, a channel or one person."""
        if not isinstance(
            event, GroupMessageCreateEvent | C2CMessageCreateEvent | GuildMessageEvent
        ):
            return "not a message"
        author = event.author
        if getattr(author, "bot", False):
            return "from a bot"
        sender = event.get_user_id()
        message = getattr(event, "original_message", None) or event.get_message()
        return Said(
            room=self.room_of(event),
            topic="",
            sender=Contact(sender, getattr(author, "username", None) or sender[:8]),
            parts=_parts(message),
            sent_at=_sent_at(event.timestamp),
            to_me=event.is_tome(),
            quoted=_quoted(event),
        )

    async def own(self, bot: Bot) -> Contact:
        """The bot's account."""
        me = cast(QQBot, bot).self_info
        return Contact(str(me.id), str(me.username))

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Reply to a message; Refused: there is none to reply to."""
        if event is None:
            raise Refused("QQ lets its bots speak only in reply to a message")
        message = Message(MessageSegment.text(outgoing.text))
        if outgoing.mention and isinstance(event, GuildMessageEvent):
            message = MessageSegment.mention_user(event.get_user_id()) + " " + message
        result = await bot.send(event, message)
        return str(getattr(result, "id", None) or "")


def _sent_at(timestamp: Any) -> datetime:
    """When a message was sent; groups tell it as a text, guilds as a time, or not at all."""
    if isinstance(timestamp, datetime):
        return timestamp.astimezone(UTC)
    try:
        return datetime.fromisoformat(str(timestamp)).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _parts(message: Iterable[MessageSegment]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for segment in message:
        if segment.type == "text":
            parts.append(str(segment.data["text"]))
        elif segment.type in ("mention_user", "group_mention_user"):
            name = str(segment.data.get("username") or "")
            parts.append(Mention(str(segment.data.get("user_id", "")), name))
        elif segment.type == "mention_everyone":
            parts.append(Mention("everyone", "全体成员"))
        elif segment.type in _NAMED:
            parts.append(_NAMED[segment.type])
    return tuple(parts)


def _quoted(event: Event) -> Quoted | None:
    """What a message replies to, if it is told."""
    reply = getattr(event, "reply", None)
    if reply is None or not reply.content:
        return None
    is_guild = isinstance(event, GuildMessageEvent)
    message = Message.from_guild_message(reply) if is_guild else Message.from_qq_message(reply)
    words, _ = text_of(_parts(message), frozenset(), "")
    author = reply.author
    sender = getattr(author, "member_openid", None) or getattr(author, "id", None) or ""
    own = isinstance(event, QQMessageEvent) and event.to_me and getattr(author, "bot", False)
    return None if own else Quoted(str(sender), str(getattr(author, "username", None) or ""), words)
