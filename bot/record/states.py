"""What admins set for a room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.record.writing import Writing


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
    """What admins set for the rooms of one database."""

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
        muted_until = until.astimezone(UTC).isoformat(timespec="seconds") if until else None
        announced = "yes" if state.announced else None
        self._put(
            "insert or replace into room_state(room, mode, muted_until, hedged, asked, overheard,"
            " announced) values (?, ?, ?, ?, ?, ?, ?)",
            (room, state.mode, muted_until, state.hedged, state.asked, state.overheard, announced),
            promised=True,
        )
