"""Objects out of a JSON file that need not fit into memory, as far as it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from knowledge.archive.reading import Loss

Fields = dict[str, Any]
"""An object of JSON: what stands in it, nobody knows before it was looked at."""


class Objects:
    """The objects below a place of a JSON file, one after the other; `losses` when it breaks off.

    `place` is as ijson has it: `messages.item`, or `item` for a bare array.
    """

    def __init__(self, stream: BinaryIO, place: str) -> None:
        self._stream = stream
        self._place = place
        self.losses: list[Loss] = []

    def __iter__(self) -> Iterator[tuple[int, Fields]]:
        """Each with its number from 1; what is no object is left out."""
        number = 0
        try:
            items = ijson.items(self._stream, self._place, use_float=True)
            for number, found in enumerate(items, 1):
                if isinstance(found, dict):
                    yield number, found
        except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError) as e:
            said = str(e).splitlines()[0][:80] if str(e) else type(e).__name__
            what = f"the file is no whole JSON behind message {number}: {said}"
            self.losses.append(Loss(number, what))


def first(stream: BinaryIO, place: str) -> Any:
    """The first value at a place of a JSON file; None when there is none before it breaks off."""
    try:
        return next(iter(ijson.items(stream, place, use_float=True)), None)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError):
        return None


def text(value: object) -> str:
    """A field that ought to be a text or a number, as text; anything else is an empty one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
