"""Reads settings: `palou.toml`, overridden by `PALOU_…` variables."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from bot import settings_values as reads
from bot.settings import ArchiveSettings, OneBot, RoomSettings, Settings, Speaking
from bot.tokens import LEAST
from knowledge import regular
from knowledge.errors import PalouError

FILE = Path("palou.toml")

WEB_TOKEN = "PALOU_WEB_TOKEN"
"""The variable that holds the secret of the pages; no file does."""

_BYTES = 1_000_000  # of a file of settings, at most

_NAMES_FILE = "PALOU_SETTINGS"  # the variable that names another file than `palou.toml`

_NO_SETTINGS = (_NAMES_FILE, "PALOU_TRACEBACK", WEB_TOKEN)


class SettingsError(PalouError):
    """A setting is wrong; the message names where it stands, its key, and what it should be."""


# Key in the file -> what reads its value; the last part is the name of the field.
_KEYS: dict[str, reads.Parse] = {
    "database": reads.path,
    "archives": reads.paths,
    "permalink": reads.permalink,
    "me": reads.text,
    "names": reads.texts,
    "admins": reads.texts,
    "bots": reads.texts,
    "private": reads.groups,
    "answers": reads.path,
    "live": reads.path,
    "synonyms": reads.path,
    "semantic": reads.semantic,
    "timezone": reads.zone,
    "base_url": reads.base_url,
    "evaluation": reads.path,
    "networks": reads.networks,
    "onebot.connect": reads.websockets,
    "onebot.listen": reads.listen,
    "onebot.history": reads.switch,
    "thresholds.hedged": reads.confidence,
    "thresholds.asked": reads.confidence,
    "thresholds.overheard": reads.confidence,
    "speaking.cooldown": reads.seconds,
    "speaking.settle": reads.seconds,
    "speaking.late": reads.seconds,
    "speaking.person": reads.count,
    "speaking.room": reads.count,
}

_COMPARED = ("thresholds.asked", "thresholds.overheard")  # with each other, once all are read

_FORMER = {"link": "permalink"}
# Keys as they were called before -> what they are called now.
_FORMER_OF_ROOMS = {"archives": "groups"}


def base_url(value: str, where: str) -> str:
    """A `base_url` that was given elsewhere than in a file; SettingsError when it is none."""
    return str(_parsed({where: reads.base_url}, where, value, Path(), where, str))


_ARCHIVE_KEYS: dict[str, reads.Parse] = {
    "path": reads.path,
    "group": reads.group,
    "timezone": reads.zone,
    "me": reads.text,
}

_ROOM_KEYS: dict[str, reads.Parse] = {
    "id": reads.text,
    "topic": reads.text,
    "groups": reads.groups,
    "mode": reads.mode,
    "hedged": reads.confidence,
    "asked": reads.confidence,
    "overheard": reads.confidence,
}


def variable(key: str) -> str:
    """The environment variable that overrides a key: `PALOU_THRESHOLDS_ASKED`."""
    return "PALOU_" + key.upper().replace(".", "_")


def named(file: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The file that counts in the place of `palou.toml`: `file`, else what a variable names."""
    by_variable = environment.get(_NAMES_FILE)
    return file or (Path(by_variable) if by_variable else None)


def read(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings in force; `file` is one that the user named (else `palou.toml`, if there).

    SettingsError: the file is missing though named, is no TOML, or a key or a value is wrong.
    """
    chosen = named(file, environment)
    path = chosen or FILE
    values: dict[str, Any] = {}
    rooms: list[RoomSettings] = []
    own: list[ArchiveSettings] = []
    if chosen or path.is_file():
        content = _toml(path)
        own = _archives(content, path)
        rooms = _rooms(content.pop("rooms", []), path)
        for key, value in _renamed(_flat(content), _FORMER, str(path)).items():
            values[key] = _parsed(_KEYS, key, value, path.parent, f"{path}: {key}", str)
    names = {variable(key): key for key in _KEYS}
    former = {variable(old): variable(new) for old, new in _FORMER.items()}
    environment = _renamed(environment, former, "environment")
    given = (n for n in environment if n.startswith("PALOU_") and n not in _NO_SETTINGS)
    for name in sorted(given):
        if name not in names:
            raise SettingsError(f"{name}: no such setting; there are {', '.join(names)}")
        key = names[name]
        values[key] = _parsed(_KEYS, key, environment[name], Path(), name, variable)
    if variable("archives") in environment:
        own = []  # other archives than the file's
    settings = replace(_settings(values, rooms), own=tuple(own), web_token=_web_token(environment))
    compared = [variable(k) for k in _COMPARED if variable(k) in environment]
    _check(settings, " and ".join(compared) or str(path))
    return settings


def _web_token(environment: Mapping[str, str]) -> str:
    secret = environment.get(WEB_TOKEN, "").strip()
    if secret and len(secret) < LEAST:
        raise SettingsError(
            f"{WEB_TOKEN} should have {LEAST} characters or more; one is made by: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(24))"'
        )
    return secret


def _settings(values: Mapping[str, Any], rooms: list[RoomSettings]) -> Settings:
    tables: dict[str, dict[str, Any]] = {"speaking": {}, "onebot": {}}
    rest: dict[str, Any] = {}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        tables.get(table, rest)[name] = value
    return replace(
        Settings(),
        speaking=Speaking(**tables["speaking"]),
        onebot=OneBot(**tables["onebot"]),
        rooms=tuple(rooms),
        **rest,
    )


def _check(settings: Settings, where_set: str) -> None:
    """Refuse a threshold for what is overheard below the one for what is asked."""
    pairs = [("thresholds", settings.thresholds)]
    pairs += ((f"rooms {r.id or r.topic!r}", settings.thresholds_of(r)) for r in settings.rooms)
    for where, t in pairs:
        if t.overheard < t.asked:
            raise SettingsError(
                f"{where_set}: {where}: overheard ({t.overheard}) is below asked ({t.asked}); "
                "when not addressed, the bot should be more certain, not less"
            )


def _rooms(value: object, path: Path) -> list[RoomSettings]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise SettingsError(f"{path}: rooms should be tables, each headed [[rooms]]")
    rooms: list[RoomSettings] = []
    for number, table in enumerate(value, 1):
        where = f"{path}: rooms {number}"
        fields: dict[str, Any] = {
            key: _parsed(_ROOM_KEYS, key, found, path.parent, f"{where}: {key}", str)
            for key, found in _renamed(table, _FORMER_OF_ROOMS, where).items()
        }
        room = RoomSettings(**fields)
        if not (room.id or room.topic):
            raise SettingsError(f"{where}: needs an id or a topic")
        if any((room.id, room.topic) == (r.id, r.topic) for r in rooms):
            raise SettingsError(f"{where}: {room.id or room.topic!r} stands there twice")
        rooms.append(room)
    return rooms


def _archives(content: dict[str, Any], path: Path) -> list[ArchiveSettings]:
    """Take the archives that are tables out of a file's content, and leave their paths there."""
    tables = content.get("archives")
    if not isinstance(tables, list) or not any(isinstance(t, dict) for t in tables):
        return []
    found: list[ArchiveSettings] = []
    for number, table in enumerate(tables, 1):
        where = f"{path}: archives {number}"
        if not isinstance(table, dict):
            raise SettingsError(f"{where}: should be a table as the others are: [[archives]]")
        fields: dict[str, Any] = {
            key: _parsed(_ARCHIVE_KEYS, key, value, path.parent, f"{where}: {key}", str)
            for key, value in table.items()
        }
        if "path" not in fields:
            raise SettingsError(f"{where}: needs a path, of a file or folder")
        archive = ArchiveSettings(**fields)
        if (archive.timezone or archive.me) and not archive.group:
            raise SettingsError(f"{where}: needs a group, whose timezone and me these are")
        if any(archive.path == other.path for other in found):
            raise SettingsError(f"{where}: path = {table['path']!r} stands there twice")
        zones = {o.timezone for o in found if o.group and o.group == archive.group}
        if zones - {archive.timezone}:
            raise SettingsError(f"{where}: timezone: {archive.group} has another one above")
        found.append(archive)
    content["archives"] = [table["path"] for table in tables]
    return found


def text_of(path: Path) -> str:
    """The text of a file of settings; SettingsError when it cannot be read."""
    return regular.text_or(SettingsError, path, _BYTES)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as e:
        raise SettingsError(f"{path}: cannot be read as TOML: {e}") from e


V = TypeVar("V")


def _renamed(given: Mapping[str, V], former: Mapping[str, str], where: str) -> dict[str, V]:
    """What was given, under the names of today; SettingsError when it stands under both."""
    for old, new in former.items():
        if old in given and new in given:
            raise SettingsError(f"{where}: {old} is called {new} now; both are there, keep {new}")
    return {former.get(key, key): value for key, value in given.items()}


def _flat(content: Mapping[str, Any]) -> dict[str, object]:
    """The keys, those of tables as `table.key`."""
    flat: dict[str, object] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{name}": below for name, below in value.items()})
        else:
            flat[key] = value
    return flat


def _parsed(
    keys: Mapping[str, reads.Parse],
    key: str,
    value: object,
    base: Path,
    where: str,
    name: Callable[[str], str],
) -> object:
    if key not in keys:
        raise SettingsError(f"{where}: no such setting; there are {', '.join(map(name, keys))}")
    try:
        return keys[key](value, base)
    except reads.Wrong as e:
        raise SettingsError(f"{where} = {str(value)[:80]!r} {e}") from e
