"""What an archive consists of: messages with their citations, and the exchanges among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CITATION = re.compile(
    r"(?P<group>\S+)-(?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d)-(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)"
    r"(?:\.(?P<n>[1-9]\d*))?"
)

ANSWERED = 0.3
"""Probability of its surest answer from which a question is answered, in replies and on pages."""


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """Where a message stands: `proddev-20170818-013838`, and `.2` for the third in one second.

    It is made of group, date and time alone, so it survives a reload and an edit elsewhere in
    the file. `group` holds no white space; `date` is ISO (`2017-08-18`), `time` is `HH:MM:SS`;
    `n` counts the messages of that second from 0.
    """

    group: str
    date: str
    time: str
    n: int = 0

    def __str__(self) -> str:
        tail = f".{self.n}" if self.n else ""
        return f"{self.group}-{self.date.replace('-', '')}-{self.time.replace(':', '')}{tail}"

    @property
    def seconds(self) -> int:
        """The time of day, in seconds since midnight."""
        hours, minutes, seconds = self.time.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + int(seconds)

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read a citation back from its string; ValueError when it is none."""
        m = _CITATION.fullmatch(text.strip())
        if m is None:
            raise ValueError(
                f"{text[:80]!r} is no citation; one looks like paytalk-20240301-075607"
            )
        date, time = f"{m['y']}-{m['mo']}-{m['d']}", f"{m['h']}:{m['mi']}:{m['s']}"
        return cls(m["group"], date, time, int(m["n"] or 0))


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the archive: who said what, and where it is cited.

    `text` is as archived (emoji codes, lost characters and quotes included), without control
    characters; it can be empty. `speaker` is the nickname that the message was sent under, `sender`
    by whom, as the chat's network tells its members apart; empty where nobody knows.
    """

    citation: Citation
    speaker: str
    text: str
    sender: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that answers a question, with the probability (0 to 1) that it does."""

    message: Message
    probability: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what answered it.

    `question` holds the message that asks and, behind it, the asker's further messages that
    belong to it. `context` is what an elliptical question needs to be understood, oldest first.
    `answers` stand in the order of the archive. `thread` holds further messages of the same
    conversation, follow-ups and less likely answers, in the order of the archive.

    `sought` is the probability (0 to 1) that the lead is a question that somebody would look up;
    statements that were replied to are exchanges too, with a low one. A `retold` exchange stands
    in one message (`Q：… A：…`): question and answer carry its citation and their part of its text.
    """

    question: tuple[Message, ...]
    answers: tuple[Answer, ...]
    context: tuple[Message, ...] = ()
    thread: tuple[Message, ...] = ()
    sought: float = 1.0
    retold: bool = False

    @property
    def lead(self) -> Message:
        """The message that asks."""
        return self.question[0]

    @property
    def sureness(self) -> float:
        """The probability (0 to 1) of its surest answer; 0 without answers."""
        return max((a.probability for a in self.answers), default=0.0)
