"""How long what is kept of a message can be, and how the rest is cut off."""

from __future__ import annotations

TEXT_CHARACTERS = 10_000
"""A longer text of one message is cut here: the longest of 53,000 real ones has 1,249, and what is
done with a text takes a time, and its pages a space, that grow with it."""

NAME_CHARACTERS = 100
"""A longer nickname is cut here: the longest real one has 21."""

CUT = "[…]"
"""What a text that was cut ends with."""


def cut_text(text: str) -> str:
    """A text that a message can have: beyond the limit it ends, with a mark."""
    if len(text) <= TEXT_CHARACTERS:
        return text
    return text[: TEXT_CHARACTERS - len(CUT)] + CUT


def cut_name(name: str) -> str:
    """A nickname that a speaker can have."""
    return name if len(name) <= NAME_CHARACTERS else name[:NAME_CHARACTERS].rstrip()
