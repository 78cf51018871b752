"""What the chat itself says of who answers whom: replies, quotes, names, a bare yes.

Such evidence needs no weights. A link that it makes is certain, and stands before all others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice, takewhile

from knowledge.language.questions import expects_yes
from knowledge.linking.scene import Note, Scene

CERTAIN = 0.95
"""Probability of a link that the chat itself makes; readers agree with 0.92 of those by a name."""

ADDRESSED = 0.8
"""Probability that who was asked by name answers when he speaks next; readers agree with 0.81."""

_HEAD = 12  # characters of a quote that are looked for; the rest can be cut
_NAMED = 40  # messages with content behind a question in which its asker's name means it
_WENT_ON = (
    2  # messages of its asker with content behind a question, after which his name means more
)
_SPREAD = 180  # seconds over which a question can spread, and a yes can follow it
_BEHIND = 4  # messages behind a question in which a bare yes is looked for


class Evidence:
    """The evidence of one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.quotes = _quotes(scene.notes) | scene.replies
        self.agreed = _agreed(scene.notes)

    def certain(self, i: int) -> set[int]:
        """The messages that answer lead `i` beyond doubt, by quote or name or a bare yes.

        What asks or thanks is none of them: it is said to the asker, but answers nothing.
        """
        notes = self._scene.notes
        parts = self._parts(i)
        found = {yes for yes, asked in self.agreed.items() if asked in parts}
        found |= {j for j, k in self.quotes.items() if k in parts and _answers(notes[j], notes[i])}
        return found | self._named(i, parts)

    def addressed(self, i: int) -> int | None:
        """The next message of somebody whom lead `i` names, if it stands near.

        None when he asks himself, names another, or speaks too late.
        """
        notes = self._scene.notes
        q = notes[i]
        far = 0
        for j in range(i + 1, len(notes) if q.mentions else 0):
            x = notes[j]
            far += x.says
            if far > _BEHIND:
                return None
            if x.who in q.mentions and x.says:
                free = x.asks < 2 and (not x.mentions or q.who in x.mentions)
                return j if free and x.who != q.who else None
        return None

    def elsewhere(self, i: int, j: int) -> bool:
        """Whether message `j` quotes somebody else's question, so that it answers not lead `i`."""
        k = self.quotes.get(j)
        if k is None or k in self._parts(i):
            return False
        notes = self._scene.notes
        return notes[k].asks >= 2 and notes[k].who != notes[i].who

    def handed_back(self, i: int, j: int) -> bool:
        """Whether message `j`, which asks, is said to the asker of `i`: by name or by quote."""
        notes = self._scene.notes
        return notes[i].who in {*notes[j].mentions, notes[j].quoted}

    def _parts(self, i: int) -> list[int]:
        """The messages over which the question of lead `i` spreads."""
        notes, scene = self._scene.notes, self._scene
        own = scene.bursts[scene.burst[i]]
        last = notes[i].at + _SPREAD
        behind = islice(own, bisect_left(own, i), None)
        return list(takewhile(lambda k: notes[k].at <= last, behind))

    def _named(self, i: int, parts: Sequence[int]) -> set[int]:
        """The messages that name the asker of `i`, as long as nothing else of his can be meant.

        `parts` are those of his question.
        """
        notes = self._scene.notes
        q = notes[i]
        found: set[int] = set()
        far = own = 0
        calls = self._scene.calls.get(q.who, ())
        if not calls or calls[-1] < i:
            return found
        for j in range(i + 1, len(notes)):
            x = notes[j]
            if not x.says or j in parts:
                continue
            far += 1
            if x.who == q.who:
                own += 1
                if x.asks >= 2 or own > _WENT_ON:
                    break
            elif q.who in x.mentions and _answers(x, q):
                found.add(j)
            if far >= _NAMED:
                break
        return found


def _answers(x: Note, q: Note) -> bool:
    """Whether a message that is said to the asker can be an answer: no question, no thanks."""
    return x.says and x.asks < 2 and x.who != q.who and (not x.thanks or x.size > 2 * _HEAD)


def _quotes(notes: Sequence[Note]) -> dict[int, int]:
    """The messages that quote, and what they quote: the nearest before them that begins so.

    One of the speaker who is quoted goes before those of others.
    """
    heads = {j: _head(x.reading.quote.words) for j, x in enumerate(notes) if x.reading.quote}
    lengths = {len(head) for head in heads.values()} - {0}
    found: dict[int, int] = {}
    nearest: dict[tuple[str, str], int] = {}  # beginning and speaker, "" for any -> message
    for j, x in enumerate(notes if lengths else ()):
        if head := heads.get(j):
            named = nearest.get((head, x.quoted)) if x.quoted else None
            before = nearest.get((head, "")) if named is None else named
            if before is not None:
                found[j] = before
        # As typed and as read; a quote can be cut short, so that any length may be asked for.
        for begins in (_head(x.message.text), _head(x.reading.plain)):
            for n in lengths:
                if n <= len(begins):
                    nearest[begins[:n], ""] = nearest[begins[:n], x.who] = j
    return found


def _agreed(notes: Sequence[Note]) -> dict[int, int]:
    """The messages that are nothing but yes or no, and the question of another that they answer.

    That is the last one before them which can be answered so, if it stands near, and nobody has
    said yes or no to it.
    """
    found: dict[int, int] = {}
    for j, x in enumerate(notes):
        if not x.yes:
            continue
        for k in range(j - 1, max(-1, j - 1 - _BEHIND), -1):
            asked = notes[k]
            if x.at - asked.at > _SPREAD or (asked.who == x.who and asked.says):
                break
            if asked.who != x.who and asked.asks and expects_yes(asked.reading.plain):
                if not x.mentions or asked.who in x.mentions:
                    found[j] = k
                break
    return found


def _head(text: str) -> str:
    """How a text begins, without blanks."""
    return "".join(text.split())[:_HEAD]
