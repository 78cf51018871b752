"""Each network as its adapter meets it: events as the network sends them, and what it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nonebot.adapters import Adapter, Bot, Event
from nonebug.mixin.call_api import ApiContext

OWN, OWN_NAME = "10000", "群助手"
LIN, ZHOU, ADMIN = "10002", "10003", "10001"
NAMES = {OWN: OWN_NAME, LIN: "林一一", ZHOU: "周大山", ADMIN: "阿梅"}
PAY, BOOKS = "700001", "700002"
TOPICS = {PAY: "支付同行", BOOKS: "账务小群"}
ANSWER_ID = "900001"
"""The id of a message that the bot sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the network was given: where to, and whom it mentions and replies to."""

    to: str
    text: str
    mentions: tuple[str, ...] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said: `reply` is the id, author and text of the message that it replies to."""

    by: str
    text: str
    room: str | None = PAY
    mention: str = ""
    reply: tuple[str, str, str] | None = None
    id: str = "1"
    at: datetime = field(default_factory=datetime.now)


class Network:
    """A network with its adapter and its bot, and the calls that were made to it."""

    name = ""
    adapter_name = ""
    shows_replies = True
    room_is_mentioned = False  # everything said in a room is put to the bot

    def __init__(self, ctx: ApiContext) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[str] = []
        self._replied: Line | None = None
        self.adapter = self._adapter(ctx)
        object.__setattr__(self.adapter, "get_name", lambda: self.adapter_name)
        object.__setattr__(self.adapter, "_call_api", self._called)
        self.bot = self._bot(ctx)

    async def _called(self, bot: Bot, api: str, **data: Any) -> Any:
        self.calls.append((api, data))
        return self.answer(api, data)

    def answer(self, api: str, data: dict[str, Any]) -> Any:
        """What the network answers."""
        return {}

    def event(self, line: Line) -> Event:
        """The event of something said."""
        self._replied = line
        return self._event(line)

    def _adapter(self, ctx: ApiContext) -> Adapter:
        raise NotImplementedError

    def _bot(self, ctx: ApiContext) -> Bot:
        raise NotImplementedError

    def _event(self, line: Line) -> Event:
        raise NotImplementedError

    @property
    def sent(self) -> list[Sent]:
        """What the bot sent, in order."""
        return [found for api, data in self.calls if (found := self.read(api, data))]

    def read(self, api: str, data: dict[str, Any]) -> Sent | None:
        """A call as a message, if it is one."""
        raise NotImplementedError


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


class Bare:
    """An object of a network's, as far as it is looked at."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


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


NETWORKS: tuple[Callable[[ApiContext], Network], ...] = (
    OneBot,
    Telegram,
    Feishu,
    Discord,
    QQ,
    Console,
)
