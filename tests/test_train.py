"""Training reads what a load reads, and writes days that a load reads back."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.loading.load import load
from knowledge.store.ids import DAY_BITS
from knowledge.train.archive import archive_files, read_archive
from knowledge.train.gold import read_gold, swapped
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


def test_what_was_read_counts_for_what_was_picked(tmp_path: Path) -> None:
    key, picked, best = (
        ("茶馆", "2024-03-01", time) for time in ("09:00:00", "09:01:00", "09:03:00")
    )
    asked = {
        "question": "请问对账文件每天几点能下载？",
        "question_key": key,
        "answer_keys": [picked],
    }
    again = {
        "id": 1,
        "short": "对账文件 几点",
        "reworded": "哪个时段能取账单",
        "hurried": "对帐文件几点",
    }
    files = {
        "gold": [{"id": 1, **asked}, {"id": 2, **asked}],
        "paraphrases": [{"id": 1, "short": "下载对账", "reworded": "几点有文件"}],
        "reasked": [again | {"near": "对账文件能存多久"}],
        "read": [{"id": 1, "answers": [best]}],
    }
    paths = [tmp_path / f"{name}.json" for name in files]
    for path, held in zip(paths, files.values(), strict=True):
        path.write_text(json.dumps(held), encoding="utf-8")
    first, second = read_gold(*paths)
    assert (first.answers, second.answers) == (frozenset({best}), frozenset({picked}))
    assert (first.near, second.near) == ("对账文件能存多久", "")
    assert [*second.texts] == ["verbatim"]
    assert first.texts["short"] == "对账文件 几点"
    assert first.texts["other short"] == "下载对账"


def test_another_word_of_the_archive_takes_the_place_of_one() -> None:
    common = {"建行": 40, "限额": 90, "多少": 400, "t0": 50, "t1": 60}
    asked = {swapped("工行限额多少", common, random.Random(i)) for i in range(20)}
    assert "建行限额多少" in asked
    assert swapped("T+1 结算", common, random.Random(0)) == "t0 结算"
    assert swapped("工行快捷支付在周末的单笔限额现在到底是多少", common, random.Random(0)) == ""
