"""Under which topics each room was met: anybody can give a room any topic, and change it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.terms import Room
from knowledge.groups import group_name

MOST = 64
"""Topics that are noted of a room: who renames his all day fills neither memory nor disk."""


class Topics:
    """The rooms that were met, each with all the topics that it bears or bore.

    `met` are ids and topics, in the order in which rooms were first met under them.
    """

    def __init__(self, met: Iterable[tuple[str, str]] = ()) -> None:
        self._borne: dict[str, dict[str, None]] = {}
        self._now: dict[str, str] = {}
        self._rooms: dict[str, set[str]] = {}
        for room, topic in met:
            self.meet(Room(room, topic))

    def meet(self, room: Room) -> bool:
        """Note the topic that a room bears now; whether it is noted among all that it bore."""
        self._now[room.id] = room.topic
        borne = self._borne.setdefault(room.id, {})
        if room.topic in borne or len(borne) >= MOST:
            return False
        borne[room.topic] = None
        for name in (room.id, room.topic):
            if name:
                self._rooms.setdefault(group_name(name), set()).add(room.id)
        return True

    def now(self) -> list[Room]:
        """All rooms that were met, with the topics that they bear now."""
        return [Room(room, topic) for room, topic in self._now.items()]

    def room(self, room: str) -> Room:
        """A room by its id; one that was not met has no topic."""
        return Room(room, self._now.get(room, ""))

    def of(self, room: Room) -> tuple[str, ...]:
        """All topics that a room bears or bore, the first first."""
        return tuple(dict.fromkeys([*self._borne.get(room.id, ()), room.topic]))

    def bearers(self, name: str) -> frozenset[str]:
        """The ids of the rooms that bear or bore a name, as it is spelled in a group's name.

        A room bears its id, too: no topic can make another room's archive its own.
        """
        return frozenset(self._rooms.get(group_name(name), ()))
