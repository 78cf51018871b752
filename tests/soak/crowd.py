"""A busy group by chance: who says what next, and where."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.terms import Room
from tests.group import ADMIN, OTHER
from tests.soak.talking import HOME
from tests.soak.texts import said

BOOKS = Room("2@chatroom", OTHER)

_SHY = (
    *("贺知行", "闻笛声", "柳含烟", "戴星河", "祝余晖", "纪晓岚山"),
    *("鄢陵渡", "冷霜序", "费清谈", "倪云亭", "桑落酒", "季无忧"),
)
# Who only say what is no question, and then wish to be forgotten: nothing of them is counted.
_MEMBERS = tuple(f"群友{n}" for n in range(120))
_UNKNOWN = ("请问紫砂壶第{}次开壶要煮几个小时？", "第{}号车位怎么续租？", "{}月的读书会谁来主持？")
_COMMANDS = (
    *("/status", "/why", "/help", "/unanswered", "/threshold", "/mode", "/mode ambient"),
    *("/threshold asked 0.75", "/mute 1m", "/unmute", "/desk", "/mode sideways", "/forget nothing"),
)
_APPLAUSE = 3  # characters of a text that may be what a member thinks of a reply
_TALK = ("更多", "出处", "1", "２", "谢谢", "更多")

_KINDS = {
    "chat": 70.0,
    "ask": 14.0,
    "privately": 4.0,
    "talk": 4.0,
    "command": 4.0,
    "refused": 1.0,
    "answer": 0.5,
    "forget": 0.1,
    "shy": 1.0,
    "forget me": 0.05,
}
# How often each is said: much chatter, a question a minute, and some wishes a day.


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says in a room, or (None) privately; `kind` is what it is meant as."""

    kind: str
    who: str
    text: str
    room: Room | None


class Crowd:
    """The members of a group."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._said = [text for text in said() if len(text) > _APPLAUSE]
        self._asked = [text for text in self._said if text.endswith(("？", "?")) and len(text) > 9]
        self._left = list(_SHY)
        self._number = 0

    def next(self) -> Line:
        """The next thing that is said."""
        self._number += 1
        kind = self._chance.choices(list(_KINDS), list(_KINDS.values()))[0]
        who = self._chance.choice(_MEMBERS)
        room = self._chance.choice((HOME, HOME, BOOKS))
        match kind:
            case "ask":
                return Line(kind, who, f"@爬楼 {self._question()}", room)
            case "privately":
                return Line(kind, who, self._question(), None)
            case "talk":
                return Line(kind, who, self._chance.choice(_TALK), room)
            case "command":
                return Line(kind, ADMIN, self._chance.choice(_COMMANDS), room)
            case "refused":
                return Line(kind, who, self._chance.choice(_COMMANDS), room)
            case "answer":
                return Line(kind, ADMIN, f"/answer 1 第{self._number}个回答", room)
            case "forget":
                minute = f"{self._chance.randrange(60):02}"
                return Line(kind, ADMIN, f"/forget paytalk-20240301-09{minute}00", room)
            case "forget me" if self._left:
                return Line(kind, self._left.pop(), "/forget-me", BOOKS)
            case "shy" if self._left:
                return Line(kind, self._chance.choice(self._left), "今天的会改到三点", BOOKS)
        return Line("chat", who, self._chance.choice(self._said), room)

    def _question(self) -> str:
        """A question of the archive, with some of it left out, or one that nobody has answered."""
        chance = self._chance
        if chance.random() < 0.3:
            return chance.choice(_UNKNOWN).format(chance.randint(1, 40))
        text = chance.choice(self._asked)
        at = chance.randrange(len(text))
        return text if chance.random() < 0.5 else text[:at] + text[at + 2 :]
