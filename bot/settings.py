"""Settings: `palou.toml`, overridden by `PALOU_…` variables, overridden by options."""

from __future__ import annotations

import os
import string
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.errors import PalouError

FILE = Path("palou.toml")


class SettingsError(PalouError):
    """A setting is wrong; the message names where it stands, its key, and what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. Paths in a file are relative to that file.

    `link` is a template with `{citation}` (and, if wanted, `{group}`, `{date}`, `{time}`); empty:
    replies name the citation instead. The thresholds are confidences from 0 to 1: `asked` when
    the bot is addressed, `overheard` when it is not.
    """

    database: Path = Path("palou.db")
    archives: tuple[Path, ...] = (Path("seeds"),)
    link: str = ""
    asked: float = 0.45
    overheard: float = 0.7


class _Wrong(ValueError):
    """A value does not fit; says what would."""


def _path(value: object, base: Path) -> Path:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong("should be a path in quotes")
    return base / Path(value).expanduser()


def _paths(value: object, base: Path) -> tuple[Path, ...]:
    if isinstance(value, str):
        value = [part for part in value.split(os.pathsep) if part]
    if not isinstance(value, list) or not value:
        raise _Wrong('should be a list of paths, like ["archive"]')
    return tuple(_path(part, base) for part in value)


def _link(value: object, base: Path) -> str:
    if not isinstance(value, str):
        raise _Wrong("should be a text in quotes")
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        value.format(citation="c", group="g", date="d", time="t")
    except (ValueError, KeyError, IndexError, AttributeError) as e:
        raise _Wrong("should use no braces but {citation}, {group}, {date} and {time}") from e
    if value and not used:
        raise _Wrong("should hold {citation}, like https://example.org/m/{citation}")
    return value


def _confidence(value: object, base: Path) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as e:
        raise _Wrong("should be a number from 0 to 1") from e
    if isinstance(value, bool) or not 0 <= number <= 1:
        raise _Wrong("should be a number from 0 to 1")
    return number


_KEYS: dict[str, tuple[str, Callable[[object, Path], object]]] = {
    "database": ("database", _path),
    "archives": ("archives", _paths),
    "link": ("link", _link),
    "thresholds.asked": ("asked", _confidence),
    "thresholds.overheard": ("overheard", _confidence),
}
"""Key in the file -> field of Settings, and what reads the value."""


def variable(key: str) -> str:
    """The environment variable that overrides a key: `PALOU_THRESHOLDS_ASKED`."""
    return "PALOU_" + key.upper().replace(".", "_")


def read(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings in force; `file` is one that the user named (else `palou.toml`, if there).

    SettingsError: the file is missing though named, is no TOML, or a key or a value is wrong.
    """
    named = file or (
        Path(environment["PALOU_SETTINGS"]) if "PALOU_SETTINGS" in environment else None
    )
    values: dict[str, Any] = {}
    path = named or FILE
    if named or path.is_file():
        for key, value in _flat(path).items():
            _put(values, key, value, path.parent, f"{path}: {key}")
    for name in sorted(n for n in environment if n.startswith("PALOU_") and n != "PALOU_SETTINGS"):
        known_key = next((k for k in _KEYS if variable(k) == name), None)
        if known_key is None:
            raise SettingsError(f"{name}: no such setting; there are {_known(variable)}")
        _put(values, known_key, environment[name], Path(), name)
    settings = replace(Settings(), **values)
    if settings.overheard < settings.asked:
        raise SettingsError(
            f"{path}: thresholds.overheard ({settings.overheard}) is below thresholds.asked "
            f"({settings.asked}); when not addressed, the bot should be more certain, not less"
        )
    return settings


def _flat(path: Path) -> dict[str, object]:
    """The keys of a TOML file, those of tables as `table.key`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise SettingsError(f"{path}: cannot be read as TOML: {e}") from e
    flat: dict[str, object] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{name}": below for name, below in value.items()})
        else:
            flat[key] = value
    return flat


def _put(values: dict[str, Any], key: str, value: object, base: Path, where: str) -> None:
    if key not in _KEYS:
        raise SettingsError(f"{where}: no such setting; there are {_known(str)}")
    field, parse = _KEYS[key]
    try:
        values[field] = parse(value, base)
    except _Wrong as e:
        raise SettingsError(f"{where} = {str(value)[:80]!r} {e}") from e


def _known(name: Callable[[str], str]) -> str:
    return ", ".join(name(key) for key in _KEYS)
