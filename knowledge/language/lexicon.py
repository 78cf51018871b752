"""Where the words of a long list stand in texts: of many texts at once, by arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.language.possible import FIRST, LAST, LONGEST, OTHERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Keys = NDArray[np.uint64]

_BETWEEN = "\n"  # a blank to `OTHERS`: no word goes from one text into the next
_NONE = (1 << 64) - 1  # behind the keys of all words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A list of words that is looked up in texts.

    `keys` are its Chinese words in the order of their characters, four of which fill 64 bits, and
    one behind them that is no word's; `first` is the row of the first of them, and `others` are the
    rows of what is no Chinese word.
    """

    keys: Keys
    first: int
    others: Mapping[str, int]

    @classmethod
    def of(cls, words: Sequence[str]) -> Lexicon:
        """The list of `words`, which are in the order of their characters.

        ValueError: they are not.
        """
        import numpy as np

        chinese = [i for i, word in enumerate(words) if FIRST <= word[0] <= LAST]
        first = chinese[0] if chinese else len(words)
        held = words[first : first + len(chinese)]
        characters = np.array(held, dtype=f"<U{LONGEST}").view(np.uint32).reshape(-1, LONGEST)
        keys = np.zeros(len(held), np.uint64)
        for place in range(LONGEST):
            keys |= _shifted(characters[:, place], place)
        if len(chinese) != len(held) or not (keys[1:] > keys[:-1]).all():
            raise ValueError("the words of a lexicon are not in the order of their characters")
        beside = [*range(first), *range(first + len(held), len(words))]
        keys = np.append(keys, np.uint64(_NONE))
        return cls(keys, first, {words[i]: i for i in beside})

    def found(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The words in texts in their normal form: the numbers of the texts, and the words' rows.

        Text by text; each word as often as `possible_words` has it.
        """
        import numpy as np

        joined = _BETWEEN.join(text.replace(_BETWEEN, " ") for text in texts) + _BETWEEN
        characters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = characters == ord(_BETWEEN)
        within = np.cumsum(ends) - ends
        spots, rows = [], []
        starts = np.flatnonzero((characters >= ord(FIRST)) & (characters <= ord(LAST)))
        chinese = np.zeros(len(characters) + LONGEST, np.bool_)
        chinese[starts] = True
        keys = np.zeros(len(starts), np.uint64)
        for place in range(LONGEST):
            there = chinese[starts + place]
            starts, keys = starts[there], keys[there]
            keys = keys | _shifted(characters[starts + place], place)
            row = np.searchsorted(self.keys, keys)
            known = self.keys[row] == keys
            spots.append(starts[known])
            rows.append(row[known] + self.first)
        other = [
            (m.start(), self.others[m[0]]) for m in OTHERS.finditer(joined) if m[0] in self.others
        ]
        spots.append(np.array([spot for spot, _ in other], np.int64))
        rows.append(np.array([row for _, row in other], np.int64))
        text = within[np.concatenate(spots)]
        order = np.argsort(text, kind="stable")
        return text[order], np.concatenate(rows)[order]


def _shifted(characters: NDArray[np.uint32], place: int) -> Keys:
    """Characters as the part of a key that those at this place of a word are."""
    import numpy as np

    shifted: Keys = characters.astype(np.uint64) << np.uint64(16 * (LONGEST - 1 - place))
    return shifted
