"""Settings: what an operator can set, and what each is when it is not set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MODES = ("mention", "ambient", "off")
"""When the bot speaks in a room: when mentioned, also when it overhears a question, or never."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """A room by its id or, failing that, its topic, with what is special to it.

    `archives` are the groups that may answer here. A threshold of None is the general one.
    """

    id: str = ""
    topic: str = ""
    archives: tuple[str, ...] = ()
    mode: str = "mention"
    asked: float | None = None
    overheard: float | None = None


@dataclass(frozen=True, slots=True)
class Speaking:
    """When to speak; seconds, and messages a minute.

    `cooldown`: after an overheard question was answered, the room is left alone so long.
    `settle`: an overheard question is held so long, in case a person answers it. `person` and
    `room` are the most replies a minute. `late`: a reply that could not be sent by then is dropped.
    """

    cooldown: float = 60.0
    settle: float = 20.0
    person: int = 6
    room: int = 20
    late: float = 120.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. Paths in a file are relative to that file.

    `link` is a template with `{citation}` (and, if wanted, `{group}`, `{date}`, `{time}`); empty:
    replies name the citation instead. The thresholds are confidences from 0 to 1: `asked` when
    the bot is addressed, `overheard` when it is not. `admins` and `bots` are contact ids. `private`
    are the groups that answer in private messages. `synonyms`, if set, is a file of words that may
    stand for each other, in Solr's format; `semantic`, if set, the folder of a model by whose
    embeddings questions are found, too. `live`, if set, is the folder where what is
    said in the rooms is archived. `timezone` is that of the group: archives are written in it.
    """

    database: Path = Path("palou.db")
    archives: tuple[Path, ...] = (Path("seeds"),)
    link: str = ""
    asked: float = 0.45
    overheard: float = 0.7
    names: tuple[str, ...] = ("爬楼", "palou")
    admins: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    answers: Path = Path("answers")
    live: Path | None = None
    synonyms: Path | None = None
    semantic: Path | None = None
    timezone: str = "Asia/Shanghai"
    speaking: Speaking = Speaking()
    rooms: tuple[RoomSettings, ...] = ()

    @property
    def sources(self) -> tuple[Path, ...]:
        """What a load reads: the archives, and answers and live archive where there are any."""
        own = (self.answers, self.live)
        return (*self.archives, *(path for path in own if path is not None and path.exists()))

    @property
    def zone(self) -> tzinfo:
        """The time zone of the group."""
        return zone_named(self.timezone)


def zone_named(name: str) -> tzinfo:
    """A time zone by its name; ValueError when there is none.

    China's needs no tables, which Windows does not bring: it has had no summer time since 1991.
    """
    if name == "Asia/Shanghai":
        return timezone(timedelta(hours=8), name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise ValueError(f"no time zone {name!r}") from e
