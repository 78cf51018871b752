"""Nicknames: how their spellings meet."""

from __future__ import annotations

import re

_SPACES = re.compile(r"\s+")


def tidy(name: str) -> str:
    """Fold case, white space and lost emoji of a name, so that its spellings meet."""
    return _SPACES.sub(" ", name.replace("?", " ")).strip(" -_~—,.·").lower()
