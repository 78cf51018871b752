"""A group in memory: people who speak, a clock that is moved by hand, and what the bot decided."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot.core import PalouCore
from bot.incoming import Contact, Decision, Incoming, Room
from bot.reload import InProcess, report
from bot.settings import RoomSettings, Settings
from knowledge.load import create, load
from knowledge.store.read import Store
from knowledge.store.schema import connect

ROOM = "测试群"
"""The topic of the room in which people speak when none is named."""

ADMIN = "管理员"
"""The name of an admin; what makes him one is his contact id in the settings, as always."""

BOT = "爬楼"

START = datetime(2024, 4, 1, 9, 0)
"""When a group's clock begins if nothing else is said, in the group's time zone."""


_DATABASE = "palou.db"


class Clock:
    """The time as the group has it; it moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time now."""
        return self.now


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message and the bot's decisions about it: at once and, if it waited, after waiting."""

    incoming: Incoming
    decisions: tuple[Decision, ...]

    @property
    def decision(self) -> Decision:
        """The decision that stands."""
        return self.decisions[-1]

    @property
    def reply(self) -> str:
        """All that the bot said to it, as one text; empty when it kept silent."""
        return "\n".join(s.text for d in self.decisions for s in d.sends)


class Group:
    """Any number of rooms and people with one bot; drives the very core that WeChat drives.

    `archive` are files or folders as `palou load` takes them; they are copied, so that a test can
    change them below `archive_folder`. `rooms` maps topics to the groups that may answer there;
    without any there is one room, ROOM, which sees them all. `settings` are the bot's, less paths.
    """

    def __init__(
        self,
        archive: Sequence[Path] | Path = (),
        *,
        settings: Settings | None = None,
        rooms: Mapping[str, Sequence[str]] | None = None,
        mode: str = "mention",
        start: datetime = START,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="palou-")
        folder = Path(self._temporary.name).resolve()
        self.archive_folder = folder / "archive"
        paths = (archive,) if isinstance(archive, Path) else tuple(archive)
        chosen = settings or Settings()
        self._base = replace(
            chosen,
            database=folder / _DATABASE,
            archives=(self.archive_folder,),
            answers=folder / "answers",
            live=folder / "live" if chosen.live else None,
            admins=(*chosen.admins, contact(ADMIN).id),
            names=(*chosen.names, BOT),
        )
        _copy(_template(paths), folder)
        everything = _groups(self._base.database)
        self._rooms = {t: tuple(g) for t, g in (rooms or {ROOM: everything}).items()}
        self._mode = mode
        self.clock = Clock(start if start.tzinfo else start.replace(tzinfo=chosen.zone))
        self.spoken: dict[str, Spoken] = {}
        self.core = self._start()

    def _start(self) -> PalouCore:
        listed = {r.id for r in self._base.rooms} | {r.topic for r in self._base.rooms}
        rooms = tuple(
            RoomSettings(id=room(topic).id, topic=topic, archives=groups, mode=self._mode)
            for topic, groups in self._rooms.items()
            if topic not in listed and room(topic).id not in listed
        )
        self.settings = replace(self._base, rooms=(*self._base.rooms, *rooms))
        settings = self.settings
        reloader = InProcess(lambda: report(settings.database, settings.sources))
        return PalouCore(self.settings, self.settings.database, reloader, self.clock)

    def say(
        self,
        who: str,
        text: str,
        *,
        room: str | None = ROOM,
        mentioned: bool = False,
        message_id: str = "",
    ) -> Decision:
        """Somebody says something, in a room or (None) to the bot privately; what it decides."""
        self._settle(self.clock.now)
        incoming = Incoming(
            id=message_id or f"m{len(self.spoken) + 1}",
            room=None if room is None else _room(room),
            sender=contact(who),
            text=text,
            sent_at=self.clock.now,
            mentioned=mentioned,
            own=who == BOT,
        )
        decision = self.core.receive(incoming)
        before = self.spoken.get(incoming.id)
        self.spoken[incoming.id] = Spoken(
            incoming, (*(before.decisions if before else ()), decision)
        )
        self._note(self.core.due(self.clock.now))
        return self.spoken[incoming.id].decision

    def ask(self, who: str, text: str, *, room: str | None = ROOM) -> Decision:
        """Somebody mentions the bot and asks (or asks privately)."""
        return self.say(who, text, room=room, mentioned=room is not None)

    def advance(self, seconds: float) -> list[Decision]:
        """Let time pass; what the bot decides meanwhile, each at its moment."""
        return self._settle(self.clock.now + timedelta(seconds=seconds))

    def go_to(self, moment: datetime) -> list[Decision]:
        """Let time pass until a moment; one that has passed leaves the clock alone."""
        return self._settle(max(moment, self.clock.now))

    def restart(self) -> None:
        """Stop the bot in order and start it again, with the same database."""
        self.core.close()
        self.core = self._start()

    def last(self) -> Spoken:
        """The message that was said last."""
        return next(reversed(self.spoken.values()))

    def close(self) -> None:
        """Stop the bot, and drop all files."""
        self.core.close()
        self._temporary.cleanup()

    def _settle(self, until: datetime) -> list[Decision]:
        """Move the clock, stopping at each moment at which a held question is due."""
        decided: list[Decision] = []
        while True:
            waiting = [h.until for held in self.core.memory.held.values() for h in held]
            self.clock.now = min([w for w in waiting if w > self.clock.now] + [until])
            decided += self._note(self.core.due(self.clock.now))
            if self.clock.now >= until:
                return decided

    def _note(self, decisions: Sequence[Decision]) -> Sequence[Decision]:
        for decision in decisions:
            spoken = self.spoken[decision.incoming.id]
            self.spoken[decision.incoming.id] = replace(
                spoken, decisions=(*spoken.decisions, decision)
            )
        return decisions


def contact(name: str) -> Contact:
    """Somebody of the harness; his id is made of his name."""
    return Contact(f"id-{name}", name)


def room(topic: str) -> Room:
    """A room of the harness; its id is made of its topic."""
    return Room(f"{topic}@chatroom", topic)


_room = room  # within `say`, the parameter has this name


@cache
def _template(archive: tuple[Path, ...]) -> Path:
    """A folder with a copy of an archive and its database, loaded once a process."""
    folder = Path(tempfile.mkdtemp(prefix="palou-template-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    target = folder / "archive"
    target.mkdir()
    for path in archive:
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        else:
            below = target / path.parent.name
            below.mkdir(exist_ok=True)
            shutil.copy(path, below)
    if archive:
        load(folder / _DATABASE, [target])
    else:
        create(folder / _DATABASE)
    return folder


def _copy(template: Path, folder: Path) -> None:
    """A copy of a template of its own, in which the database knows the files by their new paths."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    conn = connect(folder / _DATABASE, read_only=False)
    with conn:
        for column in ("path", "same_as"):
            conn.execute(
                f"update archives set {column} = replace({column}, ?, ?)",
                (str(template), str(folder)),
            )
    conn.close()


def _groups(database: Path) -> tuple[str, ...]:
    conn = connect(database)
    groups = tuple(s.group for s in Store(conn).stats())
    conn.close()
    return groups
