"""What a JSON file says of a chat before its messages, read without reading on through these."""

from __future__ import annotations

from typing import BinaryIO

import ijson

from knowledge.archive.objects import Fields, first
from knowledge.archive.tame import Tame

_LONG = 4000  # characters of a text that is kept: a picture may have a megabyte
_BROKEN = (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError)


def leading(stream: BinaryIO, stop: str) -> Fields:
    """The fields of a JSON file's object that stand before its field `stop`, as far as they go.

    Texts of over 4,000 characters, such as pictures, are empty there.
    """
    builder = ijson.ObjectBuilder()
    stream.seek(0)
    try:
        for place, event, value in ijson.parse(Tame(stream), use_float=True):
            if not place and event == "map_key" and value == stop:
                break
            long = event == "string" and len(value) > _LONG
            builder.event(event, "" if long else value)
    except _BROKEN:
        pass
    stream.seek(0)
    found = getattr(builder, "value", None)
    return found if isinstance(found, dict) else {}


def field(top: Fields, stream: BinaryIO, name: str) -> object:
    """A field of the file's object: of those before the messages, else from behind them."""
    if name in top:
        return top[name]
    stream.seek(0)
    found = first(stream, name)
    stream.seek(0)
    return found
