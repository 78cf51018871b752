"""A second look at the likely links of a day: what the trees weigh of each, as figures.

Times are told against the pace of the day, the median time between two messages, and words by how
rare they are on it: a busy group and one with ten messages a day are then alike.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import fsum, log, log2

from knowledge.linking.company import NOT_BACK, TO_ANOTHER, Company, Lead
from knowledge.linking.evidence import Evidence
from knowledge.linking.meant import Meant
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
    "crowd": "how many people speak around the question",
    "newer": "questions of others between",
    "since": "messages with content since the last of them, or since the question",
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
    "meant": "how near it is to the question in what it means: the cosine of their vectors",
    "meant_before": "how much nearer to one of the messages before the question",
    "meant_next": "how near to the next message of another behind it",
    "meant_burst": "how near its burst is to the question's",
    "meant_topic": "how near it is to the question with the likely links before it",
}
"""The figures of a link, in the order in which `Figures.of` gives them, and what they say."""

_LIKELY = 0.3  # probability from which a message's words count as the thread's
_BEFORE = 20  # messages before a question that it can be part of another talk with
_DENSE = 12  # messages behind a question, whose time tells how dense the talk is
_CROWD = 20  # messages on either side of a question that tell how many people talk
_SPOKE = 40  # messages before it in which the writer can have spoken
_HELD = 200  # messages of which is kept what shares words with them
_AFTER = 7  # messages behind a link in which the asker's words count
_NAMES_BACK = 15  # messages behind a link in which the asker can name its writer
_NEVER = 17.0  # the power of two that stands for what never was


class Figures:
    """The figures of the links of one scene."""

    def __init__(self, scene: Scene, company: Company, evidence: Evidence) -> None:
        notes = scene.notes
        self.scene, self._company, self._evidence = scene, company, evidence
        self._pace = 1 + company.pace
        self._places: dict[str, list[int]] = {}  # the messages that hold a word
        for k, x in enumerate(notes):
            for word in x.words:
                self._places.setdefault(word, []).append(k)
        most = log(len(notes) + 1)
        self.rarity = {
            word: log((len(notes) + 1) / len(places)) / most
            for word, places in self._places.items()
        }
        self._weight = [self.shared(x.words) for x in notes]
        self._meant = Meant(scene)
        self._near: dict[int, Sequence[tuple[int, float]]] = {}
        # A burst can be all that somebody says on a day: its words are put together once.
        self._words: dict[int, frozenset[str]] = {}
        self._common: dict[tuple[int, int], float] = {}

    def shared(self, words: Iterable[str]) -> float:
        """How rare some words are together; one that stands alone in the scene counts 1.

        The sum is exact, since the order of a set is another in each process.
        """
        return fsum([self.rarity[word] for word in words])

    @cached_property
    def _role(self) -> dict[str, float]:
        said = Counter(x.who for x in self.scene.notes)
        asked = Counter(x.who for x in self.scene.notes if x.asks >= 2)
        return {who: asked[who] / n for who, n in said.items()}

    def paces(self, seconds: int) -> float:
        """A time against the pace of the day, as a power of two."""
        return log2(1 + max(0, seconds) / self._pace)

    def of(self, lead: Lead) -> list[tuple[int, tuple[float, ...]]]:
        """List the links of a lead: index, and figures as `FIGURES` names them."""
        if not lead.links:
            return []
        notes, asked = self.scene.notes, self._company.asked
        if len(self._near) > _HELD:
            self._near = {j: self._near[j] for j in lead.links if j in self._near}
        walk = _Walk(self.scene, lead)
        q = _Question(self, lead)
        links, likely = [*lead.links], [p > _LIKELY for p in lead.links.values()]
        near = self._meant.near(lead.index, links, likely)
        out: list[tuple[int, tuple[float, ...]]] = []
        for (j, p), meant in zip(lead.links.items(), near, strict=True):
            walk.go(j, asked)
            out.append((j, (*self._row(q, walk, j, p), *meant)))
            walk.sure = max(walk.sure, p)
            if p > _LIKELY:
                walk.topic |= notes[j].words
        return out

    def _row(self, q: _Question, walk: _Walk, j: int, p: float) -> tuple[float, ...]:
        """The figures of one link."""
        notes, company, links, i = self.scene.notes, self._company, q.lead.links, q.lead.index
        m = notes[j]
        who, words = m.who, m.words
        own, place = q.places[who], q.place[j]
        near = self._shared_near(j, i)
        shared = self.shared(q.words & words) if words else 0.0
        heard, asked, before = self._most_shared(near, q.asker, i, j)
        called, back = company.called(i, j), company.back(i, j)
        return (
            p,
            p / q.best,
            q.rank[p],
            q.total,
            q.burst(j),
            links[own[place + 1]] if place + 1 < len(own) else -0.1,
            links[own[place - 1]] if place else -0.1,
            walk.sure,
            sum([links.get(k, 0.0) for k in range(j - 3, j + 4) if k != j]) / 6,
            *self._rivals(i, j),
            walk.between,
            company.asked[j],
            walk.far,
            self.paces(m.at - q.at),
            self.paces(walk.silence),
            q.dense,
            q.crowd,
            walk.questions,
            walk.far - walk.asked_at,
            len(walk.voices),
            walk.own,
            walk.own_questions,
            1 if who == q.asker else 0,
            self._names(q.asker, j),
            called if called < TO_ANOTHER else 0,
            called if called >= TO_ANOTHER else 0,
            (back - 1) % 3 if 0 < back < NOT_BACK else 3,
            (back - 1) // 3 if 0 < back < NOT_BACK else 3,
            self._names_back(q.asker, j),
            1 if self._evidence.elsewhere(i, j) else 0,
            m.asks,
            log2(1 + m.size),
            q.size,
            q.lead.sought,
            shared,
            self._shared_by(self.scene.burst[i], self.scene.burst[j]),
            heard,
            self.shared(walk.topic & words) / (self._weight[j] + 0.5),
            asked - shared,
            before - shared,
            self.paces(q.at - notes[q.spoke[who]].at) if who in q.spoke else _NEVER,
            self._role[who],
        )

    def _shared_near(self, j: int, i: int) -> Sequence[tuple[int, float]]:
        """What shares words with message `j`, as a link of lead `i`, and how rare they are.

        From as long before the question as matters to as long behind the message. The leads of a
        message come in their order, so that what was found for one holds what matters to later
        ones.
        """
        if j not in self._near:
            found: dict[int, list[float]] = {}
            since, until = i - _BEFORE, j + _AFTER
            for word in self.scene.notes[j].words:
                places, rarity = self._places[word], self.rarity[word]
                for at in range(bisect_left(places, since), len(places)):
                    k = places[at]
                    if k >= until:
                        break
                    found.setdefault(k, []).append(rarity)
            self._near[j] = [(k, fsum(each)) for k, each in found.items()]
        return self._near[j]

    def _most_shared(
        self, near: Sequence[tuple[int, float]], asker: str, i: int, j: int
    ) -> tuple[float, float, float]:
        """The most that message `j` shares: with the asker's other words; with another's question
        between; with what others said before the question."""
        notes, who = self.scene.notes, self.scene.notes[j].who
        heard = asked = before = 0.0
        for k, shared in near:
            by = notes[k].who
            if k > i:
                if by == asker:
                    heard = max(heard, shared)
                elif k < j and by != who and notes[k].asks >= 2:
                    asked = max(asked, shared)
            elif by != asker and k >= i - _BEFORE:
                before = max(before, shared)
        return heard, asked, before

    def words_of(self, burst: int) -> frozenset[str]:
        """All words of a burst."""
        own = self.scene.bursts[burst]
        notes = self.scene.notes
        if len(own) == 1:
            return notes[own[0]].words
        if burst not in self._words:
            self._words[burst] = frozenset().union(*[notes[k].words for k in own])
        return self._words[burst]

    def _shared_by(self, one: int, other: int) -> float:
        """The rarity of the words that two bursts share."""
        if (one, other) not in self._common:
            common = self.words_of(one) & self.words_of(other)
            self._common[one, other] = self.shared(common)
        return self._common[one, other]

    def _rivals(self, i: int, j: int) -> tuple[float, float, float, float]:
        """What else message `j` could answer: later questions, earlier ones, all of them."""
        notes = self.scene.notes
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
        mentions = self.scene.notes[j].mentions
        if asker in mentions:
            return 2
        to = self.scene.talks_to[j]
        if not to:
            return 0
        return 1 if to == asker else -2 if mentions else -1

    def _names_back(self, asker: str, j: int) -> int:
        notes = self.scene.notes
        calls = self.scene.calls.get(notes[j].who, ())
        for k in calls[bisect(calls, j) :]:
            if k >= j + _NAMES_BACK:
                break
            if notes[k].who == asker:
                return 2 if notes[k].thanks else 1
        return 0


class _Question:
    """What is known of a lead before its links are looked at."""

    def __init__(self, figures: Figures, lead: Lead) -> None:
        scene, i = figures.scene, lead.index
        notes = scene.notes
        q = notes[i]
        self.lead, self.asker, self.at, self.words = lead, q.who, q.at, q.words
        self.size = log2(1 + q.size)
        ranked = sorted(lead.links.values(), reverse=True)
        self.best, self.total = ranked[0], sum(ranked)
        self.rank: dict[float, int] = {}
        for n, p in enumerate(ranked):
            self.rank.setdefault(p, n)
        self.places: dict[str, list[int]] = {}
        self.place: dict[int, int] = {}  # of a link, among those of its writer
        self._bursts: dict[int, list[float]] = {}  # the best two links of a burst, or its only one
        for j, p in lead.links.items():
            own = self.places.setdefault(notes[j].who, [])
            self.place[j] = len(own)
            own.append(j)
            best = self._bursts.setdefault(scene.burst[j], [])
            best.append(p)
            if len(best) > 2:
                best.sort(reverse=True)
                best.pop()
        self._scene = scene
        self.spoke = {notes[k].who: k for k in range(max(0, i - _SPOKE), i)}
        self.dense = figures.paces(notes[min(len(notes) - 1, i + _DENSE)].at - q.at)
        self.crowd = len({x.who for x in notes[max(0, i - _CROWD) : i + _CROWD]})

    def burst(self, j: int) -> float:
        """The best link of the others in a message's burst; of one that has no link it is 0."""
        burst = self._scene.burst[j]
        linked = self._bursts[burst]
        if len(linked) > 1:
            return min(linked) if self.lead.links[j] == max(linked) else max(linked)
        return -0.1 if len(self._scene.bursts[burst]) == 1 else 0.0


class _Walk:
    """What was passed on the way from a question to a link."""

    def __init__(self, scene: Scene, lead: Lead) -> None:
        q = scene.notes[lead.index]
        self._notes, self._asker, self._at = scene.notes, q.who, q.at
        self._next = lead.index + 1
        self.far = self.own = self.own_questions = self.silence = self.asked_at = self.questions = 0
        self.between = self.sure = 0.0
        self.voices: set[str] = set()
        self.topic = q.words

    def go(self, j: int, asked: Sequence[float]) -> None:
        """Go on to message `j`; `asked` tells of each how likely it is to be looked up."""
        notes = self._notes
        for k in range(self._next, j):
            self._pass_by(notes[k], asked[k])
        self._wait(notes[j].at)
        self._next = j

    def _wait(self, until: int) -> None:
        self.silence = max(self.silence, until - self._at)
        self._at = until

    def _pass_by(self, x: Note, sought: float) -> None:
        self._wait(x.at)
        self.far += x.says
        if x.who == self._asker:
            self.own += 1
            self.own_questions += x.asks >= 2
            return
        self.between = max(self.between, sought)
        if x.says:
            self.voices.add(x.who)
        if x.asks >= 2:
            self.questions += 1
            self.asked_at = self.far
