"""Words typed by their sound: `备负金` for `备付金`.

Who types by pinyin picks the wrong word of the same sound at times. Where a text fails as typed,
characters that stand in pairs which the archive does not use are replaced by ones of the same sound
that stand in pairs which it does use.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

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


def near(sound: str) -> str:
    """A sound as it is heard where many speak: `zhang` as `zan`, `li` as `ni`.

    The pairs that input methods take for one: zh and z, ch and c, sh and s, l and n, and a final
    ng and n.
    """
    if sound[1:2] == "h":
        sound = sound[0] + sound[2:]
    if sound.endswith("g"):
        sound = sound[:-1]
    return "n" + sound[1:] if sound.startswith("l") else sound


Counts = Callable[[Collection[str]], Mapping[str, int]]
"""How many exchanges hold each of some terms."""

HELD = 2
"""Exchanges that hold what a slip is read as, at least: one alone may hold a slip itself."""


SLIPS = 24
"""Characters that can be slips, at most: with more, a text is not of this archive's field."""


class Homophones:
    """Reads slips of a typist by the sounds of characters, as they are heard (`near`)."""

    def __init__(self, sounds: Mapping[str, str]) -> None:
        self._sounds = sounds
        self._same: dict[str, list[str]] = {}
        for character, sound in sounds.items():
            self._same.setdefault(sound, []).append(character)

    def corrected(self, norm: str, unseen: Collection[str], counts: Counts) -> str:
        """A normal form without slips; the same when none can be read.

        A slip is a character whose pairs with its neighbours are all `unseen`, where one of the
        same sound stands in pairs that the archive has; the one whose pairs are the commonest.
        """
        runs = norm.split(" ")
        found = [(place, i) for place, run in enumerate(runs) for i in _slips(run, unseen)]
        if len(found) > SLIPS:
            return norm
        slips = {
            (place, i): self._same[self._sounds[runs[place][i]]]
            for place, i in found
            if runs[place][i] in self._sounds
        }
        pairs = {
            pair
            for (place, i), others in slips.items()
            for other in others
            for pair in _pairs(runs[place], i, other)
        }
        held = counts(pairs) if pairs else {}
        read = [
            (*self._best(runs[place], i, others, held), place, i)
            for (place, i), others in slips.items()
        ]
        mended: set[tuple[int, int]] = set()
        for worth, best, place, i in sorted(read, reverse=True):
            # The neighbour of a character that was mended stands in a known pair by now.
            if worth >= math.log1p(HELD) and not {(place, i - 1), (place, i + 1)} & mended:
                runs[place] = runs[place][:i] + best + runs[place][i + 1 :]
                mended.add((place, i))
        return " ".join(runs)

    def _best(
        self, run: str, place: int, others: Sequence[str], held: Mapping[str, int]
    ) -> tuple[float, str]:
        """The character that stands best at a place of a run, and how well."""
        return max(
            (sum([math.log1p(held.get(pair, 0)) for pair in _pairs(run, place, other)]), other)
            for other in others
        )


def _slips(run: str, unseen: Collection[str]) -> list[int]:
    """The places in a run whose pairs with their neighbours are all unseen."""
    known = [True, *(run[i : i + 2] not in unseen for i in range(len(run) - 1)), True]
    if len(run) > 1:
        known[0] = known[-1] = False
    return [i for i in range(len(run)) if not known[i] and not known[i + 1]]


def _pairs(run: str, place: int, character: str) -> list[str]:
    """The pairs that a character makes with its neighbours, standing at a place of a run."""
    before = [run[place - 1] + character] if place else []
    return [*before, *(character + after for after in run[place + 1 : place + 2])]
