"""Loads archives into the database: one transaction, touching only what changed since the last."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from knowledge.archive.contents import ZONE, recognised
from knowledge.archive.files import FileLoss, Scan, scan
from knowledge.errors import LoadError
from knowledge.linking.links import version
from knowledge.loading.intake import Intake, Progress
from knowledge.loading.linker import WORKERS, Linker, seldom_collected
from knowledge.loading.own import Own
from knowledge.loading.owned import Owned
from knowledge.loading.plan import Plan, plan
from knowledge.loading.reach import Reach
from knowledge.loading.relink import relink
from knowledge.paths import written
from knowledge.store import files, forget, message_ids, outputs, wishes
from knowledge.store.contact_senders import Contacts
from knowledge.store.read import Store, linked_by, zones
from knowledge.store.schema import connect
from knowledge.store.transaction import bring_up_to_date, is_there, writable
from knowledge.store.write import begin

FEW = 20
"""Days, or files of one each, that are linked sooner than further processes have started."""


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
        run = Intake(conn, found, owned, progress, again, contacts)
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
