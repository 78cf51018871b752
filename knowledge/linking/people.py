"""Who is whom in one group: nicknames, and the aliases that others mention and quote them by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import log

from knowledge.language.kinds import may_name, mentions, quote
from knowledge.language.names import EVERYBODY, parts, tidy
from knowledge.linking.senders import NOBODY, Senders, is_told_apart
from knowledge.model import Message

_NEAR = 12  # messages on either side of a mention that count as being near it
_CUT = 12  # a quote is told by so many of its first characters; the rest can be cut
_COMMON = 12  # a part of more names than this tells nobody apart
_ENOUGH = 2.5  # log odds beyond which an alias is somebody's; set for precision
_ALONE = 4.0  # the same, when nothing but standing near speaks for it
_SAME_NAME = 5.0  # likeness beyond which two nicknames on different days are one person
_SPACES = re.compile(r"\s+")


class People:
    """What `Census` learned: every name of a group, and the person behind it."""

    def __init__(self, canonical: Mapping[str, str]) -> None:
        self._canonical = dict(canonical)
        self._asked: dict[str, str] = {}  # names as they were asked for, folded once

    def who(self, name: str) -> str:
        """Name the person behind a nickname or alias; an unknown name is a person of its own."""
        known = self._asked.get(name)
        if known is None:
            folded = tidy(name)
            known = self._asked[name] = self._canonical.get(folded, folded or name)
        return known

    def names(self) -> dict[str, str]:
        """List every tidied name with the person behind it."""
        return dict(self._canonical)


class Census:
    """Gathers the evidence about one group's names in one pass over its days, in any order.

    Memory grows with the number of names, not of messages.
    """

    def __init__(self) -> None:
        self._tidy: dict[str, str] = {}  # nickname -> tidied nickname
        self._said: Counter[str] = Counter()  # tidied nickname -> messages
        self._days: defaultdict[str, set[str]] = defaultdict(set)  # tidied nickname -> dates
        self._called: Counter[str] = Counter()  # tidied alias -> mentions
        self._near: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._base: Counter[str] = Counter()  # nickname -> mentions that it stood near to
        self._quoted: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def see(self, date: str, day: Iterable[tuple[str, str]]) -> None:
        """Take in one day: its ISO date, speaker and text of each message, in order."""
        said = list(day)
        speakers = [self._tidied(speaker) for speaker, _ in said]
        self._said.update(speakers)
        for name in set(speakers):
            self._days[name].add(date)
        heads: dict[str, str] = {}
        for i, (_, text) in enumerate(said):
            if may_name(text):
                quoted, reply = quote(text)
                for name in mentions(reply):
                    self._mention(tidy(name), i, speakers)
                if quoted is not None:
                    writer = heads.get(_head(quoted.words))
                    if writer is not None:
                        self._quoted[tidy(quoted.name)][writer] += 1
            if len(text) >= 4:
                heads[_head(text)] = speakers[i]

    def _tidied(self, speaker: str) -> str:
        """The tidied nickname, worked out once."""
        name = self._tidy.get(speaker)
        if name is None:
            name = self._tidy[speaker] = tidy(speaker)
        return name

    def _mention(self, alias: str, i: int, speakers: Sequence[str]) -> None:
        if not alias:
            return
        self._called[alias] += 1
        around = set(speakers[max(0, i - _NEAR) : i + _NEAR + 1])
        around.discard(speakers[i])
        self._near[alias].update(around)
        self._base.update(around)

    def people(self, senders: Senders = NOBODY) -> People:
        """Decide who is whom on what was seen; the order of the days changes nothing.

        What `senders` know stands: who they are, and that others are somebody else.
        """
        return People(self._clusters(senders))

    def _clusters(self, senders: Senders) -> dict[str, str]:
        """Join names pair by pair, surest first, as long as nobody is in two places at once."""
        home = {name: name for name in sorted({*self._said, *self._called, *self._quoted})}
        kinds: dict[str, frozenset[int]] = {}
        for known in senders.known:
            home.update(dict.fromkeys(known.names, known.names[0]))
            kinds[known.names[0]] = known.kinds
        members: dict[str, list[str]] = {}
        for name, first in home.items():
            members.setdefault(first, []).append(name)
        none: frozenset[int] = frozenset()

        for _, one, other in sorted(self._pairs(), key=lambda p: (-p[0], p[1], p[2])):
            a, b = home[one], home[other]
            if a == b or one in senders.shared or other in senders.shared:
                continue
            if not self._compatible(members[a], members[b]):
                continue
            if kinds.get(a, none) & kinds.get(b, none):
                continue
            for name in members[b]:
                home[name] = a
            members[a] += members.pop(b)
            kinds[a] = kinds.get(a, none) | kinds.get(b, none)
        canonical: dict[str, str] = {}
        for names in members.values():
            best = min(names, key=lambda n: (is_told_apart(n), -self._said[n], -self._called[n], n))
            canonical.update(dict.fromkeys(names, best))
        return canonical

    def _compatible(self, some: Sequence[str], others: Sequence[str]) -> bool:
        """Tell whether two sets of names can be one person: he has one nickname a day."""
        for a in some:
            for b in others:
                if a in self._days and b in self._days:
                    both = len(self._days[a] & self._days[b])
                    if both > 1 + 0.05 * min(len(self._days[a]), len(self._days[b])):
                        return False
        return True

    def _pairs(self) -> Iterable[tuple[float, str, str]]:
        """List the pairs of names that are one person, with a weight of evidence (log odds)."""
        likeness = Likeness({*self._said, *self._called, *self._quoted})
        total = sum(self._called.values()) or 1
        for alias in {*self._called, *self._quoted}:
            if alias in EVERYBODY:
                continue
            n, near = self._called[alias], self._near[alias]
            quoted = self._quoted.get(alias, Counter())
            alike = likeness.to(alias, self._said)
            own = {nick: alike.get(nick, 0.0) + 3.0 * quoted[nick] for nick in {*alike, *quoted}}
            rate = {nick: (self._base[nick] + 1) / (total + 20) for nick in near}
            for nick in sorted({*near, *own} & self._said.keys()):
                weight = own.get(nick, 0.0) + _together(near[nick], n, rate.get(nick, 0.0))
                if nick != alias and weight > (_ENOUGH if nick in own else _ALONE):
                    yield weight, alias, nick
            # One who changed his nickname stands near under the old one, then under the new one.
            often = [nick for nick in near if near[nick] * 5 >= n and near[nick] > 2]
            for one, other in combinations(sorted(often), 2):
                if alias in (one, other) or not self._compatible([one], [other]):
                    continue
                both = _together(min(n, near[one] + near[other]), n, rate[one] + rate[other])
                for nick in (one, other):
                    weight = both + own.get(nick, 0.0)
                    if weight > (_ENOUGH if nick in own else 2 * _ALONE):
                        yield weight, alias, nick
        for nick in self._said:
            for other, weight in likeness.to(nick, self._said).items():
                if nick < other and weight >= _SAME_NAME:
                    yield weight, nick, other


def _together(near: int, n: int, base: float) -> float:
    """Weigh how often a speaker stands near to the mentions of an alias (log likelihood ratio).

    One who is mentioned stands near in about 0.8 of the cases; somebody else as often as he stands
    near to any mention, or, being in the same talk, in 0.35.
    """
    other = min(0.7, max(0.35, 1.5 * base))
    return near * log(0.8 / other) + (n - near) * log(0.2 / (1 - other))


class Likeness:
    """How alike two names are, weighed by how rare the shared part is among a group's names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parts = {name: parts(name) for name in names}
        self._df: Counter[str] = Counter()
        self._lead: Counter[str] = Counter()
        for found in self._parts.values():
            for k, grams in enumerate(map(_grams, found)):
                self._df.update(grams)
                if k == 0:
                    self._lead.update(grams)
        self._index: defaultdict[str, list[str]] = defaultdict(list)
        for name, found in self._parts.items():
            for gram in {g for part in found for g in _grams(part)}:
                self._index[gram].append(name)

    def to(self, name: str, among: Mapping[str, int]) -> dict[str, float]:
        """Weigh the likeness of a name to all others among some, where there is any."""
        found = self._parts.get(name) or []
        if not found:
            return {}
        scores: defaultdict[str, float] = defaultdict(float)
        for k, part in enumerate(found):
            for gram in _grams(part):
                count = self._df[gram]
                if count > _COMMON:
                    continue
                # The first part is the person's own name; later ones are firm, role and city.
                own = k == 0 and 2 * self._lead[gram] >= count
                for other in self._index[gram]:
                    if other != name and other in among:
                        lead = own and gram in _grams((self._parts[other] or [""])[0])
                        scores[other] += (2.0 if lead else 0.4) * log(_COMMON * 1.5 / count)
        return {other: min(s, 8.0) for other, s in scores.items()}


def people_of(days: Iterable[Sequence[Message]]) -> People:
    """Learn the names of one group from its days."""
    census = Census()
    for day in days:
        if day:
            census.see(day[0].citation.date, ((m.speaker, m.text) for m in day))
    return census.people()


def _head(text: str) -> str:
    return _SPACES.sub("", text)[:_CUT]


def _grams(part: str) -> set[str]:
    if part.isascii() or len(part) < 2:
        return {part}
    return {part[i : i + 2] for i in range(len(part) - 1)}
