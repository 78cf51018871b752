"""Long sequences of records that take a tenth of their memory: all but the last are packed."""

from __future__ import annotations

import pickle
import zlib
from abc import abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")

BLOCK = 4096
"""Records that are packed together. A message takes some 450 bytes, and 40 of them packed; a day
has few enough that of archives of a file a day nothing is packed. Unpacking one takes 3 µs."""

_UNPACKED = 2  # blocks: who looks back from a place may look into the one before it
_SCATTERED = 4  # times that a block may be unpacked for what is parted


def column(records: Sequence[T], name: str) -> Iterator[Any]:
    """What each of some records has in a field."""
    if isinstance(records, Packed):
        return records.column(name)
    return map(attrgetter(name), records)


def parted(records: Sequence[T], name: str) -> dict[Any, Sequence[T]]:
    """The records that have the same in a field, by it: views that unpack what is asked for."""
    places: dict[Any, array[int]] = {}
    for place, value in enumerate(column(records, name)):
        places.setdefault(value, array("L")).append(place)
    steps = sum(len({place // BLOCK for place in found}) for found in places.values())
    if steps > len(places) + _SCATTERED * (len(records) // BLOCK + 1):
        records = list(records)  # in so many places that each would be unpacked again and again
    return {by: _Picked(records, found) for by, found in places.items()}


class _Records(Sequence[T], Generic[T]):
    """A sequence that finds a record by its place; a part of it is a tuple."""

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        places = range(len(self))[at]
        return self._at(places) if isinstance(places, int) else tuple(map(self._at, places))

    @abstractmethod
    def _at(self, place: int) -> T:
        """The record at a place, from 0."""


class Packed(_Records[T]):
    """A sequence of records of a dataclass that can only grow at its end.

    Whoever goes through it in order, or near to it, unpacks each block once.
    """

    def __init__(self, of: type[T], records: Iterable[T] = ()) -> None:
        self._of = of
        self._names = [f.name for f in fields(of)]  # type: ignore[arg-type]
        self._columns: Callable[[T], tuple[object, ...]] = attrgetter(*self._names)
        self._blocks: list[list[bytes]] = []
        self._last: list[T] = []
        self._unpacked: dict[int, list[T]] = {}  # the latest at the end
        self.extend(records)

    def append(self, record: T) -> None:
        """Add one at the end."""
        self._last.append(record)
        if len(self._last) == BLOCK:
            columns = zip(*map(self._columns, self._last), strict=True)
            self._blocks.append([zlib.compress(pickle.dumps(column), 1) for column in columns])
            self._last = []

    def extend(self, records: Iterable[T]) -> None:
        """Add some at the end."""
        for record in records:
            self.append(record)

    def column(self, name: str) -> Iterator[Any]:
        """What each has in a field: a tenth of the work of unpacking them for it."""
        place = self._names.index(name)
        for block in self._blocks:
            yield from _column(block[place])
        yield from map(attrgetter(name), self._last)

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK + len(self._last)

    def _at(self, place: int) -> T:
        return self._block(place // BLOCK)[place % BLOCK]

    def __iter__(self) -> Iterator[T]:
        for number in range(len(self._blocks)):
            yield from self._block(number)
        yield from self._last

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented
        return all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def _block(self, number: int) -> list[T]:
        if number == len(self._blocks):
            return self._last
        found = self._unpacked.pop(number, None)
        if found is None:
            while len(self._unpacked) >= _UNPACKED:
                del self._unpacked[next(iter(self._unpacked))]
            found = [*map(self._of, *map(_column, self._blocks[number]))]
        self._unpacked[number] = found
        return found


def _column(packed: bytes) -> tuple[Any, ...]:
    found: tuple[Any, ...] = pickle.loads(zlib.decompress(packed))
    return found


class _Picked(_Records[T]):
    """Those records of a sequence that stand in some of its places."""

    def __init__(self, records: Sequence[T], places: array[int]) -> None:
        self._records = records
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def _at(self, place: int) -> T:
        return self._records[self._places[place]]
