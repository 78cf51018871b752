"""Lines of a text file of whatever encoding, each within bounds."""

from __future__ import annotations

import codecs
import contextlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from knowledge.archive.reading import Loss

LINE_CHARACTERS = 1 << 20
"""A longer line is cut here: WeChat's own limit on a message is about 16,000 characters."""

_LOOK = 1 << 20  # bytes by which an encoding is told
_BETTER = 5  # times fewer bytes that are damaged as GB18030: single letters of Latin-1 are no text
_NO_ASCII = bytes(range(0x80, 0x100))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str:
    """The encoding of a file that begins so: by its mark, else UTF-8, else GB18030.

    UTF-8 that is damaged somewhere, or cut within a character, stays that: of GB18030, most is no
    UTF-8, and nearly all of any UTF-8 would be taken for GB18030 without a complaint.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    with contextlib.suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "utf-8"
    read = head.decode("utf-8", "replace")
    damaged = read.count("\ufffd")
    whole = len(read) - len(head.translate(None, _NO_ASCII)) - damaged
    if damaged <= max(whole, 1):
        return "utf-8"
    left = head.decode("gb18030", "replace").count("\ufffd")
    return "gb18030" if left * _BETTER <= damaged else "utf-8"


def text_of(head: bytes) -> str:
    """The beginning of a file as text, to recognise it by; what cannot be decoded is replaced."""
    return head.decode(encoding_of(head), errors="replace")


class Lines:
    """The lines of a stream, without their ends, with numbers from 1; `losses` as they come."""

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(_LOOK)
        stream.seek(0)
        self.encoding = encoding_of(head)
        self.losses: list[Loss] = []
        self._text = io.TextIOWrapper(stream, self.encoding, errors="replace", newline=None)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        number, damaged = 0, False
        while line := self._text.readline(LINE_CHARACTERS):
            number += 1
            if "\ufffd" in line and not damaged:
                damaged = True
                what = f"bytes that are no {self.encoding} were replaced, here and below"
                self.losses.append(Loss(number, what))
            if len(line) == LINE_CHARACTERS and not line.endswith("\n"):
                what = f"a line of over {LINE_CHARACTERS} characters was cut"
                self.losses.append(Loss(number, what))
                while (rest := self._text.readline(LINE_CHARACTERS)) and not rest.endswith("\n"):
                    pass
            yield number, line.rstrip("\n")
        self._text.detach()
