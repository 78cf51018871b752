"""A talk among people who keep fish, as the tools of several networks export it.

The reply to the first question comes days later, between others who talk of something else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
START = int(datetime(2024, 5, 6, 10, tzinfo=ZONE).timestamp())
HOUR, DAY = 3600, 86400

Talk = Sequence[tuple[int, str, str, str, int | None]]
"""Messages: seconds after START, id of the sender, name, text, and the place replied to."""

PUMP = "请问鱼缸的水泵半夜嗡嗡响是怎么回事？"
PUMP_ANSWER = "转子里进沙子了，拆下来用牙刷刷一遍"
LAMP = "请问水草灯一天开几个钟头合适？"
LAMP_ANSWER = "八个钟头，多了长藻"
TALK: Talk = [
    (0, "u1", "海蓝", PUMP, None),
    (60, "u2", "石花", "今天的虾到了没有", None),
    (2 * DAY, "u3", "老渔夫", LAMP, None),
    (2 * DAY + 60, "u2", "石花", PUMP_ANSWER, 0),
    (2 * DAY + 90, "u1", "海蓝", LAMP_ANSWER, 2),
    (2 * DAY + 120, "u3", "老渔夫", "谢谢", 4),
]


def chatlab(talk: Talk, group: str = "水族") -> str:
    """A chat as ChatLab's JSONL has it."""
    lines: list[object] = [
        {"_type": "header", "chatlab": {"version": "0.0.2"},
         "meta": {"name": group, "platform": "wechat", "type": "group", "groupId": "7@chatroom"}},
    ]  # fmt: skip
    for place, (after, who, name, text, reply) in enumerate(talk):
        said = {"_type": "message", "sender": who, "accountName": name, "timestamp": START + after,
                "type": 0, "content": text, "platformMessageId": f"m{place}"}  # fmt: skip
        lines.append(said | ({"replyToMessageId": f"m{reply}"} if reply is not None else {}))
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def qce(talk: Talk) -> str:
    """The same as QQ Chat Exporter writes it."""
    messages = []
    for place, (after, who, name, text, reply) in enumerate(talk):
        elements = [{"type": "text", "data": {"text": text}}]
        if reply is not None:
            quoted = {"referencedMessageId": str(8000 + reply), "senderName": talk[reply][2],
                      "content": talk[reply][3], "timestamp": START + talk[reply][0]}  # fmt: skip
            elements.insert(0, {"type": "reply", "data": quoted})
        at = datetime.fromtimestamp(START + after, UTC)
        messages.append({
            "id": str(8000 + place), "seq": str(place), "timestamp": (START + after) * 1000,
            "time": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
            "type": "reply" if reply is not None else "text",
            "sender": {"uid": who, "uin": "9" + who[1:], "name": name, "groupCard": name},
            "content": {"text": text, "html": "", "elements": elements, "resources": [],
                        "mentions": []},
            "recalled": False, "system": False,
        })  # fmt: skip
    return json.dumps({
        "metadata": {"name": "QQChatExporter", "version": "0.2.0"},
        "chatInfo": {"name": "水族", "type": "group"}, "statistics": {}, "messages": messages,
    }, ensure_ascii=False)  # fmt: skip


def telegram(talk: Talk) -> str:
    """The same as Telegram exports it, within a topic."""
    opened = {"id": 1, "type": "service", "date": "2024-05-06T09:00:00",
              "date_unixtime": str(START - HOUR), "actor": "海蓝", "actor_id": "user1",
              "action": "topic_created", "title": "器材"}  # fmt: skip
    messages: list[dict[str, object]] = [opened]
    for place, (after, who, name, text, reply) in enumerate(talk):
        at = datetime.fromtimestamp(START + after, ZONE)
        messages.append({
            "id": 10 + place, "type": "message", "date": f"{at:%Y-%m-%dT%H:%M:%S}",
            "date_unixtime": str(START + after), "from": name, "from_id": f"user{who[1:]}",
            "text": text, "text_entities": [],
            "reply_to_message_id": 1 if reply is None else 10 + reply,
        })  # fmt: skip
    chat = {"name": "水族", "type": "private_supergroup", "id": 77, "messages": messages}
    return json.dumps(chat, ensure_ascii=False)


def slack(folder: Path, talk: Talk) -> None:
    """The same as a workspace of Slack's: each reply in the thread of its question."""
    people = {who: name for _, who, name, _, _ in talk}
    users = [{"id": who.upper(), "name": name, "profile": {"display_name": name}}
             for who, name in people.items()]  # fmt: skip
    days: dict[str, list[dict[str, str]]] = {}
    roots: dict[int, str] = {}
    for place, (after, who, _, text, reply) in enumerate(talk):
        ts = f"{START + after}.000{place:03}"
        roots[place] = roots[reply] if reply is not None else ts
        said = {"type": "message", "user": who.upper(), "text": text, "ts": ts}
        if reply is not None or any(r == place for *_, r in talk):
            said["thread_ts"] = roots[place]
        date = f"{datetime.fromtimestamp(START + after, UTC):%Y-%m-%d}"
        days.setdefault(date, []).append(said)
    (folder / "水族").mkdir(parents=True)
    (folder / "users.json").write_text(json.dumps(users), encoding="utf-8")
    (folder / "channels.json").write_text(json.dumps([{"id": "C1", "name": "水族"}]), "utf-8")
    for date, said_then in days.items():
        (folder / "水族" / f"{date}.json").write_text(json.dumps(said_then), encoding="utf-8")


def written(folder: Path, kind: str) -> Path:
    """An export below a folder."""
    folder.mkdir(exist_ok=True)
    if kind == "slack":
        slack(folder / "export", TALK)
        return folder / "export"
    text = {"chatlab": chatlab, "qce": qce, "telegram": telegram}[kind](TALK)
    path = folder / ("result.json" if kind != "chatlab" else "水族.jsonl")
    path.write_text(text, encoding="utf-8")
    return path
