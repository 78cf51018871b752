"""The vectors of archived questions, kept beside the index, and the questions nearest to a text.

A vector is kept as bytes, -127 to 127 a component: its largest component is 127, as cosines need no
length. They are made by one model; those of another are dropped.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import StoreError
from knowledge.language.normal import normal
from knowledge.matching.embedder import Embedder, Model
from knowledge.store import vectors as table
from knowledge.store.ids import EXCHANGE_BITS
from knowledge.store.schema import connect
from knowledge.store.state import newest_load
from knowledge.store.transaction import bring_up_to_date

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 200_000
"""Exchanges that a text is compared with at most, the newest: some 75 ms at 384 components."""

NEAREST = 5
"""Exchanges that join those found by words."""

# Between the ids of exchanges of different conversations: 30 messages, half of what the matcher
# takes (`conversation.NEAR`). How many hardly matters: on 28,000 exchanges of a real group,
# `typical` is 0.920 without any, 0.917 with 10, and 0.916 with 30, with 60, and with all of a day.
_STRANGERS = 30 << EXCHANGE_BITS

_UNKNOWN = 0.5
_SAMPLE = 300
_BLOCK = 256
_ROWS = 16_384

Progress = Callable[[str, int, int], None]
"""Called with `embed`, how many questions have their vectors, and how many there are."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors in memory, the newest exchanges first: some 400 bytes each for 384 components.

    `typical` is the cosine of a question of the archive and the nearest one of another
    conversation, in the median: what is no nearer means nothing.
    """

    ids: NDArray[np.int64]
    groups: NDArray[np.int32]
    names: tuple[str, ...]
    bytes: NDArray[np.int8]
    lengths: NDArray[np.float32]
    typical: float

    @classmethod
    def read(cls, conn: sqlite3.Connection, digest: str) -> Vectors | None:
        """The vectors made by a model, if there are any."""
        import numpy as np

        if table.made_by(conn) != digest:
            return None
        rows = table.read(conn, MOST)
        if not rows:
            return None
        numbers: dict[str, int] = {}
        groups = [numbers.setdefault(group, len(numbers)) for _, group, _ in rows]
        held = np.frombuffer(b"".join(v for *_, v in rows), dtype=np.int8).reshape(len(rows), -1)
        lengths = np.concatenate(
            [np.linalg.norm(part.astype(np.float32), axis=1) for part in _parts(held)]
        )
        return cls(
            np.array([i for i, *_ in rows]),
            np.array(groups, dtype=np.int32),
            tuple(numbers),
            held,
            np.maximum(lengths, 1e-9),
            table.typical(conn),
        )

    def cosines(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of each of some vectors of length 1 with each archived one."""
        import numpy as np

        columns = vectors.T
        found = np.concatenate([part.astype(np.float32) @ columns for part in _parts(self.bytes)])
        cosines: NDArray[np.float32] = (found / self.lengths[:, None]).T.astype(np.float32)
        return cosines

    def nearest(
        self, vector: NDArray[np.float32], groups: Collection[str] | None, count: int = NEAREST
    ) -> dict[int, float]:
        """The exchanges nearest to a vector of length 1, with their cosines, the nearest first."""
        import numpy as np

        found = self.cosines(vector[None, :])[0]
        if groups is not None:
            wanted = [n for n, name in enumerate(self.names) if name in groups]
            found = np.where(np.isin(self.groups, wanted), found, -2.0)
        best = np.argsort(-found)[:count]
        return {int(self.ids[i]): float(found[i]) for i in best if found[i] >= -1.01}


def _parts(held: NDArray[np.int8]) -> list[NDArray[np.int8]]:
    """The rows in parts, as all at once would take four times the memory as numbers."""
    return [held[start : start + _ROWS] for start in range(0, len(held), _ROWS)]


def embed(
    database: Path,
    model: Model,
    progress: Progress = lambda what, done, of: None,
) -> int:
    """Make the vectors that are missing, those of the newest exchanges first; how many.

    Each block is kept at once: what is stopped goes on where it was.
    """
    bring_up_to_date(database)
    try:
        with closing(connect(database, read_only=False)) as conn:
            return _embed(conn, model, progress)
    except sqlite3.OperationalError as e:
        raise StoreError(f"{database}: the vectors cannot be written: {e}") from e


def _embed(conn: sqlite3.Connection, model: Model, progress: Progress) -> int:
    table.begin(conn, model.digest)
    done, count = 0, table.missing(conn)
    for rows in table.without(conn, _BLOCK):
        blobs = _blobs(model.embedder, [question for _, question in rows])
        table.put(conn, [(blob, *row) for blob, row in zip(blobs, rows, strict=True)])
        done += len(rows)
        progress("embed", done, count)
        if done >= count:
            break
    if done:
        table.end(conn, _typical(conn, model))
    return done


def _blobs(embedder: Embedder, questions: list[str]) -> list[bytes]:
    import numpy as np

    made = embedder.vectors(questions)
    largest = np.maximum(np.abs(made).max(axis=1, keepdims=True), 1e-9)
    return [row.tobytes() for row in np.rint(made / largest * 127).astype(np.int8)]


def _typical(conn: sqlite3.Connection, model: Model) -> float:
    """The median cosine of a question and the nearest one of another conversation."""
    import numpy as np

    vectors = Vectors.read(conn, model.digest)
    assert vectors is not None
    if len(vectors.ids) < 2:
        return _UNKNOWN
    places = np.unique(np.linspace(0, len(vectors.ids) - 1, _SAMPLE).astype(int))
    nearest: list[float] = []
    for some in np.array_split(places, len(places) // 30 + 1):
        found = vectors.cosines(
            vectors.bytes[some].astype(np.float32) / vectors.lengths[some, None]
        )
        found[np.arange(len(some)), some] = -1
        apart = np.abs(vectors.ids[None, :] - vectors.ids[some][:, None]) > _STRANGERS
        # In an archive of one conversation, its other questions are the only strangers.
        strangers = np.where(apart | ~apart.any(axis=1, keepdims=True), found, -1)
        nearest += strangers.max(axis=1).tolist()
    return float(np.median(nearest))


class Meaning:
    """Finds exchanges by what they mean; its vectors follow the database."""

    def __init__(self, conn: sqlite3.Connection, model: Model) -> None:
        self._conn = conn
        self._model = model
        self._made: tuple[int, int] | None = None
        self._vectors: Vectors | None = None

    def near(self, text: str, groups: Collection[str] | None) -> dict[int, float]:
        """The nearest exchanges, the nearest first, with how near they are beyond the usual.

        0 is as near as two questions of the archive usually are that mean something else; 1 is
        the same text.
        """
        asked = normal(text)
        vectors = self._current() if asked else None
        if vectors is None:
            return {}
        found = vectors.nearest(self._model.embedder.vectors([asked])[0], groups)
        room = max(1 - vectors.typical, 1e-6)
        beyond = {i: min(1.0, (cosine - vectors.typical) / room) for i, cosine in found.items()}
        return {i: strength for i, strength in beyond.items() if strength > 0}

    def _current(self) -> Vectors | None:
        if table.made_by(self._conn) != self._model.digest:
            return None
        made = newest_load(self._conn), table.made(self._conn)
        if self._made != made:
            self._vectors = Vectors.read(self._conn, self._model.digest)
            self._made = made
        return self._vectors
