"""Which rules hold for a database, and what a load does by them to what is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, replace
from datetime import UTC, datetime
from typing import NamedTuple

from knowledge.language.names import SOMEBODY, tidy
from knowledge.model import Citation
from knowledge.store import contact_senders, message_ids, wishes
from knowledge.store.contact_senders import Contacts
from knowledge.store.forgotten import Forgotten, without_quote
from knowledge.store.ids import DAY_BITS
from knowledge.store.read import Store
from knowledge.store.wishes import EVER, HIDDEN, Rule, Wishes, hashed, hashed_contact

_INSERT = (
    "insert or ignore into forgotten(at, contact, what, grp, key, since, until)"
    " values (?, ?, ?, ?, ?, ?, ?)"
)

# What `forgotten.applied` says of a rule: it waits for a load, it was applied, and no byte of what
# it took out is left in the database.
_WAITS, _APPLIED, _SCRUBBED = range(3)


def known_as(conn: sqlite3.Connection, group: str, name: str) -> frozenset[str]:
    """A person's nickname and every other name that he is known by, tidied."""
    folded = tidy(name)
    row = conn.execute(
        "select person from people where grp = ? and name = ?", [group, folded]
    ).fetchone()
    person = row[0] if row else folded
    names = conn.execute("select name from people where grp = ? and person = ?", [group, person])
    return frozenset({folded, person, *(n for (n,) in names)})


def shared_names(conn: sqlite3.Connection, group: str) -> frozenset[str]:
    """The names that several people of a group bear, as their ids tell, tidied."""
    rows = conn.execute("select name from shared_names where grp = ?", [group])
    return frozenset(name for (name,) in rows)


def about(conn: sqlite3.Connection, group: str, name: str, words: bool) -> list[Rule]:
    """The rules that forget a person: his nickname and every other name that he is known by."""
    return of_names(group, known_as(conn, group, name), words)


def of_names(
    group: str, names: Iterable[str], words: bool, since: str = "", until: str = ""
) -> list[Rule]:
    """The rules that forget names, with `words` also all that was said under them.

    `since` and `until` as rules have them: when those names were whose they are.
    """
    return [
        replace(rule, since=since, until=until)
        for name in sorted(names)
        for rule in _of_key(group, hashed(group, name), words)
    ]


def of_contact(group: str, contact: str, words: bool) -> list[Rule]:
    """The rules that forget a contact in a group: what has his id, and what he says later."""
    return _of_key(group, hashed_contact(contact, group), words)


def _of_key(group: str, key: str, words: bool) -> list[Rule]:
    return [Rule(what, group, key) for what in (("name", "words") if words else ("name",))]


def in_force(conn: sqlite3.Connection) -> Forgotten:
    """All rules that hold for a database; StoreError: the file that keeps them cannot be read."""
    kept, told = _kept_and_told(conn)
    rules, waits = set(kept) - told.undone | told.rules, _open(kept, told)[0]
    contacts = Contacts(conn, told, kept)
    if any(rule.what in ("name", "words") for rule in waits):
        contacts.look()  # there may be some that no load has noted yet
    return _hearing(conn, Forgotten(rules, waits, contacts.keys), waits)


def waiting(conn: sqlite3.Connection, contacts: Collection[str]) -> Forgotten:
    """The rules that no load has applied yet to what is stored; `contacts` as those in force."""
    rules = _open(*_kept_and_told(conn))[0]
    return Forgotten(rules, rules, contacts)


def contacts_of(conn: sqlite3.Connection, met: Iterable[str] = ()) -> Contacts:
    """The contacts among the senders, by what was found, all that was wished, and who was met."""
    kept, told = _kept_and_told(conn)
    return Contacts(conn, told, kept, met)


def known(conn: sqlite3.Connection, contacts: Collection[str] | None = None) -> Forgotten:
    """The rules that the database knows: a load goes by what it took over at its beginning.

    `contacts` are the keys of senders known by their ids, which may become more; None: as noted.
    """
    keys = contact_senders.keys(conn) if contacts is None else contacts
    return _hearing(conn, Forgotten(_rules(conn), contacts=keys), _waiting(conn))


def _hearing(conn: sqlite3.Connection, forgotten: Forgotten, rules: Iterable[Rule]) -> Forgotten:
    """Have it hear what no load has taken out yet, and what others may quote."""
    groups = {rule.group for rule in rules if rule.what == "words"}
    ids = {
        i
        for group in sorted(groups)
        for i, name in message_ids.speakers(conn, group)
        if forgotten.means("words", group, name, i, EVER)
    }
    store, found = Store(conn), message_ids.sent_by(conn, sorted(ids))
    cited = [Citation.parse(rule.key) for rule in rules if rule.what == "message"]
    found += [i for i in map(store.message_id, cited) if i is not None]
    for m in store.messages(found).values():
        forgotten.hear(m.citation.group, str(m.citation), m.speaker, m.text, m.sender)
    return forgotten


def undone_groups(conn: sqlite3.Connection) -> frozenset[str]:
    """The groups of which something that was taken out is wanted back."""
    return frozenset(rule.group for rule in _open(*_kept_and_told(conn))[1] if rule.group)


def applied_groups(conn: sqlite3.Connection) -> frozenset[str]:
    """The groups of which a load has taken out a name or what was said under it."""
    return frozenset(
        rule.group
        for rule, applied in _rules(conn).items()
        if applied != _WAITS and rule.what in ("name", "words")
    )


def groups_without_words(conn: sqlite3.Connection) -> frozenset[str]:
    """The groups of which all that somebody said is still to be taken out.

    Their files have to be read again: where a name went before, what is stored does not tell any
    more who said what.
    """
    return frozenset(rule.group for rule in _open(*_kept_and_told(conn))[0] if rule.what == "words")


def pending(conn: sqlite3.Connection) -> bool:
    """Whether a load has something to do for a rule: apply it, take it back, or clean up after."""
    return waits(conn) or was_cut_short(conn)


def waits(conn: sqlite3.Connection) -> bool:
    """Whether there is a rule that no load has applied yet, or one to be taken back."""
    return any(_open(*_kept_and_told(conn)))


def waiting_groups(conn: sqlite3.Connection) -> frozenset[str]:
    """The groups of which something is to be forgotten that no load has taken out yet."""
    waiting, undone = _open(*_kept_and_told(conn))
    return frozenset(rule.group for rule in waiting - undone if rule.group)


def _open(kept: Mapping[Rule, int], told: Wishes) -> tuple[frozenset[Rule], frozenset[Rule]]:
    """The rules that no load has applied yet, and those that it has still to take back."""
    waiting = frozenset(rule for rule, applied in kept.items() if applied == _WAITS)
    return waiting | told.rules - set(kept), told.undone & set(kept)


def _kept_and_told(conn: sqlite3.Connection) -> tuple[dict[Rule, int], Wishes]:
    """What the database knows of rules, and what the file beside it tells."""
    return _rules(conn), wishes.of(conn)


def _rules(conn: sqlite3.Connection) -> dict[Rule, int]:
    """The rules that the database knows, with what became of them."""
    rows = conn.execute("select what, grp, key, since, until, applied from forgotten")
    return {Rule(*rule): applied for *rule, applied in rows}


def take_over(conn: sqlite3.Connection, at: datetime) -> dict[tuple[datetime, str], list[Rule]]:
    """Have the database know the rules of its file and none that was taken back.

    Returns those that stand in the database alone, where an older palou kept them, by the moment
    and the contact of their wish, empty where nobody knows him: whoever calls this writes them to
    the file.
    """
    kept, told = _kept_and_told(conn)
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    missing = sorted(told.rules - set(kept), key=str)
    conn.executemany(_INSERT, ((when, "", *astuple(rule)) for rule in missing))
    conn.executemany(
        "delete from forgotten where what = ? and grp = ? and key = ? and since = ? and until = ?",
        (astuple(rule) for rule in told.undone & set(kept)),
    )
    alone = set(kept) - told.rules - told.undone
    found: dict[tuple[datetime, str], list[Rule]] = {}
    rows = conn.execute("select what, grp, key, since, until, at, contact from forgotten")
    for *rule, wished, contact in rows.fetchall():
        if Rule(*rule) in alone:
            moment = datetime.fromisoformat(wished) if wished else at
            found.setdefault((moment, contact), []).append(Rule(*rule))
    # The file knows him by his hash, as the tables do from now on.
    conn.execute("update forgotten set contact = '' where contact <> ''")
    return found


def blank_nameless(conn: sqlite3.Connection, group: str, read: Collection[str]) -> set[int]:
    """Take out what was said under names that went before, where its file was not read again.

    `read` are the files that were. Nobody knows whose words those are, so all of them go, and with
    them what is quoted of them. Returns the days that this changed.
    """
    changed: set[int] = set()
    for i, path, name, text in conn.execute(
        "select m.id, f.path, s.name, m.text from messages m join speakers s on s.id = m.speaker"
        " join files f on f.id = m.file where s.grp = ?1 and m.text <> ''"
        " and (s.name = ?2 or instr(m.text, ?2))",
        [group, SOMEBODY],
    ).fetchall():
        left = "" if name == SOMEBODY else without_quote(text, lambda quoted: quoted == SOMEBODY)
        if left != text and path not in read:
            conn.execute("update messages set text = ? where id = ?", [left, i])
            changed.add(i >> DAY_BITS)
    return changed


def apply(conn: sqlite3.Connection, forgotten: Forgotten) -> set[int]:
    """Bring all that is stored in line with the rules; the ids of the days that this changed.

    `forgotten` are those that the database knows, which heard what was said.

    Costs a pass over all messages when there is a rule that was not applied yet, else nothing.
    """
    if _WAITS not in _rules(conn).values():
        return set()
    _apply_to_record(conn, forgotten)
    changes = [(c.id, c.group, c.speaker, c.text) for c in _changes(conn, forgotten)]
    for row in conn.execute("select grp, id, name from speaker_ids").fetchall():
        group, sender, name = row
        if forgotten.means("name", group, name, sender, EVER):
            conn.execute("delete from speaker_ids where grp = ? and id = ? and name = ?", row)
    for group in {group for _, group, _, _ in changes}:
        conn.execute("insert or ignore into speakers(grp, name) values (?, ?)", [group, SOMEBODY])
    conn.executemany(
        "update messages set text = ?,"
        " speaker = (select id from speakers where grp = ? and name = ?) where id = ?",
        ((words, group, speaker, i) for i, group, speaker, words in changes),
    )
    conn.execute(f"update forgotten set applied = {_APPLIED} where applied = {_WAITS}")
    return {i >> DAY_BITS for i, *_ in changes}


class _Change(NamedTuple):
    """A message that a rule changes: what it was, and its speaker and text from then on."""

    id: int
    group: str
    was: tuple[str, str]
    speaker: str
    text: str


def _changes(conn: sqlite3.Connection, forgotten: Forgotten) -> Iterator[_Change]:
    """The messages that are not yet as the rules want them."""
    found = conn.execute(
        "select m.id, d.grp, d.date, m.time, m.n, s.name, m.text, ifnull(i.sender, '')"
        f" from messages m join days d on d.id = m.id >> {DAY_BITS}"
        " join speakers s on s.id = m.speaker left join message_ids i on i.message = m.id"
    )
    for i, group, date, time, n, name, text, sender in found:
        cited = str(Citation(group, date, time, n))
        speaker, words = forgotten.masked(group, cited, name, text, sender)
        if (speaker, words) != (name, text):
            yield _Change(i, group, (name, text), speaker, words)


def nameless_groups(conn: sqlite3.Connection) -> frozenset[str]:
    """Where words are to go that were said under a name which went before: nobody knows which."""
    kept, told = _kept_and_told(conn)
    return frozenset(
        rule.group
        for rule in _open(kept, told)[0]
        if rule.what == "words" and kept.get(replace(rule, what="name"), _WAITS) != _WAITS
    )


def was_cut_short(conn: sqlite3.Connection) -> bool:
    """Whether a load applied a rule and ended before all was clean: what went, nobody knows now."""
    return _APPLIED in _rules(conn).values()


def about_to_go(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Names and texts, each if it changes, that `apply` would take out; else an empty string."""
    for change in _changes(conn, in_force(conn)):
        name, text = change.was
        yield name if change.speaker != name else "", text if change.text != text else ""


def _apply_to_record(conn: sqlite3.Connection, forgotten: Forgotten) -> None:
    """Take out of the record what contacts left in it, and the names that others mentioned.

    A question says in which room it was asked, not of which group that is: a name that is forgotten
    in any group is mentioned in none.
    """
    contacts = {r.key for r in _waiting(conn) if r.what == "contact"}
    for table in ("questions", "feedback"):
        for (contact,) in conn.execute(f"select distinct contact from {table}").fetchall():
            if hashed_contact(contact) in contacts:
                conn.execute(f"delete from {table} where contact = ?", [contact])
    for room, contact, name, at in conn.execute("select * from seen").fetchall():
        if hashed_contact(contact) in contacts and not name.startswith(HIDDEN):
            for statement, values in hide_sighting(room, contact, name, at):
                conn.execute(statement, values)
    groups = {r.group for r in _waiting(conn) if r.what in ("name", "words")}
    for table in ("questions", "feedback"):
        changed = []
        for i, text in conn.execute(f"select id, text from {table}"):
            unnamed = text
            for group in groups:
                unnamed = forgotten.unnamed(group, unnamed, EVER)
            if unnamed != text:
                changed.append((unnamed, i))
        conn.executemany(f"update {table} set text = ? where id = ?", changed)


def hide_sighting(room: str, contact: str, name: str, at: str) -> list[tuple[str, tuple[str, ...]]]:
    """The statements that keep of a sighting what tells others apart, and not the name."""
    return [
        (
            "insert or ignore into seen(room, contact, name, at) values (?, ?, ?, ?)",
            (room, hashed_contact(contact), wishes.hidden(name), at),
        ),
        ("delete from seen where room = ? and contact = ? and name = ?", (room, contact, name)),
    ]


def _waiting(conn: sqlite3.Connection) -> list[Rule]:
    return [rule for rule, applied in _rules(conn).items() if applied == _WAITS]


def scrub(conn: sqlite3.Connection) -> bool:
    """Rewrite the database file so that nothing of what was taken out is left in it.

    Deleted rows live on in free pages, in parts of the index that were not merged, and in the log
    that SQLite writes ahead. To be called outside of any transaction; false, and to be done by the
    next load, where somebody was reading just then or the disk has no room for a second copy.
    """
    if _APPLIED not in _rules(conn).values():
        return True
    conn.commit()
    try:
        conn.execute("insert into exchange_index(exchange_index) values ('optimize')")
        conn.commit()
        conn.execute("vacuum")
        (busy, *_) = conn.execute("pragma wal_checkpoint(truncate)").fetchone()
        if not busy:
            conn.execute(f"update forgotten set applied = {_SCRUBBED} where applied = {_APPLIED}")
            conn.commit()
    except sqlite3.OperationalError:
        return False
    return not busy
