"""Vectors of texts out of vectors of their words, which Palou brings: a model without a model.

A text is the sum of the vectors of the words in it, whichever way it may be cut into words, and of
its characters. The vectors of words are learned from a large model by `knowledge.train.words`:
such sums are to be as near to one another as the model has the texts themselves (distillation,
Hinton et al. 2015; of static vectors as in model2vec, Tulkens and van Dongen 2024). They lie in
word_vectors.txt, one word a line, and in word_vectors.npy, likewise; word_vectors.json says what
made them, and how good they are.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.language.lexicon import Lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_BLOCK = 256  # texts that are added up at once: some 10 MB
_HERE = Path(__file__).with_name("word_vectors")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """An embedder (`embedder.Embedder`) that adds up vectors of words.

    `rows` has one for each word of the lexicon: bytes, -127 to 127; `scales` are what each of them
    is to be multiplied by.
    """

    lexicon: Lexicon
    rows: NDArray[np.int8]
    scales: Floats

    def queries(self, texts: Sequence[str]) -> Floats:
        """A row for each question in its normal form; one of zeros where no word is known."""
        import numpy as np

        sums = np.zeros((len(texts), self.rows.shape[1]), np.float32)
        for start in range(0, len(texts), _BLOCK):
            of, places = self.lexicon.found(texts[start : start + _BLOCK])
            if len(places):
                said, starts = np.unique(of, return_index=True)
                rows = self.rows[places] * self.scales[places][:, None]
                sums[start + said] = np.add.reduceat(rows, starts)
        unit: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return unit

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row for each text that may answer a question: the same as if it asked."""
        return self.queries(texts)


class Shipped:
    """The vectors that Palou ships, read when a text is first to have one.

    With numpy they take 40 MB and a fifth of a second, of which a load that finds nothing new has
    no use, and one of a long file not before all is linked.
    """

    def queries(self, texts: Sequence[str]) -> Floats:
        """As `WordVectors.queries`."""
        return vectors(texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """As `WordVectors.passages`."""
        return vectors(texts)


def vectors(texts: Sequence[str]) -> Floats:
    """A row for each text in its normal form, of the vectors that Palou ships."""
    return _shipped().queries(texts)


@functools.cache
def digest() -> str:
    """What tells the vectors that Palou ships from others."""
    made = json.loads(_HERE.with_suffix(".json").read_text(encoding="utf-8"))
    return str(made["digest"])


@functools.cache
def _shipped() -> WordVectors:
    import numpy as np

    held = np.load(_HERE.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
    vocabulary = _HERE.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
    rows, scales = np.asarray(held["row"]), held["scale"].astype(np.float32)
    return WordVectors(Lexicon.of(vocabulary), rows, scales)
