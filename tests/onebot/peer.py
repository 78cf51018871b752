"""A OneBot v11 implementation with an invented QQ behind it, as a process of its own.

It speaks the protocol's universal websocket, as a server (`PORT`) or as a client (`URL`), with a
token (`TOKEN`), and takes commands as lines of JSON, telling what happens in the same form: the
same as the gateway of WeChat's tests. `WORLD` holds `bot`, `contacts` (id to name) and `rooms`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Json = dict[str, Any]
Segments = list[Json]


class Refusal(Exception):
    """An action fails with a return code."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class QQ:
    """Who is there, what was said, and what can be asked for by actions."""

    def __init__(self, world: Json, tell: Callable[..., None]) -> None:
        self.bot: int = int(world["bot"])
        self._names: dict[str, str] = world["contacts"]
        self._rooms: dict[str, str] = world["rooms"]
        self._tell = tell
        self._said: dict[int, Json] = {}
        self._next = 5_000_000
        self.online = True
        self.refuses = 0
        self._actions: dict[str, Callable[[Json], Any]] = {
            "send_group_msg": lambda p: self._sent(p, str(p["group_id"])),
            "send_private_msg": lambda p: self._sent(p, None),
            "get_msg": self._message,
            "get_login_info": lambda p: {"user_id": self.bot, "nickname": self.name(self.bot)},
            "get_status": lambda p: {"online": self.online, "good": self.online},
            "get_group_info": self._group,
            "get_group_list": lambda p: [self._group({"group_id": room}) for room in self._rooms],
            "get_group_member_info": lambda p: self._member(p["user_id"]),
            "get_group_msg_history": self._history,
        }

    def name(self, user: object) -> str:
        """The name of somebody."""
        return self._names[str(user)]

    def act(self, frame: Json) -> Json:
        """Answer an action as the protocol has it."""
        action, params = frame.get("action", ""), frame.get("params", {})
        answer: Json = {"echo": frame.get("echo")}
        do = self._actions.get(action)
        try:
            if do is None:
                raise Refusal(1404, "no such action")
            return answer | {"status": "ok", "retcode": 0, "data": do(params)}
        except Refusal as e:
            return answer | {"status": "failed", "retcode": e.code, "data": None, "wording": str(e)}

    def say(self, command: Json, keep: bool = True) -> Json:
        """Somebody says something; the event of it, which can be asked for if it is kept."""
        by, room = str(command["by"]), command.get("room")
        message_id = int(command.get("id") or self._new_id())
        event = {
            "time": int(command.get("at") or time.time()),
            "self_id": self.bot,
            "post_type": "message",
            "message_type": "group" if room else "private",
            "sub_type": "normal" if room else "friend",
            "message_id": message_id,
            "user_id": int(by),
            "message": _segments(command, self),
            "raw_message": command.get("text", ""),
            "font": 0,
            "sender": {"user_id": int(by), "nickname": self.name(by), "card": "", "role": "member"},
        }
        if room:
            event["group_id"] = int(room)
        if keep:
            self._said[message_id] = event
        return event

    def topic(self, room: str, topic: str) -> None:
        """Somebody gives a group another name."""
        self._rooms[room] = topic

    def _new_id(self) -> int:
        self._next += 1
        return self._next

    def _sent(self, params: Json, room: str | None) -> Json:
        if self.refuses:
            self.refuses -= 1
            raise Refusal(1200, "rate limited")
        message: Segments = params["message"]
        message_id = self._new_id()
        user = str(params.get("user_id", ""))
        ats = [s["data"]["qq"] for s in message if s["type"] == "at"]
        replies = [s["data"]["id"] for s in message if s["type"] == "reply"]
        text = "".join(str(s["data"].get("text", "")) for s in message if s["type"] == "text")
        self._said[message_id] = {
            "time": int(time.time()),
            "message_id": message_id,
            "message_type": "group" if room else "private",
            "user_id": self.bot,
            "group_id": int(room) if room else None,
            "message": message,
            "sender": {"user_id": self.bot, "nickname": self.name(self.bot)},
        }
        self._tell(
            "sent", id=str(message_id), to=room or user, mention=ats, reply=replies, text=text
        )
        return {"message_id": message_id}

    def _message(self, params: Json) -> Json:
        found = self._said.get(int(params["message_id"]))
        if found is None:
            raise Refusal(1404, "no such message")
        return {
            "time": found["time"],
            "message_type": found["message_type"],
            "message_id": found["message_id"],
            "real_id": found["message_id"],
            "sender": found["sender"],
            "message": found["message"],
        }

    def _group(self, params: Json) -> Json:
        room = str(params["group_id"])
        return {"group_id": int(room), "group_name": self._rooms[room], "member_count": 3}

    def _member(self, user: object) -> Json:
        if str(user) not in self._names:
            raise Refusal(1404, "no such member")
        return {"user_id": int(str(user)), "nickname": self.name(user), "card": ""}

    def _history(self, params: Json) -> Json:
        room, count = int(params["group_id"]), int(params.get("count", 20))
        there = [m for m in self._said.values() if m.get("group_id") == room]
        return {"messages": sorted(there, key=lambda m: m["time"])[-count:]}


def _segments(command: Json, qq: QQ) -> Segments:
    """What a client makes of a text with mentions, and of a reply."""
    text: str = command.get("text", "")
    segments: Segments = []
    if reply := command.get("reply"):
        segments.append({"type": "reply", "data": {"id": str(reply)}})
    for user in command.get("mention") or ():
        segments.append({"type": "at", "data": {"qq": str(user)}})
        text = text.removeprefix(f"@{qq.name(user)}\u2005")
    if command.get("picture"):
        segments.append({"type": "image", "data": {"file": "a.png", "url": "http://127.0.0.1/a"}})
    if text:
        segments.append({"type": "text", "data": {"text": f" {text}" if segments else text}})
    return segments


class Peer:
    """The wire: events to whoever is connected, and the answers to actions."""

    def __init__(self, qq: QQ, token: str, tell: Callable[..., None]) -> None:
        self._qq = qq
        self._token = token
        self._tell = tell
        self._connected: set[Connection] = set()

    async def serve(self, port: int) -> None:
        """Be connected to, for ever."""
        async with serve(self._talk, "127.0.0.1", port, process_request=self._checked):
            self._tell("listening")
            await asyncio.Event().wait()

    async def call(self, url: str) -> None:
        """Connect, again and again."""
        headers = {
            "X-Self-ID": str(self._qq.bot),
            "X-Client-Role": "Universal",
            "Authorization": f"Bearer {self._token}",
        }
        self._tell("listening")
        while True:
            try:
                async with connect(url, additional_headers=headers) as connection:
                    await self._talk(connection)
            except (OSError, ConnectionClosed):
                pass
            await asyncio.sleep(0.2)

    def _checked(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Authorization") == f"Bearer {self._token}":
            return None
        return connection.respond(HTTPStatus.UNAUTHORIZED, "")

    async def _talk(self, connection: Connection) -> None:
        await connection.send(json.dumps(self._meta("lifecycle", sub_type="connect")))
        self._connected.add(connection)
        self._tell("connected")
        try:
            async for frame in connection:
                await connection.send(json.dumps(self._qq.act(json.loads(frame))))
        except ConnectionClosed:
            pass
        finally:
            self._connected.discard(connection)
            self._tell("disconnected")

    def _meta(self, kind: str, **fields: Any) -> Json:
        return {
            "time": int(time.time()),
            "self_id": self._qq.bot,
            "post_type": "meta_event",
            "meta_event_type": kind,
        } | fields

    async def beat(self) -> None:
        """Send heartbeats, for ever."""
        while True:
            await asyncio.sleep(5)
            status = {"online": self._qq.online, "good": self._qq.online}
            await self.send(self._meta("heartbeat", status=status, interval=5000))

    async def send(self, event: Json) -> bool:
        """Send an event to all; whether there was anybody."""
        there = False
        for connection in list(self._connected):
            try:
                await connection.send(json.dumps(event))
                there = True
            except ConnectionClosed:
                continue
        return there

    async def drop(self) -> None:
        """End all connections, as an outage of the network does."""
        for connection in list(self._connected):
            await connection.close(1011)


async def obey(qq: QQ, peer: Peer, tell: Callable[..., None], lines: Iterable[str]) -> None:
    """Do what comes as lines of JSON, one after the other, until there are no more."""
    loop = asyncio.get_running_loop()
    source = iter(lines)
    while line := await loop.run_in_executor(None, next, source, ""):
        command: Json = json.loads(line)
        what = command.pop("do")
        if what == "say":
            event = qq.say(command)
            began = time.monotonic()
            if not command.get("unheard"):
                await peer.send(event)
            tell("said", id=str(event["message_id"]), began=round(began, 6))
        elif what == "topic":
            qq.topic(command["room"], command["topic"])
            tell("topic")
        elif what == "flood":
            await _flood(qq, peer, command)
            tell("flooded")
        elif what == "refuse":
            qq.refuses = command["times"]
        elif what == "offline":
            qq.online = not command["offline"]
            tell("offline")
        elif what == "drop":
            await peer.drop()
            tell("dropped")


async def _flood(qq: QQ, peer: Peer, command: Json) -> None:
    """Say so many things a second, for so many seconds."""
    rate, seconds, lines = command["rate"], command["seconds"], command["lines"]
    began = time.monotonic()
    for n in range(int(rate * seconds)):
        ahead = began + n / rate - time.monotonic()
        if ahead > 0.002:
            await asyncio.sleep(ahead)
        by, text = lines[n % len(lines)]
        await peer.send(qq.say({"by": by, "room": command["room"], "text": text}, keep=False))


async def main() -> None:
    """Run until standard input ends."""

    def tell(event: str, **fields: Any) -> None:
        at = time.monotonic()
        print(json.dumps({"event": event, "t": round(at, 6)} | fields), flush=True)

    qq = QQ(json.loads(os.environ["WORLD"]), tell)
    peer = Peer(qq, os.environ["TOKEN"], tell)
    url = os.environ.get("URL")
    wire = peer.call(url) if url else peer.serve(int(os.environ["PORT"]))
    tasks = [asyncio.ensure_future(part) for part in (wire, peer.beat())]
    await obey(qq, peer, tell, sys.stdin)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
