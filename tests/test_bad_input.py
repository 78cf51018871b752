"""Every command with every kind of bad path, file and value: one line, the right status, no harm.

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
from click.testing import Result

from bot.cli import COMMANDS
from bot.learning import learn
from knowledge.matching.embedder import WORDS
from tests.chats import ASKED, put
from tests.command import palou
from tests.disk import fill, mounted

CITED = "g-20240506-090000"
CONVERSATION = """---
archive: seeds
---
> 09:00:00  小林

@爬楼 请问对账文件每天几点能下载？

palou: 引用 2024-05-06 09:00:00
"""


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


DAYS = "--from 2024-05-06 --to 2024-05-06"
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


GOOD = {
    ".csv": f"question,answers\n几点能下载,{CITED}\n",
    ".md": CONVERSATION,
    ".toml": 'database = "palou.db"\n',
    ".txt": "对账文件, 账单\n",
}


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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with an archive, its database, questions and a conversation."""
    made = tmp_path_factory.mktemp("prepared")
    put(made / "seeds" / "g", "2024-05-06", ASKED)
    learn(made / "palou.db", [made / "seeds"], WORDS)
    (made / "questions.csv").write_text(GOOD[".csv"], encoding="utf-8")
    (made / "conversation.md").write_text(CONVERSATION, encoding="utf-8")
    return made


@pytest.fixture
def here(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in which nothing is served and no gateway is reached."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", "127.0.0.1:18788")
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "token")
    monkeypatch.setattr("bot.wire.wechat.start.connector", lambda environment: None)
    monkeypatch.setattr("bot.cli.run.asyncio.run", lambda main: main.close())
    monkeypatch.setattr("bot.web.app.run", lambda *_, **__: None)
    return tmp_path


def said(done: Result) -> list[str]:
    """The lines that say what is wrong, without warnings of what was read all the same."""
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert "Traceback" not in done.output and "fault of palou" not in done.output
    errors = [x for x in done.stderr.splitlines() if not x.startswith(("warning: ", "files: "))]
    return [*errors, *(x for x in done.stdout.splitlines() if x.startswith("ERROR "))]


def content(folder: Path) -> dict[str, object]:
    """All that lies in a folder, less what SQLite keeps beside a database that is open."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    }


def refused(done: Result, status: int, *words: str) -> str:
    """The one line by which something was refused."""
    lines = said(done)
    assert len(lines) == 1, done.output
    (line,) = lines
    assert done.exit_code == status, line
    assert line.startswith(("palou: ", "palou ", "ERROR ")), line
    assert all(word in line for word in words), line
    return line


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


# Values.

ARGS = {
    "demo": "",
    "init": "seeds --yes",
    "doctor": "",
    "load": "seeds",
    "ask": "几点",
    "run": "",
    "chat": "",
    "show": CITED,
    "stats": "",
    "eval": "questions.csv",
    "label": "l.jsonl",
    "tune": "questions.csv",
    "test": "conversation.md",
    "replay": f"seeds {DAYS}",
    "serve": "",
    "formats": "",
    "remove": "g",
    "backup": "copy.db",
}


def test_every_command_is_in_the_matrix() -> None:
    assert sorted(ARGS) == sorted(COMMANDS)


VALUES = [
    ("laod seeds", 2, "laod"),
    ("--settings", 2, "--settings"),
    ("load seeds --jsonl", 2, "--dry-run"),
    ("ask", 2, "QUESTION"),
    ("ask 几点 --group nope", 2, "there is no group nope; there is g"),
    ("ask 几点 -k 0", 2, "-k"),
    ("ask 几点 -k much", 2, "-k"),
    ("chat --group nope", 2, "there is no group nope; there is g"),
    ("tune questions.csv --group nope", 2, "there is no group nope; there is g"),
    ("tune questions.csv --asked 90", 2, "--asked"),
    ("label l.jsonl --group nope", 2, "there is no group nope; there is g"),
    ("label labels.txt", 1, "labels.txt"),
    ("eval questions.csv --group nope", 2, "there is no group nope; there is g"),
    ("show", 2, "CITATION"),
    ("show nonsense", 2, "one looks like"),
    ("show g-20240506-000000", 1, "no such message"),
    ("show nope-20240506-090000", 1, "no such message"),
    (f"show {CITED} --before -1", 2, "--before"),
    ("replay seeds", 2, "--from"),
    ("replay seeds --from yesterday --to 2024-05-06", 2, "yesterday"),
    ("replay seeds --from 2024-05-07 --to 2024-05-06", 2, "--to"),
    ("replay seeds --from 2023-01-01 --to 2023-01-02", 1, "no message from"),
    (f"replay seeds {DAYS} --room nope", 1, "nope"),
    (f"replay seeds {DAYS} --mode loud", 2, "loud"),
    ("serve --port 99999", 2, "99999"),
    ("serve --port web", 2, "web"),
    ("serve --base-url nowhere", 1, "--base-url"),
    ("serve --proxy nginx", 2, "nginx"),
    ("serve --host no.such.host.invalid", 1, "no.such.host.invalid"),
    ("run --network icq", 2, "icq"),
    ("remove", 2, "GROUP"),
    ("remove nope", 1, "nope"),
    ("test conversation.md -k nothing", 1, "nothing"),
    ("backup", 2, "FILE"),
    ("backup palou.db", 1, "palou.db"),
    ("load seeds --group /", 2, "--group"),
]


@pytest.mark.parametrize(("args", "status", "word"), VALUES, ids=[v[0] for v in VALUES])
def test_a_wrong_value_is_one_line_that_names_it(
    here: Path, args: str, status: int, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "--host" in args:
        monkeypatch.undo()
        monkeypatch.chdir(here)
    before = content(here)
    refused(palou(*args.split()), status, word)
    assert content(here) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_that_is_not_there_is_one_line(here: Path, name: str) -> None:
    refused(palou(name, *ARGS[name].split(), "--nonsense"), 2, "--nonsense", f"palou {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_word_too_many_is_one_line(here: Path, name: str) -> None:
    done = palou(name, *ARGS[name].split(), "surplus")
    refused(done, 1 if name in ("init", "load", "test", "tune") else 2, "surplus")


# Settings.

WRONG = [
    ("databse = 'x'", "databse"),
    ("database = 3", "database"),
    ("= 3", "TOML"),
    ("[thresholds]\nasked = 60", "thresholds.asked"),
    ("[thresholds]\noverheard = 0.1", "palou.toml: thresholds"),
    ("[[rooms]]\nmode = 'ambient'", "rooms 1"),
    ("timezone = 'Mars'", "timezone"),
    ("semantic = 'no-such-model'", "no-such-model"),
    ("synonyms = 'no-such-file.txt'", "no-such-file.txt"),
]
ASKING = ("ask", "chat", "eval", "label", "tune", "replay", "run")
# What has no need of settings, or says itself what is wrong with them.
WITHOUT = ("demo", "formats", "test", "init", "doctor")
BY_SETTINGS = [
    (name, content, word)
    for name in COMMANDS
    for content, word in WRONG
    if name not in WITHOUT
    and ("no-such-file" not in content or name in ASKING)
    and ("no-such-model" not in content or name in (*ASKING, "load", "serve"))
]


@pytest.mark.parametrize(
    ("name", "text", "word"), BY_SETTINGS, ids=[f"{n}-{c}" for n, c, _ in BY_SETTINGS]
)
def test_a_wrong_setting_is_one_line_whatever_the_command(
    here: Path, name: str, text: str, word: str
) -> None:
    (here / "palou.toml").write_text(text, encoding="utf-8")
    before = content(here)
    refused(palou(name, *ARGS[name].split()), 1, word)
    assert content(here) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_given_whatever_the_settings_are(here: Path, name: str) -> None:
    (here / "palou.toml").write_text("databse = 3", encoding="utf-8")
    done = palou(name, "--help")
    assert done.exit_code == 0 and done.stdout.startswith(f"Usage: palou {name}")


def test_a_file_is_not_blamed_for_what_a_variable_says(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "palou.toml").write_text("[thresholds]\nasked = 0.8\n")
    monkeypatch.setenv("PALOU_THRESHOLDS_OVERHEARD", "0.1")
    line = refused(palou("stats"), 1, "PALOU_THRESHOLDS_OVERHEARD")
    assert not line.startswith("palou: palou.toml")


@pytest.mark.parametrize("name", ["ask", "show", "stats", "eval", "serve", "chat", "run"])
def test_a_database_that_was_named_and_is_not_there_is_not_made(here: Path, name: str) -> None:
    refused(palou(name, *ARGS[name].split(), "--db", "typo.db"), 1, "typo.db", "palou load")
    assert not (here / "typo.db").exists()
