"""What a reader of an archive format takes and gives, and the hook that adds one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import pluggy

HEAD_BYTES = 65536
"""How many bytes of a file a reader may look at to recognise it."""

LOSSES = 20
"""So many losses of a file are told one by one; a damaged one can have millions."""

hookspec = pluggy.HookspecMarker("palou")
hookimpl = pluggy.HookimplMarker("palou")


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message as a reader found it: ISO date, `HH:MM:SS`, nickname, text, line number from 1."""

    date: str
    time: str
    speaker: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that could not be read: the line (0: the whole file) and what happened to it."""

    line: int
    what: str


class Losses:
    """Gathers what a file lost: the first `LOSSES`, those of the whole file, and how many more."""

    def __init__(self, losses: Iterable[Loss] = ()) -> None:
        self._told: list[Loss] = []
        self._untold = self._lines = 0
        for loss in losses:
            self.add(loss.line, loss.what)

    def add(self, line: int, what: str) -> None:
        """Note a loss; the line is 0 for the whole file."""
        if len(self._told) - self._lines < LOSSES if not line else self._lines < LOSSES:
            self._told.append(Loss(line, what))
            self._lines += line > 0
        else:
            self._untold += 1

    def all(self) -> tuple[Loss, ...]:
        """What is told of them, in the order in which it was noted."""
        more = (Loss(0, f"and {self._untold} more losses"),) if self._untold else ()
        return (*self._told, *more)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All that a file gave: its own group name if it states one, messages in order, losses."""

    group: str | None
    messages: tuple[ReadMessage, ...]
    losses: tuple[Loss, ...]


class Reader(Protocol):
    """Reads one archive format."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The file suffixes that it looks at, in lower case, with their dot."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with `head` is in this format."""

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; damage becomes a Loss and never an exception."""


class HookSpecs:
    """What a plugin may implement."""

    @hookspec
    def palou_readers(self) -> Sequence[Reader]:  # type: ignore[empty-body]
        """The readers that this plugin adds."""
