"""Feishu, and Lark: groups and private chats with an application's bot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from nonebot.adapters import Bot, Event
from nonebot.adapters.feishu import Bot as FeishuBot
from nonebot.adapters.feishu import Message, MessageSegment
from nonebot.adapters.feishu.event import GroupMessageEvent, MessageEvent
from nonebot.adapters.feishu.models import Reply

from bot.terms import Contact, Outgoing
from bot.wire.nonebot.dialects.base import Dialect, Said
from bot.wire.nonebot.parts import Mention, Part, Quoted, text_of

_NAMED = {
    "image": "[图片]",
    "img": "[图片]",
    "file": "[文件]",
    "audio": "[语音]",
    "media": "[视频]",
    "sticker": "[表情]",
    "interactive": "[卡片]",
    "share_chat": "[群名片]",
    "share_user": "[名片]",
    "location": "[位置]",
}


class FeishuDialect(Dialect):
    """How Feishu's messages read and look.

    A message bears no name of its sender: that is asked for, which the application must be allowed
    to (im:chat.members:read); else he goes by his id.
    """

    def __init__(self) -> None:
        super().__init__("feishu")

    def room_of(self, event: Event) -> str | None:
        """The chat's id."""
        return event.event.message.chat_id if isinstance(event, GroupMessageEvent) else None

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message of a group or of one person."""
        if not isinstance(event, MessageEvent):
            return "not a message"
        if event.event.sender.sender_type != "user":
            return "from a bot"
        room, sender = self.room_of(event), event.get_user_id()
        message = event.event.message
        names = {m.id.open_id: m.name for m in message.mentions or ()}
        event.get_message()  # makes the original one, too
        return Said(
            room=room,
            topic=await self._topic(bot, room) if room else "",
            sender=Contact(sender, await self._name(bot, room, sender)),
            parts=_parts(event.original_message, names),
            sent_at=datetime.fromtimestamp(int(message.create_time) / 1000, UTC),
            to_me=event.is_tome(),
            quoted=await self._quoted(bot, event, room),
        )

    async def own(self, bot: Bot) -> Contact:
        """The application's bot."""
        info = cast(FeishuBot, bot).bot_info
        return Contact(info.open_id, info.app_name)

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Send as rich text, in which nothing that was archived is read as a mention."""
        line: list[dict[str, str]] = []
        if outgoing.room and outgoing.mention:
            line = [
                {"tag": "at", "user_id": self.raw(outgoing.to.id)},
                {"tag": "text", "text": " "},
            ]
        first, *rest = outgoing.text.split("\n")
        lines = [[*line, _text(first)], *([_text(part)] for part in rest)]
        body = {
            "msg_type": "post",
            "content": json.dumps({"zh_cn": {"content": lines}}, ensure_ascii=False),
        }
        if outgoing.room and outgoing.mention and outgoing.reply_to:
            api = f"im/v1/messages/{self.raw(outgoing.reply_to)}/reply"
            result = await bot.call_api(api, method="POST", json=body)
        else:
            to = outgoing.room or outgoing.to
            kind = "chat_id" if outgoing.room else "open_id"
            result = await bot.call_api(
                "im/v1/messages",
                method="POST",
                params={"receive_id_type": kind},
                json=body | {"receive_id": self.raw(to.id)},
            )
        return str(_data(result).get("message_id", ""))

    async def _topic(self, bot: Bot, room: str) -> str:
        async def ask() -> str:
            return str(_data(await bot.call_api(f"im/v1/chats/{room}", method="GET"))["name"])

        return await self.kept.get(("topic", room), ask, "")

    async def _name(self, bot: Bot, room: str | None, user: str) -> str:
        async def ask() -> dict[str, str]:
            api = f"im/v1/chats/{room}/members"
            params = {"member_id_type": "open_id", "page_size": 100}
            names: dict[str, str] = {}
            while True:
                data = _data(await bot.call_api(api, method="GET", params=params))
                names |= {m["member_id"]: m["name"] for m in data.get("items", ())}
                if not data.get("has_more"):
                    return names
                params |= {"page_token": data["page_token"]}

        async def ask_for_one() -> str:
            api = f"contact/v3/users/{user}"
            data = _data(await bot.call_api(api, method="GET", params={"user_id_type": "open_id"}))
            return str(data["user"]["name"])

        if room is None:
            return await self.kept.get(("user", user), ask_for_one, "") or user
        nobody: dict[str, str] = {}
        members = await self.kept.get(("members", room), ask, nobody)
        return members.get(user) or user

    async def _quoted(self, bot: Bot, event: MessageEvent, room: str | None) -> Quoted | None:
        reply = event.reply
        if not isinstance(reply, Reply):
            return None
        names = {m.id: m.name for m in reply.mentions}
        try:
            # A reply's mentions are flat, where those of a message are nested.
            message = Message.deserialize(reply.body.content, None, reply.msg_type)
        except (ValueError, KeyError, TypeError):
            return None
        words, _ = text_of(_parts(message, names), frozenset(), "")
        for mention in reply.mentions:
            words = words.replace(mention.key, f"@{mention.name}")
        sender = reply.sender.id
        if reply.sender.sender_type == "app":
            own = cast(FeishuBot, bot)
            is_own = sender == own.bot_config.app_id
            return Quoted(own.bot_info.open_id if is_own else sender, sender, words)
        return Quoted(sender, await self._name(bot, room, sender), words)


def _parts(message: Iterable[MessageSegment], names: Mapping[str, str]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for segment in message:
        if segment.type == "text":
            parts.append(str(segment.data["text"]))
        elif segment.type == "at":
            user = str(segment.data["user_id"])
            parts.append(Mention(user, names.get(user, "")))
        elif segment.type == "post":
            parts += _of_post(segment.data)
        elif segment.type in _NAMED:
            parts.append(_NAMED[segment.type])
    return tuple(parts)


def _of_post(data: Any) -> list[Part]:
    """The parts of rich text: lines of tagged pieces, under a title."""
    lines: list[list[Part]] = [[str(data["title"])]] if data.get("title") else []
    for line in data.get("content", ()):
        pieces: list[Part] = []
        for piece in line:
            if piece.get("tag") == "at":
                pieces.append(
                    Mention(str(piece.get("user_id", "")), str(piece.get("user_name", "")))
                )
            else:
                pieces.append(str(piece.get("text") or _NAMED.get(str(piece.get("tag")), "")))
        lines.append(pieces)
    return [part for line in lines for part in (*line, "\n")][:-1]


def _text(text: str) -> dict[str, str]:
    return {"tag": "text", "text": text}


def _data(result: Any) -> dict[str, Any]:
    """What an answer holds; ValueError: it is none."""
    data = result.get("data") if isinstance(result, dict) else None
    if not isinstance(data, dict):
        raise ValueError("an answer without data")
    return data
