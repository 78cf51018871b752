"""What a reader of an archive format takes and gives, and the hook that adds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import pluggy

HEAD_BYTES = 65536
"""How many bytes of a file a reader may look at to recognise it."""

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
