"""A group in the terminal: a person types what several people say, and sees what the bot decides.

Takes lines and gives lines; the terminal itself is `bot/harness/terminal.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands import COMMANDS
from bot.decision import Decision
from bot.harness.group import ADMIN, ROOM, Group
from bot.reasons import Why, compared
from bot.reply import texts
from knowledge.language.display import shown

ME = "我"
"""Who speaks when nobody else is named."""

_TICK = re.compile(r"(\d{1,5})\s*([smhd]?)")
_UNITS = {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86400}
_COMMAND = re.compile(r"/[a-zA-Z-]+")
_FOLLOW_UPS = ("更多", "出处", "有用", "没用")

HELP = {
    "/as": "/as 小王 [话]      从现在起当小王，或者只替他说一句",
    "/room": "/room 账务小群    到那个群去；不写群名：列出有哪些群",
    "/private": "/private          私聊机器人",
    "/admin": "/admin /reload    管理员说这句话",
    "/tick": "/tick 10m         让时间过去（s、m、h、d）",
    "/overhear": "/overhear         打的字是在问机器人，还是被它旁听到",
    "/restart": "/restart          停掉机器人，再启动",
    "/quit": "/quit             离开（Ctrl-D 也行）",
}


@dataclass(frozen=True, slots=True)
class Output:
    """A line to be shown; `kind` is `said` (by the bot), `why` or `note`."""

    kind: str
    text: str


class Console:
    """Who speaks where, and what comes of it.

    `clock` tells the time (with a zone), which /tick is put on top of, and `pace` with each line;
    without a clock, time stands still until it is moved.
    """

    def __init__(
        self,
        group: Group,
        *,
        overhear: bool = False,
        rooms: Sequence[str] = (ROOM,),
        clock: Callable[[], datetime] | None = None,
        pace: timedelta = timedelta(),
    ) -> None:
        self.group = group
        self._clock = clock
        self._ahead, self._pace = timedelta(), pace
        self.who = ME
        self.room: str | None = rooms[0]
        self.overhear = overhear
        self.rooms = list(rooms)
        self.people = [ME]
        self._commands: dict[str, Callable[[str], list[Output]]] = {
            "/as": self._as,
            "/room": self._go,
            "/private": self._private,
            "/admin": self._admin,
            "/tick": self._tick,
            "/overhear": self._overhear,
            "/restart": self._restart,
            "/?": self._help,
        }

    @property
    def where(self) -> str:
        """Room, time and speaker, for a prompt."""
        now = self._now() if self._clock else self.group.clock.now
        return f"{self.room or '私聊'} {now:%H:%M:%S} {self.who}"

    @property
    def banner(self) -> list[str]:
        """Three lines about what this is, for the start."""
        groups = self.group.rooms_groups(self.room or ROOM)
        how = "旁听到的话（@爬楼 才是提问）" if self.overhear else "向机器人提问"
        clock = "和你的一样走" if self._clock else "停着，/tick 10m 才走"
        return [
            f"终端里的一个群，归档：{'、'.join(groups) or '无'}。用的是副本，什么都不会留下。",
            f"你是「{self.who}」，打的字算{how}，/overhear 切换；时钟{clock}。",
            "/as 小王 换人　/room 换群　/admin /help 管理员　/tick 10m 快进　/? 全部　Ctrl-D 离开",
        ]

    def wait(self) -> list[Output]:
        """What has come due since the last line, where the time goes by itself."""
        if self._clock is None:
            return []
        now = self._now()
        self._ahead += self._pace
        return self._shown(self.group.go_to(now), earlier=True)

    def _now(self) -> datetime:
        assert self._clock is not None
        return self._clock() + self._ahead

    def enter(self, text: str) -> list[Output]:
        """Do what was typed, a command of the console or something said; what to show."""
        word, _, rest = text.partition(" ")
        try:
            due = self.wait()
            if word in self._commands:
                return [*due, *self._commands[word](rest.strip())]
            if _COMMAND.fullmatch(word) and word[1:].lower() not in COMMANDS:
                return [*due, Output("note", f"没有 {word} 这个命令；/? 列出全部")]
            return [*due, *self._say(self.who, text)]
        except Exception as e:
            # A bot that breaks is what one wants to see here, and to go on from.
            return [Output("note", f"机器人出错了：{e!r}")]

    def completions(self, text: str) -> list[str]:
        """What a line may go on to, whole lines."""
        word, space, rest = text.partition(" ")
        if not space:
            found = [*HELP, *(f"/{name}" for name in COMMANDS)] if text.startswith("/") else []
            found += _FOLLOW_UPS if text else []
            return sorted({f for f in found if f.startswith(text)})
        options = {
            "/as": [*self.people, ADMIN],
            "/room": self.rooms,
            "/admin": [f"/{name}" for name in COMMANDS],
            "/tick": ["20s", "1m", "10m", "1h", "1d"],
        }.get(word, [])
        return [f"{word} {o}" for o in dict.fromkeys(options) if o.startswith(rest)]

    def _say(self, who: str, text: str) -> list[Output]:
        asks = not self.overhear and self.room is not None and who != ADMIN
        number = len(self.group.spoken)
        self.group.say(who, text, room=self.room, mentioned=asks)
        own = self._shown(self.group.spoken[number].decisions)
        return [*own, *self._shown(self.group.meanwhile, earlier=True)]

    def _shown(self, decisions: Sequence[Decision], earlier: bool = False) -> list[Output]:
        """Reasons and replies; of earlier messages with who said what."""
        lines: list[Output] = []
        for decision in decisions:
            why, said = self._why(decision), decision.incoming
            if earlier:
                why = f"{said.sender.name}「{shown(said.text)[:16]}」: {why}"
            lines.append(Output("why", why))
            lines += (Output("said", s.text) for s in decision.sends)
        return lines

    def _why(self, decision: Decision) -> str:
        """The reason, with how sure it was of what, beside what it should have been."""
        why = texts.reason(decision.reason)
        if decision.matches:
            best = decision.matches[0]
            sign = "≥" if best.confidence >= decision.threshold else "<"
            sure = compared(best.confidence, sign, decision.threshold)
            if decision.reason.figure == best.confidence:
                why = texts.why(decision.reason.why)
            why = f"{why}，{sure}，{best.exchange.lead.citation}"
            why += texts.found_by(best.by, best.read_as)
        if decision.reason.why is Why.HELD:
            why += "；/tick 让时间过去" if self._clock is None else "；过一会儿按回车"
        return why

    def _as(self, rest: str) -> list[Output]:
        name, _, text = rest.partition(" ")
        if not name:
            return [Output("note", "这些人：" + "、".join(self.people))]
        if name not in self.people:
            self.people.append(name)
        if text.strip():
            return self._say(name, text.strip())
        self.who = name
        return []

    def _go(self, rest: str) -> list[Output]:
        if not rest:
            return [Output("note", "这些群：" + "、".join(self.rooms))]
        if rest not in self.rooms:
            self.rooms.append(rest)
        self.room = rest
        return []

    def _private(self, rest: str) -> list[Output]:
        self.room = None
        return self._say(self.who, rest) if rest else []

    def _admin(self, rest: str) -> list[Output]:
        return self._say(ADMIN, rest) if rest else [Output("note", HELP["/admin"])]

    def _tick(self, rest: str) -> list[Output]:
        m = _TICK.fullmatch(rest)
        if m is None:
            return [Output("note", HELP["/tick"])]
        seconds = int(m[1]) * _UNITS[m[2]]
        self._ahead += timedelta(seconds=seconds)
        decided = self.group.advance(seconds)
        return self._shown(decided, earlier=True) or [Output("why", "没有在等的")]

    def _overhear(self, rest: str) -> list[Output]:
        self.overhear = not self.overhear
        how = "是被旁听到的，@爬楼 才是提问" if self.overhear else "是向机器人提问"
        lines = [Output("note", f"从现在起，打的字{how}")]
        if self.overhear and self.room and self.group.mode(self.room) != "ambient":
            lines.append(Output("note", "本群不旁听，要它旁听：/admin /mode ambient"))
        return lines

    def _restart(self, rest: str) -> list[Output]:
        self.group.restart()
        return [Output("note", "重新启动了")]

    def _help(self, rest: str) -> list[Output]:
        return [
            Output("note", line) for line in [*HELP.values(), "/help、/forget-me 等：说给机器人听"]
        ]
