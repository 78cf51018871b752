"""Who is who where a network tells its members apart by ids: they part a name, and join names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from knowledge.language.names import tidy

_MARK = "\0"  # behind a name in a key; no text has one


class Known(NamedTuple):
    """The names of one person for certain, as `Senders.key` has them, and the kinds of his ids."""

    names: tuple[str, ...]
    kinds: frozenset[int]


class Senders:
    """What the ids of a group's senders say of its names.

    `shared` are the tidied names that several people bear; `known` are the people with ids: two of
    them that have ids of one kind are not the same.
    """

    def __init__(
        self, names: Iterable[tuple[str, str]] = (), together: Iterable[Sequence[str]] = ()
    ) -> None:
        """`names` are ids, each with a name; `together` are ids that stand in one file.

        Two tools have two kinds of ids for the same people. Ids that stand together in a file are
        of one kind, and so are all that such files join. Ids that go with names one to one say
        nothing more than they: they may be made of them, as converters do that have none.
        """
        names = set(names)
        kind = _kinds({i for i, _ in names}, together)
        if len({i for i, _ in names}) == len(names) == len({(kind[i], n) for i, n in names}):
            names = set()
        pairs = sorted({(tidy(name), i) for i, name in names})
        bearers: dict[str, list[str]] = {}
        for name, i in pairs:
            bearers.setdefault(name, []).append(i)
        self.shared = frozenset(
            name for name, ids in bearers.items() if len({kind[i] for i in ids}) < len(ids)
        )
        self.known = tuple(self._people(pairs, kind))

    def is_shared(self, name: str) -> bool:
        """Whether several people bear a name."""
        return tidy(name) in self.shared

    def key(self, name: str, sender: str) -> str:
        """The name that a sender is told apart by: his own, with a mark where others bear it."""
        folded = tidy(name)
        if folded not in self.shared or not sender:
            return name
        digest = blake2b(sender.encode("utf-8", "replace"), digest_size=6).hexdigest()
        return f"{folded}{_MARK}{digest}"

    def _people(self, pairs: Sequence[tuple[str, str]], kind: Mapping[str, int]) -> Iterable[Known]:
        """Put the names of one id together, and ids of other kinds that bear one of them."""
        first: dict[str, str] = {}  # name -> an id that bears it
        person = {i: i for _, i in pairs}
        kinds = {i: {kind[i]} for i in person}
        ids = {i: [i] for i in person}
        for name, i in pairs:
            key = self.key(name, i)
            one, other = person[first.setdefault(key, i)], person[i]
            if one == other or kinds[one] & kinds[other]:
                continue
            for moved in ids[other]:
                person[moved] = one
            ids[one] += ids.pop(other)
            kinds[one] |= kinds.pop(other)
        names: dict[str, list[str]] = {}
        for key, i in first.items():
            names.setdefault(person[i], []).append(key)
        for i, keys in sorted(names.items()):
            yield Known(tuple(sorted(keys)), frozenset(kinds[i]))


def is_told_apart(name: str) -> bool:
    """Whether a name is a key that tells its bearer from others of one name."""
    return _MARK in name


def _kinds(ids: Iterable[str], together: Iterable[Sequence[str]]) -> dict[str, int]:
    """Number the kinds of ids, each of which is joined by the files in which they stand."""
    above = {i: i for i in ids}

    def top(i: str) -> str:
        while above[i] != i:
            above[i] = i = above[above[i]]
        return i

    for file in together:
        there = [i for i in file if i in above]
        for i in there[1:]:
            above[top(i)] = top(there[0])
    numbers: dict[str, int] = {}
    return {i: numbers.setdefault(top(i), len(numbers)) for i in sorted(above)}


NOBODY = Senders()
"""Where no ids are known."""
