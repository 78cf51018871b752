"""Reads what is copied out of a chat window of WeChat on a desktop.

WeChat for Mac writes it so (messages selected, then copied), as the example of LangChain's WeChat
loader of 2023 shows; dates and times are to the minute, as the system writes them.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.headers import (
    CLOCK,
    DAY,
    HEADER_CHARACTERS,
    Header,
    Row,
    clock_of,
    day_of,
    messages,
    ordered,
)
from knowledge.archive.reading import Reader, ReadFile, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean

_HEADER = re.compile(rf"(.*\S) ({DAY}) ({CLOCK}(?: ?[AP]M)?) ?")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WechatCopyReader()]


class WechatCopyReader:
    """Reader of what is copied out of WeChat on a desktop."""

    name = "wechat-copy"
    written_by = "WeChat (macOS, Windows)"
    how = "在电脑版微信的群里多选消息，复制，粘贴到 .txt；群名取自文件夹名，分几次复制可以有重叠"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """It begins with a header, and another one is there; each has words below it."""
        lines = text_of(head).splitlines()
        rows = list(enumerate(lines, 1))
        headers = _headers(rows)
        above = rows[: headers[0].place] if headers else rows
        worded = [h for h in headers if any(line.strip() for line in lines[h.place + 1 :][:1])]
        return len(worded) > 1 and not any(line.strip() for _, line in above)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; it states no group."""
        lines, losses = Lines(stream), Tally()
        rows = list(lines)
        found = tuple(messages(rows, ordered(_headers(rows)), losses))
        return ReadFile.single(None, found, [*lines.losses, *losses.losses])


def _headers(rows: list[Row]) -> list[Header]:
    """Lines that look like headers, each at the beginning or below a blank line."""
    found = []
    for i, (_, line) in enumerate(rows):
        if len(line) > HEADER_CHARACTERS or (i and rows[i - 1][1].strip()):
            continue
        m = _HEADER.fullmatch(line)
        if m and (date := day_of(m[2])) and (time := clock_of(m[3])):
            found.append(Header(i, date, time, clean(m[1])))
    return found
