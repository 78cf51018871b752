"""The harness's group over a database that a test made: with an admin and two rooms by settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.decision import Decision
from bot.harness import group as harness
from bot.harness.group import ROOM, START, contact
from bot.settings import RoomSettings, Settings, Speaking
from bot.terms import Incoming

OTHER = "账务小群"
ADMIN = "群主"
ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"
"""A question as it stands in the sample archive, at paytalk-20240301-004933."""


def settings(folder: Path, mode: str = "mention") -> Settings:
    """Settings with two rooms, an admin, and a bot that is not to be answered."""
    return Settings(
        database=folder / "bot.db",
        archives=(folder / "archive",),
        admins=(contact(ADMIN).id,),
        bots=(contact("机器人乙").id,),
        speaking=Speaking(),
        rooms=(
            RoomSettings(id="1@chatroom", topic=ROOM, groups=("paytalk",), mode=mode),
            RoomSettings(topic=OTHER, groups=("ledgerlab",), mode=mode),
        ),
    )


class Group(harness.Group):
    """A group whose loads take a second, with a copy of the settings' database."""

    def __init__(self, settings: Settings, start: datetime = START) -> None:
        super().__init__(settings=settings, database=settings.database, start=start, loading=1)
        self._arrived = 0

    def change(self, **changes: object) -> None:
        """Restart with other settings."""
        self._base = replace(self._base, **changes)  # type: ignore[arg-type]
        self.restart()

    def incoming(self, who: str, text: str, *, mentioned: bool = False) -> Incoming:
        """A message of the room, for tests that change it before the core receives it."""
        self._arrived += 1
        where, at = self._place(ROOM), self.clock.now
        return Incoming(f"a{self._arrived}", where, contact(who), text, at, mentioned)

    def command(self, text: str, *, room: str | None = ROOM) -> str:
        """The admin gives a command; what the bot says."""
        return said(self.say(ADMIN, text, room=room))


def said(decision: Decision) -> str:
    """All that a decision sends, as one text."""
    return "\n".join(s.text for s in decision.sends)
