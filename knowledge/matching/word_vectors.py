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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.language.possible import possible_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_BLOCK = 256  # texts that are added up at once: some 10 MB
_HERE = Path(__file__).with_name("word_vectors")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """An embedder (`embedder.Embedder`) that adds up vectors of words.

    `places` are the rows of its words; `rows` are bytes, -127 to 127, and `scales` what each row
    is to be multiplied by.
    """

    places: Mapping[str, int]
    rows: NDArray[np.int8]
    scales: Floats

    def queries(self, texts: Sequence[str]) -> Floats:
        """A row for each question in its normal form; one of zeros where no word is known."""
        import numpy as np

        get = self.places.get
        known = [[i for i in map(get, possible_words(text)) if i is not None] for text in texts]
        sums = np.zeros((len(texts), self.rows.shape[1]), np.float32)
        for start in range(0, len(texts), _BLOCK):
            block = known[start : start + _BLOCK]
            said = [place for place, found in enumerate(block, start) if found]
            if not said:
                continue
            places = np.fromiter(chain.from_iterable(block), np.int64)
            starts = np.cumsum([0, *(len(known[place]) for place in said[:-1])])
            rows = self.rows[places] * self.scales[places][:, None]
            sums[said] = np.add.reduceat(rows, starts)
        unit: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return unit

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row for each text that may answer a question: the same as if it asked."""
        return self.queries(texts)


@functools.cache
def shipped() -> tuple[WordVectors, str]:
    """The vectors that Palou ships, and the digest that tells them from others."""
    import numpy as np

    held = np.load(_HERE.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
    vocabulary = _HERE.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
    made = json.loads(_HERE.with_suffix(".json").read_text(encoding="utf-8"))
    places = {word: i for i, word in enumerate(vocabulary)}
    rows, scales = np.asarray(held["row"]), held["scale"].astype(np.float32)
    return WordVectors(places, rows, scales), made["digest"]
