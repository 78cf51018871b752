"""What the likely links of a day say about each other, when all of them are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from knowledge.linking.scene import Scene


@dataclass(slots=True)
class Lead:
    """A message that could be asked about: its index, and the links to what is behind it.

    `sought` is the probability that it is a question that somebody would look up; `links` maps
    indices of messages, ascending, to the probability that they answer it, if it was answered at
    all: `answered` is the probability of that. `certain` are the links that the chat itself makes;
    `agreed` maps each bare yes or no among them to the question that it answers.
    """

    index: int
    sought: float
    links: dict[int, float]
    answered: float = 1.0
    certain: frozenset[int] = frozenset()
    agreed: dict[int, int] = field(default_factory=dict)


TO_ANOTHER = 5
"""Values of `called` from which the writer talks to somebody else."""

NOT_BACK = 10
"""The value of `back` when the asker does not speak again soon."""

_SOUGHT = 0.05  # probability of being sought from which a remark is looked at like a question
_NEAR = 40  # messages on either side in which a speaker's share of the talk is taken
_CALLED = 40  # messages before one in which its writer can have been called on
_ANEW = 300  # seconds of silence after which a speaker's last words stand for nothing
_BACK = 8  # messages behind one in which the asker can speak again


@dataclass(frozen=True, slots=True)
class _Call:
    """Whom the writer of a message talks to: the people, and since which message.

    `by` tells how it is known: 1 he was asked, 2 he was mentioned or quoted, 3 he mentioned them
    a while ago, 4 in this very message.
    """

    index: int
    people: frozenset[str]
    by: int


def again(scene: Scene, lead: Lead) -> bool:
    """Tell whether a lead deserves a second look: it asks, or looks as if it did."""
    return scene.notes[lead.index].asks >= 2 or lead.sought > _SOUGHT


class Company:
    """What all links of a scene say about each other."""

    def __init__(self, scene: Scene, leads: Sequence[Lead]) -> None:
        notes = scene.notes
        self.scene = scene
        self.asked = [0.0] * len(notes)
        self.rivals: list[list[tuple[int, float, float]]] = [[] for _ in notes]
        for lead in leads:
            self.asked[lead.index] = lead.sought
            if not again(scene, lead):
                continue
            for j, p in lead.links.items():
                self.rivals[j].append((lead.index, p, p * lead.sought))
        gaps = sorted([b.at - a.at for a, b in pairwise(notes[scene.lo : scene.hi])])
        self.pace = gaps[len(gaps) // 2] if gaps else 0  # seconds between messages, the median
        self._calls: dict[int, _Call | None] = {}
        self._said = list(accumulate([x.size for x in notes], initial=0))
        self._blocks: list[dict[str, int]] = []
        for start in range(0, len(notes), _NEAR):
            block: dict[str, int] = {}
            for x in notes[start : start + _NEAR]:
                block[x.who] = block.get(x.who, 0) + x.size
            self._blocks.append(block)

    def share(self, who: str, i: int) -> int:
        """Code a speaker's share of what is said around a message, in eighths."""
        b = i // _NEAR
        first, last = max(0, b - 1), min(len(self._blocks), b + 2)
        own = sum([block.get(who, 0) for block in self._blocks[first:last]])
        said = self._said[min(len(self._said) - 1, last * _NEAR)] - self._said[first * _NEAR]
        return 8 * own // (said + 1)

    def _call(self, j: int) -> _Call | None:
        """Find whom the writer of a message talks to, if he mentions or was mentioned."""
        notes = self.scene.notes
        m = notes[j]
        if m.mentions:
            return _Call(j, m.mentions, 4)
        for k in range(j - 1, max(-1, j - _CALLED), -1):
            x = notes[k]
            if x.who == m.who:
                if x.mentions:
                    return _Call(k, x.mentions, 3)
                if x.says and m.at - x.at > _ANEW:
                    return None
            if m.who in x.mentions or x.quoted == m.who:
                return _Call(k, frozenset((x.who,)), 1 if x.asks >= 2 else 2)
        return None

    def called(self, i: int, j: int) -> int:
        """Code whether the writer of message `j` talks to the one who asked `i`, or to another."""
        if j not in self._calls:
            self._calls[j] = self._call(j)
        call = self._calls[j]
        if call is None or call.index <= i:
            return 0
        return call.by + (0 if self.scene.notes[i].who in call.people else TO_ANOTHER - 1)

    def back(self, i: int, j: int) -> int:
        """Code how soon the asker of `i` speaks again behind message `j`, and whether he asks."""
        notes = self.scene.notes
        asker = notes[i].who
        if notes[j].who == asker:
            return 0
        for k in range(j + 1, min(len(notes), j + 1 + _BACK)):
            x = notes[k]
            if x.who == asker:
                soon = 0 if k - j <= 2 else 1 if k - j <= 4 else 2
                how = 0 if x.thanks or not x.says else 1 if x.asks >= 2 else 2
                return 1 + soon + 3 * how
        return 10
