"""Words typed by their sound: `备负金` for `备付金`.

Who types by pinyin picks the wrong word of the same sound at times. Where a text fails as typed,
its pairs of characters that the archive does not use are replaced by ones of the same sound that
it does use.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

USUAL = bytes(b for row in range(0xB0, 0xD8) for at in range(0xA1, 0xFF) for b in (row, at)).decode(
    "gb2312", "ignore"
)
"""The first level of GB 2312: the 3,755 characters in most use."""


def sounding(terms: Iterable[str]) -> set[str]:
    """The characters of terms that have a sound: those that are Chinese."""
    return {c for term in terms for c in term if c >= "\u3400"}


def sounds_of(characters: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each character with its sound: pinyin without tones.

    It takes pypinyin its time to start: more than an answer should take.
    """
    # Its dictionary of phrases takes 0.2 s to read, and says nothing of single characters.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin

    return ((c, lazy_pinyin(c)[0]) for c in characters)


@dataclass(frozen=True, slots=True)
class Homophones:
    """The sounds of characters, and for each pair of sounds the commonest term."""

    sounds: Mapping[str, str]
    terms: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, sounds: Mapping[str, str], exchanges: Mapping[str, int]) -> Homophones:
        """Take them out of sounds, and of the exchanges that hold each common term."""
        terms: dict[tuple[str, str], str] = {}
        for term in sorted(exchanges, key=exchanges.__getitem__):
            if len(term) == 2 and term[0] in sounds and term[1] in sounds:
                terms[sounds[term[0]], sounds[term[1]]] = term
        return cls(sounds, terms)

    def corrected(self, norm: str, unseen: Collection[str]) -> str:
        """A normal form with the pairs of `unseen` replaced; the same when there are none."""
        runs = norm.split(" ")
        for place, run in enumerate(runs):
            for i in range(len(run) - 1):
                pair = run[i : i + 2]
                if pair not in unseen:
                    continue
                sounds = self.sounds.get(pair[0]), self.sounds.get(pair[1])
                if sounds[0] is None or sounds[1] is None:
                    continue
                run = run[:i] + self.terms.get((sounds[0], sounds[1]), pair) + run[i + 2 :]
            runs[place] = run
        return " ".join(runs)
