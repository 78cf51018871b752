"""Files that attack who reads them: without an end, with endless damage, with no proper name."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from bot.harness.script import ScriptError, source
from bot.reports.evaluate import QuestionsError, read_questions
from bot.settings_file import SettingsError
from bot.settings_file import read as read_settings
from knowledge.archive.contents import recognised
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.limits import CUT, NAME_CHARACTERS, TEXT_CHARACTERS
from knowledge.archive.reading import LOSSES, Loss, Losses
from knowledge.errors import LoadError
from knowledge.language.synonyms import Synonyms, SynonymsError
from knowledge.loading.load import load
from knowledge.paths import actual, written
from knowledge.store.schema import connect
from tests.chats import ASKED, day, put
from tests.test_load import content

NAMELESS = b"2024-05-\xff07.md"
"""A file's name that is no UTF-8."""

on_posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")


def lost(folder: Path, database: Path) -> list[str]:
    """What a load of a folder warns of."""
    return [str(loss).removeprefix(f"{folder}{os.sep}") for loss in load(database, [folder]).losses]


@on_posix
@pytest.mark.parametrize("way", ["pipe", "link to a device", "link to a pipe"])
def test_what_is_no_regular_file_is_named_and_never_opened(
    tmp_path: Path, database: Path, way: str
) -> None:
    folder = tmp_path / "g"
    put(folder, "2024-05-06", ASKED)
    at = folder / "2024-05-07.md"
    if way == "link to a device":
        at.symlink_to("/dev/zero")
    elif way == "link to a pipe":
        os.mkfifo(tmp_path / "pipe")
        at.symlink_to(tmp_path / "pipe")
    else:
        os.mkfifo(at)
    (warning,) = lost(folder, database)
    assert warning.endswith("cannot be read: it is no regular file")
    assert len(content(database)["messages"]) == 4


@on_posix
def test_a_pipe_in_the_place_of_a_file_that_was_looked_at_is_not_waited_for(
    tmp_path: Path,
) -> None:
    path = put(tmp_path / "g", "2024-05-06", ASKED)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="no regular file"):
        recognised(str(path))


@on_posix
def test_an_archive_that_is_a_pipe_is_refused_with_its_reason(
    tmp_path: Path, database: Path
) -> None:
    os.mkfifo(tmp_path / "chat.md")
    with pytest.raises(LoadError, match=r"chat\.md: cannot be read: it is no regular file"):
        load(database, [tmp_path / "chat.md"])
    assert not database.exists()


def nameless(folder: Path) -> Path:
    """A file whose name is no UTF-8, where the disk takes one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / os.fsdecode(NAMELESS)
    try:
        path.write_text(day("2024-05-07", [("10:00:00", "小林", "新开的茶楼在哪？")]), "utf-8")
    except OSError:
        pytest.skip("this disk takes no such names")
    return path


@on_posix
def test_a_name_that_is_no_text_is_escaped_and_its_file_is_read(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / os.fsdecode(b"tea\xfe")
    put(folder, "2024-05-06", ASKED)
    nameless(folder)
    assert load(database, [tmp_path]).messages == 5
    with closing(connect(database)) as conn:
        paths = [path for (path,) in conn.execute("select path from files order by path")]
    assert all(path.encode() for path in paths)
    assert paths[0].endswith(r"/tea\udcfe/2024-05-\udcff07.md")
    assert {group for group, _ in content(database)["days"]} == {"tea_udcfe"}
    again = load(database, [tmp_path])
    assert (again.unchanged, again.new, again.removed) == (2, 0, 0)
    (folder / os.fsdecode(NAMELESS)).unlink()
    assert load(database, [tmp_path]).removed == 1


@on_posix
def test_a_day_that_a_file_with_such_a_name_shares_is_read_again(
    tmp_path: Path, database: Path
) -> None:
    path = nameless(tmp_path / "g")
    load(database, [path])
    put(tmp_path / "more" / "g", "2024-05-07", [("11:00:00", "老周", "在湖边")])
    assert load(database, [tmp_path / "more"]).messages == 2


@on_posix
def test_such_a_name_is_told_whatever_a_terminal_can_print(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    nameless(tmp_path / "g").write_bytes(b"no chat")
    for encoding in ("ascii", "utf-8", "gbk"):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from bot.cli import main; main()",
                "load",
                tmp_path / "g",
                "--db",
                database,
            ],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        assert rb"2024-05-\udcff07.md: looks like no chat archive" in b" ".join(
            (done.stdout + done.stderr).split()
        ).replace(b"- ", b"-")
        database.unlink()


def test_of_two_names_that_are_written_alike_one_is_read_and_the_other_named(
    tmp_path: Path, database: Path
) -> None:
    nameless(tmp_path / "g")
    put(tmp_path / "g", "2024-05-06", ASKED).rename(tmp_path / "g" / r"2024-05-\udcff07.md")
    (warning,) = lost(tmp_path / "g", database)
    assert "another file bears this name" in warning
    assert len(content(database)["messages"]) == 4


@pytest.mark.parametrize(
    "path", ["a/b.md", "茶/楼.md", r"a\b.md", r"a\udcff.md", "a\udcff/\udcfe.md"]
)
def test_a_path_is_found_by_what_is_written_of_it(tmp_path: Path, path: str) -> None:
    assert written(path).encode()
    if "\udcff" in path:
        assert actual(written(path)) == path
    else:
        assert written(path) == path


def read_back(text: bytes) -> tuple[str, tuple[Loss, ...]]:
    """A message of a file as it is read, and what was lost."""
    head = "---\ndate: 2024-05-06\n---\n> 09:00:00  小林  \n   \n".encode()
    reading = MarkdownReader().read(io.BytesIO(head + text), "")
    (message,) = reading.messages
    return message.text, reading.losses


def test_a_long_text_is_cut_with_a_mark_and_its_file_says_so() -> None:
    text, (loss,) = read_back(("长" * 12_000).encode() + b"\n")
    assert text == "长" * (TEXT_CHARACTERS - len(CUT)) + CUT
    assert (loss.line, loss.what) == (4, f"a text of 12000 characters was cut at {TEXT_CHARACTERS}")
    assert read_back(("长" * TEXT_CHARACTERS).encode() + b"\n") == ("长" * TEXT_CHARACTERS, ())


def test_what_stands_behind_endless_blank_lines_is_told_as_lost() -> None:
    text, (loss,) = read_back("早".encode() + b"\n" * 100_000 + "晚\n".encode())
    assert (text, "was cut at" in loss.what) == (f"早{CUT}", True)
    assert read_back("早".encode() + b"\n" * 100_000) == ("早", ())
    assert read_back(b"\n" * 100_000 + "早\n".encode()) == ("早", ())


def test_a_long_nickname_is_cut_and_its_file_says_so() -> None:
    content = f"---\ndate: 2024-05-06\n---\n> 09:00:00  {'名' * 5000}  \n   \n早\n"
    reading = MarkdownReader().read(io.BytesIO(content.encode()), "")
    assert [m.speaker for m in reading.messages] == ["名" * NAME_CHARACTERS]
    assert reading.losses == (Loss(4, "a nickname of 5000 characters was cut"),)


@pytest.mark.parametrize("line", [b"\n", b"\xff\n", b"> 99:99:99  a\n", b" \t\n", b"\x00\n"])
def test_a_file_of_endless_damage_takes_little_memory(line: bytes) -> None:
    content = b"> 09:00:00  a  \n   \n" + line * 50_000
    stream = io.BytesIO(content)
    tracemalloc.start()
    try:
        reading = MarkdownReader().read(stream, "2024-05-06.md")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1_000_000
    assert len(reading.losses) <= LOSSES + 3


def test_losses_are_counted_beyond_the_first() -> None:
    losses = Losses([Loss(n, "bad") for n in range(1, 100)])
    losses.add(0, "no date")
    assert [x.line for x in losses.all()] == [*range(1, LOSSES + 1), 0, 0]
    assert [x.what for x in losses.all()[-2:]] == ["no date", "and 79 more losses"]
    few = [Loss(n, "bad") for n in range(LOSSES + 1)]
    assert Losses(few).all() == tuple(few)


def test_a_load_keeps_so_many_losses_of_a_file(tmp_path: Path, database: Path) -> None:
    path = put(tmp_path / "g", "2024-05-06", ASKED)
    path.write_bytes(path.read_bytes() + b"\xff\n" * 5000)
    report = load(database, [tmp_path])
    assert len(report.losses) == LOSSES + 1
    assert str(report.losses[-1]).endswith("and 4981 more losses")
    with closing(connect(database)) as conn:
        assert conn.execute("select count(*) from losses").fetchone() == (LOSSES + 1,)


def test_time_grows_with_the_files_of_one_date(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        folder = tmp_path / str(count)
        for n in range(count):
            said = [(f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", f"甲{n % 9}", f"第{n}句话")]
            put(folder / str(n) / "g", "2024-05-06", said)
        began = time.thread_time()
        load(tmp_path / f"{count}.db", [folder], workers=1)
        return time.thread_time() - began

    few, many = seconds(300), seconds(1800)
    assert many < 6**1.3 * max(few, 0.1)


@on_posix
@pytest.mark.parametrize("way", ["pipe", "too long"])
def test_other_files_are_regular_files_of_a_fair_size(tmp_path: Path, way: str) -> None:
    path = tmp_path / "file"
    if way == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(b"# " + b"x" * 20_000_000)
    reason = "no regular file" if way == "pipe" else "more than"
    with pytest.raises(SettingsError, match=reason):
        read_settings(path, {})
    with pytest.raises(SynonymsError, match=reason):
        Synonyms.read(path)
    with pytest.raises(ScriptError, match=reason):
        source(path)
    questions = path.rename(tmp_path / "questions.jsonl")
    if way == "pipe":
        with pytest.raises(QuestionsError, match=reason):
            read_questions(questions)


def test_a_day_of_more_messages_than_ids_is_cut_and_its_file_named(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.loading.intake.MESSAGES", 5)
    put(tmp_path / "g", "2024-05-06", ASKED)
    assert lost(tmp_path, database) == []
    put(
        tmp_path / "g",
        "2024-05-06",
        [("10:00:00", "甲", "一"), ("10:00:01", "乙", "二")],
        name="x.md",
    )
    (warning,) = lost(tmp_path, database)
    assert warning.endswith("x.md: 1 messages more than a day can have: lost")
    assert len(content(database)["messages"]) == 5
