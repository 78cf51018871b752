"""Feishu, as its adapter meets it."""

from __future__ import annotations

import json
from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

from tests.wire.nonebot.networks.base import (
    ANSWER_ID,
    NAMES,
    OWN,
    OWN_NAME,
    PAY,
    TOPICS,
    Line,
    Network,
    Sent,
)


class Feishu(Network):
    """Feishu."""

    name, adapter_name = "feishu", "Feishu"

    def _adapter(self, ctx: ApiContext) -> Adapter:
        from nonebot.adapters.feishu import Adapter as Own

        return ctx.create_adapter(base=Own)

    def _bot(self, ctx: ApiContext) -> Bot:
        from nonebot.adapters.feishu import Bot as Own
        from nonebot.adapters.feishu.config import BotConfig
        from nonebot.adapters.feishu.models import BotInfo

        info = BotInfo(
            activate_status=2,
            app_name=OWN_NAME,
            avatar_url="https://example.org/a.png",  # type: ignore[arg-type]
            ip_white_list=[],
            open_id=OWN,
        )
        config = BotConfig(app_id="app", app_secret="s", verification_token="v")
        return ctx.create_bot(
            base=Own,
            adapter=self.adapter,
            self_id="app",
            bot_config=config,
            bot_info=info,
            auto_connect=False,
        )

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        if api.endswith("/members"):
            items = [{"member_id": id, "name": name} for id, name in NAMES.items()]
            return {"code": 0, "data": {"items": items, "has_more": False}}
        if api.startswith("contact/v3/users/"):
            return {"code": 0, "data": {"user": {"name": NAMES[api.rpartition("/")[2]]}}}
        if api.startswith("im/v1/chats/"):
            return {"code": 0, "data": {"name": TOPICS[api.rpartition("/")[2]]}}
        if data["method"] == "GET":
            assert self._replied and self._replied.reply
            return {"code": 0, "msg": "", "data": {"items": [self._reply(*self._replied.reply)]}}
        return {"code": 0, "data": {"message_id": ANSWER_ID}}

    def _reply(self, id: str, by: str, text: str) -> dict[str, Any]:
        own = by == OWN
        return {
            "message_id": id,
            "msg_type": "text",
            "create_time": "1",
            "update_time": "1",
            "deleted": False,
            "updated": False,
            "chat_id": PAY,
            "sender": {
                "id": "app" if own else by,
                "id_type": "app_id" if own else "open_id",
                "sender_type": "app" if own else "user",
                "tenant_key": "t",
            },
            "body": {"content": json.dumps({"text": text})},
        }

    def _event(self, line: Line) -> Event:
        text = f"@_user_1 {line.text}" if line.mention else line.text
        message: dict[str, Any] = {
            "message_id": line.id,
            "create_time": str(int(line.at.timestamp() * 1000)),
            "chat_id": line.room or "p1",
            "chat_type": "group" if line.room else "p2p",
            "message_type": "text",
            "content": json.dumps({"text": text}),
        }
        if line.mention:
            who = {"open_id": line.mention, "union_id": "u", "user_id": "i"}
            mention = {"key": "@_user_1", "id": who, "name": NAMES[line.mention], "tenant_key": "t"}
            message["mentions"] = [mention]
        if line.reply:
            message["parent_id"] = line.reply[0]
        sender = {"open_id": line.by, "union_id": "u", "user_id": "i"}
        event = self.adapter.json_to_event(  # type: ignore[attr-defined]
            {
                "schema": "2.0",
                "header": {
                    "event_id": "e",
                    "event_type": "im.message.receive_v1",
                    "create_time": "1",
                    "token": "v",
                    "app_id": "app",
                    "tenant_key": "t",
                },
                "event": {
                    "sender": {"sender_id": sender, "sender_type": "user", "tenant_key": "t"},
                    "message": message,
                },
            }
        )
        assert isinstance(event, Event)
        return event

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        if data["method"] != "POST":
            return None
        body = data["json"]
        lines = json.loads(body["content"])["zh_cn"]["content"]
        pieces = [piece for line in lines for piece in line]
        reply = api.split("/")[-2] if api.endswith("/reply") else ""
        return Sent(
            body.get("receive_id") or PAY,
            "\n".join("".join(p.get("text", "") for p in line) for line in lines),
            tuple(p["user_id"] for p in pieces if p["tag"] == "at"),
            reply,
        )
