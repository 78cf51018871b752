"""Which rooms were met, and what admins set for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.record.writing import Writing, iso


@dataclass(frozen=True, slots=True)
class RoomState:
    """What admins set for a room; None where nothing is set."""

    mode: str | None = None
    muted_until: datetime | None = None
    hedged: float | None = None
    asked: float | None = None
    overheard: float | None = None
    announced: bool = False


class RoomStates(Writing):
    """The rooms of one database: under which topics they were met, and what admins set there."""

    def meet(self, room: str, topic: str) -> None:
        """Note that a room bears a topic."""
        self._put("insert or ignore into rooms(room, topic) values (?, ?)", (room, topic))

    def met(self) -> list[tuple[str, str]]:
        """The rooms that were met and their topics, in the order in which they took them."""
        return self._rows("select room, topic from rooms order by id") or []

    def room_state(self, room: str) -> RoomState:
        """What admins set for a room."""
        rows = self._rows(
            "select mode, muted_until, hedged, asked, overheard, announced from room_state"
            " where room = ?",
            [room],
        )
        if not rows:
            return RoomState()
        (row,) = rows
        until = datetime.fromisoformat(row[1]) if row[1] else None
        return RoomState(row[0], until, row[2], row[3], row[4], bool(row[5]))

    def set_room_state(self, room: str, state: RoomState) -> None:
        """Keep what admins set for a room, also over a restart."""
        until = state.muted_until
        muted_until = iso(until) if until else None
        announced = "yes" if state.announced else None
        self._put(
            "insert or replace into room_state(room, mode, muted_until, hedged, asked, overheard,"
            " announced) values (?, ?, ?, ?, ?, ?, ?)",
            (room, state.mode, muted_until, state.hedged, state.asked, state.overheard, announced),
            promised=True,
        )
