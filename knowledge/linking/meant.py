"""How near the messages of a scene are to one another in what they mean, as far as words tell.

A reply seldom repeats the words of its question, and mostly it speaks of the same: a message is as
near to another as the cosine of their vectors says (`language.word_vectors`). Of 270 questions
whose surroundings people read, each month predicted from the others, one of the best answers is
cited of 0.93 with these figures, and of 0.90 without.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    another speaker behind it; its burst to the question's; and to the question together with the
    likely links before it.
    """

    question: float
    before: float
    next: float
    burst: float
    topic: float


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

    def near(self, i: int, links: Sequence[int], likely: Sequence[bool]) -> list[Nearness]:
        """How near some messages are to the question `i`, in their order; `likely` tells which of
        them are thought to answer it."""
        import numpy as np

        rows, scene = self._rows[links], self._scene
        question = rows @ self._rows[i]
        earlier = self._rows[max(0, i - _BEFORE) : i]
        before = (rows @ earlier.T).max(axis=1) if len(earlier) else np.zeros(len(links))
        behind = np.einsum("ij,ij->i", rows, self._rows[[self._next[j] for j in links]])
        bursts = self._bursts[[scene.burst[j] for j in links]] @ self._bursts[scene.burst[i]]
        topic = _to_topic(rows, question, likely, self._rows[i])
        told = np.array([question, before - question, behind, bursts, topic], float).T
        return [Nearness(*row) for row in np.round(told, _EXACT).tolist()]

    def _of_bursts(self) -> Floats:
        """A row for each burst: the sum of its messages'."""
        import numpy as np

        sums = np.zeros((len(self._scene.bursts), self._rows.shape[1]), np.float32)
        np.add.at(sums, self._scene.burst, self._rows[:-1])
        unit: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return unit


def _to_topic(rows: Floats, question: Floats, likely: Sequence[bool], asked: Floats) -> Floats:
    """How near each row is to the question with the likely ones before it."""
    found, topic = question.copy(), asked
    for k in [k for k, there in enumerate(likely) if there]:
        topic = topic + rows[k]
        size = max(float((topic @ topic) ** 0.5), 1e-6)
        found[k + 1 :] = rows[k + 1 :] @ topic / size
    return found


def _next(scene: Scene, j: int) -> int:
    """The next message of another speaker behind one; one behind all if there is none near."""
    notes = scene.notes
    behind = range(j + 1, min(j + 1 + _NEXT, len(notes)))
    return next((k for k in behind if notes[k].who != notes[j].who), len(notes))
