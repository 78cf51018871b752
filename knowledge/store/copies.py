"""Copies of a database: of one that is in use, and beside a copy of its archive."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from knowledge.errors import StoreError
from knowledge.store import wishes
from knowledge.store.schema import check_regular, connect, damaged, is_damage, unusable

LASTING = (
    *("questions", "replies", "feedback", "forgotten", "room_state", "seen", "rooms", "wishes"),
    "outputs",
)
"""The tables that no load can make again."""


def back_up(database: Path, copy: Path, *, replace: bool = False) -> None:
    """Copy a database that may be in use, as it stands at one moment: the whole of it, or nothing.

    The wishes that hold for it are copied with it. It may be of an older schema. StoreError: there
    is a file of the copy's name (`replace`: which is not to be replaced, being no regular file, the
    database itself, or in use), it cannot be written, or the database is damaged.
    """
    check_regular(copy)
    with closing(connect(database, any_schema=True)) as source:
        if copy.exists():
            _check_replaceable(database, copy, replace)
        with _beside(copy) as new:
            try:
                with closing(sqlite3.connect(new)) as target:
                    source.backup(target)
                    (found,) = target.execute("pragma integrity_check(1)").fetchone()
            except sqlite3.Error as e:
                if is_damage(e):
                    raise unusable(database, e) from e
                raise StoreError(f"{copy} cannot be written: {e}") from e
            if found != "ok":
                raise damaged(database, found)
            shutil.copymode(database, new)
            _put(new, copy, replace)
    wishes.copy(database, copy)


def lasting_as_text(database: Path, file: Path, *, replace: bool = False) -> int:
    """Write the lasting tables of a copy as text, a line of JSON a row; how many there are.

    A line is the row's columns, and its `table`. Nothing may write the copy meanwhile. StoreError:
    as of `back_up`.
    """
    check_regular(file)
    if file.exists() and not replace:
        raise StoreError(_THERE.format(file))
    rows = 0
    copy = connect(database, immutable=True, any_schema=True)
    with closing(copy) as conn, _beside(file) as new:
        conn.row_factory = sqlite3.Row
        with new.open("w", encoding="utf-8") as stream:
            for table in LASTING:
                if not conn.execute(
                    "select 1 from sqlite_master where name = ?", [table]
                ).fetchone():
                    continue
                for row in conn.execute(f"select * from {table}"):
                    line = {"table": table} | dict(row)
                    stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                    rows += 1
        shutil.copymode(database, new)
        _put(new, file, replace)
    return rows


_THERE = "{} is there already; name another file, or replace it with --force"


def _check_replaceable(database: Path, copy: Path, replace: bool) -> None:
    beside = copy.with_name(copy.name + "-wal")
    if copy.samefile(database):
        raise StoreError(f"{copy} is the database itself; name another file for its copy")
    if not replace:
        raise StoreError(_THERE.format(copy))
    if beside.exists() and beside.stat().st_size:
        # What stands there belongs to the file that would be replaced, and would spoil the new one.
        raise StoreError(f"{copy} is a database in use; name another file")


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """An empty file in the same folder, which is gone afterwards; StoreError: it cannot be made."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(descriptor)
    except OSError as e:
        raise StoreError(f"{file} cannot be written: {e.strerror or e}") from e
    try:
        yield Path(name)
    except OSError as e:
        raise StoreError(f"{file} cannot be written: {e.strerror or e}") from e
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)


def _put(new: Path, file: Path, replace: bool) -> None:
    """Give a file its name; one that bears it already is replaced, or the new one refused."""
    if replace:
        os.replace(new, file)
        return
    try:
        os.link(new, file)
    except FileExistsError:
        raise StoreError(_THERE.format(file)) from None
    except OSError:  # a disk without links
        os.rename(new, file)


def move_files(database: Path, old: Path, new: Path) -> None:
    """Know all files below a folder by their paths below another, where they were copied to."""
    with closing(connect(database, read_only=False)) as conn, conn:
        for column in ("path", "same_as"):
            conn.execute(
                f"update files set {column} = replace({column}, ?, ?)", (str(old), str(new))
            )
