"""Conversations as files: the archive's own format, with what is expected in between.

A file is a daily file of the archive with further lines. After a message's text:

    palou: 引用 2024-03-02 10:15:04       the reply quotes this message (or a citation)
    palou: 包含 灰度                       the reply holds these words; 不含: it does not
    palou: 回复                            there is a reply; 回复 小林: it mentions him, or is
                                          private to him
    palou: 不确定                          it tells an answer, and that it is not sure
    palou: 让选                            it offers questions to choose from
    palou: 没找到                          it says that nothing was found
    palou: 沉默 (cooldown)                 it keeps silent; the reason holds the words in brackets
    palou: 等待                            it waits whether a person answers
    palou: 拒绝                            a command is refused

不确定, 让选, 没找到, 等待 and 拒绝 may bear a reason in brackets, too. Between messages, each a
line of its own:

    room 账务小群          where the following is said; `private`: to the bot alone
    clock +10m             time passes (s, m, h, d)
    date 2024-04-02        what follows is said on that day
    restart                the bot stops and starts again
    admin /reload          an admin says this
    again                  the last message is delivered a second time
    write paytalk/2024-03-20.md    what follows, up to a line `end`, is put into this archive file
    remove paytalk/2024-03-20.md   this archive file or folder is removed
    archive gone           the whole archive cannot be found, until `archive back`
    see live/测试群/2024-04-01-chat.md    a file that the bot wrote; 包含 and 不含 look into it

The front matter may hold `date`, `archive` (paths, by commas), `mode`, `rooms`
(`测试群 = paytalk; 账务小群 = ledgerlab`), and the settings `hedged`, `asked`, `overheard`,
`cooldown`, `settle`, `person`, `room`, `bots`, `private`, `permalink`, `live: on`, and `loading`:
how many seconds a reload takes. With `strict: on`, a reply where nothing is expected is a failure.
Files that are written before anything is said are there from the start. `# …` behind an empty line
is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path

from bot.harness.group import ADMIN, ROOM
from knowledge import regular
from knowledge.archive.formats.markdown import header
from knowledge.errors import PalouError

EXPECTATIONS = (
    *("引用", "包含", "不含", "回复", "不确定", "让选", "没找到", "沉默", "等待", "拒绝"),
)
"""What can be expected of a message."""

_NEED_WORDS = ("引用", "包含", "不含")
_TAKE_REASON = ("不确定", "让选", "没找到", "沉默", "等待", "拒绝")

_EXPECTED = re.compile(r"palou[:：]\s*(\S+)\s*(.*?)\s*")
_REASON = re.compile(r"[(（](.+)[)）]")
_CLOCK = re.compile(r"clock \+(\d+)\s*([smhd])\s*")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_KEYS = (
    *("date", "archive", "mode", "rooms", "hedged", "asked", "overheard", "cooldown", "settle"),
    *("person", "room", "bots", "private", "permalink", "live", "loading", "strict"),
)
_STEPS = ("clock", "date", "restart", "admin", "again", "write", "remove", "archive", "see")
_BYTES = 10_000_000  # of a conversation's file, at most
_ANSWERED = ("say", "again", "clock", "date", "see")


class ScriptError(PalouError):
    """A conversation cannot be read; the message names file, line and what was expected there."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of the message above it: one of EXPECTATIONS, with its words.

    `words` are those of the reply, or of the reason, or a name; empty when any will do.
    """

    line: int
    kind: str
    words: str

    def __str__(self) -> str:
        words = f"({self.words})" if self.words and self.kind in _TAKE_REASON else self.words
        return f"palou: {self.kind} {words}".rstrip()


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a conversation that does something, with what is expected of it.

    `what` is `say`, `again`, `clock`, `date`, `restart`, `write`, `remove`, `archive` or `see`. For
    `say`: `time` (None: at once), `who`, `text`, and `room` (None: privately); else `text` holds
    what is needed, and `name` that of a file.
    """

    line: int
    what: str
    text: str = ""
    who: str = ""
    time: time | None = None
    room: str | None = None
    name: str = ""
    expected: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A conversation: its file, the keys of its front matter, its steps in order."""

    path: Path
    keys: dict[str, str]
    steps: tuple[Step, ...]

    @property
    def start(self) -> datetime:
        """When it begins: the date of the front matter, at midnight."""
        return datetime.fromisoformat(self.keys.get("date", "2024-04-01")[:10])


def source(path: Path) -> str:
    """The text of a conversation's file; ScriptError when it cannot be read, or is far too long."""
    return regular.text_or(ScriptError, path, _BYTES)


def parse(text: str, path: Path) -> Script:
    """Read a conversation.

    ScriptError: a line is neither talk nor something known, or nothing at all is expected.
    """
    return _Parser(path).run(text)


@dataclass
class _Parser:
    path: Path
    keys: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    room: str | None = ROOM
    message: Step | None = None
    body: list[str] = field(default_factory=list)

    def run(self, text: str) -> Script:
        lines = list(enumerate(text.split("\n"), 1))
        rest = iter(self._front_matter(lines))
        for number, line in rest:
            if head := header(line):
                self._finish()
                at = self._time(number, head[0])
                self.message = Step(number, "say", who=head[1], time=at, room=self.room)
            elif m := _EXPECTED.fullmatch(line):
                self._expect(number, m[1], m[2])
            elif self._heading(line) or self._does(number, line.strip(), rest):
                continue
            elif self.message is not None:
                self.body.append(line.rstrip())
            elif line.strip():
                raise self._error(
                    number,
                    "a message (`> 09:12:00  小林`), `palou: …`, a `# heading`, or one of room,"
                    f" private, {', '.join(_STEPS)}; not {line.strip()[:40]!r}",
                )
        self._finish()
        if not any(step.expected for step in self.steps):
            raise self._error(len(lines), "a line `palou: …`; without any, nothing can fail")
        return Script(self.path, self.keys, tuple(self.steps))

    def _heading(self, line: str) -> bool:
        """Take a line that is a heading; false when it is none."""
        behind_text = self.message is not None and self.body[-1:] != [""]
        if not line.startswith("# ") or behind_text:
            return False
        self._finish()
        return True

    def _front_matter(self, lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
        if not lines or lines[0][1].strip() != "---":
            return lines
        for place, (number, line) in enumerate(lines[1:], 1):
            if line.strip() == "---":
                return lines[place + 1 :]
            key, colon, value = line.partition(":")
            if not line.strip():
                continue
            if not colon or key.strip() not in _KEYS:
                raise self._error(number, f"one of {', '.join(_KEYS)}; not {line.strip()[:40]!r}")
            self.keys[key.strip()] = value.strip().strip("\"'")
        raise self._error(len(lines), "a line `---` that ends the front matter")

    def _does(self, number: int, line: str, rest: Iterator[tuple[int, str]]) -> bool:
        """Take a line that is a step; false when it is none."""
        word, _, words = line.partition(" ")
        words = words.strip()
        if word in ("room", "private") and bool(words) == (word == "room"):
            self._finish()
            self.room = words or None
        elif m := _CLOCK.fullmatch(line):
            self._add(Step(number, "clock", text=str(int(m[1]) * _UNITS[m[2]])))
        elif word == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", words):
            self._date(number, words)
            self._add(Step(number, "date", text=words))
        elif line in ("archive gone", "archive back"):
            self._add(Step(number, "archive", text=words))
        elif line in ("restart", "again"):
            self._add(Step(number, line))
        elif word == "admin" and words.startswith("/"):
            self._finish()
            self.message = Step(number, "say", who=ADMIN, room=self.room)
            self.body = [words]
        elif word == "write" and words and " " not in words:
            self._add(Step(number, "write", text=self._block(number, rest), name=words))
        elif word in ("remove", "see") and words and " " not in words:
            self._add(Step(number, word, name=words))
        else:
            return False
        return True

    def _block(self, number: int, rest: Iterator[tuple[int, str]]) -> str:
        block: list[str] = []
        for _, line in rest:
            if line.strip() == "end":
                return "\n".join(block) + "\n"
            block.append(line)
        raise self._error(number, "a line `end` somewhere below `write`")

    def _expect(self, number: int, kind: str, words: str) -> None:
        if kind not in EXPECTATIONS:
            raise self._error(number, f"palou: {'、'.join(EXPECTATIONS)}")
        if kind in _NEED_WORDS and not words:
            raise self._error(number, f"words behind `palou: {kind}`")
        if kind in _TAKE_REASON and words:
            m = _REASON.fullmatch(words)
            if m is None:
                raise self._error(
                    number, f"a reason in brackets behind `palou: {kind}`: (cooldown)"
                )
            words = m[1].strip()
        if self.message is not None:
            self._finish()
        if not self.steps or self.steps[-1].what not in _ANSWERED:
            raise self._error(number, "a message (or again, clock, date, see) above `palou:`")
        last = self.steps[-1]
        if last.what == "see" and kind not in ("包含", "不含"):
            raise self._error(number, "palou: 包含 or 不含 behind `see`")
        self.steps[-1] = replace(last, expected=(*last.expected, Expectation(number, kind, words)))

    def _add(self, step: Step) -> None:
        self._finish()
        self.steps.append(step)

    def _finish(self) -> None:
        """End the message whose text is being read."""
        if self.message is not None:
            text = "\n".join(self.body).strip()
            m = self.message
            self.steps.append(Step(m.line, "say", text, m.who, m.time, m.room))
        self.message, self.body = None, []

    def _time(self, number: int, text: str) -> time:
        try:
            return time.fromisoformat(text)
        except ValueError as e:
            raise self._error(number, f"a time of day, not {text}") from e

    def _date(self, number: int, text: str) -> None:
        try:
            datetime.fromisoformat(text)
        except ValueError as e:
            raise self._error(number, f"a day like 2024-04-02, not {text}") from e

    def _error(self, number: int, expected: str) -> ScriptError:
        return ScriptError(f"{self.path}:{number}: expected {expected}")
