"""Training reads what a load reads, and writes days that a load reads back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.loading.load import load
from knowledge.store.ids import DAY_BITS
from knowledge.train.archive import archive_files, read_archive
from knowledge.train.orphans import write_day
from tests.chats import ASKED, put

ODD = [
    ("09:00:00", "林一一", "手续费 &lt;1% 的有吗\n\n   缩进的一行"),
    ("09:00:00", "林一一", "手续费 &lt;1% 的有吗\n\n   缩进的一行"),
    ("09:00:05", "周大山", "![2024-03-02 09:00:05](http://img.example.com/a.png)"),
    ("09:00:06", "周大山", ""),
]


def stored(archive: Path, database: Path) -> list[tuple[str, str, str, int, str, str]]:
    load(database, [archive])
    with closing(sqlite3.connect(database)) as conn:
        return conn.execute(
            "select days.grp, date, time, n, name, text from messages"
            " join speakers on speakers.id = speaker join days on days.id = messages.id >> ?"
            " order by days.grp, date, messages.id",
            [DAY_BITS],
        ).fetchall()


def read(archive: Path) -> list[tuple[str, str, str, int, str, str]]:
    return [
        (*day, m.citation.time, m.citation.n, m.speaker, m.text)
        for day, messages in read_archive(archive).items()
        for m in messages
    ]


def test_training_reads_what_a_load_knows(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    put(archive / "茶馆", "2024-03-01", ASKED)
    put(archive / "茶馆", "2024-03-01", ASKED[:2], name="2024-03-01-noon.markdown")
    put(archive / "茶馆", "2024-03-02", ODD)
    put(archive / "小群", "2024-03-02", ODD, name="2024-03-02.txt", front="group: 夜谈\n")
    (archive / "notes.md").write_text("# 没有聊天\n", encoding="utf-8")
    known = stored(archive, tmp_path / "known.db")
    assert read(archive) == known
    assert len(known) == len(ASKED) + 2 * len(ODD)


def test_days_that_training_makes_up_are_read_back_as_they_are(tmp_path: Path) -> None:
    archive, made = tmp_path / "archive", tmp_path / "made"
    put(archive / "茶馆", "2024-03-02", ODD)
    for (group, day), messages in read_archive(archive).items():
        write_day(made / group, day, messages)
    assert len(archive_files(made)) == 1
    assert read_archive(made) == read_archive(archive)
