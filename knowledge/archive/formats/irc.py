"""Reads logs of IRC channels: a line a message, the day in the file's name or in lines of its own.

Written by irssi, weechat, hexchat and xchat, mIRC, ZNC, energymech, eggdrop and supybot since the
nineties, each as its default has it (known from their manuals and public logs of channels). Clocks
are those of whoever logged. A nick before a colon or comma, of somebody who speaks in the log, is
whom the line is said to; it is no reply that could be told for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date as Date
from datetime import timedelta
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.dates import day_in
from knowledge.archive.reading import HEAD_BYTES, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import iso

_STAMP = re.compile(
    r"\[?(?:(?P<date>\d{4}-\d\d-\d\d)[ T]|(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) )?"
    r"(?P<time>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?P<zone>Z|[+-]\d\d:\d\d)?\]?"
    r"(?P<gap>[ \t]+)(?P<rest>.*)"
)
_SAID = re.compile(r"<[ @+%&~!]{0,2}(?P<nick>[^<>\n]{1,64})>(?:\s(?P<words>.*)|$)")
_TABBED = re.compile(r"(?P<nick>[^\t]{0,64})\t(?P<words>.*)")
_ACTED = re.compile(r"(?:\*|Action:)\s(?P<nick>[^\s:]{1,64}) (?P<words>.*)")
_HAPPENED = re.compile(
    r"\S+ (?:[\[(][^\])]*[\])] )?"
    r"(?:(?:has )?(?:joined|left|quit|parted)\b|is now known as|sets mode|gives "
    r"|removes |has changed|changes topic|set the topic|was kicked|has been kicked|kicked )"
    r"|(?:Joins|Parts|Quits|Now talking|Topic|Disconnected|Loaded log|Rejoined|You (?:are|have))\b"
)
_DAY_LINE = re.compile(
    r"(?:--- |\*{4} |Session )[A-Z].{0,40}?(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2})"
    r"(?: \d\d:\d\d(?::\d\d)?)? (?P<year>\d{4})\s*"
)
_BARE = re.compile(r"=== |--- (?:Log|Day) |\*{4} |Session [A-Z]")  # of programs, and without a time
_CHANNEL_IN_NAME = re.compile(r"(#[^\s/\\]*?)(?:[._-]*\d{4}[-._]?\d\d[-._]?\d\d.*)?(?:\.\w{1,10})?")
_CHANNEL = re.compile(
    r"(?:joined|talking (?:on|in)|Session Ident:) :?(#[^\s,]{1,64}?)[.\]]?(?:\s|$)"
)
_COLOUR = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?")
_HEAD = re.compile(r"(?P<nick>[^\s:,]{1,64})(?P<sign>[:,])(?=\s)")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_WEECHAT = frozenset(["-->", "<--", "--", "=!=", " *", "*"])
_BACK = 2 * 60  # minutes: what is further back is of the next day, and no clock that was set


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [IrcReader()]


class IrcReader:
    """Reader of a channel's log."""

    name = "irc-log"
    written_by = "irssi, weechat, hexchat, mIRC, ZNC, energymech, eggdrop, supybot"
    how = "打开客户端或 bouncer 的日志记录；日期要在文件名里，如 #channel_20240304.log"
    suffixes = frozenset({".log", ".txt", ".weechatlog"})

    def recognises(self, head: bytes) -> bool:
        """Nearly all lines are those of a log, and among them are nicks in angle brackets."""
        lines = [line for line in text_of(head).lstrip("\ufeff").split("\n") if line.strip()]
        if len(head) >= HEAD_BYTES:
            lines = lines[:-1]
        stamps = [_STAMP.match(line) for line in lines]
        ours = sum(
            stamp is not None or _BARE.match(line) is not None
            for stamp, line in zip(stamps, lines, strict=True)
        )
        rests = [stamp for stamp in stamps if stamp]
        said = sum(_SAID.match(stamp["rest"]) is not None for stamp in rests)
        tabbed = [
            m
            for stamp in rests
            if stamp["gap"] == "\t" and stamp["date"]
            if (m := _TABBED.match(stamp["rest"]))
        ]
        if len(tabbed) * 2 > len(lines):
            said = len(tabbed) * any(m["nick"] in _WEECHAT for m in tabbed)
        return ours * 10 >= len(lines) * 9 and said * 20 >= max(len(lines), 1)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; messages of which nobody knows the day are lost."""
        lines = Lines(stream)
        parse = Parse(filename)
        messages = parse.run(lines)
        losses = (*parse.tally.losses, *lines.losses)
        return ReadFile.single(parse.channel or None, messages, losses)


class Parse:
    """One pass over one log; `line` of a message counts from 1, and all lines are counted."""

    def __init__(self, filename: str) -> None:
        self.tally = Tally()
        found = re.search("#", filename) and _CHANNEL_IN_NAME.fullmatch(
            filename[filename.index("#") :]
        )
        self.channel = clean(found[1]) if found else ""
        stated = day_in(filename)
        self._day = Date.fromisoformat(stated) if stated else None
        self._minutes = -1  # of the last line, since midnight
        self._time = "00:00:00"

    def run(self, lines: Iterable[tuple[int, str]]) -> list[ReadMessage]:
        """The messages of a file's lines."""
        found = (self._line(number, _COLOUR.sub("", line)) for number, line in lines)
        return addressed([message for message in found if message is not None])

    def _line(self, number: int, line: str) -> ReadMessage | None:
        stamp = _STAMP.match(line.lstrip("\ufeff"))
        if stamp is None:
            return self._bare(number, line)
        at = self._move(stamp)
        kind, nick, words = _content(stamp)
        if not self.channel and kind == "system" and (m := _CHANNEL.search(words)):
            self.channel = m[1]
        if self._day is None:
            self.tally.lose(number, "no day in the file's name or above it: a message was lost")
            return None
        return self._message(number, kind, nick, words, at)

    def _bare(self, number: int, line: str) -> ReadMessage | None:
        """A line without a time: that a day begins, or what a program says."""
        if m := _DAY_LINE.fullmatch(line):
            self._day = _date(m["year"], m["month"], m["day"]) or self._day
            self._minutes = -1
        elif m := _CHANNEL.search(line):
            self.channel = self.channel or m[1]
        if line.startswith("=== ") and self._day is not None:
            return self._message(number, "system", "", line[4:], None)
        if line.strip() and not _BARE.match(line):
            self.tally.lose(number, "a line that is none of a log was left out")
        return None

    def _move(self, stamp: re.Match[str]) -> int | None:
        """Move to a line's day and time; the moment, where an offset says it."""
        time = stamp["time"]
        minutes = int(time[:2]) * 60 + int(time[3:5])
        self._time = time if len(time) == 8 else f"{time}:00"
        at = None
        if stamp["date"]:
            moment = iso(f"{stamp['date']}T{self._time}{stamp['zone'] or ''}")
            if moment is not None:
                self._day, self._time, at = Date.fromisoformat(moment[0]), moment[1], moment[2]
        elif stamp["month"] and self._day:
            self._day = self._of_year(stamp["month"], stamp["day"]) or self._day
        elif self._day and minutes < self._minutes - _BACK and self._day < Date.max:
            self._day += timedelta(days=1)
        self._minutes = minutes
        return at

    def _of_year(self, month: str, day: str) -> Date | None:
        """That day of the year that it is, or of the next, behind December."""
        here = self._day or Date.min
        found = _date(str(here.year), month, day)
        return (
            _date(str(here.year + 1), month, day)
            if found and here.month - found.month > 6
            else found
        )

    def _message(
        self, number: int, kind: str, nick: str, words: str, at: int | None
    ) -> ReadMessage:
        day = self._day.isoformat() if self._day else ""
        text = self.tally.cut(clean(words), number)
        return ReadMessage(day, self._time, nick, text, number, kind, at=at)


def addressed(messages: list[ReadMessage]) -> list[ReadMessage]:
    """Messages with whom they are said to: somebody who speaks among them, named at their head.

    `nick: words` in any case; `nick, words`, as words of a sentence may be nicks, too, to the
    letter alone.
    """
    nicks = {m.speaker for m in messages if m.kind == "text"}
    folded = {nick.casefold() for nick in nicks}
    return [
        replace(m, addressed=len(head["nick"]))
        if m.kind == "text"
        and (head := _HEAD.match(m.text))
        and head["nick"] != m.speaker
        and (head["nick"] in nicks or (head["sign"] == ":" and head["nick"].casefold() in folded))
        else m
        for m in messages
    ]


def _content(stamp: re.Match[str]) -> tuple[str, str, str]:
    """Kind, nick and words of what stands behind a time."""
    rest = stamp["rest"]
    if m := _SAID.match(rest):
        return "text", clean(m["nick"]) or NAMELESS, m["words"] or ""
    if stamp["gap"] == "\t" and (m := _TABBED.match(rest)):
        nick = m["nick"]
        if nick in (" *", "*"):
            nick, _, words = m["words"].partition(" ")
            return "text", clean(nick) or NAMELESS, words
        if nick in _WEECHAT or not nick.strip():
            return "system", "", m["words"]
        return "text", clean(nick.lstrip("@+%&~!")) or NAMELESS, m["words"]
    if (m := _ACTED.match(rest)) and not _HAPPENED.match(rest, m.start("nick")):
        return "text", clean(m["nick"]) or NAMELESS, m["words"]
    return "system", "", re.sub(r"^(?:\*+|-!-|===)\s+", "", rest)


def _date(year: str, month: str, day: str) -> Date | None:
    try:
        return Date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None
