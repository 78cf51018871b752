"""The commands that can be given in a chat: their names, who may give them, and their help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_COMMAND = re.compile(r"[/／]([a-zA-Z-]{2,20})(?:\s+(.*))?", re.DOTALL)
_DURATION = re.compile(r"(\d{1,4})\s*(m|min|分钟?|h|小时|d|天)", re.IGNORECASE)
_UNITS = {"m": "minutes", "分": "minutes", "h": "hours", "小": "hours", "d": "days", "天": "days"}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is written, what it does, and whether only admins may give it."""

    usage: str
    help: str
    admin: bool = True


COMMANDS: dict[str, Command] = {
    "help": Command("/help", "这份说明", admin=False),
    "id": Command("/id", "这个群和我的编号（设置里要填的）", admin=False),
    "forget-me": Command(
        "/forget-me [all|undo]",
        "归档里不再出现我的名字；all：删掉我说过的话；undo：一天内反悔",
        admin=False,
    ),
    "forget": Command("/forget 出处编号", "忘掉一条消息（管理员，或说这句话的人）", admin=False),
    "reload": Command("/reload", "重新读入归档，期间照常回答"),
    "status": Command("/status", "知识、模式、今天答了多少"),
    "mode": Command("/mode mention|ambient|off [群名]", "只在被 @ 时回答、也旁听、不出声"),
    "mute": Command("/mute 1h [群名]", "静音一段时间（30m、2h、1d）"),
    "unmute": Command("/unmute [群名]", "取消静音"),
    "threshold": Command("/threshold [asked|hedged|overheard] [0.85] [群名]", "看或改置信度门槛"),
    "unanswered": Command("/unanswered [页]", "问了没答上的，问得最多的在前"),
    "answer": Command("/answer 序号 回答", "回答 /unanswered 里的第几个，记入归档"),
    "dismiss": Command("/dismiss 序号", "/unanswered 里的第几个不用答，以后不再列"),
    "wishes": Command("/wishes [序号 yes|no]", "谁想被忘掉、要我来确认的；同意或拒绝"),
    "desk": Command("/desk", "看板的链接，十五分钟内能打开一次（只在私聊里给）"),
    "why": Command("/why", "上一个决定的理由和数字"),
}
"""By name, in the order of the help."""

WISHES = frozenset({"forget", "forget-me"})
"""Those that a member may give wherever he stands: they have a limit of their own, and no mute."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it was given: its name, a known one, and the rest of the line."""

    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest, by words."""
        return self.rest.split()


def parse(text: str) -> Request | None:
    """The command that a text gives; None when it gives none that is known."""
    m = _COMMAND.fullmatch(text.strip())
    if m is None or m[1].lower() not in COMMANDS:
        return None
    return Request(m[1].lower(), (m[2] or "").strip())


def unknown(text: str) -> str:
    """What is put like a command and is none, by its name; else empty."""
    m = _COMMAND.fullmatch(text.strip())
    return m[1] if m and m[1].lower() not in COMMANDS else ""


def duration(text: str) -> timedelta | None:
    """A length of time as people write it (`30m`, `2h`, `1天`); None when it is none."""
    m = _DURATION.fullmatch(text.strip())
    if m is None:
        return None
    return timedelta(**{_UNITS[m[2][0].lower()]: int(m[1])})


def help_for(admin: bool) -> list[str]:
    """A line for each command that somebody may give."""
    return [f"{c.usage}：{c.help}" for c in COMMANDS.values() if admin or not c.admin]
