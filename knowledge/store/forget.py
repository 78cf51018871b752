"""What members want forgotten: the rules for it, and applying them to what is stored.

A rule outlives every load, so it must not itself say whom it is about: names are kept as hashes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from knowledge.language.kinds import mentions, quote
from knowledge.language.names import tidy
from knowledge.model import Citation, Message
from knowledge.store.ids import DAY_BITS

SOMEBODY = "一位群友"
"""Who a forgotten speaker is from then on."""

_INSERT = "insert or ignore into forgotten(at, contact, what, grp, key) values (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to be forgotten in a group: `what` is `message`, `name` or `words`.

    The key of `message` is the citation; of `name` (a person's name goes) and `words` (what was
    said under it goes too) it is the hash of a name.
    """

    what: str
    group: str
    key: str


def hashed(group: str, name: str) -> str:
    """A name as the rules keep it: the same for all its spellings, and not to be read back."""
    return hashlib.sha256(f"{group}\0{tidy(name)}".encode()).hexdigest()[:32]


def about(conn: sqlite3.Connection, group: str, name: str, words: bool) -> list[Rule]:
    """The rules that forget a person: his nickname and every other name that he is known by."""
    folded = tidy(name)
    row = conn.execute(
        "select person from people where grp = ? and name = ?", [group, folded]
    ).fetchone()
    person = row[0] if row else folded
    names = conn.execute("select name from people where grp = ? and person = ?", [group, person])
    known = {folded, person, *(n for (n,) in names)}
    return [
        Rule(what, group, hashed(group, n))
        for n in sorted(known)
        for what in (("name", "words") if words else ("name",))
    ]


def rows(rules: Iterable[Rule], at: datetime, contact: str) -> list[tuple[str, tuple[str, ...]]]:
    """The statements that keep rules; `contact` is who asked for it."""
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    return [(_INSERT, (when, contact, r.what, r.group, r.key)) for r in rules]


class Forgotten:
    """All rules in force, ready to be applied to messages.

    `wishes` are rules that are not in the database yet: a load holds its lock.
    """

    def __init__(self, conn: sqlite3.Connection, wishes: Iterable[Rule] = ()) -> None:
        kept = conn.execute("select what, grp, key from forgotten").fetchall()
        self._rules = {*wishes, *(Rule(*row) for row in kept)}
        self._hashes: dict[tuple[str, str], str] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def message(self, group: str, citation: str) -> bool:
        """Whether a message is forgotten."""
        return Rule("message", group, citation) in self._rules

    def name(self, group: str, name: str) -> bool:
        """Whether a name is forgotten."""
        return Rule("name", group, self._hash(group, name)) in self._rules

    def words(self, group: str, name: str) -> bool:
        """Whether all that was said under a name is forgotten."""
        return Rule("words", group, self._hash(group, name)) in self._rules

    def masked(self, group: str, citation: str, speaker: str, text: str) -> tuple[str, str]:
        """A message's speaker and text, as far as they may be known."""
        if self.message(group, citation):
            return SOMEBODY, ""
        if self.words(group, speaker):
            text = ""
        elif "@" in text or "「" in text:
            text = self._without_names(group, text)
        return (SOMEBODY if self.name(group, speaker) else speaker), text

    def mask(self, message: Message) -> Message:
        """A message, as far as it may be known."""
        cited = message.citation
        speaker, text = self.masked(cited.group, str(cited), message.speaker, message.text)
        return replace(message, speaker=speaker, text=text)

    def _without_names(self, group: str, text: str) -> str:
        quoted, _ = quote(text)
        names = [*mentions(text), *([quoted.name] if quoted else [])]
        for name in sorted(set(names), key=len, reverse=True):
            if self.name(group, name):
                text = text.replace(name, SOMEBODY)
        return text

    def _hash(self, group: str, name: str) -> str:
        key = group, name
        if key not in self._hashes:
            self._hashes[key] = hashed(group, name)
        return self._hashes[key]


def to_read_again(conn: sqlite3.Connection) -> set[str]:
    """The groups whose files have to be read again to apply a rule.

    Where a name went before, what is stored does not tell any more who said what.
    """
    rows = conn.execute("select distinct grp from forgotten where applied = 0 and what = 'words'")
    return {group for (group,) in rows}


def pending(conn: sqlite3.Connection) -> bool:
    """Whether there is a rule that no load has applied yet."""
    row = conn.execute("select 1 from forgotten where applied = 0 limit 1").fetchone()
    return row is not None


def apply(conn: sqlite3.Connection) -> set[int]:
    """Bring all stored messages in line with the rules; the ids of the days that this changed.

    Costs a pass over all messages when there is a rule that was not applied yet, else nothing.
    """
    if not pending(conn):
        return set()
    forgotten = Forgotten(conn)
    found = conn.execute(
        "select m.id, d.grp, d.date, m.time, m.n, s.name, m.text from messages m"
        f" join days d on d.id = m.id >> {DAY_BITS} join speakers s on s.id = m.speaker"
    )
    changes = []
    for i, group, date, time, n, name, text in found:
        cited = str(Citation(group, date, time, n))
        speaker, words = forgotten.masked(group, cited, name, text)
        if (speaker, words) != (name, text):
            changes.append((i, group, speaker, words))
    for group in {group for _, group, _, _ in changes}:
        conn.execute("insert or ignore into speakers(grp, name) values (?, ?)", [group, SOMEBODY])
    conn.executemany(
        "update messages set text = ?,"
        " speaker = (select id from speakers where grp = ? and name = ?) where id = ?",
        ((words, group, speaker, i) for i, group, speaker, words in changes),
    )
    conn.execute("update forgotten set applied = 1")
    return {i >> DAY_BITS for i, *_ in changes}
