"""Notes beside the database how the connection to the chat stands, for the operator's desk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVENTS = frozenset(
    {"connecting", "scan", "login", "ready", "down", "reconnect", "stopping", "stopped"}
)
"""Events of the log that change how a connection stands."""

_WELL = frozenset({"login", "ready"})


@dataclass(frozen=True, slots=True)
class Noted:
    """The last event of an account, and when it was (ISO, with a time zone)."""

    event: str
    at: str


@dataclass(frozen=True, slots=True)
class State:
    """The last event, when it was (ISO, with a time zone), and whether its process still runs."""

    event: str
    at: str
    runs: bool


def file_of(database: Path) -> Path:
    """Where the state of the bot that answers from a database is noted."""
    return database.with_name(database.name + "-state")


def note(file: Path, accounts: Iterable[Noted]) -> None:
    """Note the last event of all accounts, or of those that are not well, where there are any.

    A full disk is no reason to fall silent.
    """
    last = max(accounts, key=lambda noted: (noted.event not in _WELL, noted.at))
    new = file.with_name(file.name + ".new")
    with suppress(OSError):
        said = {"event": last.event, "at": last.at, "pid": os.getpid()}
        new.write_text(json.dumps(said), "utf-8")
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
