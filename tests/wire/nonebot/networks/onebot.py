"""QQ by OneBot v11, as its adapter meets it."""

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
    Line,
    Network,
    Sent,
)


class OneBot(Network):
    """QQ by OneBot v11."""

    name, adapter_name = "onebot", "OneBot V11"

    def _adapter(self, ctx: ApiContext) -> Adapter:
        from nonebot.adapters.onebot.v11 import Adapter as Own

        return ctx.create_adapter(base=Own)

    def _bot(self, ctx: ApiContext) -> Bot:
        from nonebot.adapters.onebot.v11 import Bot as Own

        return ctx.create_bot(base=Own, adapter=self.adapter, self_id=OWN, auto_connect=False)

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        if api == "get_login_info":
            return {"user_id": int(OWN), "nickname": OWN_NAME}
        if api == "get_status":
            return {"online": True, "good": True}
        if api == "get_group_info":
            return {"group_id": data["group_id"], "group_name": TOPICS[str(data["group_id"])]}
        if api == "get_group_member_info":
            return {"user_id": data["user_id"], "nickname": NAMES[str(data["user_id"])], "card": ""}
        if api == "get_msg":
            assert self._replied and self._replied.reply
            id, by, text = self._replied.reply
            return {
                "time": 1,
                "message_type": "group",
                "message_id": int(id),
                "real_id": int(id),
                "sender": {"user_id": int(by), "nickname": NAMES[by]},
                "message": [{"type": "text", "data": {"text": text}}],
            }
        return {"message_id": int(ANSWER_ID)}

    def _event(self, line: Line) -> Event:
        message: list[dict[str, Any]] = []
        if line.reply:
            message.append({"type": "reply", "data": {"id": line.reply[0]}})
        if line.mention:
            message.append({"type": "at", "data": {"qq": line.mention}})
        message.append({"type": "text", "data": {"text": f" {line.text}"}})
        raw: dict[str, Any] = {
            "time": int(line.at.timestamp()),
            "self_id": int(OWN),
            "post_type": "message",
            "message_type": "group" if line.room else "private",
            "sub_type": "normal" if line.room else "friend",
            "message_id": int(line.id),
            "user_id": int(line.by),
            "message": message,
            "raw_message": line.text,
            "font": 0,
            "sender": _onebot_sender(line),
        }
        if line.room:
            raw["group_id"] = int(line.room)
        event = self.adapter.json_to_event(raw)  # type: ignore[attr-defined]
        assert isinstance(event, Event)
        return event

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        if api not in ("send_group_msg", "send_private_msg"):
            return None
        parts = [(s.type, s.data) for s in data["message"]]
        return Sent(
            str(data.get("group_id") or data.get("user_id")),
            "".join(d["text"] for t, d in parts if t == "text"),
            tuple(d["qq"] for t, d in parts if t == "at"),
            next((str(d["id"]) for t, d in parts if t == "reply"), ""),
        )


def _onebot_sender(line: Line) -> dict[str, Any]:
    """Whoever speaks, in a group by his name there, not by the one he bears elsewhere."""
    names = {"nickname": "昵称", "card": NAMES[line.by]}
    if line.room is None:
        names = {"nickname": NAMES[line.by]}
    return {"user_id": int(line.by), **names}
