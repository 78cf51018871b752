"""The status log: a line of JSON for each event, without what people said."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.wire.state import EVENTS, Noted, note

_WITHOUT_TEXTS = frozenset({"palou.record", "palou.live"})


class Lines(Protocol):
    """Where the log's lines go: a file, or whatever takes them."""

    def write(self, text: str, /) -> int:
        """Take a line."""

    def flush(self) -> None:
        """Keep nothing back."""


Value = str | int | float | bool | None


class Status:
    """Writes `{"at": …, "event": …, …}`; what is private is written only when `verbose`.

    How the connections stand is noted in the file `state`, too, if there is one.
    """

    def __init__(
        self,
        stream: Lines,
        now: Callable[[], datetime],
        verbose: bool = False,
        state: Path | None = None,
    ) -> None:
        self._state = state
        self._stream = stream
        self._now = now
        self._verbose = verbose
        self._always: dict[str, Value] = {}
        self._noted: dict[str, Noted] = {}  # of all accounts, by what tells them apart

    def of(self, **fields: Value) -> Status:
        """The same log for one of several accounts: each line bears these fields."""
        status = Status(self._stream, self._now, self._verbose, self._state)
        status._always = self._always | fields
        status._noted = self._noted
        return status

    def __call__(
        self, event: str, private: dict[str, Value] | None = None, /, **fields: Value
    ) -> None:
        """Log an event. `private`: texts and names."""
        at = self._now().isoformat(timespec="milliseconds")
        line: dict[str, Value] = {"at": at, "event": event}
        line |= self._always | fields
        if self._state is not None and event in EVENTS:
            self._noted[" ".join(map(str, self._always.values()))] = Noted(event, at)
            note(self._state, self._noted.values())
        if self._verbose and private:
            line |= private
        try:
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._stream.flush()
        except OSError:
            # Nobody reads the log any more, or the disk is full; the group need not notice.
            return


class LogHandler(logging.Handler):
    """Turns what libraries log into events, so that the log has one form and no texts.

    What the record and the live archive complain of (a full disk) is never a text of the chat.
    """

    def __init__(self, status: Status) -> None:
        super().__init__(logging.WARNING)
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        """Log who complained; what about, and the error, only where texts are shown."""
        message: dict[str, Value] = {"message": record.getMessage()}
        plain = message if record.name in _WITHOUT_TEXTS else {}
        private = {} if plain else message
        if record.exc_info:
            private["error"] = repr(record.exc_info[1])
        self._status("library", private, logger=record.name, level=record.levelname, **plain)
