"""Loads archives into the database: one transaction, touching only what changed since the last."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from knowledge.archive.contents import ZONE, read, recognised
from knowledge.archive.files import FileLoss, Scan, Told, scan
from knowledge.archive.reading import Loss, ReadFile, ReadMessage
from knowledge.errors import LoadError
from knowledge.groups import group_of
from knowledge.linking.links import version
from knowledge.loading.growth import Behind, Growth
from knowledge.loading.linker import WORKERS, Linker, seldom_collected
from knowledge.loading.own import Own
from knowledge.loading.owned import Owned
from knowledge.loading.plan import Plan, plan
from knowledge.loading.reach import Reach
from knowledge.loading.relink import relink
from knowledge.paths import actual, written
from knowledge.store import files, forget, message_ids, outputs, wishes
from knowledge.store.contact_senders import Contacts
from knowledge.store.ids import DAY_BITS
from knowledge.store.read import Store, linked_by, zones
from knowledge.store.schema import connect
from knowledge.store.transaction import bring_up_to_date, is_there, writable
from knowledge.store.write import Part, Writer, begin

HELD = 200_000
"""Messages of files that share days with others, kept in memory at some 500 bytes each."""

FEW = 20
"""Days, or files of one each, that are linked sooner than further processes have started."""

MESSAGES = 1 << DAY_BITS
"""Messages that a day of a group can have."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done (`read`, `link`), how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did to which files, and what is known after it.

    `same` counts files whose content stands in another file too and was read there; of all files
    that are there, `read` could be read, now or before, and `unread` could not.
    """

    new: int
    changed: int
    unchanged: int
    removed: int
    same: int
    read: int
    unread: int
    messages: int
    speakers: int
    exchanges: int
    losses: tuple[FileLoss, ...]
    seconds: float


def load(
    database: Path,
    paths: Sequence[Path],
    *,
    group: str | None = None,
    zone: tzinfo = ZONE,
    own: Sequence[Own] = (),
    workers: int | None = None,
    progress: Progress = lambda what, done, of: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    forgotten_in: frozenset[Path] = frozenset(),
) -> LoadReport:
    """Make the database know what the archives below `paths` hold, and report what was done.

    Without `paths`, only members' wishes to be forgotten are applied.

    Files that are gone from a folder in `paths` are forgotten; files elsewhere stay. Exchanges
    that an older version of the links made are made again, those of other files too. `group`
    overrides the group of every file found; `zone` is that of the groups, for formats that have
    moments; `own` is what is set for single archives. `workers` processes link the days when there
    are many (None: as many as there are processors); with 1, the others stay free. `forgotten_in`
    are files that wishes reach without this load. LoadError: a path cannot be read, nothing in it
    is recognised, or another load is running; StoreError: the database is not usable. In both cases
    the database knows what it knew.
    """
    began = time.monotonic()
    owned = Owned(own, group, zone)
    found = scan(paths)

    def forget_in(backup: Path, done: frozenset[Path]) -> None:
        load(backup, (), zone=zone, own=own, workers=workers, forgotten_in=done)

    if is_there(database):
        bring_up_to_date(database)
        with closing(connect(database, read_only=False)) as conn:
            _check_zones(conn, owned)
            outputs.take_over(conn, database)
            planned = plan(files.known(conn), found, owned.group)
            nothing_new = (
                planned.is_empty and (planned.unchanged or not paths) and not forget.pending(conn)
            )
            if nothing_new and linked_by(conn) == version():
                missed = Reach(conn, database, forgotten_in).out(forget_in)
                return _report(conn, planned, found, 0, missed, began)
    elif not any(_recognised(path) for path in found.files):
        raise LoadError(_nothing_in(paths, found))
    with seldom_collected(), writable(database) as conn:
        load_id = begin(conn, now().isoformat(timespec="seconds"), version())
        outdated = linked_by(conn, before=load_id) != version()
        reach, again, anew = _take_wishes_over(database, conn, now(), forgotten_in)
        contacts = _contacts(conn)
        run = _Run(conn, found, owned, progress, again, contacts)
        to_link = len(run.plan.to_read) + (len(run.plan.unchanged) if outdated else 0)
        with ExitStack() as stack:
            linker = stack.enter_context(Linker(_workers(workers, to_link)))
            run.read_all()
            if not linker.processes and len(run.touched) > FEW:
                # Few files, of many days each.
                linker = stack.enter_context(Linker(_workers(workers, len(run.touched))))
            if paths and not (run.read or run.plan.unchanged):
                raise LoadError(_nothing_in(paths, found))
            for of_nameless in reach.nameless:
                run.touched |= forget.blank_nameless(conn, of_nameless, {*run.plan.to_read})
            files.read_anew(conn, anew - {*run.plan.to_read})
            run.touched |= forget.apply(conn, run.writer.forgotten)
            contacts.note()
            message_ids.drop_senders_of_nameless(conn)
            if outdated:
                run.touched.update(run.store.days())
            relink(run.writer, run.touched, linker, lambda done, of: progress("link", done, of))
        run.writer.end(load_id, time.monotonic() - began, outdated)
        report = _report(conn, run.plan, found, run.unread, run.losses, began)
    reached = reach.out(forget_in)
    with closing(connect(database, read_only=False)) as conn:
        forget.scrub(conn)
    return replace(report, losses=(*report.losses, *reached))


def _check_zones(conn: sqlite3.Connection, owned: Owned) -> None:
    """LoadError when moments that were loaded stand in another zone than is set now."""
    for group, before in zones(conn).items():
        if before != str(owned.zone_of_group(group)):
            raise LoadError(
                f"{group} was loaded in the zone {before}, by which its messages are cited;"
                f' set timezone = "{before}", or take it out with: palou remove {group}'
            )


def _take_wishes_over(
    database: Path, conn: sqlite3.Connection, now: datetime, before: frozenset[Path]
) -> tuple[Reach, set[str], set[str]]:
    """Have database and file of wishes know the same.

    Returns what else of the disk may hold what is to go, the files that are to be read again for
    it, and those of them that are to be read later where they are not there now.
    """
    undone, reach = forget.undone_groups(conn), Reach(conn, database, before)
    again = files.of_groups(conn, undone | forget.groups_without_words(conn))
    anew = files.of_groups(conn, undone | reach.nameless)
    for (at, contact), rules in forget.take_over(conn, now).items():
        wishes.keep(database, rules, at, contact)
    return reach, again, anew


def _contacts(conn: sqlite3.Connection) -> Contacts:
    """The contacts among the senders."""
    contacts = forget.contacts_of(conn)
    contacts.look()
    return contacts


def _workers(asked: int | None, days: int) -> int:
    """How many processes are to link so many days, or files; without a Python to start, one."""
    if not sys.executable or getattr(sys, "frozen", False):
        return 1
    most = min(os.cpu_count() or 1, WORKERS) if asked is None else asked
    return most if days > FEW else 1


_Days = dict[tuple[str, str], list[ReadMessage]]
"""The messages of a file by group and date."""


def _size(days: _Days) -> int:
    return sum(map(len, days.values()))


class _Run:
    """One load within its transaction."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        found: Scan,
        owned: Owned,
        progress: Progress,
        again: set[str],
        contacts: Contacts,
    ) -> None:
        self.writer = Writer(conn, contacts)
        self._contacts = contacts
        self.store = Store(conn)
        self.conn = conn
        self.plan = plan(files.known(conn), found, owned.group, again)
        self.owned = owned
        self.progress = progress
        self.losses: list[FileLoss] = []
        self._said = Told(self.losses)
        self.read = self.unread = 0
        self.touched: set[int] = set()
        """Days on which something else was said than before."""
        self._growth = Growth(conn, self.plan, owned, again, bool(self.writer.forgotten))
        self._open: set[int] = set()  # days whose files changed, and that are not put yet
        self._held: OrderedDict[str, _Days] = OrderedDict()  # files that were read again

    def read_all(self) -> None:
        """Note, read and drop files as planned; puts the messages of every touched day."""
        for path in [*self.plan.removed, *self.plan.changed]:
            if path not in self._growth.marks:
                self._drop(path)
        work = self.plan.to_read
        for done, path in enumerate(work):
            self.progress("read", done, len(work))
            self._note(path)
        self.progress("read", len(work), len(work))
        self._open |= self._told_apart_now()
        for day in sorted(self._open):
            holding = files.holding(self.conn, day)
            group, date = self.store.day_name(day)
            parts = [(path, self._again(file, path, group, date)) for file, path in holding]
            self._put(day, group, parts)

    def _told_apart_now(self) -> set[int]:
        """Days that were put when nobody knew that ids tell apart who stands in them."""
        conn, contacts = self.conn, self._contacts
        contacts.look()
        paths = contacts.later()
        for group in sorted(contacts.grown & forget.applied_groups(conn)):
            for path in sorted(contacts.in_doubt(group) - {*self.plan.to_read}):
                days = files.days_in(conn, path)
                beside = {p for day in days for _, p in files.holding(conn, day)}
                if not all(os.path.exists(actual(p)) for p in beside):
                    files.read_anew(conn, [path])
                    continue
                for (name, _), messages in self._days(path).items():
                    contacts.see_again(path, name, {m.sender_id for m in messages} - {""})
        paths += contacts.later()
        return {day for path in paths for day in files.days_in(conn, path)}

    def _put(self, day: int, group: str, parts: Sequence[tuple[str, Part]]) -> None:
        if self.writer.put_day(day, group, self._fitting(parts)):
            self.touched.add(day)

    def _drop(self, path: str) -> None:
        self._open.update(files.days_in(self.conn, path))
        self.writer.drop_file(path)

    def _note(self, path: str) -> None:
        same_as, sha256 = self.plan.same_as(path), self.plan.sha256[path]
        if same_as:
            self.read += 1
            group = self.owned.group(path) or group_of(Path(path))
            self.writer.file(path, sha256, {group: []}, same_as)
            return
        if path in self._growth.marks:
            if behind := self._growth.behind(path):
                self._note_grown(path, sha256, behind)
                return
            self._drop(path)
        reading = self._reading(path)
        if reading is None:
            self.unread += 1
            return
        self.read += 1
        chats = self.owned.chats(path, reading)
        self._note_zone(path, chats)
        file, days = self.writer.file(path, sha256, chats, "")
        self.writer.losses(file, reading.losses)
        self._growth.mark(file, path, sha256, reading)
        del reading, chats
        self._put_days(path, file, days)

    def _note_grown(self, path: str, sha256: str, behind: Behind) -> None:
        """Note a file of which only what stands behind its mark is another."""
        self.read += 1
        self._said.add(path, behind.reading.losses)
        self._note_zone(path, {behind.marked.group: behind.messages})
        before, days = self.writer.grown_file(
            behind.marked, sha256, behind.messages, behind.further
        )
        self._open |= before
        self._put_days(path, behind.marked.file, days)
        self._growth.mark(behind.marked.file, path, sha256, behind.reading, behind.marked)

    def _put_days(
        self, path: str, file: int, days: dict[int, tuple[str, list[ReadMessage]]]
    ) -> None:
        """Put what a file holds of days; those of several files later.

        `days` are used up: a text that was written takes more memory than one that was read.
        """
        for day in [*days]:
            group, messages = days.pop(day)
            if files.are_several(self.conn, day):
                self._open.add(day)
            else:
                self._open.discard(day)
                self._put(day, group, [(path, (file, messages))])

    def _again(self, file: int, path: str, group: str, date: str) -> Part:
        """What a file holds of a group's day that it shares with others."""
        return file, self._days(path).get((group, date), [])

    def _days(self, path: str) -> _Days:
        """What a file holds that was noted before, as it is read again."""
        if path not in self._held:
            reading = self._reading(path, again=True)
            days: _Days = {}
            for name, messages in self.owned.chats(path, reading).items() if reading else ():
                for m in messages:
                    days.setdefault((name, m.date), []).append(m)
            self._held[path] = days
            while len(self._held) > 1 and sum(map(_size, self._held.values())) > HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(path)
        return self._held[path]

    def _note_zone(self, path: str, chats: dict[str, list[ReadMessage]]) -> None:
        """Note the zone that the moments of groups are put into."""
        for group, messages in chats.items():
            if any(m.at is not None for m in messages):
                self.writer.note_zone(group, str(self.owned.zone(path)))

    def _fitting(self, parts: Sequence[tuple[str, Part]]) -> list[Part]:
        """What files hold of a day, as much of it as a day has ids for."""
        left = MESSAGES
        found: list[Part] = []
        for path, (file, messages) in parts:
            if len(messages) > left:
                self._lose(path, f"{len(messages) - left} messages more than a day can have: lost")
            found.append((file, messages[:left]))
            left -= min(left, len(messages))
        return found

    def _reading(self, path: str, again: bool = False) -> ReadFile | None:
        """A file as its reader read it; None, with a loss, when it cannot be read."""
        try:
            reading = read(path, self.owned.zone(path))
        except OSError as e:
            self._lose(path, f"cannot be read: {e.strerror or e}")
            return None
        if reading is None:
            self._lose(path, "looks like no chat archive; it was left out")
            return None
        if not again:
            self._said.add(path, reading.losses)
        return reading

    def _lose(self, path: str, what: str) -> None:
        self.losses.append(FileLoss(path, Loss(0, what)))


def _recognised(path: str) -> bool:
    try:
        return recognised(path)
    except OSError:
        return False


def _nothing_in(paths: Sequence[Path], found: Scan) -> str:
    if found.losses and not found.files:
        return str(found.losses[0])
    where = ", ".join(written(str(p)) for p in paths)
    return (
        f"{where}: no chat archive in there; palou formats lists what is read, and how to export it"
    )


def _report(
    conn: sqlite3.Connection,
    planned: Plan,
    found: Scan,
    unread: int,
    losses: Sequence[FileLoss],
    began: float,
) -> LoadReport:
    known = Store(conn).totals()
    return LoadReport(
        new=len(planned.new),
        changed=len(planned.changed),
        unchanged=len(planned.unchanged),
        removed=len(planned.removed),
        same=known.same,
        read=len(planned.to_read) + len(planned.unchanged) - unread,
        unread=len(found.unread) + unread,
        messages=known.messages,
        speakers=known.speakers,
        exchanges=known.exchanges,
        losses=(*found.losses, *losses),
        seconds=time.monotonic() - began,
    )
