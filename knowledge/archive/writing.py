"""Writes the daily markdown files that `knowledge.archive.formats.markdown` reads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.archive.formats.markdown import kept
from knowledge.archive.limits import cut_name, cut_text
from knowledge.archive.texts import NAMELESS

SUFFIX = "-chat.md"
"""What follows the date in the name of a daily file."""

END = "  \n   \n"
"""What ends a message, and the text of one that was cut off."""

_FRONT_END = "---\n"
_BLANKS = re.compile(r"\s+")
_QUOTED_LINE = re.compile(r"\n(?=> )")


def front_matter(date: str, group: str = "") -> str:
    """The head of a day's file; `group`, as in citations, may be left to the file's folder."""
    stated = f"group:      {group}\n" if group else ""
    return f"---\ndate:       {date} 12:00:00\n{stated}tag:\t\t  [chat]\n{_FRONT_END}"


def block(time: str, speaker: str, text: str) -> str:
    """A message; it is read back with what `tame_name` and `tame_text` make of it."""
    said = tame_text(text)
    # The blank keeps a quoted line from being a header, and is not read back.
    blank = " " if said.startswith("> ") else ""
    return f"> {time}  {tame_name(speaker)}{END}{blank}{said}{END}"


def day(date: str, messages: Iterable[tuple[str, str, str]], group: str = "") -> str:
    """A whole file: time (`HH:MM:SS`), nickname and text of each message."""
    return front_matter(date, group) + "".join(block(*message) for message in messages)


def tame_name(name: str) -> str:
    """A nickname as a header can hold it: one line, its blanks single; never empty."""
    return cut_name(_BLANKS.sub(" ", kept(name)).strip()) or NAMELESS


def tame_text(text: str) -> str:
    """A text as a file can hold it: none of its lines can be taken for another message's header.

    Lines behind the first that begin with `> ` are set in by a blank, and what a reader would drop
    is dropped: control characters, blanks at the ends of lines, and what is beyond its limit, for
    which a mark stands.
    """
    return cut_text(_QUOTED_LINE.sub("\n ", kept(text)))


def is_whole(content: bytes) -> bool:
    """Whether what a file holds ends with a message or with its head, so that one can follow."""
    return content.endswith((END[2:].encode(), _FRONT_END.encode()))
