"""Which words of a text an archive has never seen, to say what was looked for and is not there."""

from __future__ import annotations

import re

from knowledge.language.kinds import asks_by_word
from knowledge.language.normal import CJK, normal
from knowledge.matching.search import Lookup

MOST = 2
"""Words that are named at most."""

_LONGEST = 4  # characters of a Chinese word; a longer stretch is much of a sentence
_LONGEST_LATIN = 20


def unknown_words(text: str, found: Lookup) -> list[str]:
    """The words of a text that no exchange holds, as far as all of its terms were looked for.

    A Latin word or a number is one when its term is held by none. Of Chinese, where nothing parts
    words, it is each run of two characters or more of which every pair with a neighbour is held
    by none: `系统` is known, so of `维金系统` it is `维金`. What asks (`有啥区别`) names nothing.
    """
    if len(found.held) < len(found.terms):
        return []
    never = {term for term, n in zip(found.terms, found.exchanges, strict=True) if not n}
    words: list[str] = []
    for run in normal(text).split(" "):
        if run[:1] >= CJK:
            words += _unknown_in(run, never)
        elif run.replace(".", "·") in never and 1 < len(run) <= _LONGEST_LATIN:
            words.append(run)
    return [_as_typed(text, word) for word in list(dict.fromkeys(words))[:MOST]]


def _unknown_in(run: str, never: set[str]) -> list[str]:
    """The stretches of a run of Chinese whose characters stand in no pair that is known."""
    known = [False] * len(run)
    for i in range(len(run) - 1):
        if run[i : i + 2] not in never:
            known[i] = known[i + 1] = True
    words, word = [], ""
    for character, is_known in zip(run, known, strict=True):
        if is_known:
            words.append(word)
            word = ""
        else:
            word += character
    whole = (found for found in (*words, word) if 1 < len(found) <= _LONGEST)
    return [found for found in whole if not asks_by_word(found)]


def _as_typed(text: str, word: str) -> str:
    """A word of the normal form as it stands in the text, if it does."""
    m = re.search(re.escape(word), text, re.IGNORECASE)
    return m[0] if m else word
