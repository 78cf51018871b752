"""Every command with every kind of bad path and file: one line, the right status, no harm.

A cell is a place where a command takes something (`eval FILE`, `ask --db`) with a fault (a pipe, a
text in GBK). What is not refused has to work; what is refused leaves the folder as it was.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bad_input.refusal import CITED, DAYS, GOOD, content, refused, said
from tests.command import palou
from tests.disk import fill, mounted


@dataclass(frozen=True)
class Place:
    """Where a command takes a path: its arguments, with {} for it, and the name it has there."""

    kind: str
    args: tuple[str, ...]
    name: str

    def __str__(self) -> str:
        return " ".join(self.args)


def place(kind: str, args: str, name: str) -> Place:
    return Place(kind, tuple(args.split()), name)


PLACES = (
    # databases that are read
    place("database", "ask 几点 --db {}", "k.db"),
    place("database", "ask --jsonl --db {}", "k.db"),
    place("database", f"show {CITED} --db {{}}", "k.db"),
    place("database", "stats --db {}", "k.db"),
    place("database", "stats --losses --db {}", "k.db"),
    place("database", "eval questions.csv --db {}", "k.db"),
    place("database", "tune questions.csv --db {}", "k.db"),
    place("database", "label l.jsonl --db {}", "k.db"),
    place("database", "serve --db {}", "k.db"),
    place("database", "serve --immutable --db {}", "k.db"),
    place("database", "chat --db {}", "k.db"),
    place("database", "run --db {}", "k.db"),
    place("database", "remove g --db {}", "k.db"),
    place("any database", "backup copy.db --db {}", "k.db"),
    place("new database", "load seeds --db {}", "k.db"),
    # files that are read
    place("settings", "--settings {} stats", "s.toml"),
    place("settings", "--settings {} load --dry-run seeds", "s.toml"),
    place("settings", "--settings {} run", "s.toml"),
    place("synonyms", "ask 几点 --synonyms {}", "s.txt"),
    place("synonyms", "eval questions.csv --synonyms {}", "s.txt"),
    place("synonyms", "chat --synonyms {}", "s.txt"),
    place("synonyms", "run --synonyms {}", "s.txt"),
    place("synonyms", f"replay seeds {DAYS} --synonyms {{}}", "s.txt"),
    place("questions", "eval {}", "q.csv"),
    place("questions", "eval {}", "q.jsonl"),
    place("questions", "eval {}", "q.md"),
    place("questions", "eval {}", "q.xlsx"),
    place("questions", "tune {}", "q.csv"),
    place("questions", "label l.jsonl --questions {}", "q.csv"),
    place("questions", "label l.jsonl --questions {}", "q.jsonl"),
    place("lines", "label l.jsonl --questions {}", "q.txt"),
    place("earlier run", "eval questions.csv --against {}", "run.json"),
    place("conversation", "test {}", "c.md"),
    place("conversation", "test --update {}", "c.md"),
    place("archive", "load {} --db n.db", "a.md"),
    place("archive", "load --dry-run {}", "a.md"),
    place("archive", "load --dry-run --jsonl {}", "a.md"),
    place("archive", "init {} --yes", "a.md"),
    place("archive", f"replay {{}} {DAYS}", "a.md"),
    # what is written
    place("new settings", "--settings {} init seeds --yes", "p.toml"),
    place("labels", "label {}", "l.jsonl"),
    place("new folder", "demo --out {}", "out"),
    place("output file", "backup {}", "b.db"),
    place("output file", "stats --out {}", "s.svg"),
    place("output file", "backup --force {}", "b.db"),
    place("output file", f"replay seeds {DAYS} --out {{}}", "r.html"),
    place("output file", f"replay seeds {DAYS} --keep {{}}", "r.db"),
    place("output file", "test conversation.md --junitxml {}", "j.xml"),
    place("output folder", "eval questions.csv --out {}", "out"),
)

# What stands at the place.

GBK = "林一一，请问对账文件每天几点能下载？\n".encode("gbk")


def nothing(at: Path) -> Path:
    return at


def in_no_folder(at: Path) -> Path:
    return at.parent / "nowhere" / at.name


def below_a_file(at: Path) -> Path:
    return at.parent / "questions.csv" / at.name


def folder(at: Path) -> Path:
    at.mkdir()
    return at


def pipe(at: Path) -> Path:
    os.mkfifo(at)
    return at


def device(at: Path) -> Path:
    at.symlink_to("/dev/null")
    return at


def circle(at: Path) -> Path:
    at.symlink_to(at.name)
    return at


def long_name(at: Path) -> Path:
    return at.parent / ("长" * 100 + at.suffix)


def empty(at: Path) -> Path:
    at.touch()
    return at


def file(at: Path) -> Path:
    at.write_text("nothing much\n")
    return at


def binary(at: Path) -> Path:
    at.write_bytes(bytes(range(256)) * 40)
    return at


def gbk(at: Path) -> Path:
    at.write_bytes(GBK)
    return at


def utf16(at: Path) -> Path:
    at.write_text("请问对账文件每天几点能下载？\n", encoding="utf-16")
    return at


def damaged(at: Path) -> Path:
    content = bytearray((at.parent / "palou.db").read_bytes())
    content[4096 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 4096)
    at.write_bytes(content)
    return at


def foreign(at: Path) -> Path:
    with closing(sqlite3.connect(at)) as conn, conn:
        conn.execute("create table notes (text)")
    return at


def newer(at: Path) -> Path:
    shutil.copy(at.parent / "palou.db", at)
    with closing(sqlite3.connect(at)) as conn, conn:
        conn.execute("pragma user_version = 9999")
    return at


def marked(at: Path) -> Path:
    """What is right, as Windows writes it: behind a byte-order mark, lines ended by CR LF."""
    at.write_bytes(b"\xef\xbb\xbf" + GOOD[at.suffix].replace("\n", "\r\n").encode())
    return at


Fault = Callable[[Path], Path]
NOWHERE: tuple[Fault, ...] = (nothing, in_no_folder, below_a_file, circle, long_name)
NO_FILE: tuple[Fault, ...] = (folder, pipe, device)
NO_TEXT: tuple[Fault, ...] = (binary, gbk, utf16)
REFUSED: dict[str, tuple[Fault, ...]] = {
    "database": (*NOWHERE, *NO_FILE, *NO_TEXT, file, damaged, foreign, newer),
    # A copy is taken of what an older palou made, and of what a newer one did.
    "any database": (*NOWHERE, *NO_FILE, *NO_TEXT, file, damaged, foreign),
    "new database": (*NOWHERE[1:], *NO_FILE, *NO_TEXT, file, foreign, newer),
    "settings": (*NOWHERE, *NO_FILE, *NO_TEXT, file),
    "synonyms": (*NOWHERE, *NO_FILE, *NO_TEXT),
    "questions": (*NOWHERE, *NO_FILE, *NO_TEXT, empty, file),
    "lines": (*NOWHERE, *NO_FILE, *NO_TEXT, empty),
    "labels": (*NOWHERE[1:], *NO_FILE, *NO_TEXT, file),
    "earlier run": (*NOWHERE, *NO_FILE, *NO_TEXT, empty, file),
    "conversation": (*NOWHERE, *NO_FILE, *NO_TEXT, empty, file),
    "archive": (*NOWHERE, pipe, device, binary, empty, file),
    "output file": (*NOWHERE[1:], *NO_FILE),
    "new settings": (*NOWHERE[1:], *NO_FILE, empty, file),
    "new folder": (*NOWHERE[2:], *NO_FILE, empty),
    "output folder": (*NOWHERE[2:], pipe, device, file),
}
TAKEN: dict[str, tuple[Fault, ...]] = {
    "new database": (nothing, empty),
    "settings": (empty, marked),
    "synonyms": (empty, marked),
    "questions": (marked,),
    "lines": (file, marked),
    "labels": (nothing, empty),
    "conversation": (marked,),
    "output file": (nothing,),
    "new folder": (nothing, in_no_folder),
    "new settings": (nothing,),
    "output folder": (nothing, in_no_folder, folder),
}
CELLS = [(p, f) for p in PLACES for f in REFUSED[p.kind]]
FINE = [
    (p, f)
    for p in PLACES
    for f in TAKEN.get(p.kind, ())
    # It would run; and only one format of questions has a sample here.
    if "run" not in p.args and not (f is marked and p.kind == "questions" and p.name != "q.csv")
]


@pytest.mark.parametrize(("at", "fault"), CELLS, ids=[f"{p}-{f.__name__}" for p, f in CELLS])
def test_what_cannot_be_used_is_one_line_that_names_it(here: Path, at: Place, fault: Fault) -> None:
    path = fault(here / at.name)
    before = content(here)
    done = palou(*(arg.format(path) for arg in at.args))
    # What a link leads to may be named in its place.
    name = os.path.realpath(path) if fault is device and str(path) not in done.output else path.name
    refused(done, 1, name[:20])
    assert content(here) == before


@pytest.mark.parametrize(("at", "fault"), FINE, ids=[f"{p}-{f.__name__}" for p, f in FINE])
def test_what_only_looks_bad_is_taken(here: Path, at: Place, fault: Fault) -> None:
    path = fault(here / at.name)
    done = palou(*(arg.format(path) for arg in at.args))
    said(done)
    assert done.exit_code == 0, done.output


OUTPUTS = [p for p in PLACES if p.kind.startswith(("output", "new"))]


@pytest.mark.parametrize("at", OUTPUTS, ids=str)
@pytest.mark.parametrize("disk", ["read-only", "full"])
def test_a_disk_that_takes_nothing_is_said_in_one_line(here: Path, at: Place, disk: str) -> None:
    (here / "disk").mkdir()
    with mounted(here / "disk", "64k") as folder:
        if disk == "full":
            fill(folder)
        else:
            os.system(f"mount -o remount,ro {folder}")
        path = folder / at.name
        done = palou(*(arg.format(path) for arg in at.args))
        refused(done, 1, at.name)
        assert not path.is_file() or not path.stat().st_size


READ = [p for p in PLACES if p.kind == "database" and {"run", "remove"}.isdisjoint(p.args)]


@pytest.mark.parametrize("at", READ, ids=str)
def test_a_database_on_a_read_only_disk_is_read(here: Path, at: Place) -> None:
    (here / "disk").mkdir()
    with mounted(here / "disk", "8m") as folder:
        path = Path(shutil.copy(here / "palou.db", folder))
        os.system(f"mount -o remount,ro {folder}")
        done = palou(*(arg.format(path) for arg in at.args))
        said(done)
        assert done.exit_code == 0, done.output


WRITE = ["load seeds --db {}", "remove g --db {}"]


@pytest.mark.parametrize("args", WRITE)
def test_a_database_on_a_read_only_disk_is_not_written(here: Path, args: str) -> None:
    (here / "disk").mkdir()
    with mounted(here / "disk", "8m") as folder:
        path = Path(shutil.copy(here / "palou.db", folder))
        os.system(f"mount -o remount,ro {folder}")
        done = palou(*args.format(path).split())
        refused(done, 1, "palou.db", "read-only", "--db")
