"""What holds in a room: its archives, its mode and its thresholds, by settings and by admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.record.record import Record
from bot.record.states import RoomState
from bot.settings import RoomSettings, Settings, Thresholds
from bot.terms import Room
from knowledge.groups import group_name


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in a room now. `groups` are those whose archives may answer there."""

    groups: tuple[str, ...]
    mode: str
    muted_until: datetime | None
    thresholds: Thresholds


class Rooms:
    """The rooms of one bot."""

    def __init__(self, settings: Settings, record: Record) -> None:
        self._settings = settings
        self._record = record
        self._states: dict[str, RoomState] = {}
        self._topics: dict[str, str] = {}

    def meet(self, room: Room) -> None:
        """Remember a room's topic, so that admins can name it privately."""
        self._topics[room.id] = room.topic

    def rules(self, room: Room) -> Rules:
        """What holds in a room."""
        by_file = self._found(room)
        state = self.state(room.id)
        return Rules(
            groups=self.groups(room),
            mode=state.mode or by_file.mode,
            muted_until=state.muted_until,
            thresholds=Thresholds(
                _first(state.hedged, by_file.hedged, self._settings.hedged),
                _first(state.asked, by_file.asked, self._settings.asked),
                _first(state.overheard, by_file.overheard, self._settings.overheard),
            ),
        )

    def groups(self, room: Room) -> tuple[str, ...]:
        """The groups that may answer in a room: those listed, else the one that bears its name."""
        found = self._found(room)
        if found.groups:
            return found.groups
        return tuple(dict.fromkeys(group_name(n) for n in (room.topic, room.id) if n))

    def own_group(self, room: Room) -> str:
        """The group that a room's own live archive and answers belong to."""
        return self.groups(room)[0]

    def private_groups(self, contact: str) -> tuple[str, ...]:
        """The groups that may answer a contact privately.

        Those of the settings, and those of the rooms that the contact was seen speaking in.
        """
        seen = [room for room, _ in self._record.names(contact)]
        by_room = [
            group for room in seen for group in self.groups(Room(room, self._topics.get(room, "")))
        ]
        return tuple(dict.fromkeys([*self._settings.private, *by_room]))

    def state(self, room: str) -> RoomState:
        """What admins set for a room."""
        if room not in self._states:
            self._states[room] = self._record.room_state(room)
        return self._states[room]

    def set_state(self, room: str, state: RoomState) -> None:
        """Keep what an admin set for a room."""
        self._states[room] = state
        self._record.set_room_state(room, state)

    def named(self, name: str) -> Room | None:
        """A room by its id or topic, of those that were met or set."""
        known = [Room(i, t) for i, t in self._topics.items()]
        known += [Room(r.id, r.topic) for r in self._settings.rooms if r.id]
        return next((r for r in known if name in (r.id, r.topic)), None)

    def _found(self, room: Room) -> RoomSettings:
        rooms = self._settings.rooms
        by_id = [r for r in rooms if r.id == room.id]
        by_topic = [r for r in rooms if not r.id and r.topic == room.topic]
        return (by_id or by_topic or [RoomSettings()])[0]


def _first(*values: float | None) -> float:
    return next(v for v in values if v is not None)
