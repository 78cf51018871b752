"""The words that two messages of a conversation can share."""

from __future__ import annotations

import re

_WORD = re.compile(r"[0-9a-z]+(?:[.+][0-9a-z]+)*|[\u3400-\u9fff]+")


def words(plain: str) -> frozenset[str]:
    """Cut plain words into Chinese bigrams and whole Latin words."""
    found: list[str] = []
    for run in _WORD.findall(plain.lower()):
        if run[0] <= "z":
            found.append(run)
        else:
            found += [run[k : k + 2] for k in range(len(run) - 1)]
    return frozenset(found)
