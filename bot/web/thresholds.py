"""The desk's thresholds: what another one would bring in each room, and how it is set."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from bot.record.record import Record
from bot.room_commands import set_threshold
from bot.rooms import Rooms
from bot.web.figures import Change, Evaluated
from bot.web.site import Site
from knowledge.language.display import shown

_STEPS = tuple(n / 20 for n in range(4, 20))  # thresholds to choose from: 0.20 to 0.95
_NAME = 40  # characters of a room's name


@dataclass(frozen=True, slots=True)
class RoomThreshold:
    """From which confidence on a room is told answers; what others would change, lowest first.

    `proposed` is the one of them that is chosen when the page opens.
    """

    room: str
    name: str
    now: float
    changes: tuple[Change, ...]
    proposed: float


def thresholds(site: Site, evaluated: Evaluated) -> list[RoomThreshold]:
    """The rooms, each with what it would mean to answer there from another threshold on."""
    rooms = Rooms(site.settings, site.record)
    found = []
    known: dict[float, list[Change]] = {}  # most rooms have the settings' thresholds
    for room in rooms.known():
        limits = rooms.rules(room).thresholds
        if limits.asked not in known:
            others = (t for t in _STEPS if abs(t - limits.asked) > 0.005)
            known[limits.asked] = [evaluated.change(limits.asked, t) for t in others]
        changes = tuple(c for c in known[limits.asked] if c.threshold <= limits.overheard)
        # Halfway down to where it answers with a doubt: the first that one would try.
        halfway = (limits.asked + limits.hedged) / 2
        steps = [c.threshold for c in changes]
        proposed = min(steps, key=lambda t: abs(t - halfway), default=limits.asked)
        name = shown(room.topic or room.id)[:_NAME]
        found.append(RoomThreshold(room.id, name, limits.asked, changes, proposed))
    return found


def act(site: Site, posted: Mapping[str, str]) -> str:
    """Set the threshold of a room, as `/threshold` does; what came of it, a key of `desk._SAID`."""
    try:
        value = float(posted.get("value", ""))
    except ValueError:
        return "unset"
    if site.immutable:
        return "fixed"
    with closing(Record(site.database)) as record:
        rooms = Rooms(site.settings, record)
        room = next((r for r in rooms.known() if r.id == posted.get("room")), None)
        if room is None or not 0 <= value <= 1:
            return "unset"
        since = record.mark()
        done, _ = set_threshold(rooms, room, "asked", value)
        if not done:
            return "above"
        return "set" if record.kept(since) else "unwritten"
