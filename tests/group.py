"""A group in memory: people who speak, a clock that is moved, and what the bot decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot.core import PalouCore
from bot.decision import Decision
from bot.reload import InProcess, report
from bot.settings import RoomSettings, Settings, Speaking
from bot.terms import Contact, Incoming, Room

ROOM = Room("1@chatroom", "支付茶馆")
OTHER = Room("2@chatroom", "账务小群")
ADMIN = "群主"
ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"
"""A question as it stands in the sample archive, at paytalk-20240301-004933."""


def settings(folder: Path, mode: str = "mention") -> Settings:
    """Settings with two rooms, an admin, and a bot that is not to be answered."""
    return Settings(
        database=folder / "bot.db",
        archives=(folder / "archive",),
        answers=folder / "answers",
        admins=("id-" + ADMIN,),
        bots=("id-机器人乙",),
        speaking=Speaking(),
        rooms=(
            RoomSettings(id=ROOM.id, groups=("paytalk",), mode=mode),
            RoomSettings(topic=OTHER.topic, groups=("ledgerlab",), mode=mode),
        ),
    )


@dataclass
class Group:
    """Drives a core as a chat does."""

    settings: Settings
    now: datetime = datetime(2024, 4, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    count: int = 0
    core: PalouCore = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the bot (again)."""
        chosen = self.settings
        reloader = InProcess(lambda: report(chosen.database, chosen.sources))
        self.core = PalouCore(self.settings, self.settings.database, reloader, lambda: self.now)

    def restart(self) -> None:
        """Stop the bot in order, and start it again."""
        self.core.close()
        self.start()

    def change(self, **changes: object) -> None:
        """Restart with other settings."""
        self.core.close()
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self.start()

    def incoming(
        self, who: str, text: str, room: Room | None = ROOM, mentioned: bool = False
    ) -> Incoming:
        """A message that arrives now."""
        self.count += 1
        sender = Contact("id-" + who, who)
        return Incoming(f"m{self.count}", room, sender, text, self.now, mentioned)

    def say(
        self, who: str, text: str, *, room: Room | None = ROOM, mentioned: bool = False
    ) -> Decision:
        """Somebody says something in a room (or, without one, to the bot privately)."""
        return self.core.receive(self.incoming(who, text, room, mentioned))

    def ask(self, who: str, text: str, *, room: Room | None = ROOM) -> Decision:
        """Somebody asks the bot."""
        return self.say(who, text, room=room, mentioned=room is not None)

    def admin(self, text: str, *, room: Room | None = ROOM) -> str:
        """The admin gives a command; what the bot says."""
        return said(self.say(ADMIN, text, room=room))

    def pass_time(self, seconds: float) -> list[Decision]:
        """Let time pass; what the bot decides meanwhile."""
        self.now += timedelta(seconds=seconds)
        return self.core.due(self.now)


def said(decision: Decision) -> str:
    """All that a decision sends, as one text."""
    return "\n".join(s.text for s in decision.sends)
