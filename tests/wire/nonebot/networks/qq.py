"""QQ's official bots, as their adapter meets them."""

from __future__ import annotations

from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

from tests.wire.nonebot.networks.base import (
    ANSWER_ID,
    NAMES,
    OWN,
    OWN_NAME,
    Bare,
    Line,
    Network,
    Sent,
)


class QQ(Network):
    """QQ's official bots, which speak in reply and hear what mentions them."""

    name, adapter_name = "qq", "QQ"
    shows_replies = False
    room_is_mentioned = True

    def __init__(self, ctx: ApiContext) -> None:
        super().__init__(ctx)
        object.__setattr__(self.bot, "send", self._send)
        self._events: list[Sent] = []

    async def _send(self, event: Event, message: Any, **kwargs: Any) -> Any:
        to = getattr(event, "group_openid", None) or event.get_user_id()
        self._events.append(Sent(to, message.extract_content(escape_text=False)))
        return Bare(id=ANSWER_ID)

    @property
    def sent(self) -> list[Sent]:
        return self._events

    def _adapter(self, ctx: ApiContext) -> Adapter:
        from nonebot.adapters.qq import Adapter as Own

        return ctx.create_adapter(base=Own)

    def _bot(self, ctx: ApiContext) -> Bot:
        from nonebot.adapters.qq import Bot as Own
        from nonebot.adapters.qq.config import BotInfo
        from nonebot.adapters.qq.models import User

        info = BotInfo.model_validate({"id": OWN, "secret": "s"})
        bot = ctx.create_bot(
            base=Own, adapter=self.adapter, self_id=OWN, bot_info=info, auto_connect=False
        )
        bot.self_info = User.model_validate({"id": OWN, "username": OWN_NAME, "bot": True})
        return bot

    def _event(self, line: Line) -> Event:
        from nonebot.adapters.qq.event import C2CMessageCreateEvent, GroupAtMessageCreateEvent

        raw: dict[str, Any] = {
            "id": line.id,
            "content": f" {line.text}" if line.room else line.text,
            "timestamp": line.at.isoformat(),
        }
        if line.room is None:
            friend = {"id": line.by, "user_openid": line.by, "username": NAMES[line.by]}
            return C2CMessageCreateEvent.model_validate(raw | {"author": friend})
        author: dict[str, Any] = {
            "id": line.by,
            "member_openid": line.by,
            "username": NAMES[line.by],
            "bot": False,
            "member_role": "member",
        }
        raw |= {"author": author, "group_id": line.room, "group_openid": line.room}
        return GroupAtMessageCreateEvent.model_validate(raw)
