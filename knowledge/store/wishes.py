"""The file beside the database that keeps what members want forgotten, whatever becomes of it.

A database can be moved away, made anew or taken from a backup; a wish holds for whatever stands in
its place. So each is a line of `NAME.db.forgotten`, on disk before it is confirmed to anybody, and
every load and every reader of the database applies the lines that are there. It tells nobody whom
it is about: names, contacts and rooms stand in it as hashes. The files that wishes have to reach
are lines of it, too: a backup that is brought back knows nothing of those made after it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from knowledge.errors import StoreError
from knowledge.language.names import tidy
from knowledge.language.retelling import one_line

UNDO = timedelta(days=1)
"""How long a wish can be taken back. Only then it goes from the files that the bot writes itself,
which nothing could bring back."""

SUFFIX = ".forgotten"

HIDDEN = "\x01"
"""What the hash of a name begins with where names stand: no chat shows such a character."""

NOW, EVER = "", "*"
"""Moments that have no date."""

Stamp = tuple[int, int]
"""When a file was written to last, in nanoseconds, and its size."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to be forgotten.

    `what` is `message`, `name`, `words`, `nameless`, `question` or `contact`.

    The key of `message` is the citation; of `name` (a person's name goes) and `words` (what was
    said under it goes too) it is the hash of a name, or of a contact, for what he says from then
    on; of `nameless`, what files themselves have of people without a name, there is no key. That of
    `question` is the hash of one, which goes where an answer to it was archived.
    `contact` is no group's: what the bot wrote down of a contact goes.

    A rule about a name reaches what was said from `since` on and before `until`, moments in the
    group's own time as citations have them (`2024-03-01T09:03:00`); empty: always was, and still
    does. So whoever bears the name later, or bore it before, is not meant by it.
    """

    what: str
    group: str
    key: str
    since: str = ""
    until: str = ""

    def reaches(self, at: str) -> bool:
        """Whether what is said at a moment is meant; NOW: what is said now, EVER: at any time."""
        if at in (NOW, EVER):
            return at == EVER or not self.until
        return self.since <= at and (not self.until or at < self.until)


@dataclass(frozen=True, slots=True)
class Wish:
    """Rules that were wished together: when, by the hash of whom, and how many messages they hid.

    `erased`: they were taken out of the files that the bot writes itself.
    """

    id: str
    at: datetime
    by: str
    rules: tuple[Rule, ...]
    messages: int = 0
    erased: bool = False

    def can_be_undone(self, now: datetime) -> bool:
        """Whether it can still be taken back."""
        return not self.erased and now - self.at < UNDO


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that a file tells: the wishes that hold, and what was taken back.

    `undone` are rules that hold no more, `gone` the ids of the wishes that were taken back.
    `written` are files that wishes have to reach, by path, each with its kind; `missed` those of
    them that could not be changed when a load was to.
    """

    held: tuple[Wish, ...] = ()
    undone: frozenset[Rule] = frozenset()
    rules: frozenset[Rule] = field(default=frozenset())
    gone: frozenset[str] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()

    def by(self, contact: str) -> list[Wish]:
        """The wishes of a contact, oldest first."""
        who = hashed_contact(contact)
        return [wish for wish in self.held if wish.by == who]


def hashed(group: str, name: str) -> str:
    """A name as the rules keep it: the same for all its spellings, and not to be read back."""
    return _digest(f"{group}\0{tidy(name)}")


def hashed_contact(contact: str, group: str = "") -> str:
    """A contact as the rules keep him, in a group or wherever he is; no name has such a hash."""
    return _digest(f"\0contact\0{group}\0{contact}")


def hashed_question(group: str, question: str) -> str:
    """A question as the rules keep it, in one line."""
    return _digest(f"\0question\0{group}\0{one_line(question)}")


def _digest(text: str) -> str:
    """The hash of a text, which may hold half of a pair of surrogates: a chat can send anything."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def hidden(name: str) -> str:
    """A name that somebody was seen under and wants forgotten: it is nobody else's by that."""
    return HIDDEN + _digest(f"\0seen\0{tidy(name)}")


def beside(database: Path) -> Path:
    """The file of a database: beside the file itself, where the database is a link to it."""
    return Path(f"{database.resolve()}{SUFFIX}")


def stamp(database: Path) -> Stamp | None:
    """Something that is another when the file was written to; it costs little to ask."""
    try:
        found = beside(database).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def read(database: Path) -> Wishes:
    """What the file of a database tells; nothing without one.

    StoreError: a line of it cannot be read, and nobody can tell what it wants forgotten. A last
    line without an end was never confirmed, and is as good as none.
    """
    path = beside(database)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Wishes()
    except OSError as e:
        raise StoreError(f"{path} cannot be read: {e.strerror or e}") from e
    told = _Told()
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        if not line.strip():
            continue
        try:
            told.take(json.loads(line))
        except (ValueError, KeyError, TypeError) as e:
            raise StoreError(
                f"{path}, line {number}: this tells what to forget and cannot be read; bring back "
                "the line, or take it out, after which nobody knows what it was about"
            ) from e
    rules = frozenset(rule for wish in told.held.values() for rule in wish.rules)
    held = tuple(told.held.values())
    undone = frozenset(told.undone - rules)
    missed = frozenset(told.missed & set(told.written))
    return Wishes(held, undone, rules, frozenset(told.gone), told.written, missed)


def of(conn: sqlite3.Connection) -> Wishes:
    """What the file beside an open database tells; nothing for one in memory."""
    path = next((row[2] for row in conn.execute("pragma database_list") if row[1] == "main"), "")
    return read(Path(path)) if path else Wishes()


def keep(
    database: Path, rules: Iterable[Rule], at: datetime, contact: str, messages: int = 0
) -> None:
    """Keep a wish of a contact: it is on disk when this returns. StoreError: it is not."""
    by = hashed_contact(contact)
    _append(database, [_entry(Wish(secrets.token_hex(8), at, by, tuple(rules), messages))])


def copy(database: Path, other: Path) -> None:
    """Have another database know all that is told of the wishes of one; what it knows stays.

    Also which other files they have to reach: it may come to stand in the place of the first.
    """
    here, there = read(database), read(other)
    known = {wish.id: wish for wish in there.held}
    lacking: list[Mapping[str, object]] = [
        _entry(wish)
        for wish in here.held
        if wish.id not in there.gone
        and (wish.id not in known or _ended(wish) > _ended(known[wish.id]))
    ]
    lacking += ({"undone": i} for i in sorted(here.gone - there.gone))
    itself = str(other.resolve())
    lacking += _written(
        {p: k for p, k in here.written.items() - there.written.items() if p != itself}
    )
    lacking += ({"missed": path} for path in sorted(here.missed - there.missed - {itself}))
    _append(other, lacking)


def _ended(wish: Wish) -> int:
    """How many rules of a wish have an end: they get one, and never lose it."""
    return sum(bool(rule.until) for rule in wish.rules)


def tell_again(database: Path, wishes: Iterable[Wish]) -> None:
    """Keep wishes anew, rules of which have an end now; StoreError: they could not be written."""
    _append(database, [_entry(wish) for wish in wishes])


def undo(database: Path, *wishes: Wish) -> None:
    """Take wishes back, all or none; StoreError: it could not be written."""
    _append(database, [{"undone": wish.id} for wish in wishes])


def note_erased(database: Path, wishes: Sequence[Wish]) -> None:
    """Note that wishes were taken out of all files; StoreError: it could not be written."""
    _append(database, [{"erased": wish.id} for wish in wishes])


def note_written(database: Path, written: Mapping[str, str]) -> None:
    """Note files that wishes have to reach, with their kinds; StoreError: they could not be."""
    _append(database, _written(written))


def note_missed(database: Path, paths: Iterable[str]) -> None:
    """Note that such files could not be changed; StoreError: it could not be written."""
    _append(database, [{"missed": path} for path in sorted(paths)])


def note_reached(database: Path, paths: Iterable[str]) -> None:
    """Note that files that were missed are as they should be; StoreError: it could not be."""
    _append(database, [{"reached": path} for path in sorted(paths)])


def note_removed(database: Path, paths: Iterable[str]) -> None:
    """Note that such files are there no more; StoreError: it could not be written."""
    _append(database, [{"removed": path} for path in paths])


def _written(written: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"wrote": path, "kind": kind} for path, kind in sorted(written.items())]


def _entry(wish: Wish) -> dict[str, object]:
    return {
        "wish": wish.id,
        "at": wish.at.astimezone(UTC).isoformat(timespec="seconds"),
        "by": wish.by,
        "messages": wish.messages,
        "rules": [_fields(rule) for rule in wish.rules],
    }


def _fields(rule: Rule) -> list[str]:
    """A rule as a line has it: an older palou reads those that reach all times."""
    span = [rule.since, rule.until] if rule.since or rule.until else []
    return [rule.what, rule.group, rule.key, *span]


@dataclass(slots=True)
class _Told:
    """What the lines of a file tell, one after another."""

    held: dict[str, Wish] = field(default_factory=dict)
    undone: set[Rule] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    written: dict[str, str] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)

    def take(self, entry: dict[str, object]) -> None:
        """Take in a line."""
        if "undone" in entry:
            i = str(entry["undone"])
            self.gone.add(i)
            if wish := self.held.pop(i, None):
                self.undone.update(wish.rules)
        elif "erased" in entry:
            i = str(entry["erased"])
            if wish := self.held.get(i):
                self.held[i] = replace(wish, erased=True)
        elif "wrote" in entry:
            self.written[str(entry["wrote"])] = str(entry["kind"])
        elif "removed" in entry:
            self.written.pop(str(entry["removed"]), None)
        elif "missed" in entry:
            self.missed.add(str(entry["missed"]))
        elif "reached" in entry:
            self.missed.discard(str(entry["reached"]))
        elif (wish := _wish(entry)).id not in self.gone:
            before = self.held.get(wish.id)
            if before:  # it is told again, as some of its rules have an end now
                self.undone.update(before.rules)
            self.held[wish.id] = replace(wish, erased=bool(before and before.erased))


def _wish(entry: dict[str, object]) -> Wish:
    at = datetime.fromisoformat(str(entry["at"]))
    rules: Any = entry["rules"]
    made = tuple(
        Rule(str(what), str(group), str(key), *map(str, span)) for what, group, key, *span in rules
    )
    messages = int(str(entry.get("messages", 0)))
    return Wish(str(entry["wish"]), at, str(entry["by"]), made, messages)


def _append(database: Path, entries: Sequence[Mapping[str, object]]) -> None:
    """Append lines and wait until they are on disk; all of them stand there, or none."""
    if not entries:
        return
    path = beside(database)
    lines = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries).encode()
    try:
        new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            whole = _whole(path)
            os.ftruncate(descriptor, whole)  # a line that a crash cut off was never confirmed
            if os.write(descriptor, lines) != len(lines):
                os.ftruncate(descriptor, whole)
                raise OSError("the disk is full")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if new:
            _sync_folder(path.parent)
    except OSError as e:
        raise StoreError(f"{path} cannot be written: {e.strerror or e}") from e


def _whole(path: Path) -> int:
    """How many bytes of a file are whole lines."""
    return path.read_bytes().rfind(b"\n") + 1


def _sync_folder(folder: Path) -> None:
    """Have a new file's name on disk too, where the system lets folders be synced."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
