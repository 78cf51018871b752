"""Telegram, as its adapter meets it."""

from __future__ import annotations

from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

from tests.wire.nonebot.networks.base import ANSWER_ID, NAMES, OWN, TOPICS, Line, Network, Sent


class Telegram(Network):
    """Telegram."""

    name, adapter_name = "telegram", "Telegram"

    def _adapter(self, ctx: ApiContext) -> Adapter:
        from nonebot.adapters.telegram import Adapter as Own

        return ctx.create_adapter(base=Own)

    def _bot(self, ctx: ApiContext) -> Bot:
        from nonebot.adapters.telegram import Bot as Own
        from nonebot.adapters.telegram.config import BotConfig

        config = BotConfig(token=f"{OWN}:secret")
        bot = ctx.create_bot(
            base=Own, adapter=self.adapter, self_id=OWN, config=config, auto_connect=False
        )
        bot.username = "palou_bot"
        return bot

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        if api == "get_me":
            return _telegram_user(OWN)
        chat = {"id": int(data["chat_id"]), "type": "group"}
        return {"message_id": int(ANSWER_ID), "date": 1, "chat": chat}

    def _event(self, line: Line) -> Event:
        from nonebot.adapters.telegram.event import Event as Own

        chat: dict[str, Any] = {"id": int(line.room or line.by), "type": "private"}
        if line.room:
            chat |= {"type": "supergroup", "title": TOPICS[line.room]}
        message: dict[str, Any] = {
            "message_id": int(line.id),
            "date": int(line.at.timestamp()),
            "chat": chat,
            "from": _telegram_user(line.by),
            "text": line.text,
        }
        if line.mention:
            name = "@palou_bot" if line.mention == OWN else f"@{NAMES[line.mention]}"
            message["text"] = f"{name} {line.text}"
            message["entities"] = [{"type": "mention", "offset": 0, "length": len(name)}]
        elif line.text.startswith("/"):
            length = len(line.text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if line.reply:
            id, by, text = line.reply
            message["reply_to_message"] = {
                "message_id": int(id),
                "date": 1,
                "chat": dict(chat),
                "from": _telegram_user(by),
                "text": text,
            }
        return Own.parse_event({"update_id": 1, "message": message})

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        if api != "send_message":
            return None
        reply = data["reply_parameters"]
        return Sent(str(data["chat_id"]), data["text"], (), str(reply.message_id) if reply else "")


def _telegram_user(id: str) -> dict[str, Any]:
    return {"id": int(id), "is_bot": id == OWN, "first_name": NAMES[id]}
