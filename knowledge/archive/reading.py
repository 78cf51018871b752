"""What a reader of an archive format takes and gives, and the hook that adds one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol

import pluggy

from knowledge.archive.packed import Packed, column
from knowledge.archive.texts import NAMELESS, in_one_line

HEAD_BYTES = 65536
"""How many bytes of a file a reader may look at to recognise it."""

LOSSES = 20
"""So many losses of a file are told one by one; a damaged one can have millions."""

hookspec = pluggy.HookspecMarker("palou")
hookimpl = pluggy.HookimplMarker("palou")


KINDS = frozenset(
    [
        "text",
        "image",
        "voice",
        "video",
        "file",
        "sticker",
        "link",
        "card",
        "location",
        "redpacket",
        "transfer",
        "forward",
        "call",
        "poke",
        "announcement",
        "poll",
        "system",
        "recall",
        "other",
    ]
)
"""What a message can be."""

UNSAID = frozenset({"system", "recall"})
"""Of these nothing is said by anybody."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that another one replies to, where its format has no id of it.

    `name` is who wrote it, `words` how it begins, `time` when (`YYYY-MM-DD HH:MM:SS`, or to the
    minute); each may be empty.
    """

    name: str = ""
    words: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message as a reader found it: ISO date, `HH:MM:SS`, nickname, text, line number from 1.

    `at` is the moment in seconds of the epoch, where the format has moments; date and time are then
    those of UTC, and whoever loads it puts them into the group's zone. In a format without lines,
    `line` counts messages.

    The rest is empty where a format has nothing of it. `kind` is one of KINDS; `id` the platform's
    own id of the message in its group, `sender_id` that of its speaker; `reply` the id of the
    message that it replies to, or what it quotes; `thread` the id of the conversation that it
    belongs to, in networks that have such. `alias` is another name of the speaker that others may
    call him by; `attachment` the name of a file; `edited`: it was changed after it was sent. These
    two, like `kind`, tell what a file holds (`palou load --dry-run --jsonl` prints kinds), and no
    load keeps them: of an edited message the last words are cited, and its text names a file.
    `addressed` is how many characters at the head of the text are the nickname of whom it is said
    to, in networks that write him there instead of behind an `@`. A file whose times all lack
    `seconds` may share messages with one that has them; whoever loads it finds that out.
    """

    date: str
    time: str
    speaker: str
    text: str
    line: int
    kind: str = "text"
    id: str = ""
    sender_id: str = ""
    reply: str | Quoted | None = None
    thread: str = ""
    alias: str = ""
    attachment: str = ""
    edited: bool = False
    addressed: int = 0
    seconds: bool = True
    at: int | None = None


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
class Chat:
    """What a file holds of one group: the name that it states, if any, and messages in order.

    `id` is the platform's id of the group, which stays when its name changes. Whatever a reader
    puts in, each speaker has a nickname of one line, as those who cite him rely on.
    """

    group: str | None
    messages: Sequence[ReadMessage]
    id: str = ""

    def __post_init__(self) -> None:
        if not all(map(_is_named, column(self.messages, "speaker"))):
            object.__setattr__(self, "messages", Packed(ReadMessage, map(_named, self.messages)))


def _is_named(speaker: str) -> bool:
    return speaker.isprintable() and speaker == speaker.strip() != ""


def _named(message: ReadMessage) -> ReadMessage:
    name = in_one_line(message.speaker)
    if not name and message.kind not in UNSAID:
        name = NAMELESS
    return message if name == message.speaker else replace(message, speaker=name)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All that a file gave: the chats in it, and losses."""

    chats: tuple[Chat, ...]
    losses: tuple[Loss, ...]

    @classmethod
    def single(
        cls,
        group: str | None,
        messages: Iterable[ReadMessage],
        losses: Iterable[Loss],
        id: str = "",
    ) -> ReadFile:
        """What a file of one chat gave."""
        held = messages if isinstance(messages, Packed) else tuple(messages)
        return cls((Chat(group, held, id),), tuple(losses))

    @property
    def messages(self) -> tuple[ReadMessage, ...]:
        """All messages, chat by chat."""
        return tuple(m for chat in self.chats for m in chat.messages)

    @property
    def group(self) -> str | None:
        """The group that it states for all its messages; None when it states none, or several."""
        return self.chats[0].group if len(self.chats) == 1 else None


class Reader(Protocol):
    """Reads one archive format."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The file suffixes that it looks at, in lower case, with their dot."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with `head` is in this format."""

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; damage becomes a Loss and never an exception."""


class Bundle(Protocol):
    """Files that are one archive together: a folder, or a zip."""

    @property
    def name(self) -> str:
        """What the folder or zip is called, without a suffix."""

    @property
    def names(self) -> Sequence[str]:
        """The files in it, by their paths below it (with `/`), sorted."""

    def open(self, name: str) -> BinaryIO:
        """Open one of them; OSError when it cannot be read."""


class BundleReader(Protocol):
    """Reads an archive that is several files."""

    def recognises_bundle(self, bundle: Bundle) -> bool:
        """Whether these files are in this format: by their names, and a look into one or two."""

    def read_bundle(self, bundle: Bundle) -> ReadFile:
        """Read them all; damage becomes a Loss, whose text names the file, and no exception."""


class HookSpecs:
    """What a plugin may implement."""

    @hookspec
    def palou_readers(self) -> Sequence[Reader]:  # type: ignore[empty-body]
        """The readers that this plugin adds."""

    @hookspec
    def palou_bundle_readers(self) -> Sequence[BundleReader]:  # type: ignore[empty-body]
        """The readers of archives of several files that this plugin adds."""
