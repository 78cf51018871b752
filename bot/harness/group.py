"""A group in memory: people who speak, a clock that is moved by hand, and what the bot decided."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot.core import PalouCore
from bot.decision import Decision
from bot.reload import InProcess, Reloaded, report
from bot.settings import RoomSettings, Settings
from bot.terms import Contact, Incoming, Room
from knowledge.loading.load import load
from knowledge.store.copies import back_up, move_files
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.store.transaction import create

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

    def __init__(self, now: datetime, settle: Callable[[datetime], list[Decision]]) -> None:
        self.now = now
        self._settle = settle

    def __call__(self) -> datetime:
        """The time now."""
        return self.now

    def advance(self, seconds: float) -> list[Decision]:
        """Let time pass; what the bot decides meanwhile, each at its moment."""
        return self._settle(self.now + timedelta(seconds=seconds))


class _Core(PalouCore):
    """The core without the net below it: in a test, an exception is to be seen."""

    def receive(self, incoming: Incoming) -> Decision:
        return self.decide(incoming)


class Loading(InProcess):
    """Loads as if it took some seconds of the group's clock; nothing is done until they passed."""

    def __init__(self, load: Callable[[], str], clock: Clock, seconds: float) -> None:
        super().__init__(load)
        self._clock = clock
        self._seconds = seconds
        self.until: datetime | None = None

    def start(self) -> None:
        """Begin a load."""
        super().start()
        self.until = self._clock.now + timedelta(seconds=self._seconds)

    def ended(self) -> Reloaded | None:
        """Load when the time has come, and say how it ended."""
        if self.until is None or self._clock.now < self.until:
            return None
        self.until = None
        return super().ended()


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
    change them below `archive_folder`. `files` are further ones: path below it -> text. `rooms`
    maps topics to the groups that may answer there; without any there is one room, ROOM, which
    sees them all. `settings` are the bot's, less paths. `loading`: how many seconds a load takes.
    `database` is one to begin with instead of an archive: it is copied too, and /reload reads the
    archives of the settings.
    """

    def __init__(
        self,
        archive: Sequence[Path] | Path = (),
        *,
        settings: Settings | None = None,
        rooms: Mapping[str, Sequence[str]] | None = None,
        files: Mapping[str, str] | None = None,
        mode: str = "mention",
        start: datetime = START,
        loading: float = 0,
        database: Path | None = None,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="palou-")
        self.folder = folder = Path(self._temporary.name).resolve()
        self.archive_folder = folder / "archive"
        paths = (archive,) if isinstance(archive, Path) else tuple(archive)
        chosen = settings or Settings()
        self._base = replace(
            chosen,
            database=folder / _DATABASE,
            archives=chosen.archives if database else (self.archive_folder,),
            answers=folder / "answers",
            live=folder / "live" if chosen.live else None,
            admins=(*chosen.admins, contact(ADMIN).id),
            names=(*chosen.names, BOT),
        )
        if database is not None:
            back_up(database, self._base.database)
        else:
            _copy(_template(paths, tuple((files or {}).items())), folder)
        everything = _groups(self._base.database)
        self._rooms = {t: tuple(g) for t, g in (rooms or {ROOM: everything}).items()}
        self._mode = mode
        self._loading = loading
        self.clock = Clock(
            start if start.tzinfo else start.replace(tzinfo=chosen.zone), self._settle
        )
        self.spoken: list[Spoken] = []
        self.meanwhile: tuple[Decision, ...] = ()
        """What came of earlier messages when the last one was said."""
        self._numbers: dict[str, int] = {}  # of a message's id: where it stands in `spoken`
        self.core = self._start()

    def _start(self) -> PalouCore:
        listed = {r.id for r in self._base.rooms} | {r.topic for r in self._base.rooms}
        rooms = tuple(
            RoomSettings(id=room(topic).id, topic=topic, groups=groups, mode=self._mode)
            for topic, groups in self._rooms.items()
            if topic not in listed and room(topic).id not in listed
        )
        self.settings = replace(self._base, rooms=(*self._base.rooms, *rooms))
        settings = self.settings
        self._reloader = Loading(
            lambda: report(
                settings.database,
                settings.sources,
                settings.zone,
                settings.semantic,
                settings.owned,
            ),
            self.clock,
            self._loading,
        )
        return _Core(settings, settings.database, self._reloader, self.clock)

    def say(
        self,
        who: str,
        text: str,
        *,
        room: str | None = ROOM,
        mentioned: bool = False,
        message_id: str = "",
    ) -> Decision:
        """Somebody says something, in a room or (None) to the bot privately; what it decides.

        Whatever goes wrong in the bot is raised here; in a real chat it is logged.
        """
        self._settle(self.clock.now)
        number = len(self.spoken)
        incoming = Incoming(
            id=message_id or f"m{number + 1}",
            room=None if room is None else self._place(room),
            sender=contact(who),
            text=text,
            sent_at=self.clock.now,
            mentioned=mentioned,
            own=who == BOT,
        )
        self._numbers[incoming.id] = number
        self.spoken.append(Spoken(incoming, (self.core.receive(incoming),)))
        due = self._note(self.core.due(self.clock.now))
        self.meanwhile = tuple(d for d in due if d.incoming.id != incoming.id)
        return self.spoken[number].decision

    def mode(self, room: str = ROOM) -> str:
        """When the bot speaks in a room now, by settings and admins."""
        return self.core.rooms.rules(self._place(room)).mode

    def rooms_groups(self, room: str = ROOM) -> tuple[str, ...]:
        """The groups that may answer in a room now, as far as they are archived."""
        listed = self.core.rooms.groups(self._place(room))
        there = _groups(self._base.database)
        return tuple(g for g in listed if g in there)

    def _place(self, name: str) -> Room:
        """A room by its topic, or by its id in the settings."""
        listed = (r for r in self.settings.rooms if name in (r.topic, r.id))
        found = next(listed, None)
        return Room(found.id or room(name).id, found.topic or name) if found else room(name)

    def again(self) -> Decision:
        """The chat delivers the message that was said last a second time, as after a reconnect."""
        last = self.last().incoming
        return self.say(
            last.sender.name,
            last.text,
            room=last.room.topic if last.room else None,
            mentioned=last.mentioned,
            message_id=last.id,
        )

    def admin(self, text: str, *, room: str | None = ROOM) -> Decision:
        """An admin says something: `/reload`."""
        return self.say(ADMIN, text, room=room)

    def ask(self, who: str, text: str, *, room: str | None = ROOM) -> Decision:
        """Somebody mentions the bot and asks (or asks privately)."""
        return self.say(who, text, room=room, mentioned=room is not None)

    def advance(self, seconds: float) -> list[Decision]:
        """Let time pass; what the bot decides meanwhile, each at its moment."""
        return self.clock.advance(seconds)

    def go_to(self, moment: datetime) -> list[Decision]:
        """Let time pass until a moment; one that has passed leaves the clock alone."""
        return self._settle(max(moment, self.clock.now))

    def restart(self) -> None:
        """Stop the bot in order and start it again, with the same database."""
        self.core.close()
        self.core = self._start()

    def last(self) -> Spoken:
        """The message that was said last."""
        return self.spoken[-1]

    def close(self) -> None:
        """Stop the bot, and drop all files."""
        self.core.close()
        self._temporary.cleanup()

    def _settle(self, until: datetime) -> list[Decision]:
        """Move the clock, stopping at each moment at which something that waits is due."""
        decided: list[Decision] = []
        while True:
            waiting = [w for w in (self.core.next_due(), self._reloader.until) if w]
            self.clock.now = min([w for w in waiting if w > self.clock.now] + [until])
            decided += self._note(self.core.due(self.clock.now))
            if self.clock.now >= until:
                return decided

    def _note(self, decisions: Sequence[Decision]) -> Sequence[Decision]:
        for decision in decisions:
            number = self._numbers[decision.incoming.id]
            spoken = self.spoken[number]
            self.spoken[number] = replace(spoken, decisions=(*spoken.decisions, decision))
        return decisions


def contact(name: str) -> Contact:
    """Somebody of the harness; his id is made of his name."""
    return Contact(f"id-{name}", name)


def room(topic: str) -> Room:
    """A room of the harness; its id is made of its topic."""
    return Room(f"{topic}@chatroom", topic)


def write(folder: Path, name: str, text: str) -> None:
    """Write an archive file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@cache
def _template(archive: tuple[Path, ...], files: tuple[tuple[str, str], ...]) -> Path:
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
    for name, text in files:
        write(target, name, text)
    if archive or files:
        load(folder / _DATABASE, [target])
    else:
        create(folder / _DATABASE)
    return folder


def _copy(template: Path, folder: Path) -> None:
    """A copy of a template of its own, in which the database knows the files by their new paths."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    move_files(folder / _DATABASE, template, folder)


def _groups(database: Path) -> tuple[str, ...]:
    with closing(connect(database)) as conn:
        return Store(conn).groups()
