"""A group in the terminal: a person types what several people say, and sees what the bot decides.

Takes lines and gives lines; the terminal itself is `bot/harness/terminal.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.commands import COMMANDS
from bot.decision import Decision
from bot.harness.group import ADMIN, ROOM, Group
from bot.reasons import Why
from knowledge.language.display import shown
from knowledge.matching.match import found_by

ME = "我"
"""Who speaks when nobody else is named."""

_TICK = re.compile(r"(\d{1,5})\s*([smhd]?)")
_UNITS = {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86400}
_FOLLOW_UPS = ("更多", "出处", "有用", "没用")

HELP = {
    "/as": "/as 小王 [text]     speak as 小王 from now on, or say one thing as him",
    "/room": "/room 账务小群      go to that room; alone: list the rooms",
    "/private": "/private           write to the bot alone",
    "/admin": "/admin /reload     an admin says this",
    "/tick": "/tick 10m          let time pass (s, m, h, d)",
    "/overhear": "/overhear          put to the bot what you type, or have it overheard",
    "/restart": "/restart           stop the bot and start it again",
    "/quit": "/quit              leave (so does Ctrl-D)",
}


@dataclass(frozen=True, slots=True)
class Output:
    """A line to be shown; `kind` is `said` (by the bot), `why` or `note`."""

    kind: str
    text: str


class Console:
    """Who speaks where, and what comes of it; with a clock that stands still until it is moved."""

    def __init__(
        self, group: Group, *, overhear: bool = False, rooms: Sequence[str] = (ROOM,)
    ) -> None:
        self.group = group
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
        return f"{self.room or 'privately'} {self.group.clock.now:%H:%M:%S} {self.who}"

    def enter(self, text: str) -> list[Output]:
        """Do what was typed, a command of the console or something said; what to show."""
        word, _, rest = text.partition(" ")
        try:
            if word in self._commands:
                return self._commands[word](rest.strip())
            return self._say(self.who, text)
        except Exception as e:
            # A bot that breaks is what one wants to see here, and to go on from.
            return [Output("note", f"the bot broke: {e!r}")]

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
        why = str(decision.reason)
        if decision.matches:
            best = decision.matches[0]
            sign = "≥" if best.confidence >= decision.threshold else "<"
            sure = f"{best.confidence:.2f} {sign} {decision.threshold:.2f}"
            if decision.reason.figure == best.confidence:
                why = decision.reason.why.value
            why = f"{why}, {sure}"
            why += f", {best.exchange.lead.citation}"
            if found := found_by(best):
                why += f", found {found}"
        if decision.reason.why is Why.HELD:
            why += "; /tick lets time pass"
        return why

    def _as(self, rest: str) -> list[Output]:
        name, _, text = rest.partition(" ")
        if not name:
            return [Output("note", "people: " + "、".join(self.people))]
        if name not in self.people:
            self.people.append(name)
        if text.strip():
            return self._say(name, text.strip())
        self.who = name
        return []

    def _go(self, rest: str) -> list[Output]:
        if not rest:
            return [Output("note", "rooms: " + "、".join(self.rooms))]
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
        decided = self.group.advance(int(m[1]) * _UNITS[m[2]])
        return self._shown(decided, earlier=True) or [Output("why", "nothing waited")]

    def _overhear(self, rest: str) -> list[Output]:
        self.overhear = not self.overhear
        how = "overheard; mention @爬楼 to ask" if self.overhear else "put to the bot"
        lines = [Output("note", f"from now on what you type is {how}")]
        if self.overhear and self.room and self.group.mode(self.room) != "ambient":
            lines.append(Output("note", "this room's mode is not ambient: /admin /mode ambient"))
        return lines

    def _restart(self, rest: str) -> list[Output]:
        self.group.restart()
        return [Output("note", "restarted")]

    def _help(self, rest: str) -> list[Output]:
        return [
            Output("note", line) for line in [*HELP.values(), "/help, /forget-me …: to the bot"]
        ]
