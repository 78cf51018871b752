"""Reads single values of settings: what does not fit says what would."""

from __future__ import annotations

import re
from pathlib import Path

from bot.networks import NETWORKS, is_address


class Wrong(ValueError):
    """A value does not fit; says what would."""


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
