"""Sees who speaks in the rooms, and archives what is said there where that is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.live import LiveArchive
from bot.memory import Memory
from bot.record.record import Record
from bot.rooms import Rooms
from bot.terms import Contact, Incoming, Room
from bot.wishes import Wishes


class Witness:
    """Masks what somebody wished to be forgotten; without a `live` archive, nothing is archived."""

    def __init__(
        self, record: Record, rooms: Rooms, memory: Memory, wishes: Wishes, live: LiveArchive | None
    ) -> None:
        self._record = record
        self._rooms = rooms
        self._memory = memory
        self._wishes = wishes
        self._live = live

    @property
    def archives(self) -> bool:
        """Whether what is said is archived."""
        return self._live is not None

    def meet(self, room: Room, sender: Contact, now: datetime, said: datetime) -> None:
        """Remember who speaks where; `said` is when, by the chat's clock."""
        self._rooms.meet(room)
        if self._memory.met.get((room.id, sender.id)) != sender.name:
            self._wishes.meet(room, sender, min(now, said))
            self._memory.met[room.id, sender.id] = sender.name
            group = self._rooms.own_group(room)
            name, _ = self._wishes.masked(group, sender.id, sender.name, "")
            self._record.see(room.id, sender.id, name, now)

    def archive(self, room: Room, incoming: Incoming) -> None:
        """Archive a message, if that is wanted."""
        if self._live is None:
            return
        group, sender = self._rooms.own_group(room), incoming.sender
        name, text = self._wishes.masked(group, sender.id, sender.name, incoming.text)
        if text or not incoming.text:
            self._live.keep(group, incoming, name, text)

    def announces(self, room: Room) -> bool:
        """Whether a room is to be told now that it is archived, which it is once."""
        if self._live is None or (state := self._rooms.state(room.id)).announced:
            return False
        self._rooms.set_state(room.id, replace(state, announced=True))
        return True
