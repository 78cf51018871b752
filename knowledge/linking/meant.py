"""How near the messages of a scene are to one another in what they mean, as far as words tell.

A reply seldom repeats the words of its question, and mostly it speaks of the same: a message is as
near to another as the cosine of their vectors says (`language.word_vectors`). Of 270 questions
whose surroundings people read, each month predicted from the others, one of the best answers is
cited of 0.93 with these figures, and of 0.90 without.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from knowledge.language.normal import normal
from knowledge.language.word_vectors import vectors
from knowledge.linking.scene import Scene

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_CHARACTERS = 160  # of a message that are looked at
_BEFORE = 5  # messages before a question that another talk may be told by
_NEXT = 3  # messages behind one, among which the next one of another speaker is looked for
_EXACT = 3  # decimals; what is beyond them may be another on another machine


class Nearness(NamedTuple):
    """How near a message is to what stands around a question: cosines.

    To the question; how much nearer to one of the messages before it; to the next message of
    another speaker behind it; and its burst to the question's.
    """

    question: float
    before: float
    next: float
    burst: float


class Meant:
    """The vectors of a scene's messages, each of length 1, or zeros where no word is known.

    Behind them stands one of zeros, for a message that is not there.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        said = [normal(x.reading.plain[:_CHARACTERS]) for x in scene.notes]
        self._rows = vectors([*said, ""])
        self._bursts = self._of_bursts()
        self._next = [_next(scene, j) for j in range(len(scene.notes))]

    def near(self, i: int, links: Sequence[int]) -> list[Nearness]:
        """How near some messages are to the question `i`, in their order."""
        import numpy as np

        rows = self._rows[links]
        question = rows @ self._rows[i]
        earlier = self._rows[max(0, i - _BEFORE) : i]
        before = (rows @ earlier.T).max(axis=1) if len(earlier) else np.zeros(len(links))
        behind = (rows * self._rows[[self._next[j] for j in links]]).sum(axis=1)
        burst = self._scene.burst
        bursts = self._bursts[[burst[j] for j in links]] @ self._bursts[burst[i]]
        told = np.stack([question, before - question, behind, bursts], axis=1)
        return [Nearness(*row) for row in np.round(told.astype(float), _EXACT).tolist()]

    def topics(self, i: int, links: Sequence[int], likely: Sequence[bool]) -> list[float]:
        """How near each message is to the question with the likely ones before it."""
        import numpy as np

        rows = self._rows[links]
        sums = list(
            accumulate(
                zip(rows, likely, strict=True),
                lambda held, link: held + link[0] if link[1] else held,
                initial=self._rows[i],
            )
        )[:-1]
        topic = np.array(sums, np.float32).reshape(rows.shape)
        cosines = (rows * topic).sum(axis=1) / np.maximum(np.linalg.norm(topic, axis=1), 1e-6)
        return np.round(cosines.astype(float), _EXACT).tolist()  # type: ignore[no-any-return]

    def _of_bursts(self) -> Floats:
        """A row for each burst: the sum of its messages'."""
        import numpy as np

        sums = np.zeros((len(self._scene.bursts), self._rows.shape[1]), np.float32)
        np.add.at(sums, self._scene.burst, self._rows[:-1])
        unit: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return unit


def _next(scene: Scene, j: int) -> int:
    """The next message of another speaker behind one; one behind all if there is none near."""
    notes = scene.notes
    behind = range(j + 1, min(j + 1 + _NEXT, len(notes)))
    return next((k for k in behind if notes[k].who != notes[j].who), len(notes))
