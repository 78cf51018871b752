"""What holds in a room: its archives, its mode and its thresholds, by settings and by admins.

Nobody chooses the id of a room, but anybody its topic. So settings that name a room by its topic
hold for the one room that was met under it: where two were, for neither. A room that bears the name
of an archive is given it when no settings give that to a room, and no other room bears the name.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.record.record import Record
from bot.record.states import RoomState
from bot.settings import RoomSettings, Settings, Thresholds
from bot.terms import Room
from bot.topics import Topics
from knowledge.groups import group_name

log = logging.getLogger("palou")

_NAMED = 5  # other rooms of one topic that a warning names


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
        self._elsewhere = record.elsewhere()
        self._topics = Topics(record.met())
        self._by_id = {r.id: r for r in reversed(settings.rooms) if r.id}
        self._by_topic = {r.topic: r for r in reversed(settings.rooms) if not r.id}
        self._given = frozenset(g for r in settings.rooms for g in _given(r)).union(
            map(group_name, self._by_id)
        )
        self._claimants: dict[str, set[str]] = {}  # of a topic in the settings: ids of rooms
        for room in self._topics.now():
            self._note_claim(room)

    def meet(self, room: Room) -> None:
        """Remember a room's topic: whose a topic is follows from who was met under it."""
        if not self._topics.meet(room):
            return
        self._record.meet(room.id, room.topic)
        self._note_claim(room)
        if others := self.namesakes(room):
            log.warning(
                "rooms %s bear one topic: what the settings say by it holds for none of them;"
                " write the id of the right one there",
                ", ".join([*sorted(others)[:_NAMED], room.id]),
            )

    def rules(self, room: Room) -> Rules:
        """What holds in a room."""
        by_file = self._found(room) or RoomSettings()
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
        """The groups that may answer in a room: those listed, else its own and that of its name."""
        found = self._found(room)
        if found and found.groups:
            return found.groups
        names = [self.own_group(room), group_name(room.id)]
        if room.topic and self._may_have(room, group_name(room.topic)):
            names.append(group_name(room.topic))
        return tuple(dict.fromkeys(names))

    def groups_of(self, room: str) -> tuple[str, ...]:
        """The same by a room's id; one that was not met has no topic."""
        return self.groups(self._topics.room(room))

    def own_group(self, room: Room) -> str:
        """The group that a room's own live archive and answers belong to.

        The first of those listed, else by the topic in the settings; that of any other room is
        named by its id, which nobody can choose.
        """
        found = self._found(room)
        return _given(found)[0] if found else group_name(room.id)

    def namesakes(self, room: Room) -> frozenset[str]:
        """The ids of other rooms for whose topic settings do not hold in a room that bears it."""
        topic = self._claim(room)
        return frozenset(self._claimants.get(topic or "", ())) - {room.id}

    def answered_in(self, place: str) -> str | None:
        """The group that an answer belongs to, if nobody says another; None: there is none."""
        return next(iter(self.answers_in(place)), None)

    def answers_in(self, place: str) -> tuple[str, ...]:
        """The groups that an answer may belong to, by the id of the room of the question.

        Those that the settings list for that room, else its own. Empty: it was put privately. Its
        answer goes to a group that answers anybody privately and no room, so that it is shown to no
        group.
        """
        if place:
            room = self._topics.room(place)
            found = self._found(room)
            return found.groups if found and found.groups else (self.own_group(room),)
        return tuple(g for g in self._settings.private if g not in self._given)

    def private_groups(self, contact: str) -> tuple[str, ...]:
        """The groups that may answer a contact privately.

        Those of the settings, and those of the rooms that the contact was seen speaking in.
        """
        seen = [room for room, _ in self._record.names(contact)]
        by_room = [group for room in seen for group in self.groups_of(room)]
        return tuple(dict.fromkeys([*self._settings.private, *by_room]))

    def state(self, room: str) -> RoomState:
        """What admins set for a room, here or at the desk, which is another process."""
        elsewhere = self._record.elsewhere()
        # What was set here and is not written yet is newer than what can be read.
        if elsewhere != self._elsewhere and self._record.flush():
            self._elsewhere = elsewhere
            self._states.clear()
        if room not in self._states:
            self._states[room] = self._record.room_state(room)
        return self._states[room]

    def set_state(self, room: str, state: RoomState) -> None:
        """Keep what an admin set for a room."""
        self._states[room] = state
        self._record.set_room_state(room, state)

    def named(self, name: str) -> Room | None:
        """The room of a name; None when none has it, or several."""
        found = self.bearing(name)
        return found[0] if len(found) == 1 else None

    def known(self) -> list[Room]:
        """The rooms that were met, as they are called now, then those that settings name by id."""
        set_ = [Room(r.id, r.topic) for r in self._by_id.values()]
        return list({r.id: r for r in reversed([*self._topics.now(), *set_])}.values())[::-1]

    def bearing(self, name: str) -> tuple[Room, ...]:
        """The rooms of a name, of those met or set: that of this id, else all of this topic."""
        known = self._topics.now()
        known += [Room(r.id, r.topic) for r in self._by_id.values()]
        found = [r for r in known if r.id == name][:1] or [r for r in known if r.topic == name]
        return tuple({r.id: r for r in reversed(found)}.values())

    def title(self, room: str) -> str:
        """What to call a room by its id: its topic, where that is known."""
        known = self._topics.room(room).topic
        return known or (self._by_id[room].topic if room in self._by_id else "") or room

    def _found(self, room: Room) -> RoomSettings | None:
        """The settings of a room; None when it is not listed."""
        if room.id in self._by_id:
            return self._by_id[room.id]
        topic = self._claim(room)
        if topic is None:
            return None
        claimants = self._claimants.get(topic, set())
        if len(claimants) > (room.id in claimants):
            return None
        return self._by_topic[topic]

    def _claim(self, room: Room) -> str | None:
        """The topic by which a room would be one of the settings': the first it was met under.

        So a room that is one of them keeps what it has under another topic, and takes no other's.
        """
        if room.id in self._by_id:
            return None
        return next((t for t in self._topics.of(room) if t in self._by_topic), None)

    def _note_claim(self, room: Room) -> None:
        """Note a room that was met as one that would be that of a topic in the settings."""
        topic = self._claim(room)
        if topic is not None:
            self._claimants.setdefault(topic, set()).add(room.id)

    def _may_have(self, room: Room, group: str) -> bool:
        """Whether a room may be given a group for bearing its name.

        Rooms that nobody listed cannot take that from one that is listed.
        """
        if group in self._given or group in self._settings.private:
            return False
        others = self._topics.bearers(group) - {room.id}
        if self._found(room):
            return not any(self._found(self._topics.room(other)) for other in others)
        return not others


def _given(room: RoomSettings) -> tuple[str, ...]:
    """The groups that settings give to a room, whatever topic it bears."""
    return room.groups or (group_name(room.topic or room.id),)


def _first(*values: float | None) -> float:
    return next(v for v in values if v is not None)
