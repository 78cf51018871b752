"""The normal form of a text for matching, and its tokens."""

from __future__ import annotations

import re

_NOISE = re.compile(r"@\S+?(?:[?\s]+|$)|\[[^\]]{1,4}\]|!\[[^\]]*\]\([^)]*\)")
_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")


def normal(text: str) -> str:
    """Lower case, without mentions, emoji codes and images."""
    return _NOISE.sub(" ", text).lower()


def tokens(text: str) -> list[str]:
    """Bigrams of Han characters, whole Latin words and numbers, of a normal form."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found += map(str.__add__, run, run[1:])
    return found
