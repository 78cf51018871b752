"""Keeps the vectors of texts in a file: archives cut from one another ask for the same ones."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.embedder import Embedder

Floats = NDArray[np.float32]

_UNSAVED = 2_000  # vectors that a stop may lose


class Remembered:
    """An embedder that asks another one once for each text; call `save` in the end.

    The file is a pickle: read only one's own.
    """

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._embedder = embedder
        self._file = file
        self._known: dict[tuple[str, str], NDArray[np.float16]] = {}
        if file.exists():
            self._known = pickle.loads(file.read_bytes())
        self._unsaved = 0

    def queries(self, texts: Sequence[str]) -> Floats:
        """A row for each question."""
        return self._kept("query", texts, self._embedder.queries)

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row for each text that may answer one."""
        return self._kept("passage", texts, self._embedder.passages)

    def save(self) -> None:
        """Write down what is new."""
        self._file.write_bytes(pickle.dumps(self._known))
        self._unsaved = 0

    def _kept(
        self, kind: str, texts: Sequence[str], make: Callable[[Sequence[str]], Floats]
    ) -> Floats:
        missing = [t for t in dict.fromkeys(texts) if (kind, t) not in self._known]
        if missing:
            made = make(missing).astype(np.float16)
            self._known |= {(kind, t): row for t, row in zip(missing, made, strict=True)}
            self._unsaved += len(missing)
        if self._unsaved >= _UNSAVED:
            self.save()
        rows = np.stack([self._known[kind, t] for t in texts]).astype(np.float32)
        unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit
