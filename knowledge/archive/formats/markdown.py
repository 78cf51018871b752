"""Reads daily markdown files: YAML-like front matter, then `> HH:MM:SS  nickname  ` and a text.

The format was observed in 718 real files. Its front matter has tabs where YAML allows none and a
`lines` that disagrees with the content, so two keys are picked out of it (`date`, `group`) and
nothing else is believed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import date as Date
from typing import BinaryIO

from knowledge.archive.decoding import Lines, encoding_of, text_of
from knowledge.archive.formats.dates import day_in
from knowledge.archive.limits import CUT, NAME_CHARACTERS, TEXT_CHARACTERS, cut_name
from knowledge.archive.reading import Losses, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.texts import NAMELESS

LINE_BYTES = 1 << 20
"""A longer line is cut here: WeChat's own limit on a message is about 16,000 characters."""

FRONT_MATTER_LINES = 200
"""Front matter that is not closed by then is taken for text."""

_HEADER = re.compile(r"> (\d\d:\d\d:\d\d)(?:  |$|\s+$)(.*)")
_CUT_HEADER = re.compile(r"> \d[\d:]{0,7}\s*")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d")
_KEY = re.compile(r"(date|group)\s*:(.*)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_IMAGE_DATE = re.compile(r"!\[(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d\]\(")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOK = 1 << 20  # bytes by which an encoding is told
_ONE_BLANK = re.compile(r"> (\d\d:\d\d:\d\d) (\S.*)")
_BY_HAND = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:---[ \t]*\r?\n(?:(?!---)[^\n]*\n){0,200}?---[ \t]*\r?\n\s*)?"
    rb"> \d\d:\d\d:\d\d \S"
)
_RECOGNISED = re.compile(rb"^> \d\d:\d\d:\d\d  ", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINE_END = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++\n")
_HELD = 2 * TEXT_CHARACTERS  # characters of a text that are kept in memory before it is cut


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [MarkdownReader()]


class MarkdownReader:
    """Reader of the daily markdown files."""

    suffixes = frozenset({".md", ".markdown", ".txt"})
    name = "markdown"
    written_by = "Palou, or by hand"
    how = "每天一个文件，放在以群命名的文件夹里；每条消息以「> 时:分:秒  昵称」开头，下面是正文"

    def recognises(self, head: bytes) -> bool:
        """A line that looks like a message's header, or front matter that says it is a chat.

        With one blank behind the time, such a line has to be the first behind any front matter.
        """
        if head.startswith(_UTF16):
            head = text_of(head).encode()
        if b"\0" in head:
            return False
        front = head.lstrip(b"\xef\xbb\xbf\r\n ")[:2000]
        chat = front.startswith(b"---") and re.search(rb"^tag:.*\[chat\]", front, re.MULTILINE)
        return bool(chat) or bool(_RECOGNISED.search(head) or _BY_HAND.match(head))

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; `filename` gives the date when the front matter has none."""
        return _Parse(filename).run(stream)


class _Parse:
    """One pass over one file."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.keys: dict[str, str] = {}
        self.losses = Losses()
        self.found: list[tuple[str, str, str, int]] = []  # time, speaker, text, line
        self.header: tuple[str, str, int] | None = None  # of the message whose text is being read
        self.text: list[str] = []
        self.held = self.beyond = 0  # characters of it that are kept, and that are not
        self.last_time = ""
        self.by_hand: bool | None = None  # whether the first header has one blank behind its time
        self.seen: set[str] = set()

    def run(self, stream: BinaryIO) -> ReadFile:
        number, line, body = 0, "", False
        for number, raw in self._bounded(stream):
            line = self._decode(raw, number)
            if not body and number <= FRONT_MATTER_LINES and not line.startswith("> "):
                body = self._front_matter(line, number)
                continue
            body = True
            if line.startswith("> ") and self._starts_message(line, number):
                continue
            if self.header is not None:
                self._take(line)
            elif line.strip():
                self._once("stray", number, "text before the first message was left out")
        self._end_message()
        if line.strip() and not line.endswith("\n"):
            self._half_written(line, number)
        return self._reading()

    def _front_matter(self, line: str, number: int) -> bool:
        """Take a line above the first message; true when the front matter ends with it."""
        if line.strip() == "---":
            closes = "fence" in self.seen
            self.seen.add("fence")
            return closes
        if "fence" in self.seen:
            if (m := _KEY.match(line)) and m[1] not in self.keys:
                self.keys[m[1]] = m[2].strip().strip("\"'")[:NAME_CHARACTERS]
        elif line.strip():
            self._once("stray", number, "text before the first message was left out")
        return False

    def _starts_message(self, line: str, number: int) -> bool:
        found = header(line)
        if found is None and self.by_hand is not False:
            found = (m[1], kept(m[2]) or NAMELESS) if (m := _ONE_BLANK.match(line)) else None
        if found is None:
            return False
        if self.by_hand is None:
            self.by_hand = header(line) is None
        time, speaker = found
        if not _TIME.fullmatch(time):
            self._lose(number, f"{time} is no time; the line was kept as text of the message above")
            return False
        self._end_message()
        self.header = (time, speaker, number)
        if time < self.last_time:
            self._once("order", number, f"{time} stands after {self.last_time}; read all the same")
        self.last_time = time
        return True

    def _take(self, line: str) -> None:
        """Keep a line of a text; blank ones at its ends are none of it, however many."""
        if self.held >= _HELD:
            self.beyond += len(line) if line.strip() else 0
        elif self.text or line.strip():
            self.text.append(line)
            self.held += len(line)

    def _end_message(self) -> None:
        if self.header is None:
            return
        text = kept("".join(self.text))
        time, speaker, number = self.header
        if self.beyond or len(text) > TEXT_CHARACTERS:
            size = len(text) + self.beyond
            self._lose(number, f"a text of {size} characters was cut at {TEXT_CHARACTERS}")
            text = text[: TEXT_CHARACTERS - len(CUT)] + CUT
        if len(speaker) > NAME_CHARACTERS:
            self._lose(number, f"a nickname of {len(speaker)} characters was cut")
            speaker = cut_name(speaker)
        self.found.append((time, speaker, text, number))
        self.header, self.text, self.held, self.beyond = None, [], 0, 0

    def _half_written(self, line: str, number: int) -> None:
        if not _CUT_HEADER.fullmatch(line):
            return self._lose(number, "the file ends within a message; what is there was read")
        if self.found and self.found[-1][2].endswith(line.strip()):
            time, speaker, text, at = self.found[-1]
            self.found[-1] = (time, speaker, text[: -len(line.strip())].rstrip(), at)
        return self._lose(number, "the file ends within a message's header; it was left out")

    def _reading(self) -> ReadFile:
        date = self._date()
        group = self.keys.get("group") or None
        if date is None:
            if self.found:
                self._lose(
                    0, f"no date in front matter or file name: {len(self.found)} messages lost"
                )
            return ReadFile.single(group, (), self.losses.all())
        messages = (ReadMessage(date, *found) for found in self.found)
        return ReadFile.single(group, messages, self.losses.all())

    def _date(self) -> str | None:
        """The day, from the front matter, else the file's name, else the first dated image."""
        stated = self.keys.get("date", "")
        images = (_IMAGE_DATE.search(text) for _, _, text, _ in self.found)
        first_image = next((m[1] for m in images if m), "") if not _iso(stated) else ""
        for where, date in (
            ("front matter", _iso(stated)),
            ("file name", day_in(self.filename)),
            ("first image", _iso(first_image)),
        ):
            if date:
                if where != "front matter":
                    said = f"date {stated[:40]!r} is none" if stated else "no date in front matter"
                    self._lose(0, f"{said}; took {date} from the {where}")
                return date
        return None

    def _bounded(self, stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Lines with their numbers, none longer than LINE_BYTES, in UTF-8, whatever the file is."""
        encoding = encoding_of(stream.read(_LOOK))
        stream.seek(0)
        if not encoding.startswith("utf-8"):
            lines = Lines(stream)
            yield from ((n, f"{line}\n".encode("utf-8", "replace")) for n, line in lines)
            for loss in lines.losses:
                self.losses.add(loss.line, loss.what)
            return
        number = 0
        while raw := stream.readline(LINE_BYTES):
            number += 1
            yield number, raw
            if len(raw) == LINE_BYTES and not raw.endswith(b"\n"):
                self._lose(number, f"a line of over {LINE_BYTES} bytes was cut")
                while (rest := stream.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass

    def _decode(self, raw: bytes, number: int) -> str:
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            cut = len(raw) == LINE_BYTES  # the cut can fall within a character
            if not cut:
                self._lose(number, "bytes that are no UTF-8 were replaced")
            line = raw.decode("utf-8", errors="ignore" if cut else "replace")
        return line.replace("\r", "") if "\r" in line else line

    def _lose(self, line: int, what: str) -> None:
        self.losses.add(line, what)

    def _once(self, key: str, line: int, what: str) -> None:
        if key not in self.seen:
            self.seen.add(key)
            self._lose(line, what)


def header(line: str) -> tuple[str, str] | None:
    """Time and nickname of a line that heads a message; the time may be none of a day."""
    m = _HEADER.match(line)
    return (m[1], kept(m[2]) or NAMELESS) if m else None


def kept(text: str) -> str:
    """What is kept of a nickname or a text as a file holds it: blanks at its ends mean nothing.

    Nor do those at the ends of lines. Control characters go, too: no chat shows them, and they harm
    terminals and SQLite.
    """
    text = (_CONTROL.sub("", text) if _CONTROL.search(text) else text).strip()
    return _LINE_END.sub("\n", text) if "\n" in text else text


def _iso(text: str) -> str | None:
    """The first date in a text, if it is one of the calendar."""
    m = _DATE.search(text)
    if m is None:
        return None
    try:
        return Date.fromisoformat(m[0]).isoformat()
    except ValueError:
        return None
