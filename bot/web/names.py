"""How a page names people and places of messages: a speaker's name and colour, an anchor."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from knowledge.language.display import shown
from knowledge.language.names import SOMEBODY, tidy
from knowledge.model import Citation

COLOURS = 12
"""Colours of speakers; as many as can be told apart at all (palou.css has them)."""

_NAME = 32


@lru_cache(4096)
def colour(group: str, name: str) -> int:
    """The colour of a speaker: the same on every page, for every spelling of the name."""
    digest = blake2b(f"{group}\0{tidy(name)}".encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") % COLOURS


@lru_cache(4096)
def named(name: str) -> str:
    """A speaker's name as shown."""
    clean = shown(name)
    return (clean if len(clean) <= _NAME else clean[: _NAME - 1] + "…") or SOMEBODY


def anchor(citation: Citation) -> str:
    """Where a message stands within a page."""
    tail = f"-{citation.n}" if citation.n else ""
    return f"m{citation.date.replace('-', '')}-{citation.time.replace(':', '')}{tail}"
