"""Settings: what an operator can set, and what each is when it is not set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.tokens import tokens
from knowledge.loading.own import Own
from knowledge.matching.embedder import WORDS

_SEARCHED = 30  # characters of a question that the address of its search holds

MODES = ("mention", "ambient", "off")
"""When the bot speaks in a room: when mentioned, also when it overhears a question, or never."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidences, 0 to 1, from which on there is a reply.

    `asked`: the bot was addressed, and tells an answer; `hedged`: it tells one with a doubt.
    `overheard`: it was not addressed, and tells an answer all the same.
    """

    hedged: float
    asked: float
    overheard: float

    def __post_init__(self) -> None:
        # What is told with a doubt is never surer than what is told.
        object.__setattr__(self, "hedged", min(self.hedged, self.asked))


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """A room by its id or, failing that, its topic, with what is special to it.

    `groups` are those whose archives may answer here. A threshold of None is the general one.
    """

    id: str = ""
    topic: str = ""
    groups: tuple[str, ...] = ()
    mode: str = "mention"
    hedged: float | None = None
    asked: float | None = None
    overheard: float | None = None


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """An archive with its group, the group's time zone, and the nickname of who exported it.

    Empty: what its files state, the general zone, and nobody.
    """

    path: Path
    group: str = ""
    timezone: str = ""
    me: str = ""

    @property
    def own(self) -> Own:
        """The same, as a load takes it."""
        zone = zone_named(self.timezone) if self.timezone else None
        return Own(self.path, self.group or None, zone, self.me)


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
class OneBot:
    """How QQ is reached by OneBot v11: NapCat, Lagrange and others speak it.

    `connect` are addresses of their websocket servers, NapCat's own by default; `listen`, if set,
    is where they connect to us instead (host:port). `history`: what was said while the bot was away
    goes into the live archive, if there is one; it is never answered.
    """

    connect: tuple[str, ...] = ("ws://127.0.0.1:3001",)
    listen: str = ""
    history: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. Paths in a file are relative to that file.

    `own` are those of the archives for which something is set by itself.

    `permalink` is a template with `{citation}` (and, if wanted, `{group}`, `{date}`, `{time}`);
    empty: replies name the citation instead. `me` is the name of
    whoever exported the archives, where they have 我. `hedged`, `asked` and `overheard` are the
    `Thresholds`. `admins` and `bots` are contact ids.
    `private` are the groups that answer in private messages. `synonyms`, if set, is a file of words
    that may stand for each other, in Solr's format; `semantic` is the folder of a model by whose
    vectors questions are found, too, or stands for Palou's own (`embedder.WORDS`) or the packaged
    one (`embedder.PACKAGED`); None: they are found by their letters alone.
    `live`, if set, is the folder where what is said in
    the rooms is archived. `timezone` is that of the group: archives are written in it.

    `networks` are those that `palou run` connects to, if it is not told others.

    `base_url` is where members reach the pages of `palou serve`, without a slash at its end;
    replies link there unless `permalink` says otherwise. `evaluation` is the folder of the latest
    `palou eval --out`, and of the desk's labels. `web_token` is the secret of these pages, from the
    environment alone.
    """

    database: Path = Path("palou.db")
    archives: tuple[Path, ...] = (Path("seeds"),)
    own: tuple[ArchiveSettings, ...] = ()
    permalink: str = ""
    me: str = ""
    hedged: float = 0.3
    asked: float = 0.8
    overheard: float = 0.9
    names: tuple[str, ...] = ("爬楼", "palou")
    admins: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    answers: Path = Path("answers")
    live: Path | None = None
    synonyms: Path | None = None
    semantic: Path | None = WORDS
    timezone: str = "Asia/Shanghai"
    base_url: str = ""
    evaluation: Path = Path("eval")
    web_token: str = field(default="", repr=False)
    networks: tuple[str, ...] = ("wechat",)
    onebot: OneBot = OneBot()
    speaking: Speaking = Speaking()
    rooms: tuple[RoomSettings, ...] = ()

    @property
    def sources(self) -> tuple[Path, ...]:
        """What a load reads: the archives, and answers and live archive where there are any."""
        return (*self.archives, *(path for path in self.written if path.exists()))

    @property
    def owned(self) -> tuple[Own, ...]:
        """What is set for single archives, as a load takes it."""
        return tuple(archive.own for archive in self.own)

    @property
    def written(self) -> tuple[Path, ...]:
        """The folders that the bot writes itself: answers, and the live archive if it is wanted."""
        return (self.answers, self.live) if self.live else (self.answers,)

    def is_closed(self, group: str) -> bool:
        """Whether the pages of a group need its token.

        Once there are rooms, knowledge belongs to them: only what answers anybody in private
        messages is open to anybody here.
        """
        return bool(self.rooms) and group not in self.private

    def group_token(self, group: str) -> str:
        """What opens the pages of a group; empty when it needs none, or there can be none."""
        if not self.web_token or not self.is_closed(group):
            return ""
        return tokens(self.web_token).group(group)

    def permalink_to(self, group: str) -> str:
        """The template of permalinks to messages of a group, as `excerpt.source` fills it in."""
        if self.permalink or not self.base_url:
            return self.permalink
        token = self.group_token(group)
        return f"{self.base_url}/m/{{citation}}{{told}}" + (f"?t={token}" if token else "")

    @property
    def thresholds(self) -> Thresholds:
        """From which confidence on there is a reply, where a room has nothing else set."""
        return Thresholds(self.hedged, self.asked, self.overheard)

    def thresholds_of(self, room: RoomSettings) -> Thresholds:
        """The same in a room, as far as the file says."""
        own = (
            (room.hedged, self.hedged),
            (room.asked, self.asked),
            (room.overheard, self.overheard),
        )
        return Thresholds(*(general if special is None else special for special, general in own))

    def search_for(self, text: str, groups: Iterable[str]) -> str:
        """Where to search the pages for a text, as a member of some groups; empty: nowhere."""
        if not self.base_url:
            return ""
        tokens_of = [token for token in map(self.group_token, groups) if token]
        pairs = [("q", text[:_SEARCHED]), *(("t", token) for token in tokens_of)]
        return f"{self.base_url}/?{urlencode(pairs)}"

    @property
    def prefix(self) -> str:
        """The path below which the pages stand: empty, or like `/palou`."""
        return urlsplit(self.base_url).path.rstrip("/")

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
