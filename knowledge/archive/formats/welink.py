"""Reads the text of WeLink: `name(id)`, a tab, the time, and the words below.

Written by Huawei's WeLink on the desktop (export of a chat's history), since about 2019, as readers
of chats in public repositories know it.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.reading import Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.runs import forward
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import iso

_HEAD = re.compile(
    r"(?P<name>[^\t\n]{0,100})\((?P<id>[^()\t\n]{1,64})\)\t"
    r"(?P<date>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d)\s*"
)


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WeLinkReader()]


class WeLinkReader:
    """Reader of a chat that WeLink wrote as text."""

    name = "welink-txt"
    written_by = "WeLink"
    how = "WeLink 电脑版：聊天记录 → 导出为 txt"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """The first line is a message's head."""
        lines = text_of(head[:4096]).lstrip("\ufeff").splitlines()
        first = next((line for line in lines if line.strip()), "")
        return _HEAD.fullmatch(first) is not None

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; its name, or its folder's, is the group's."""
        lines, tally = Lines(stream), Tally()
        found: list[tuple[int, str, re.Match[str], list[str]]] = []
        for number, line in lines:
            line = line.lstrip("\ufeff")
            m = _HEAD.fullmatch(line)
            if m and iso(f"{m['date']}T{m['time']}"):
                found.append((number, line, m, []))
            elif found:
                found[-1][3].append(line)
            elif line.strip():
                tally.lose(number, "text before the first message was left out")
        kept: list[tuple[int, re.Match[str], list[str]]] = []
        runs = forward([(m["date"], m["time"]) for _, _, m, _ in found])
        for (number, line, m, below), runs_on in zip(found, runs, strict=True):
            if runs_on or not kept:
                kept.append((number, m, below))
            else:  # somebody has pasted what looks like a head
                kept[-1][2].extend((line, *below))
        messages = [
            ReadMessage(
                m["date"],
                m["time"],
                clean(m["name"]) or clean(m["id"]) or NAMELESS,
                tally.cut(clean("\n".join(below)), number),
                number,
                sender_id=clean(m["id"]),
            )
            for number, m, below in kept
        ]
        return ReadFile.single(None, messages, (*tally.losses, *lines.losses))
