"""Which senders of an archive have ids by which the chat knows its contacts, too.

A network tells its members apart by ids that nobody can choose; where an archive has them, a wish
to be forgotten is about an id and not about a name. But tools have ids of their own making: only
those are known to be the chat's among which a contact was found that the bot has met, or who has
wished something. Ids that stand together in a file are of one kind.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from knowledge.store import files, message_ids
from knowledge.store.wishes import Rule, Wishes, hashed_contact


def keys(conn: sqlite3.Connection) -> set[str]:
    """Those that were found, hashed as rules about contacts have them."""
    return {key for (key,) in conn.execute("select key from contact_senders")}


def groups_of(conn: sqlite3.Connection, sender: str) -> list[str]:
    """The groups in which somebody speaks by an id, not one that is but his name."""
    rows = conn.execute(
        "select distinct grp from speaker_ids where id = ? and name <> id order by 1", [sender]
    )
    return [group for (group,) in rows]


def _of_kind(
    standing_together: Sequence[Sequence[str]], is_contact: Callable[[str], bool]
) -> set[str]:
    """The ids that stand in one file with a contact's, or with one that does."""
    standing: defaultdict[str, list[int]] = defaultdict(list)
    for number, ids in enumerate(standing_together):
        for i in ids:
            standing[i].append(number)
    found = {i for i in standing if is_contact(i)}
    left, seen = list(found), set[int]()
    while left:
        for number in standing[left.pop()]:
            if number not in seen:
                seen.add(number)
                new = set(standing_together[number]) - found
                found |= new
                left += new
    return found


class Contacts:
    """The ids of senders that are known to be contacts', which a load adds to.

    `keys` are theirs, hashed as rules about contacts have them; `grown` the groups of which some
    were found that no load has noted. `met` are contacts that the bot may not have noted yet.
    """

    def __init__(
        self, conn: sqlite3.Connection, told: Wishes, rules: Iterable[Rule], met: Iterable[str] = ()
    ) -> None:
        self._conn = conn
        self.keys = keys(conn)
        self.grown: set[str] = set()
        self._noted = frozenset(self.keys)
        known = {*rules, *told.rules}
        self._groups = {rule.group for rule in known if rule.what in ("name", "words")}
        self._met = {contact for (contact,) in conn.execute("select distinct contact from seen")}
        self._met.update(met)
        self._met |= {rule.key for rule in known if rule.what == "contact"}
        self._unsure: dict[tuple[str, str], frozenset[str]] = {}

    def _is_one(self, group: str, sender: str) -> bool:
        """Whether an id is known to be a contact's."""
        if sender in self._met or hashed_contact(sender) in self._met:
            return True
        return hashed_contact(sender, group) in self.keys

    def among(self, group: str) -> frozenset[str]:
        """The ids of a group's senders, as they are stored, that are contacts'."""
        standing_together = message_ids.senders_by_file(self._conn, group)
        return frozenset(_of_kind(standing_together, lambda sender: self._is_one(group, sender)))

    def look(self) -> None:
        """Know those that are stored, where there is something to forget."""
        for group in sorted(self._groups):
            self._know(group, self.among(group))

    def see(self, path: str, group: str, senders: Iterable[str]) -> None:
        """Take in the ids that stand in a file, before its messages are put."""
        if group not in self._groups:
            return
        ids = frozenset(senders)
        if not self._learn(group, ids):
            self._unsure[path, group] = ids

    def in_doubt(self, group: str) -> set[str]:
        """The files that were put while nobody knew that their ids are contacts', or had none.

        Who went by his name then has no id in the database, by which his file could be found.
        """
        stored = {i for ids in message_ids.senders_by_file(self._conn, group) for i in ids}
        key_of = {i: hashed_contact(i, group) for i in stored}
        known, noted = (
            {*message_ids.files_with(self._conn, group, (i for i in stored if key_of[i] in keys))}
            for keys in (self.keys, self._noted)
        )
        return (known | files.with_nameless(self._conn, group)) - noted

    def see_again(self, path: str, group: str, senders: Iterable[str]) -> None:
        """Take in some ids that stand in a file whose messages were put before."""
        if group in self._groups:
            self._unsure[path, group] = self._unsure.get((path, group), frozenset()).union(senders)

    def later(self) -> list[str]:
        """The files of which nothing was known when they were put, and of which it is now.

        To be called when those that are stored by now were looked at.
        """
        found: list[str] = []
        while known := [at for at, ids in self._unsure.items() if self._learn(at[1], ids)]:
            for at in known:
                del self._unsure[at]
                found.append(at[0])
            self.look()
        return found

    def _learn(self, group: str, ids: frozenset[str]) -> bool:
        """Whether ids are contacts', which they all are if one is."""
        if not any(self._is_one(group, i) for i in ids):
            return False
        self._know(group, ids)
        return True

    def _know(self, group: str, ids: Iterable[str]) -> None:
        new = {hashed_contact(i, group) for i in ids} - self.keys
        if new:
            self.keys |= new
            self.grown.add(group)

    def note(self) -> None:
        """Keep what was found."""
        self._conn.executemany(
            "insert or ignore into contact_senders values (?)", ((key,) for key in self.keys)
        )
