"""Loads archives into the database: one transaction, touching only what changed since the last."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge.archive.files import FileLoss, Scan, recognise, scan
from knowledge.archive.formats import readers
from knowledge.archive.reading import Loss, ReadFile
from knowledge.errors import LoadError, StoreError
from knowledge.groups import group_name, group_of
from knowledge.linking.links import version
from knowledge.loading.linker import WORKERS, Linker
from knowledge.loading.plan import Plan, known, plan
from knowledge.loading.relink import relink
from knowledge.store import forget
from knowledge.store.migrations import create_or_migrate
from knowledge.store.read import linked_by
from knowledge.store.schema import connect
from knowledge.store.write import Part, Writer, begin

LOCK_SECONDS = 10.0
"""How long a load waits for another one to end."""

FEW = 20
"""Files that are linked sooner than further processes have started."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done (`read`, `link`), how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did to which files, and what is known after it.

    `same` counts files whose content stands in another file too and was read there.
    """

    new: int
    changed: int
    unchanged: int
    removed: int
    same: int
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
    workers: int | None = None,
    progress: Progress = lambda what, done, of: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> LoadReport:
    """Make the database know what the archives below `paths` hold, and report what was done.

    Files that are gone from a folder in `paths` are forgotten; files elsewhere stay. Exchanges
    that an older version of the links made are made again, those of other files too. `group`
    overrides the group of every file found. `workers` processes link the days when there are many
    (None: as many as there are processors); with 1, the others stay free. LoadError: a path cannot
    be read, nothing in it is recognised, or another load is running; StoreError: the database is
    not usable. In both cases the database is as it was.
    """
    began = time.monotonic()
    group = group_name(group) if group else None
    found = scan(paths, {suffix for r in readers() for suffix in r.suffixes})
    there = database.exists() and database.stat().st_size > 0
    if there:
        with _closing(connect(database, read_only=False)) as conn:
            planned = plan(known(conn), found, group)
            nothing_new = planned.is_empty and planned.unchanged and not forget.pending(conn)
            if nothing_new and linked_by(conn) == version():
                return _report(conn, planned, found.losses, began)
    elif not any(_recognised(path) for path in found.files):
        raise LoadError(_nothing_in(paths))
    with _writable(database, there) as conn:
        load_id = begin(conn, now().isoformat(timespec="seconds"), version())
        outdated = linked_by(conn, before=load_id) != version()
        run = _Run(conn, found, group, progress)
        to_link = len(run.plan.to_read) + (len(run.plan.unchanged) if outdated else 0)
        with Linker(_workers(workers, to_link)) as linker:
            run.read_all()
            if not (run.read or run.plan.unchanged):
                raise LoadError(_nothing_in(paths))
            run.touched |= forget.apply(conn)
            if outdated:
                run.touched |= {day for (day,) in conn.execute("select id from days")}
            relink(run.writer, run.touched, linker, lambda done, of: progress("link", done, of))
        run.writer.end(load_id, time.monotonic() - began, outdated)
        return _report(conn, run.plan, (*found.losses, *run.losses), began)


def create(database: Path) -> None:
    """Make an empty database; StoreError when there is something else under this name."""
    with _writable(database, database.exists() and database.stat().st_size > 0):
        pass


def _workers(asked: int | None, files: int) -> int:
    """How many processes are to link what so many files hold; without a Python to start, one."""
    if not sys.executable or getattr(sys, "frozen", False):
        return 1
    most = min(os.cpu_count() or 1, WORKERS) if asked is None else asked
    return most if files > FEW else 1


class _Run:
    """One load within its transaction."""

    def __init__(
        self, conn: sqlite3.Connection, found: Scan, group: str | None, progress: Progress
    ) -> None:
        self.writer = Writer(conn)
        self.conn = conn
        self.plan = plan(known(conn), found, group, forget.to_read_again(conn))
        self.group = group
        self.progress = progress
        self.losses: list[FileLoss] = []
        self.read = 0
        self.touched: set[int] = set()
        self._shared: set[int] = set()  # touched days that several archives hold

    def read_all(self) -> None:
        """Note, read and drop files as planned; puts the messages of every touched day."""
        for path in [*self.plan.removed, *self.plan.changed]:
            self._drop(path)
        work = self.plan.to_read
        for done, path in enumerate(work):
            self.progress("read", done, len(work))
            self._note(path)
        self.progress("read", len(work), len(work))
        for day in sorted(self.touched):
            archives = self._archives_of(day)
            if not archives or day in self._shared:
                group = self.conn.execute("select grp from days where id = ?", [day]).fetchone()[0]
                self.writer.put_day(day, group, [self._again(*a, day) for a in archives])

    def _drop(self, path: str) -> None:
        days = self.conn.execute(
            "select day from archive_days join archives on id = archive where path = ?", [path]
        ).fetchall()
        for (day,) in days:
            self.touched.add(day)
            self._shared.add(day)
        self.writer.drop_archive(path)

    def _note(self, path: str) -> None:
        same_as, sha256 = self.plan.same_as(path), self.plan.sha256[path]
        if same_as:
            self.read += 1
            self.writer.archive(path, sha256, self.group or group_of(Path(path)), (), same_as)
            return
        reading = self._reading(path)
        if reading is None:
            return
        self.read += 1
        group = self.group or (group_name(reading.group) if reading.group else None)
        group = group or group_of(Path(path))
        archive, days = self.writer.archive(path, sha256, group, reading.messages, "")
        self.writer.losses(archive, reading.losses)
        for day, messages in days.items():
            self.touched.add(day)
            if len(self._archives_of(day)) > 1:
                self._shared.add(day)
            else:
                self._shared.discard(day)
                self.writer.put_day(day, group, [(archive, messages)])

    def _archives_of(self, day: int) -> list[tuple[int, str]]:
        return self.conn.execute(
            "select id, path from archive_days join archives on id = archive"
            " where day = ? order by path",
            [day],
        ).fetchall()

    def _again(self, archive: int, path: str, day: int) -> Part:
        """What an archive holds of a day that it shares with others."""
        date = self.conn.execute("select date from days where id = ?", [day]).fetchone()[0]
        reading = self._reading(path, again=True)
        return archive, [m for m in reading.messages if m.date == date] if reading else []

    def _reading(self, path: str, again: bool = False) -> ReadFile | None:
        """A file as its reader read it; None, with a loss, when it cannot be read."""
        try:
            reader = recognise(path, readers())
            if reader is None:
                self._lose(path, "looks like no chat archive; it was left out")
                return None
            with open(path, "rb") as stream:
                reading = reader.read(stream, Path(path).name)
        except OSError as e:
            self._lose(path, f"cannot be read: {e.strerror or e}")
            return None
        if not again:
            self.losses += (FileLoss(path, loss) for loss in reading.losses)
        return reading

    def _lose(self, path: str, what: str) -> None:
        self.losses.append(FileLoss(path, Loss(0, what)))


def _recognised(path: str) -> bool:
    try:
        return recognise(path, readers()) is not None
    except OSError:
        return False


def _nothing_in(paths: Sequence[Path]) -> str:
    where = ", ".join(str(p) for p in paths)
    return (
        f"{where}: no chat archive in there; a daily file is .md, .markdown or .txt and has "
        "messages headed by '> HH:MM:SS  nickname'"
    )


@contextmanager
def _closing(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield conn
    finally:
        conn.close()


@contextmanager
def _writable(database: Path, there: bool) -> Iterator[sqlite3.Connection]:
    """A connection within a transaction that is kept or undone as a whole.

    A database that was not there before and could not be filled is removed again.
    """
    from sqlite_utils import Database  # deferred: it costs a load without changes 0.2 s

    if there:
        connect(database, read_only=False).close()
    elif not database.parent.is_dir():
        raise LoadError(f"{database.parent}: there is no such folder to keep a database in")
    filled = False
    try:
        db = Database(sqlite3.connect(database, timeout=LOCK_SECONDS))
        try:
            db.enable_wal()
            create_or_migrate(db)
            db.conn.execute("pragma foreign_keys = on")
            db.conn.execute("pragma synchronous = normal")
            with db.atomic():
                yield db.conn
            filled = True
        finally:
            db.conn.close()
    except sqlite3.OperationalError as e:
        if "locked" in str(e):
            raise LoadError(f"{database}: another load is running; try again after it") from e
        raise StoreError(f"{database} cannot be written: {e}") from e
    except sqlite3.DatabaseError as e:
        raise StoreError(f"{database} is damaged: {e}; move it away and load again") from e
    finally:
        if not filled and not there:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{database}{suffix}").unlink(missing_ok=True)


def _report(
    conn: sqlite3.Connection, planned: Plan, losses: Sequence[FileLoss], began: float
) -> LoadReport:
    def count(what: str) -> int:
        return int(conn.execute(f"select count(*) from {what}").fetchone()[0])

    return LoadReport(
        new=len(planned.new),
        changed=len(planned.changed),
        unchanged=len(planned.unchanged),
        removed=len(planned.removed),
        same=count("archives where same_as <> ''"),
        messages=count("messages"),
        speakers=count("speakers"),
        exchanges=count("exchanges"),
        losses=tuple(losses),
        seconds=time.monotonic() - began,
    )
