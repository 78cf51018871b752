"""Reads JSON of QQ Chat Exporter, versions 4 and 5: one file of one chat.

QQ Chat Exporter (qq-chat-exporter, a plugin of NapCat and a desktop tool) writes it: versions 4 and
5 in 2025, 5 and 6 in 2026, as its source and the files in its issues say.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.decoding import text_of
from knowledge.archive.formats.qce_chat import Gathered, info
from knowledge.archive.objects import Objects, first
from knowledge.archive.reading import Reader, ReadFile, hookimpl
from knowledge.archive.tally import Tally

_WRITER = re.compile(r'"metadata"\s*:\s*\{[^{}]{0,2000}?"name"\s*:\s*"QQChatExporter')
_CHUNKED = re.compile(r'"chunked"\s*:\s*\{')


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [QQChatExporterReader()]


class QQChatExporterReader:
    """Reader of a single JSON file of QQ Chat Exporter."""

    name = "qce-json"
    written_by = "QQ Chat Exporter 4, 5, 6 (NapCat)"
    how = "QQ Chat Exporter：选群和时间范围，导出格式选 JSON"
    suffixes = frozenset({".json"})

    def recognises(self, head: bytes) -> bool:
        """The exporter's name in `metadata`; and it is no manifest of chunks."""
        begun = text_of(head)
        is_written = begun.lstrip().startswith("{") and _WRITER.search(begun)
        return bool(is_written) and _CHUNKED.search(begun) is None

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; a chat of two people is left out."""
        group, id, private = info(first(stream, "chatInfo"))
        losses = Tally()
        if private:
            losses.lose(0, "a chat that is no group was left out")
            return ReadFile.single(group, (), losses.losses, id)
        stream.seek(0)
        objects, gathered = Objects(stream, "messages.item"), Gathered(losses)
        for number, found in objects:
            gathered.take(number, found)
        messages = gathered.messages()
        if not messages:
            losses.lose(0, "it holds no messages; a chunked export is read as its whole folder")
        return ReadFile.single(group, messages, [*objects.losses, *losses.losses], id)
