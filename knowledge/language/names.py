"""Nicknames: how their spellings meet, what they are made of, and words that name nobody."""

from __future__ import annotations

import re

SOMEBODY = "一位群友"
"""Who a forgotten speaker is from then on."""

ME = "我"
"""What exporters call whoever exported."""

EVERYBODY = frozenset(("所有人", "all", "群主"))
"""What is mentioned as if it were a name, tidied, and may be anybody."""

_SPACES = re.compile(r"\s+")
_PART = re.compile(r"[0-9a-z]+|[\u3400-\u9fff]+")


def tidy(name: str) -> str:
    """Fold case, white space and lost emoji of a name, so that its spellings meet."""
    return _SPACES.sub(" ", name.replace("?", " ")).strip(" -_~—,.·").lower()


def parts(name: str) -> list[str]:
    """Split a tidied name into its runs of letters and of Chinese characters."""
    return _PART.findall(name)
