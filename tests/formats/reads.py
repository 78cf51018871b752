"""What the tests of readers share: a reading of bytes or text, and a bundle in memory."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from knowledge.archive.reading import Reader, ReadFile, ReadMessage
from knowledge.archive.replies import resolved


def read(reader: Reader, content: str | bytes, filename: str = "chat.txt") -> ReadFile:
    data = content.encode() if isinstance(content, str) else content
    assert reader.recognises(data[:65536])
    return reader.read(io.BytesIO(data), filename)


def told(reading: ReadFile) -> list[tuple[str, str, str, str]]:
    """Date with time, speaker, text and kind of each message, moments as China's clocks show."""
    return [(when(m), m.speaker, m.text, m.kind) for m in reading.messages]


def when(message: ReadMessage) -> str:
    if message.at is None:
        return f"{message.date} {message.time}"
    return f"{datetime.fromtimestamp(message.at, UTC) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"


def replies(messages: Sequence[ReadMessage]) -> list[int | None]:
    return resolved(messages)


class Files:
    """A bundle of files in memory; `lost` are those that cannot be read."""

    name = "bundle"

    def __init__(self, files: Mapping[str, str | bytes], lost: Sequence[str] = ()) -> None:
        self._files = {k: v.encode() if isinstance(v, str) else v for k, v in files.items()}
        self._lost = lost

    @property
    def names(self) -> list[str]:
        return sorted(self._files)

    def open(self, name: str) -> BinaryIO:
        if name in self._lost:
            raise OSError(5, "broken")
        return io.BytesIO(self._files[name])
