"""Objects out of a JSON file that need not fit into memory, as far as it is whole."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from knowledge.archive.reading import Loss
from knowledge.archive.tame import Tame

Fields = dict[str, Any]
"""An object of JSON: what stands in it, nobody knows before it was looked at."""

_NAMES, _PLACE = 3, 100  # names and characters of a place by which a format is known


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
            items = ijson.items(Tame(self._stream), self._place, use_float=True)
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
        return next(iter(ijson.items(Tame(stream), place, use_float=True)), None)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError):
        return None


def places(head: bytes) -> frozenset[str]:
    """Where something stands in the beginning of a JSON file, as far as that is whole.

    `session.wxid`, `messages.item.id`: to know a format by; not more than three names deep.
    """
    found: set[str] = set()
    try:
        for place, event, _ in ijson.parse(Tame(io.BytesIO(head)), use_float=True):
            if event != "map_key" and len(place) < _PLACE and place.count(".") < _NAMES:
                found.add(place)
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError):
        pass
    return frozenset(found)


def text(value: object) -> str:
    """A field that ought to be a text or a number, as text; anything else is an empty one."""
    if type(value) is str:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def in_line(line: str) -> Fields | None:
    """The object that a line of JSONL is; None when it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def inner(value: object) -> Fields:
    """A field that ought to be an object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Fields]:
    """The objects of a field that ought to be a list of them."""
    return [o for o in value if isinstance(o, dict)] if isinstance(value, list) else []
