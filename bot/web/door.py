"""The door of the desk: links that open it once, sessions that end everywhere, few tries a minute.

What it has to remember stands in a file beside the database, so that it holds over a restart and
for another `palou serve` of the same database. Where that cannot be written, it holds as long as
this one runs.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from bot.bounded import Bounded
from bot.tokens import Tokens

SESSION_SECONDS = 12 * 3600
"""How long the desk stays open in a browser."""

TRIES = 5
"""Wrong secrets in a minute from one address, after which all from there are turned away."""

_MINUTE = 60.0
_ADDRESSES = 10_000  # that are remembered; who has more of them is not held up by any number
_HOUSEHOLD = 64  # bits of an IPv6 address that one household or machine has for itself at least


@dataclass(frozen=True, slots=True)
class _State:
    """`era` is in all sessions of now: another ends them. `used` are links with their ends."""

    era: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    used: Mapping[str, int] = field(default_factory=dict)


def file_of(database: Path) -> Path:
    """Where it stands who may not enter any more."""
    return database.with_name(database.name + "-desk")


class Door:
    """Says who may enter, by the time that it is told; `file` None: nothing is to be written."""

    def __init__(self, keys: Tokens, file: Path | None) -> None:
        self._keys = keys
        self._file = file
        self._state = _State()
        self._wrong: Bounded[str, list[float]] = Bounded(_ADDRESSES)

    def is_secret(self, given: str, now: datetime, address: str) -> bool | None:
        """Whether somebody knows the secret; None: too many from there did not, just before."""
        at, where = now.timestamp(), _household(address)
        # Tries of a time to come were made before the clock went back.
        wrong = [t for t in self._wrong.get(where, ()) if 0 <= at - t < _MINUTE]
        if len(wrong) >= TRIES:
            return None
        known = self._keys.is_secret(given)
        if not known:
            self._wrong[where] = [*wrong, at]
        return known

    def fits(self, link: str, now: datetime) -> bool:
        """Whether the pass of a link opens the desk still."""
        genuine = self._keys.holds("desk link", link, now.timestamp())
        return genuine and link not in self._read().used

    def use(self, link: str, now: datetime) -> bool:
        """Open the desk with the pass of a link, which opens it no more then; whether it did."""
        if not self.fits(link, now):
            return False
        state, at = self._read(), now.timestamp()
        still = {k: until for k, until in state.used.items() if until > at}
        self._write(_State(state.era, still | {link: int(link.partition(".")[0])}))
        return True

    def session(self, now: datetime) -> str:
        """A new session."""
        state = self._read()
        self._write(state)
        until = int(now.timestamp()) + SESSION_SECONDS
        return self._keys.sealed(f"desk session {state.era}", until)

    def holds(self, session: str, now: datetime) -> bool:
        """Whether a session is one of now."""
        return self._keys.holds(f"desk session {self._read().era}", session, now.timestamp())

    def leave(self) -> None:
        """End all sessions, in whatever browser."""
        self._write(_State(used=self._read().used))

    def _read(self) -> _State:
        """What is known; a file that is gone or broken counts as what this process knows."""
        if self._file is not None:
            with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                noted = json.loads(self._file.read_text("utf-8"))
                used = {str(link): int(until) for link, until in noted["used"].items()}
                self._state = _State(str(noted["era"]), used)
        return self._state

    def _write(self, state: _State) -> None:
        self._state = state
        if self._file is None:
            return
        new = self._file.with_name(self._file.name + ".new")
        with suppress(OSError):
            new.write_text(json.dumps({"era": state.era, "used": dict(state.used)}), "utf-8")
            os.replace(new, self._file)


def _household(address: str) -> str:
    """What of an address nobody can choose who has it; whatever is none stands for itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ip_network((found, _HOUSEHOLD), strict=False))
    return str(found)
