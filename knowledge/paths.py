"""Paths as text: a name of a file that is no Unicode can be kept, printed, and found again."""

from __future__ import annotations

import os
import re

_ESCAPED = re.compile(r"\\u(d[89a-f][0-9a-f]{2})")


def written(path: str) -> str:
    r"""A path as any text is: what is no Unicode in it stands as `\udcff`.

    >>> written("a/\udcff.md")
    'a/\\udcff.md'
    """
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def actual(path: str) -> str:
    """The path of which `written` made this one; what bears this one itself goes first."""
    if not _ESCAPED.search(path) or os.path.lexists(path):
        return path
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), path)
