"""Discord, as its adapter meets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

from tests.wire.nonebot.networks.base import (
    ANSWER_ID,
    NAMES,
    OWN,
    PAY,
    TOPICS,
    Bare,
    Line,
    Network,
    Sent,
)


class Discord(Network):
    """Discord."""

    name, adapter_name = "discord", "Discord"

    def _adapter(self, ctx: ApiContext) -> Adapter:
        from nonebot.adapters.discord import Adapter as Own

        return ctx.create_adapter(base=Own)

    def _bot(self, ctx: ApiContext) -> Bot:
        from nonebot.adapters.discord import Bot as Own
        from nonebot.adapters.discord.api import User
        from nonebot.adapters.discord.config import BotInfo

        bot = ctx.create_bot(
            base=Own,
            adapter=self.adapter,
            self_id=OWN,
            bot_info=BotInfo(token="t"),
            auto_connect=False,
        )
        bot.self_info = User.model_validate(_discord_user(OWN))
        return bot

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        if api == "get_channel":
            return Bare(name=TOPICS[str(data["channel_id"])])
        if api == "create_DM":
            return Bare(id=810_000 + int(data["recipient_id"]))
        if api == "get_channel_message":
            from nonebot.adapters.discord.api import MessageGet

            assert self._replied and self._replied.reply
            id, by, text = self._replied.reply
            return MessageGet.model_validate(_discord_message(id, by, text, PAY, 1.0))
        return Bare(id=int(ANSWER_ID))

    def _event(self, line: Line) -> Event:
        from nonebot.adapters.discord.payload import Dispatch

        text = f"<@{line.mention}> {line.text}" if line.mention else line.text
        channel = line.room or str(810_000 + int(line.by))
        raw = _discord_message(line.id, line.by, text, channel, line.at.timestamp())
        raw["mentions"] = [_discord_user(line.mention)] if line.mention else []
        if line.room:
            raw["guild_id"] = "600001"
            raw["member"] = {
                "nick": NAMES[line.by],
                "roles": [],
                "joined_at": "2024-01-01T00:00:00+00:00",
                "deaf": False,
                "mute": False,
                "flags": 0,
            }
        if line.reply:
            raw["message_reference"] = {"message_id": line.reply[0], "channel_id": channel}
        payload = Dispatch.model_validate({"op": 0, "s": 1, "t": "MESSAGE_CREATE", "d": raw})
        event = self.adapter.payload_to_event(payload)  # type: ignore[attr-defined]
        assert isinstance(event, Event)
        return event

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        if api != "create_message":
            return None
        allowed = data["allowed_mentions"]
        assert not allowed.parse, "an archived text could call everybody"
        text: str = data["content"]
        mentions = tuple(str(user) for user in allowed.users)
        for user in mentions:
            assert text.startswith(f"<@{user}>")
            text = text.removeprefix(f"<@{user}>")
        reference = data.get("message_reference")
        return Sent(
            str(data["channel_id"]),
            text,
            mentions,
            str(reference.message_id) if reference else "",
        )


def _discord_user(id: str) -> dict[str, Any]:
    return {
        "id": id,
        "username": f"user{id}",
        "discriminator": "0",
        "global_name": NAMES[id],
        "avatar": None,
        "bot": id == OWN,
    }


def _discord_message(id: str, by: str, text: str, channel: str, at: float) -> dict[str, Any]:
    moment = datetime.fromtimestamp(at).astimezone().isoformat()
    return {
        "id": id,
        "channel_id": channel,
        "author": _discord_user(by),
        "content": text,
        "timestamp": moment,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
    }
