"""Writes down who speaks where under which names, and what members want that an admin decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.record.writing import Noted, Writing, iso
from bot.terms import Contact, Room
from knowledge.language.names import tidy
from knowledge.store.forget import hide_sighting
from knowledge.store.wishes import HIDDEN, hashed_contact


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name that a contact spoke under in a room, and since when; None: before it was noted."""

    room: str
    name: str
    since: datetime | None

    @property
    def is_hidden(self) -> bool:
        """Whether the name was wished to be forgotten: then it is but a hash."""
        return self.name.startswith(HIDDEN)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a contact may have said in a group: under which names, and how many messages.

    `known` are all names that the archive has for that person, tidied, `ids` those of the senders
    under them. `proven`: nobody else can have said it, as far as the bot has seen; it saw him under
    one of them `since` then, None: ever. What the archive has by the contact's own id has no
    `known`: it is his under whatever name.
    """

    group: str
    names: tuple[str, ...]
    known: tuple[str, ...]
    messages: int
    proven: bool
    since: datetime | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A wish that an admin decides on; `room` is where it was made, None: privately."""

    id: int
    at: datetime
    contact: Contact
    room: Room | None
    words: bool
    claims: tuple[Claim, ...]


class People(Writing):
    """The contacts of one database, and the wishes of theirs that wait for an admin.

    What could not be written yet is known nevertheless: a load may hold the lock for a minute.
    """

    def __init__(self, database: Path, **options: Any) -> None:
        super().__init__(database, **options)
        self._unwritten: dict[tuple[str, str, str], tuple[datetime, Noted]] = {}

    def see(self, room: str, contact: str, name: str, at: datetime) -> None:
        """Note that a contact speaks in a room, under a name."""
        self._unwritten = {k: v for k, v in self._unwritten.items() if not v[1].written}
        noted = self._put(
            "insert into seen(room, contact, name, at) values (?, ?, ?, ?) on conflict do nothing",
            (room, contact, name, iso(at)),
        )
        self._unwritten.setdefault((contact, room, name), (at, noted))

    def names(self, contact: str) -> list[tuple[str, str]]:
        """The rooms that a contact was seen in, with each name he had there."""
        return [(s.room, s.name) for s in self.sightings(contact)]

    def sightings(self, contact: str) -> list[Sighting]:
        """The rooms that a contact was seen in and the names he had there, in their order."""
        both = [contact, hashed_contact(contact)]
        rows = self._rows("select room, name, at from seen where contact in (?, ?)", both) or []
        found = {
            (room, name): datetime.fromisoformat(at) if at else None for room, name, at in rows
        }
        for (who, room, name), (seen, _) in self._unwritten.items():
            if who == contact:
                found.setdefault((room, name), seen)
        return [Sighting(room, name, at) for (room, name), at in sorted(found.items(), key=str)]

    def others(self, contact: str) -> set[str] | None:
        """The names that anybody else was seen under, tidied; None: that cannot be read."""
        both = [contact, hashed_contact(contact)]
        rows = self._rows("select distinct name from seen where contact not in (?, ?)", both)
        if rows is None:
            return None
        names = {name if name.startswith(HIDDEN) else tidy(name) for (name,) in rows}
        return names | {tidy(name) for who, _, name in self._unwritten if who != contact}

    def forget_contact(self, contact: str) -> None:
        """Drop what a contact asked and thought of replies; hide the names he was seen under."""
        for sighting in self.sightings(contact):
            at = iso(sighting.since) if sighting.since else ""
            if not sighting.is_hidden:
                for statement, values in hide_sighting(sighting.room, contact, sighting.name, at):
                    self._put(statement, values, promised=True)
        for table in ("questions", "feedback", "wishes"):
            self._put(f"delete from {table} where contact = ?", [contact], promised=True)
        for key in [key for key in self._unwritten if key[0] == contact]:
            del self._unwritten[key]
        self.flush()

    def ask_admins(
        self,
        contact: Contact,
        room: Room | None,
        words: bool,
        claims: Sequence[Claim],
        at: datetime,
    ) -> bool:
        """Keep a wish for an admin to decide on, in place of an earlier one; whether it is kept."""
        mark = self.mark()
        self._put("delete from wishes where contact = ?", [contact.id])
        said = json.dumps(
            [[c.group, c.names, c.known, c.messages, c.ids] for c in claims], ensure_ascii=False
        )
        self._put(
            "insert into wishes(at, contact, name, room, topic, words, claims)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (
                *(iso(at), contact.id, contact.name),
                *(room.id if room else "", room.topic if room else "", int(words), said),
            ),
        )
        return self.kept(mark)

    def pending(self) -> list[Pending]:
        """The wishes that wait for an admin, oldest first."""
        rows = self._rows(
            "select id, at, contact, name, room, topic, words, claims from wishes order by id"
        )
        return [
            Pending(
                id=i,
                at=datetime.fromisoformat(at),
                contact=Contact(contact, name),
                room=Room(room, topic) if room else None,
                words=bool(words),
                claims=tuple(
                    Claim(group, tuple(names), tuple(known), messages, False, ids=tuple(*ids))
                    for group, names, known, messages, *ids in json.loads(claims)
                ),
            )
            for i, at, contact, name, room, topic, words, claims in rows or ()
        ]

    def drop(self, pending: Pending) -> None:
        """Drop a wish that an admin has decided on."""
        self._put("delete from wishes where id = ?", [pending.id], promised=True)
        self.flush()
