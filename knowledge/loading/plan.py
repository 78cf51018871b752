"""Decides which files a load has to read again, note as copies, or drop."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from knowledge.archive.files import Scan
from knowledge.store.files import Known


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with which paths; the tuples are sorted and do not overlap."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    sha256: dict[str, str]
    """Of each file that is known after the load."""
    first: dict[str, str]
    """sha256 -> the file that stands for all with that content: the first by path."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.new or self.changed or self.removed)

    @property
    def to_read(self) -> list[str]:
        """Files to be noted (and, unless another stands for them, read), in order."""
        return sorted([*self.new, *self.changed])

    def same_as(self, path: str) -> str:
        """The file that is read in place of this one, or an empty string."""
        first = self.first.get(self.sha256[path], path)
        return "" if first == path else first


def plan(
    before: dict[str, Known],
    found: Scan,
    group_of: Callable[[str], str | None],
    again: Collection[str] = (),
) -> Plan:
    """Compare what was known with what was found.

    `group_of` tells the one to force on a file, if any; the files `again` are read in any case. Of
    a file without a hash nobody knows any more what it held: it is read when it is there, and stays
    as it is else.
    """
    removed = {p for p in before if p not in found.files and found.covers(p)}
    sha256 = {p: k.sha256 for p, k in before.items() if p not in removed} | found.files
    first: dict[str, str] = {}
    for path in sorted(p for p in sha256 if sha256[p]):
        first.setdefault(sha256[path], path)

    def differs(path: str) -> bool:
        was = before[path]
        if not sha256[path]:
            return False
        copy_of = first[sha256[path]]
        group = group_of(path) if path in found.files else None
        other_group = group is not None and was.group != group
        return (
            was.sha256 != sha256[path]
            or was.same_as != ("" if copy_of == path else copy_of)
            or other_group
            or (path in again and path in found.files)
        )

    stays = [p for p in sorted(sha256) if p in before]
    return Plan(
        new=tuple(p for p in sorted(sha256) if p not in before),
        changed=tuple(p for p in stays if differs(p)),
        removed=tuple(sorted(removed)),
        unchanged=tuple(p for p in stays if p in found.files and not differs(p)),
        sha256=sha256,
        first=first,
    )
