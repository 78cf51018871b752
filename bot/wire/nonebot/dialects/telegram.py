"""Telegram: groups, topics of forums, and private chats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from nonebot.adapters import Bot, Event
from nonebot.adapters.telegram import MessageSegment
from nonebot.adapters.telegram.event import (
    ForumTopicMessageEvent,
    GroupMessageEvent,
    MessageEvent,
    PrivateMessageEvent,
)
from nonebot.adapters.telegram.model import ReplyParameters, User

from bot.terms import Contact, Outgoing
from bot.wire.nonebot.dialects.base import Dialect, Said
from bot.wire.nonebot.parts import Mention, Part, Quoted, text_of

_NAMED = {
    "photo": "[图片]",
    "sticker": "[贴纸]",
    "animation": "[动图]",
    "voice": "[语音]",
    "audio": "[音频]",
    "video": "[视频]",
    "video_note": "[视频]",
    "document": "[文件]",
    "location": "[位置]",
    "poll": "[投票]",
}


class TelegramDialect(Dialect):
    """How Telegram's messages read and look."""

    def __init__(self) -> None:
        super().__init__("telegram")

    def room_of(self, event: Event) -> str | None:
        """The chat's number, of all topics in it the same."""
        return str(event.chat.id) if isinstance(event, GroupMessageEvent) else None

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message of a group or of one person."""
        if not isinstance(event, GroupMessageEvent | PrivateMessageEvent):
            return "a post of a channel"
        if event.from_.is_bot:
            return "from a bot"
        username = getattr(bot, "username", None) or ""
        return Said(
            room=self.room_of(event),
            topic=event.chat.title or "",
            sender=Contact(str(event.from_.id), _name(event.from_)),
            parts=_parts(event.original_message, username, bot.self_id),
            sent_at=datetime.fromtimestamp(event.date, UTC),
            to_me=event.is_tome(),
            quoted=_quoted(event, username, bot.self_id),
        )

    async def own(self, bot: Bot) -> Contact:
        """The bot's account."""
        me: User = await bot.get_me()
        return Contact(str(me.id), _name(me))

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Send as plain text, so that nothing in it is read as markup; a mention is a reply."""
        to, text, reply = self.raw((outgoing.room or outgoing.to).id), outgoing.text, None
        if outgoing.room and outgoing.mention and outgoing.reply_to:
            reply = ReplyParameters(
                message_id=int(self.raw(outgoing.reply_to)), allow_sending_without_reply=True
            )
        elif outgoing.room and outgoing.mention:
            text = f"@{outgoing.to.name} {text}"
        thread = event.message_thread_id if isinstance(event, ForumTopicMessageEvent) else None
        sent = await bot.send_message(
            chat_id=int(to), text=text, message_thread_id=thread, reply_parameters=reply
        )
        return str(getattr(sent, "message_id", ""))


def _name(user: User) -> str:
    return " ".join(filter(None, (user.first_name, user.last_name)))


def _parts(message: Iterable[MessageSegment], username: str, own: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    for segment in message:
        text = str(segment.data.get("text", ""))
        if segment.type == "mention":
            is_own = text.lower() == f"@{username}".lower()
            parts.append(Mention(own if is_own else text, text.removeprefix("@")))
        elif segment.type == "text_mention":
            parts.append(Mention(str(segment.data["user"].id), text))
        elif segment.type == "bot_command":
            # `/reload@its_name` is how a command is put to one of several bots.
            parts.append(
                text.partition("@")[0] if text.lower().endswith(username.lower()) else text
            )
        else:
            parts.append(_NAMED.get(segment.type, text))
    return tuple(parts)


def _quoted(event: MessageEvent, username: str, own: str) -> Quoted | None:
    reply = event.reply_to_message
    if not isinstance(reply, GroupMessageEvent | PrivateMessageEvent):
        return None
    words, _ = text_of(_parts(reply.original_message, username, own), frozenset(), "")
    return Quoted(str(reply.from_.id), _name(reply.from_), words)
