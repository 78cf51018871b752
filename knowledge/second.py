"""A second look at the likely links of a day, when all of them are known: company and rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from knowledge.features import Scene


@dataclass(slots=True)
class Lead:
    """A message that could be asked about: its index, and the links to what is behind it.

    `asked` is the probability that it is a question; `links` maps indices of messages, ascending,
    to the probability that they answer it.
    """

    index: int
    asked: float
    links: dict[int, float]


# What `company` tells of a link; `links_weights.json` has a table for each.
COMPANY = (
    "first", "rank", "mine_before", "mine_next", "mine", "all", "so_far", "previous",
    "rival", "rival_asked", "asked", "asked_between", "burst_asks", "size", "share", "dense",
    "topic", "covers",
)  # fmt: skip
_ASKED = 0.1  # probability of being asked from which a remark is looked at like a question
_NEAR = 40  # messages on either side in which a speaker's share of the talk is taken
_LIKELY = 0.3  # probability from which a message's words count as the thread's


def again(scene: Scene, lead: Lead) -> bool:
    """Tell whether a lead deserves a second look: it asks, or looks as if it did."""
    return scene.notes[lead.index].asks > 0 or lead.asked > _ASKED


class Company:
    """What all links of a scene say about each other."""

    def __init__(self, scene: Scene, leads: Sequence[Lead]) -> None:
        notes = scene.notes
        self.scene = scene
        self.asked = [0.0] * len(notes)
        self._rivals: list[list[tuple[int, float, float]]] = [[] for _ in notes]
        for lead in leads:
            self.asked[lead.index] = lead.asked
            if not again(scene, lead):
                continue
            for j, p in lead.links.items():
                self._rivals[j].append((lead.index, p, p * lead.asked))
        self._asks = [
            notes[b[0]].asks if len(b) == 1 else max([notes[k].asks for k in b])
            for b in scene.bursts
        ]
        self._said = list(accumulate([x.size for x in notes], initial=0))
        self._blocks: list[dict[str, int]] = []
        for start in range(0, len(notes), _NEAR):
            block: dict[str, int] = {}
            for x in notes[start : start + _NEAR]:
                block[x.who] = block.get(x.who, 0) + x.size
            self._blocks.append(block)

    def _share(self, who: str, i: int) -> int:
        """Code a speaker's share of what is said around a message, in eighths."""
        b = i // _NEAR
        first, last = max(0, b - 1), min(len(self._blocks), b + 2)
        own = sum([block.get(who, 0) for block in self._blocks[first:last]])
        said = self._said[min(len(self._said) - 1, last * _NEAR)] - self._said[first * _NEAR]
        return 8 * own // (said + 1)

    def codes(self, lead: Lead) -> list[tuple[int, tuple[int, ...]]]:
        """Code the links of a lead: index, and codes as `COMPANY` names them."""
        notes, asked, burst = self.scene.notes, self.asked, self.scene.burst
        i, links = lead.index, lead.links
        q = notes[i]
        ranked = sorted(links.values(), reverse=True)
        total = sum(ranked)
        mine: dict[str, list[int]] = {}
        for j in links:
            mine.setdefault(notes[j].who, []).append(j)
        dense = max(0, notes[min(len(notes) - 1, i + 12)].at - q.at).bit_length()
        shares: dict[str, int] = {}
        q_words = q.words
        most = len(q_words) + 1
        topic = set(q_words)
        so_far = between = previous = 0.0
        at = i + 1
        out: list[tuple[int, tuple[int, ...]]] = []
        for j, p in links.items():
            m = notes[j]
            who = m.who
            for k in range(at, j):
                if asked[k] > between and notes[k].who != q.who:
                    between = asked[k]
            at = j
            own = mine[who]
            place = own.index(j)
            rival = rival_asked = 0.0
            for other, p2, weighed in self._rivals[j]:
                if other > i:
                    if p2 > rival:
                        rival = p2
                    if weighed > rival_asked:
                        rival_asked = weighed
            if who not in shares:
                shares[who] = self._share(who, i)
            rank = ranked.index(p)
            out.append((j, (
                int(p * 16),
                rank if rank < 8 else 8,
                1 + int(links[own[place - 1]] * 8) if place else 0,
                1 + int(links[own[place + 1]] * 8) if place + 1 < len(own) else 0,
                min(int(2 * (sum([links[k] for k in own]) - p)), 8),
                min(int(total), 8),
                min(int(1.5 * so_far), 8),
                1 + int(previous * 8) if previous else 0,
                int(rival * 10),
                min(int(rival_asked * 20), 9),
                min(int(asked[j] * 20), 9),
                min(int(between * 20), 9),
                self._asks[burst[j]],
                min(m.size.bit_length(), 10),
                shares[who],
                dense if dense < 17 else 17,
                min(8 * len(topic & m.words) // (len(m.words) + 1), 7),
                8 * len(q_words & m.words) // most,
            )))  # fmt: skip
            if p > _LIKELY:
                topic |= m.words
            so_far += p
            previous = p
        return out
