"""What admins set for a room by commands: its mode, its thresholds, and silence for a while."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.commands import COMMANDS, duration
from bot.reply import texts
from bot.rooms import Rooms
from bot.settings import MODES
from bot.terms import Incoming, Room

_WHICH = ("hedged", "asked", "overheard")


def set_threshold(rooms: Rooms, room: Room, which: str, value: float) -> tuple[bool, str]:
    """Set one of a room's thresholds; whether it is set, and what is said to that."""
    now = rooms.rules(room).thresholds
    if which == "hedged" and value > now.asked:
        return False, texts.HEDGED_ABOVE.format(hedged=value, asked=now.asked)
    new = asdict(replace(now, **{which: value}))
    if new["overheard"] < new["asked"]:
        return False, texts.OVERHEARD_BELOW.format(**new)
    rooms.set_state(room.id, replace(rooms.state(room.id), **new))
    return True, texts.THRESHOLDS_SET.format(**new)


class RoomCommands:
    """The commands about one room: where they are given, or the one that is named at their end."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def mode(self, incoming: Incoming, words: list[str]) -> str:
        """Set when the bot speaks; without a word, say it."""
        room = self._room(incoming, words)
        usage = COMMANDS["mode"].usage
        if isinstance(room, str):
            return room
        if not words:
            return texts.MODE.format(self._rooms.rules(room).mode, usage)
        if words[0] not in MODES:
            return texts.NO_SUCH_MODE.format(usage)
        state = self._rooms.state(room.id)
        self._rooms.set_state(room.id, replace(state, mode=words[0]))
        return texts.MODE_SET.format(words[0])

    def mute(self, incoming: Incoming, words: list[str], now: datetime) -> str:
        """Keep silent for a while: an hour, unless it is said how long."""
        room = self._room(incoming, words)
        if isinstance(room, str):
            return room
        length = duration(words[0]) if words else timedelta(hours=1)
        if length is None:
            return texts.NO_SUCH_LENGTH.format(COMMANDS["mute"].usage)
        state = self._rooms.state(room.id)
        self._rooms.set_state(room.id, replace(state, muted_until=now + length))
        return texts.MUTED.format(now + length)

    def unmute(self, incoming: Incoming, words: list[str]) -> str:
        """Speak again."""
        room = self._room(incoming, words)
        if isinstance(room, str):
            return room
        state = self._rooms.state(room.id)
        self._rooms.set_state(room.id, replace(state, muted_until=None))
        return texts.UNMUTED

    def threshold(self, incoming: Incoming, words: list[str]) -> str:
        """Set from which confidence on to reply; without a word, say it."""
        room = self._room(incoming, words)
        if isinstance(room, str):
            return room
        rules = self._rooms.rules(room)
        if not words:
            return texts.THRESHOLDS.format(**asdict(rules.thresholds))
        which = words.pop(0) if words[0] in _WHICH else "overheard"
        try:
            value = float(words[0])
        except (IndexError, ValueError):
            value = -1.0
        if not 0 <= value <= 1:
            return texts.NO_SUCH_THRESHOLD.format(COMMANDS["threshold"].usage)
        return set_threshold(self._rooms, room, which, value)[1]

    def _room(self, incoming: Incoming, words: list[str]) -> Room | str:
        """The room that a command is about, its name taken from the words; else what to say."""
        if incoming.room:
            return incoming.room
        found = self._rooms.bearing(words[-1]) if words else ()
        if not found:
            return texts.IN_ROOM_ONLY
        if len(found) > 1:
            ids = "、".join(sorted(r.id for r in found))
            return texts.WHICH_ROOM.format(len(found), words[-1], ids)
        words.pop()
        return found[0]
