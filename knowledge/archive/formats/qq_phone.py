"""Reads chats that QQ on a phone hands out as text, with days between dashes.

QQ for Android and iOS wrote it until about 2021. Its form is known from the QQ text parsers of
parser_chat and of qq-chat-history (2023).
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.dated import Shape, messages
from knowledge.archive.reading import Reader, ReadFile, hookimpl
from knowledge.archive.tally import Tally

_SHAPE = Shape(
    re.compile(r"\s*— —\s+(\d{4}-\d{1,2}-\d{1,2})\s+— —\s*"),
    re.compile(r"(.*\S)[ \u00a0]{2,}(\d{1,2}:\d\d:\d\d)\s*"),
)


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [QQPhoneReader()]


class QQPhoneReader:
    """Reader of what QQ on a phone hands out."""

    name = "qq-phone"
    written_by = "QQ (Android, iOS)"
    how = "在手机 QQ 的群里长按消息，多选后转发或复制，粘贴到 .txt；群名取自文件夹名"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """A day between double dashes, and a header behind it."""
        return _SHAPE.looks(text_of(head), above=2)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; it states no group."""
        lines, losses = Lines(stream), Tally()
        found = tuple(messages(list(lines), _SHAPE, losses))
        return ReadFile.single(None, found, [*lines.losses, *losses.losses])
