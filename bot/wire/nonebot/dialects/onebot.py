"""OneBot v11: QQ by NapCat, Lagrange and others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from nonebot.adapters import Bot, Event
from nonebot.adapters.onebot.v11 import (
    ActionFailed,
    Adapter,
    GroupMessageEvent,
    Message,
    MessageEvent,
    MessageSegment,
)
from nonebot.adapters.onebot.v11.event import Reply

from bot.terms import Contact, Outgoing
from bot.wire.nonebot.dialects.base import Dialect, Said
from bot.wire.nonebot.parts import Mention, Part, Quoted, text_of
from bot.wire.terms import Down

HISTORY = 200
"""How many messages of each group are asked for."""

_NAMED = {
    "image": "[图片]",
    "mface": "[动画表情]",
    "face": "[表情]",
    "record": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
    "forward": "[聊天记录]",
    "json": "[卡片]",
    "xml": "[卡片]",
    "share": "[链接]",
    "location": "[位置]",
    "dice": "[骰子]",
    "rps": "[猜拳]",
}
_ALL = Mention("all", "全体成员")


class OneBotDialect(Dialect):
    """How QQ's messages read and look by OneBot v11."""

    def __init__(self) -> None:
        super().__init__("onebot")

    def room_of(self, event: Event) -> str | None:
        """The group's number."""
        return str(event.group_id) if isinstance(event, GroupMessageEvent) else None

    async def said(self, bot: Bot, event: Event) -> Said | str:
        """A message of a group or of one person."""
        if not isinstance(event, MessageEvent):
            return "not a message of OneBot v11"
        if event.sub_type == "notice":
            return "a notice of the network"
        room, topic = self.room_of(event), ""
        name = event.sender.nickname or str(event.user_id)
        if isinstance(event, GroupMessageEvent) and room is not None:
            name = event.sender.card or name
            if event.anonymous:
                name = event.anonymous.name
            self._note(room, str(event.user_id), name)
            topic = getattr(event, "group_name", None) or await self._topic(bot, room)
        return Said(
            room=room,
            topic=topic,
            sender=Contact(str(event.user_id), name),
            parts=await self._parts(bot, event.original_message, room),
            sent_at=datetime.fromtimestamp(event.time, UTC),
            to_me=event.is_tome(),
            quoted=await self._quoted(bot, event, room),
        )

    async def own(self, bot: Bot) -> Contact:
        """The QQ account, once it is online."""
        await self.probe(bot)
        info = await bot.get_login_info()
        return Contact(str(info["user_id"]), str(info["nickname"]))

    async def probe(self, bot: Bot) -> None:
        """Ask for the status, which some implementations do not have; Down: QQ is offline."""
        try:
            status = await bot.get_status()
        except ActionFailed:
            return
        if isinstance(status, dict) and status.get("online") is False:
            raise Down("QQ is offline: look at the OneBot implementation's own log")

    async def missed(self, bot: Bot) -> list[tuple[str, Said]]:
        """The last messages of each group, by an extension that NapCat and Lagrange have."""
        found: list[tuple[str, Said]] = []
        for group in await bot.get_group_list():
            asked = {"group_id": int(group["group_id"]), "count": HISTORY}
            history = await bot.call_api("get_group_msg_history", **asked)
            for raw in history["messages"]:
                event = Adapter.json_to_event(raw | {"post_type": "message"})
                if not isinstance(event, GroupMessageEvent):
                    continue
                await _with_reply(bot, event)
                said = await self.said(bot, event)
                if not isinstance(said, str):
                    found.append((self.key_of(event), said))
        return sorted(found, key=lambda message: message[1].sent_at)

    async def send(self, bot: Bot, outgoing: Outgoing, event: Event | None) -> str:
        """Send to a group, with a reply segment and a mention; or to one person."""
        message = Message()
        if outgoing.room and outgoing.mention and outgoing.reply_to:
            message += MessageSegment.reply(int(self.raw(outgoing.reply_to)))
        if outgoing.room and outgoing.mention:
            message += MessageSegment.at(self.raw(outgoing.to.id)) + MessageSegment.text(" ")
        message += MessageSegment.text(outgoing.text)
        if outgoing.room:
            result = await bot.send_group_msg(
                group_id=int(self.raw(outgoing.room.id)), message=message
            )
        else:
            result = await bot.send_private_msg(
                user_id=int(self.raw(outgoing.to.id)), message=message
            )
        return str(result.get("message_id", "")) if isinstance(result, dict) else ""

    async def _topic(self, bot: Bot, room: str) -> str:
        async def ask() -> str:
            info = await bot.get_group_info(group_id=int(room))
            return str(info["group_name"])

        return await self.kept.get(("topic", room), ask, "")

    def _note(self, room: str, user: str, name: str) -> None:
        """Note the name that a member speaks under: others will mention him."""
        self.kept.note(("member", room, user), name)

    async def _member(self, bot: Bot, room: str | None, user: str) -> str:
        async def ask() -> str:
            info = await bot.get_group_member_info(group_id=int(room or 0), user_id=int(user))
            return str(info.get("card") or info["nickname"])

        return await self.kept.get(("member", room, user), ask, "") if room else ""

    async def _parts(
        self, bot: Bot, message: Iterable[MessageSegment], room: str | None
    ) -> tuple[Part, ...]:
        parts: list[Part] = []
        for segment in message:
            if segment.type == "text":
                parts.append(str(segment.data.get("text", "")))
            elif segment.type == "at":
                parts.append(await self._mention(bot, segment.data, room))
            elif segment.type in _NAMED:
                parts.append(_NAMED[segment.type])
        return tuple(parts)

    async def _mention(self, bot: Bot, data: dict[str, Any], room: str | None) -> Mention:
        user = str(data.get("qq", ""))
        if user == "all":
            return _ALL
        name = str(data.get("name") or "").removeprefix("@")
        own = user == bot.self_id
        return Mention(user, name or ("" if own else await self._member(bot, room, user)))

    async def _quoted(self, bot: Bot, event: MessageEvent, room: str | None) -> Quoted | None:
        reply = event.reply
        if reply is None or reply.sender.user_id is None:
            return None
        sender = str(reply.sender.user_id)
        parts = await self._parts(bot, reply.message, room)
        words, _ = text_of(parts, frozenset({bot.self_id}), "")
        name = reply.sender.card or reply.sender.nickname or ""
        return Quoted(sender, name or await self._member(bot, room, sender), words)


async def _with_reply(bot: Bot, event: GroupMessageEvent) -> None:
    """Have a message of the history hold what it replies to, as the adapter does for new ones."""
    reply = next((s for s in event.original_message if s.type == "reply"), None)
    if reply is None:
        return
    try:
        event.reply = Reply.model_validate(await bot.get_msg(message_id=int(reply.data["id"])))
    except (ActionFailed, ValueError, KeyError):
        return
