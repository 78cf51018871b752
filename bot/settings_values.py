"""Reads single values of settings: what does not fit says what would."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from bot.networks import NETWORKS, is_address
from bot.settings import MODES, zone_named
from knowledge.groups import group_name
from knowledge.matching.embedder import PACKAGED

Parse = Callable[[object, Path], object]
"""Reads a value, as TOML or a variable has it, with the folder of relative paths; or `Wrong`."""


class Wrong(ValueError):
    """A value does not fit; says what would."""


def path(value: object, base: Path) -> Path:
    """A path, relative to a folder."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("should be a path in quotes")
    return base / Path(value).expanduser()


def paths(value: object, base: Path) -> tuple[Path, ...]:
    """Paths, in a variable with what the system has between them."""
    if isinstance(value, str):
        value = [part for part in value.split(os.pathsep) if part]
    if not isinstance(value, list) or not value:
        raise Wrong('should be a list of paths, like ["archive"]')
    return tuple(path(part, base) for part in value)


def text(value: object, base: Path) -> str:
    """A text, which may be empty."""
    if not isinstance(value, str):
        raise Wrong("should be a text in quotes")
    return value


def texts(value: object, base: Path) -> tuple[str, ...]:
    """Texts, in a variable of the environment with commas between them."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise Wrong('should be a list of texts, like ["one", "two"]')
    return tuple(value)


def networks(value: object, base: Path) -> tuple[str, ...]:
    """Networks, each once."""
    found = texts(value, base)
    if not found or not set(found) <= set(NETWORKS):
        raise Wrong(f"should be a list of {', '.join(NETWORKS)}")
    return tuple(dict.fromkeys(found))


def websockets(value: object, base: Path) -> tuple[str, ...]:
    """Addresses of websocket servers."""
    urls = texts(value, base)
    if not all(re.fullmatch(r"wss?://[^\s/?#]+(?:[/?#]\S*)?", url) for url in urls):
        raise Wrong('should be a list of addresses, like ["ws://127.0.0.1:3001"]')
    return urls


def listen(value: object, base: Path) -> str:
    """Where to listen, `host:port`; empty: nowhere."""
    if not isinstance(value, str) or (value and not is_address(value)):
        raise Wrong("should be host:port, like 127.0.0.1:8080")
    return value


def switch(value: object, base: Path) -> bool:
    """Whether something is wanted."""
    if value not in (True, False, "true", "false"):
        raise Wrong("should be true or false")
    return value in (True, "true")


def groups(value: object, base: Path) -> tuple[str, ...]:
    """Names of groups."""
    return tuple(map(group_name, texts(value, base)))


def group(value: object, base: Path) -> str:
    """The name of a group."""
    name = text(value, base)
    if not name.strip():
        raise Wrong("should be the name of a group")
    return group_name(name)


def mode(value: object, base: Path) -> str:
    """When the bot speaks in a room."""
    if value not in MODES:
        raise Wrong(f"should be one of {', '.join(MODES)}")
    return str(value)


def zone(value: object, base: Path) -> str:
    """The name of a time zone."""
    name = text(value, base)
    try:
        zone_named(name)
    except ValueError as e:
        raise Wrong("should be a time zone, like Asia/Shanghai") from e
    return name


def permalink(value: object, base: Path) -> str:
    """A template of permalinks; empty: there is none."""
    template = text(value, base)
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        template.format(citation="c", group="g", date="d", time="t")
    except (ValueError, KeyError, IndexError, AttributeError) as e:
        raise Wrong("should use no braces but {citation}, {group}, {date} and {time}") from e
    if template and not used:
        raise Wrong("should hold {citation}, like https://example.org/m/{citation}")
    return template


def base_url(value: object, base: Path) -> str:
    """Where the pages are reached, without a slash at its end; empty: nowhere."""
    url = text(value, base).rstrip("/")
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    plain = parts.scheme in ("http", "https") and parts.hostname and url.isascii()
    if url and (not plain or parts.query or parts.fragment or set(url) & set("{}<>\"' ")):
        raise Wrong("should be where the pages are reached, like https://example.org/palou")
    return url


def semantic(value: object, base: Path) -> Path | None:
    """Which model finds by meaning; None: none does."""
    if value in (False, "false"):
        return None
    if value not in (True, "true"):
        return path(value, base)
    return PACKAGED


def number(least: float, most: float, said: str) -> Parse:
    """What reads a number within bounds, which are said to who gave another."""

    def parse(value: object, base: Path) -> float:
        try:
            found = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            found = float("nan")
        if isinstance(value, bool) or not least <= found <= most:
            raise Wrong(f"should be {said}")
        return found

    return parse


def count(value: object, base: Path) -> int:
    """How many, at least one."""
    return int(number(1, 10_000, "a whole number from 1")(value, base))  # type: ignore[call-overload,no-any-return]


confidence = number(0, 1, "a number from 0 to 1")
seconds = number(0, 86_400, "seconds, from 0 to a day")
