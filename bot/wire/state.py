"""Notes beside the database how the connection to the chat stands, for the operator's desk."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVENTS = frozenset(
    {"connecting", "scan", "login", "ready", "down", "reconnect", "stopping", "stopped"}
)
"""Events of the log that change how the connection stands."""


@dataclass(frozen=True, slots=True)
class State:
    """The last event, when it was (ISO, with a time zone), and whether its process still runs."""

    event: str
    at: str
    runs: bool


def file_of(database: Path) -> Path:
    """Where the state of the bot that answers from a database is noted."""
    return database.with_name(database.name + "-state")


def note(file: Path, event: str, at: str) -> None:
    """Note an event; a full disk is no reason to fall silent."""
    new = file.with_name(file.name + ".new")
    with suppress(OSError):
        new.write_text(json.dumps({"event": event, "at": at, "pid": os.getpid()}), "utf-8")
        os.replace(new, file)


def read(file: Path) -> State | None:
    """What was noted last; None when nothing was, or not by a bot of ours."""
    try:
        noted = json.loads(file.read_text("utf-8"))
        return State(str(noted["event"]), str(noted["at"]), _runs(int(noted["pid"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _runs(pid: int) -> bool:
    if os.name == "nt":  # there, the same call would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
