"""A second look at the likely links of a day: what the trees weigh of each, as figures.

Times are told against the pace of the day, the median time between two messages, and words by how
rare they are on it: a busy group and one with ten messages a day are then alike.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from math import log, log2

from knowledge.linking.company import NOT_BACK, TO_ANOTHER, Company, Lead
from knowledge.linking.evidence import Evidence
from knowledge.linking.scene import Note, Scene

FIGURES = {
    "p": "probability at the first look",
    "part": "the same, as a part of the lead's best link",
    "rank": "how many links of the lead are likelier",
    "total": "sum of the lead's probabilities",
    "burst": "best link among the other messages of its burst, or -0.1",
    "next": "the link of the writer's next message, or -0.1",
    "previous": "the link of his message before, or -0.1",
    "before": "the best link before it",
    "near": "mean link of the three messages on either side",
    "rival_later": "its best link to a later question",
    "rival_later_sought": "the same, times how likely that is to be looked up",
    "rival_earlier": "its best link to an earlier question of another",
    "rivals": "sum of its links to other questions",
    "between": "how likely what another said between is to be looked up, at most",
    "asked": "how likely it is to be looked up itself",
    "far": "messages with content between",
    "late": "time between, in paces, as a power of two",
    "silence": "the longest pause between, in the same way",
    "dense": "the time to the twelfth message behind the question, in the same way",
    "newer": "questions of others between",
    "since": "messages with content since the last of them, or since the question",
    "crowd": "how many people speak around the question",
    "voices": "others that have spoken between",
    "own": "what the asker has said between",
    "own_questions": "how often the asker has asked again between",
    "same": "1 when the asker says it himself",
    "names": "2 names the asker, 1 named him before, -1 named another before, -2 names another",
    "called": "how the writer is known to talk to the asker, 0 to 4",
    "called_away": "how he is known to talk to somebody else, 0 or 5 to 8",
    "soon": "how soon the asker speaks again behind it, 0 to 3",
    "how": "what he says then: 0 thanks, 1 asks, 2 speaks, 3 nothing",
    "names_back": "the asker names the writer afterwards: 2 with thanks",
    "quotes_away": "1 when it quotes somebody else's question",
    "asks": "its signs of asking",
    "size": "its length, as a power of two",
    "question_size": "the question's length, in the same way",
    "sought": "how likely the question is to be looked up",
    "shared": "rarity of the words that it shares with the question",
    "shared_burst": "rarity of the words that its burst shares with the question's",
    "shared_asker": "the most that it shares with one of the asker's other messages",
    "topic": "words that it shares with the likely links before it, against its own",
    "shared_rival": "how much more it shares with another's question between",
    "shared_before": "how much more it shares with what others said before the question",
    "spoke_before": "how long before the question the writer spoke, in paces, as a power of two",
    "role": "share of questions in what the writer says",
}
"""The figures of a link, in the order in which `Figures.of` gives them, and what they say."""

_LIKELY = 0.3  # probability from which a message's words count as the thread's
_BEFORE = 20  # messages before a question that it can be part of another talk with
_CROWD = 20  # messages on either side of a question that tell how many people talk
_SPOKE = 40  # messages before it in which the writer can have spoken
_AFTER = 7  # messages behind a link in which the asker's words count
_NAMES_BACK = 15  # messages behind a link in which the asker can name its writer
_NEVER = 17.0  # the power of two that stands for what never was


class Figures:
    """The figures of the links of one scene."""

    def __init__(self, scene: Scene, company: Company, evidence: Evidence) -> None:
        notes = scene.notes
        self._scene, self._company, self._evidence = scene, company, evidence
        self._pace = 1 + company.pace
        seen = Counter(word for x in notes for word in x.words)
        most = log(len(notes) + 1)
        self.rarity = {word: log((len(notes) + 1) / n) / most for word, n in seen.items()}
        self._weight = [self.shared(x.words) for x in notes]

    def shared(self, words: Iterable[str]) -> float:
        """How rare some words are together; one that stands alone in the scene counts 1."""
        return sum([self.rarity[word] for word in words])

    @cached_property
    def _role(self) -> dict[str, float]:
        said = Counter(x.who for x in self._scene.notes)
        asked = Counter(x.who for x in self._scene.notes if x.asks >= 2)
        return {who: asked[who] / n for who, n in said.items()}

    def _paces(self, seconds: int) -> float:
        return log2(1 + max(0, seconds) / self._pace)

    def of(self, lead: Lead) -> list[tuple[int, tuple[float, ...]]]:
        """List the links of a lead: index, and figures as `FIGURES` names them."""
        scene, company, links = self._scene, self._company, lead.links
        notes, i = scene.notes, lead.index
        if not links:
            return []
        q = notes[i]
        asker, q_words = q.who, q.words
        ranked = sorted(links.values(), reverse=True)
        best, total = ranked[0], sum(ranked)
        places: dict[str, list[int]] = {}
        for j in links:
            places.setdefault(notes[j].who, []).append(j)
        before = self._before(i)
        spoke = {notes[k].who: k for k in range(max(0, i - _SPOKE), i)}
        q_burst = self._words_of(scene.burst[i])
        q_size = log2(1 + q.size)
        dense = self._paces(notes[min(len(notes) - 1, i + 12)].at - q.at)
        crowd = len({x.who for x in notes[max(0, i - _CROWD) : i + _CROWD]})
        topic = q_words
        own_words: list[frozenset[str]] = []
        heard = i + 1
        sure = 0.0
        walk = _Walk(q)
        at = i + 1
        out: list[tuple[int, tuple[float, ...]]] = []
        for j, p in links.items():
            m = notes[j]
            who, words = m.who, m.words
            for k in range(at, j):
                walk.pass_by(notes[k], company.asked[k])
            walk.wait(m.at)
            at = j
            while heard < min(len(notes), j + _AFTER):
                if notes[heard].who == asker and notes[heard].words:
                    own_words.append(notes[heard].words)
                heard += 1
            own = places[who]
            place = own.index(j)
            shared = self.shared(q_words & words)
            weight = self._weight[j] + 0.5
            called, back = company.called(i, j), company.back(i, j)
            out.append((j, (
                p,
                p / best,
                ranked.index(p),
                total,
                self._burst(j, links),
                links[own[place + 1]] if place + 1 < len(own) else -0.1,
                links[own[place - 1]] if place else -0.1,
                sure,
                sum([links.get(k, 0.0) for k in range(j - 3, j + 4) if k != j]) / 6,
                *self._rivals(i, j),
                walk.between,
                company.asked[j],
                walk.far,
                self._paces(m.at - q.at),
                self._paces(walk.silence),
                dense,
                crowd,
                len(walk.questions),
                walk.far - walk.asked_at,
                len(walk.voices),
                walk.own,
                walk.own_questions,
                1 if who == asker else 0,
                self._names(asker, j),
                called if called < TO_ANOTHER else 0,
                called if called >= TO_ANOTHER else 0,
                (back - 1) % 3 if 0 < back < NOT_BACK else 3,
                (back - 1) // 3 if 0 < back < NOT_BACK else 3,
                self._names_back(asker, j),
                1 if self._evidence.elsewhere(i, j) else 0,
                m.asks,
                log2(1 + m.size),
                q_size,
                lead.sought,
                shared,
                self.shared(q_burst & self._words_of(scene.burst[j])),
                max([self.shared(w & words) for w in own_words], default=0.0) if words else 0.0,
                self.shared(topic & words) / weight,
                self._most([w for by, w in walk.questions if by != who], words) - shared,
                self._most(before, words) - shared,
                self._paces(q.at - notes[spoke[who]].at) if who in spoke else _NEVER,
                self._role[who],
            )))  # fmt: skip
            sure = max(sure, p)
            if p > _LIKELY:
                topic = topic | words
        return out

    def _before(self, i: int) -> list[frozenset[str]]:
        """The words of what others said before a question."""
        notes = self._scene.notes
        asker = notes[i].who
        near = notes[max(0, i - _BEFORE) : i]
        return [x.words for x in near if x.who != asker and x.words]

    def _most(self, others: Iterable[frozenset[str]], words: frozenset[str]) -> float:
        """The most that some words share with one of others."""
        return max([self.shared(common) for w in others if (common := w & words)], default=0.0)

    def _words_of(self, burst: int) -> frozenset[str]:
        own = self._scene.bursts[burst]
        notes = self._scene.notes
        if len(own) == 1:
            return notes[own[0]].words
        return frozenset().union(*[notes[k].words for k in own])

    def _burst(self, j: int, links: dict[int, float]) -> float:
        own = self._scene.bursts[self._scene.burst[j]]
        return max([links.get(k, 0.0) for k in own if k != j], default=-0.1)

    def _rivals(self, i: int, j: int) -> tuple[float, float, float, float]:
        """What else message `j` could answer: later questions, earlier ones, all of them."""
        notes = self._scene.notes
        later = later_sought = earlier = total = 0.0
        for other, p, sought in self._company.rivals[j]:
            if other > i:
                later, later_sought = max(later, p), max(later_sought, sought)
            elif other < i and notes[other].who != notes[i].who:
                earlier = max(earlier, p)
            if other != i:
                total += p
        return later, later_sought, earlier, total

    def _names(self, asker: str, j: int) -> int:
        mentions = self._scene.notes[j].mentions
        if asker in mentions:
            return 2
        to = self._scene.talks_to[j]
        if not to:
            return 0
        return 1 if to == asker else -2 if mentions else -1

    def _names_back(self, asker: str, j: int) -> int:
        notes = self._scene.notes
        calls = self._scene.calls.get(notes[j].who, ())
        for k in calls[bisect(calls, j) :]:
            if k >= j + _NAMES_BACK:
                break
            if notes[k].who == asker:
                return 2 if notes[k].thanks else 1
        return 0


class _Walk:
    """What was passed on the way from a question to a link."""

    def __init__(self, q: Note) -> None:
        self._asker, self._at = q.who, q.at
        self.far = self.own = self.own_questions = self.silence = 0
        self.asked_at = 0
        self.between = 0.0
        self.voices: set[str] = set()
        self.questions: list[tuple[str, frozenset[str]]] = []

    def wait(self, until: int) -> None:
        """Let time pass."""
        self.silence = max(self.silence, until - self._at)
        self._at = until

    def pass_by(self, x: Note, sought: float) -> None:
        """Go past a message that is as likely to be looked up as `sought` says."""
        self.wait(x.at)
        self.far += x.says
        if x.who == self._asker:
            self.own += 1
            self.own_questions += x.asks >= 2
            return
        self.between = max(self.between, sought)
        if x.says:
            self.voices.add(x.who)
        if x.asks >= 2:
            self.questions.append((x.who, x.words))
            self.asked_at = self.far
