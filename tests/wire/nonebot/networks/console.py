"""The console, as its adapter meets it."""

from __future__ import annotations

from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

from tests.wire.nonebot.networks.base import (
    ANSWER_ID,
    NAMES,
    OWN,
    OWN_NAME,
    TOPICS,
    Bare,
    Line,
    Network,
    Sent,
)


class Console(Network):
    """The console."""

    name, adapter_name = "console", "Console"
    shows_replies = False

    def _adapter(self, ctx: ApiContext) -> Adapter:
        from nonebot.adapters.console import Adapter as Own

        adapter = ctx.create_adapter(base=Own)
        adapter.console_config.console_strict_tome = True
        return adapter

    def _bot(self, ctx: ApiContext) -> Bot:
        from nonebot.adapters.console import Bot as Own
        from nonechat.model import Robot

        class Made(Own):
            """Takes the arguments that nonebug gives."""

            def __init__(self, adapter: Any, self_id: str) -> None:
                super().__init__(adapter, Robot(id=self_id, nickname=OWN_NAME))

        return ctx.create_bot(base=Made, adapter=self.adapter, self_id=OWN, auto_connect=False)

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        if api == "get_channel":
            return Bare(id=data["channel_id"])
        if api == "create_dm":
            return Bare(id=f"private:{data['user_id']}")
        return ANSWER_ID

    def _event(self, line: Line) -> Event:
        from nonebot.adapters.console import Message, MessageEvent
        from nonechat.model import Channel, User

        text = f"@{NAMES[line.mention]} {line.text}" if line.mention else line.text
        channel = line.room or f"private:{line.by}"
        return MessageEvent(
            time=line.at,
            self_id=OWN,
            user=User(id=line.by, nickname=NAMES[line.by]),
            channel=Channel(id=channel, name=TOPICS.get(channel, "私聊")),
            message_id=line.id,
            message=Message(text),
        ).convert()  # type: ignore[no-untyped-call]

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        if api != "send_msg":
            return None
        to = data["channel"].id.removeprefix("private:")
        return Sent(to, str(data["content"]))
