"""The vectors of archived exchanges in memory, as signs, and the exchanges nearest to a text.

A vector is kept in the database as bytes, -127 to 127 a component: its largest component is 127, as
cosines need no length. In memory stands a bit of each component, whether it is above its mean: how
many differ tells which exchanges may be near (sign projections, Charikar 2002), and only of those
few the bytes are read. Two vectors of 384 components take 768 bytes on disk and 96 in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.store.ids import EXCHANGE_BITS
from knowledge.store.vectors import Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Signs = NDArray[np.uint64]

LOOKED_AT = 200
"""Exchanges of the nearest signs that are looked at, of questions and of what was said each."""

# Between the ids of exchanges of different conversations: 30 messages, half of what the matcher
# takes (`conversation.NEAR`). How many hardly matters: on 28,000 exchanges of a real group,
# `typical` is 0.920 without any, 0.917 with 10, and 0.916 with 30, with 60, and with all of a day.
_STRANGERS = 30 << EXCHANGE_BITS

_UNKNOWN = 0.5
_SAMPLE = 300
_CENTRE = 4_096
_ROWS = 16_384

QUESTION, SAID = 0, 1
"""The two vectors of an exchange, by their place."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The signs of all vectors, by the ids of their exchanges.

    `signs` are those of questions, and of what was said; `said` tells which exchanges have the
    latter. `centre` are the means that signs are taken against.
    """

    ids: NDArray[np.int64]
    groups: NDArray[np.int32]
    names: tuple[str, ...]
    centre: tuple[Floats, Floats]
    signs: tuple[Signs, Signs]
    said: NDArray[np.bool_]

    @classmethod
    def read(cls, shelf: Shelf) -> Vectors | None:
        """All vectors of a shelf, if there are any."""
        import numpy as np

        known = shelf.exchanges()
        some = shelf.of(known[:: max(1, len(known) // _CENTRE)])
        if not some:
            return None
        centre = _centre([q for _, q, _ in some]), _centre([s or q for _, q, s in some])
        numbers: dict[str, int] = {}
        ids: list[int] = []
        groups: list[int] = []
        said: list[bool] = []
        signs: tuple[list[Signs], list[Signs]] = [], []
        for part in shelf.parts(_ROWS):
            ids += [i for i, *_ in part]
            groups += [numbers.setdefault(group, len(numbers)) for _, group, *_ in part]
            said += [bool(s) for *_, s in part]
            signs[QUESTION].append(_signs(rows_of([q for *_, q, _ in part]) - centre[QUESTION]))
            signs[SAID].append(_signs(rows_of([s or q for *_, q, s in part]) - centre[SAID]))
        return cls(
            np.array(ids),
            np.array(groups, dtype=np.int32),
            tuple(numbers),
            centre,
            (np.concatenate(signs[QUESTION]), np.concatenate(signs[SAID])),
            np.array(said),
        )

    def near(self, which: int, vector: Floats, groups: Collection[str] | None) -> list[int]:
        """The exchanges that may be near to a vector of length 1, the likeliest first."""
        import numpy as np

        sign = _signs((vector - self.centre[which])[None, :])
        differing = np.bitwise_count(self.signs[which] ^ sign).sum(axis=1, dtype=np.int32)
        if which == SAID:
            differing[~self.said] = 1 << 20
        if groups is not None:
            wanted = [n for n, name in enumerate(self.names) if name in groups]
            differing[~np.isin(self.groups, wanted)] = 1 << 20
        count = min(LOOKED_AT, len(differing))
        best = np.argpartition(differing, count - 1)[:count]
        best = best[np.argsort(differing[best], kind="stable")]
        return [int(self.ids[i]) for i in best if differing[i] < 1 << 20]


def rows_of(held: Sequence[bytes]) -> Floats:
    """Vectors of length 1 out of their bytes, one a row."""
    import numpy as np

    rows = np.frombuffer(b"".join(held), dtype=np.int8).reshape(len(held), -1).astype(np.float32)
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def bytes_of(vectors: Floats) -> list[bytes]:
    """Vectors as they are kept."""
    import numpy as np

    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    return [row.tobytes() for row in np.rint(vectors / largest * 127).astype(np.int8)]


def cosines(
    shelf: Shelf, vector: Floats, exchanges: Sequence[int]
) -> dict[int, tuple[float, float | None]]:
    """The cosines of a vector of length 1 with the two of each exchange that has some."""
    rows = shelf.of(exchanges)
    if not rows:
        return {}
    questions = rows_of([q for _, q, _ in rows]) @ vector
    said = rows_of([s or q for _, q, s in rows]) @ vector
    return {
        i: (float(q), float(s) if there else None)
        for (i, _, there), q, s in zip(rows, questions, said, strict=True)
    }


def typical(shelf: Shelf, which: int) -> float:
    """The median cosine of a question and the nearest one of another conversation, or with `SAID`
    of a question and the nearest of what was said in another one."""
    import numpy as np

    vectors = Vectors.read(shelf)
    if vectors is None or len(vectors.ids) < 2:
        return _UNKNOWN
    places = np.unique(np.linspace(0, len(vectors.ids) - 1, _SAMPLE).astype(int))
    nearest: list[float] = []
    own = shelf.of([int(vectors.ids[p]) for p in places])
    for (i, *_), vector in zip(own, rows_of([q for _, q, _ in own]), strict=True):
        found = [other for other in vectors.near(which, vector, None) if other != i]
        apart = [other for other in found if abs(other - i) > _STRANGERS]
        # In an archive of one conversation, its other questions are the only strangers.
        alike = cosines(shelf, vector, apart or found).values()
        known = [c for pair in alike if (c := pair[which]) is not None]
        nearest.extend([max(known)] if known else [])
    return float(np.median(nearest)) if nearest else _UNKNOWN


def _centre(held: Sequence[bytes]) -> Floats:
    centre: Floats = rows_of(held).mean(axis=0)
    return centre


def _signs(rows: Floats) -> Signs:
    """A bit a component, filled up to words of 64."""
    import numpy as np

    bits = np.packbits(rows > 0, axis=1)
    missing = -bits.shape[1] % 8
    padded = np.ascontiguousarray(np.pad(bits, ((0, 0), (0, missing))))
    signs: Signs = padded.view(np.uint64)
    return signs
