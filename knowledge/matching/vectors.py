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

_FAR = -1.0  # what a cosine is taken to be beyond the usual, at least
_NEVER = 1 << 14  # components in which what is not looked at differs: more than any model has
_UNKNOWN = 0.5
_SAMPLE = 300
_CENTRE = 4_096
_ROWS = 4_096  # vectors that are looked through at once: some 30 MB

QUESTION, SAID = 0, 1
"""The two vectors of an exchange, by their place."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The signs of all vectors, by the ids of their exchanges.

    `signs` are those of questions, and of what was said, 64 components a row; `said` tells which
    exchanges have the latter. `centre` are the means that signs are taken against.
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
            (_columns(signs[QUESTION]), _columns(signs[SAID])),
            np.array(said),
        )

    def near(self, which: int, vector: Floats, groups: Collection[str] | None) -> list[int]:
        """The exchanges that may be near to a vector of length 1, the likeliest first."""
        import numpy as np

        differing = np.zeros(len(self.ids), np.int16)
        for held, sign in zip(
            self.signs[which], _signs((vector - self.centre[which])[None, :]).T, strict=True
        ):
            differing += np.bitwise_count(held ^ sign)
        if which == SAID:
            differing[~self.said] = _NEVER
        if groups is not None:
            wanted = [n for n, name in enumerate(self.names) if name in groups]
            differing[~np.isin(self.groups, wanted)] = _NEVER
        count = min(LOOKED_AT, len(differing))
        best = np.argpartition(differing, count - 1)[:count]
        best = best[np.argsort(differing[best], kind="stable")]
        return [int(self.ids[i]) for i in best if differing[i] < _NEVER]


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


def nearness(
    shelf: Shelf, vector: Floats, typical: tuple[float, float | None], exchanges: Sequence[int]
) -> dict[int, tuple[float, float]]:
    """How near the two vectors of each exchange that has some are to one of length 1.

    Cosines beyond the `typical` ones: 0 is the usual one, or where it is not known, 1 the same.
    """
    import numpy as np

    rows = shelf.of(exchanges)
    if not rows:
        return {}
    near = []
    for which, held in enumerate(([q for _, q, _ in rows], [s or q for _, q, s in rows])):
        usual = typical[which]
        if usual is None:
            near.append([0.0] * len(rows))
            continue
        beyond = (rows_of(held) @ vector - usual) / max(1 - usual, 1e-6)
        if which == SAID:
            beyond[[not said for *_, said in rows]] = 0.0
        near.append(np.clip(beyond, _FAR, 1.0).tolist())
    return {i: pair for (i, *_), pair in zip(rows, zip(*near, strict=True), strict=True)}


def typical(shelf: Shelf, which: int) -> float:
    """The median cosine of a question and the nearest one of another conversation, or with `SAID`
    of a question and the nearest of what was said in another one."""
    import numpy as np

    ids = shelf.exchanges()
    if len(ids) < 2:
        return _UNKNOWN
    places = np.unique(np.linspace(0, len(ids) - 1, _SAMPLE).astype(int))
    own = shelf.of([ids[p] for p in places])
    sample, asked = np.array([i for i, *_ in own]), rows_of([q for _, q, _ in own])
    apart = np.full(len(own), -np.inf, np.float32)
    other = apart.copy()
    for part in shelf.parts(_ROWS):
        held = [(i, s if which == SAID else q) for i, _, q, s in part]
        held = [(i, row) for i, row in held if row]
        if not held:
            continue
        alike = asked @ rows_of([row for _, row in held]).T
        distance = np.abs(np.array([i for i, _ in held]) - sample[:, None])
        other = np.maximum(other, np.where(distance > 0, alike, -np.inf).max(axis=1))
        apart = np.maximum(apart, np.where(distance > _STRANGERS, alike, -np.inf).max(axis=1))
    # In an archive of one conversation, its other questions are the only strangers.
    nearest = np.where(np.isfinite(apart), apart, other)
    known = nearest[np.isfinite(nearest)]
    return float(np.median(known)) if len(known) else _UNKNOWN


def _centre(held: Sequence[bytes]) -> Floats:
    centre: Floats = rows_of(held).mean(axis=0)
    return centre


def _columns(parts: Sequence[Signs]) -> Signs:
    """Signs with a row for each 64 components: such rows are compared in a fifth of the time."""
    import numpy as np

    columns: Signs = np.ascontiguousarray(np.concatenate(parts).T)
    return columns


def _signs(rows: Floats) -> Signs:
    """A bit a component, filled up to words of 64."""
    import numpy as np

    bits = np.packbits(rows > 0, axis=1)
    missing = -bits.shape[1] % 8
    padded = np.ascontiguousarray(np.pad(bits, ((0, 0), (0, missing))))
    signs: Signs = padded.view(np.uint64)
    return signs
