"""Archived days played through the bot, and the page that comes of it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.harness.days import DaysError, days
from bot.harness.replay import Replayed, replay
from bot.reasons import Why
from bot.reports.evaluate import read_questions
from bot.reports.replay_page import replay_page
from bot.reports.words import EN
from bot.settings import Settings
from knowledge.loading.load import load
from knowledge.store.ids import DAY_BITS
from tests.chats import put

QUESTION = "请问对账文件每天几点能下载？"
OLD = [
    ("09:00:00", "林一一", QUESTION),
    ("09:03:00", "周大山-青瓦支付", "@林一一 T+1早上十点以后，节假日顺延"),
    ("09:03:30", "周大山-青瓦支付", "十点没有就找渠道经理"),
    ("09:20:00", "林一一", "谢谢"),
]
HOSTILE = "<script>alert('你好')</script><img src=x onerror=alert(1)></script>"
NEW = [
    ("10:00:00", HOSTILE, "早 <b>粗</b> & </script>"),
    ("10:01:00", "小吴", QUESTION),
    ("10:05:00", "小郑", HOSTILE),
    ("10:06:00", "小郑", QUESTION),
    ("10:06:05", "小吴", "@小郑 楼上刚问过"),
    ("23:59:59", "小林", QUESTION),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A group with a day that answers a question, and two later ones that ask it again."""
    put(tmp_path / "茶馆", "2024-03-01", OLD)
    put(tmp_path / "茶馆", "2024-03-08", NEW)
    put(tmp_path / "茶馆", "2024-03-09", [("08:00:00", "小吴", "请问回单的章要换吗？")])
    return tmp_path


def played(archive: Path, first: str, last: str, **options: object) -> Replayed:
    chosen = Settings(overheard=0.02, asked=0.02)
    database = archive / f"{first}.db"
    return replay(days(archive, first, last), chosen, database, **options)  # type: ignore[arg-type]


def test_it_speaks_when_it_would_have_and_keeps_what_a_rule_forbade(archive: Path) -> None:
    done = played(archive, "2024-03-08", "2024-03-08")
    assert (done.group, done.messages, done.known) == ("茶馆", 6, 4)
    reasons = [(m.message.citation.time, m.spoke, str(m.reason)) for m in done.moments]
    assert reasons == [
        ("10:01:00", True, "answered"),
        ("10:06:00", False, "silent: a person answered"),
        ("23:59:59", True, "answered"),
    ]
    first = done.moments[0]
    assert "原文：茶馆-20240301-090000" in first.replied
    assert "茶馆-20240301-090300" in first.quotes
    assert [m.citation.time for m in first.before] == ["10:00:00"]
    assert [m.citation.time for m in first.after][:1] == ["10:05:00"]
    assert (first.at.hour, first.at.minute, first.at.second) == (10, 1, 20)
    assert sum(count for _, count in done.reasons) == done.messages


def test_a_day_exported_at_noon_and_again_at_night_is_played_once(archive: Path) -> None:
    once = days(archive, "2024-03-08", "2024-03-08").messages
    put(archive / "茶馆", "2024-03-08", NEW[:4], name="2024-03-08-noon.markdown")
    twice = days(archive, "2024-03-08", "2024-03-08").messages
    assert twice == once
    load(archive / "known.db", [archive])
    with closing(sqlite3.connect(archive / "known.db")) as conn:
        there = conn.execute(
            "select time, n from messages join days on days.id = messages.id >> ?"
            " where date = '2024-03-08' order by messages.id",
            [DAY_BITS],
        ).fetchall()
    assert [(m.citation.time, m.citation.n) for m in twice] == there


def test_it_knows_only_what_was_archived_before(archive: Path) -> None:
    done = played(archive, "2024-03-01", "2024-03-01")
    assert (done.known, done.moments) == (0, ())


def test_daily_it_learns_a_day_when_that_is_over(archive: Path) -> None:
    without = played(archive, "2024-03-01", "2024-03-08")
    (archive / "2024-03-01.db").unlink()
    learning = played(archive, "2024-03-01", "2024-03-08", daily=True)
    assert not [m for m in without.moments if m.spoke]
    assert [m.message.citation.date for m in learning.moments if m.spoke] == ["2024-03-08"] * 2


def test_mentions_only(archive: Path) -> None:
    said = [("10:00:00", "小吴", QUESTION), ("10:30:00", "小郑", f"@爬楼 {QUESTION}")]
    put(archive / "茶馆", "2024-03-10", said)
    done = played(archive, "2024-03-10", "2024-03-10", mode="mention")
    assert [(m.message.citation.time, m.spoke) for m in done.moments] == [("10:30:00", True)]
    assert sorted(done.reasons) == [("answered", 1), ("silent: not mentioned", 1)]


def test_which_days_and_whose(archive: Path) -> None:
    with pytest.raises(DaysError, match=r"茶馆 has no message from 2023-01-01 to 2023-02-01"):
        days(archive, "2023-01-01", "2023-02-01")
    put(archive / "小群", "2024-03-08", OLD)
    with pytest.raises(
        DaysError, match=r"name one group with --room; there is 小群, 茶馆|茶馆, 小群"
    ):
        days(archive, "2024-03-08", "2024-03-08")
    assert days(archive, "2024-03-08", "2024-03-08", "小群").group == "小群"
    with pytest.raises(DaysError, match="there is no group 别的"):
        days(archive, "2024-03-08", "2024-03-08", "别的")


def test_the_page_shows_hostile_text_as_text_and_fetches_nothing(archive: Path) -> None:
    html = replay_page(played(archive, "2024-03-08", "2024-03-08"))
    assert html.count("<script") == html.count("</script>") == 2
    assert "<img" not in html and "<b>粗" not in html
    assert "&lt;b&gt;粗&lt;/b&gt; &amp;" in html
    assert not re.search(r"<[a-z][^>]*(?:src|href)\s*=\s*[\"']?[^#\"'\s]", html)
    assert "default-src 'none'" in html


def test_labels_are_what_eval_reads(archive: Path) -> None:
    html = replay_page(played(archive, "2024-03-08", "2024-03-08"))
    data = re.search(r'id="data">(.*?)</script>', html)
    assert data is not None
    held = json.loads(data[1])
    assert [q["asked"] for q in held["questions"]] == [
        "茶馆-20240308-100100",
        "茶馆-20240308-235959",
    ]
    labels = archive / held["file"]
    labels.write_text(
        "".join(json.dumps(q | {"label": "welcome"}) + "\n" for q in held["questions"]),
        encoding="utf-8",
    )
    assert [len(q.answers) > 1 for q in read_questions(labels)] == [True, True]


def test_without_a_reply_it_shows_the_near_misses_that_it_kept_silent_on(archive: Path) -> None:
    put(archive / "茶馆", "2024-03-10", [("10:00:00", "小吴", "请问对账文件几点可以下载呀，急")])
    strict = Settings(overheard=1.0, asked=1.0, base_url="https://e.org")
    done = replay(days(archive, "2024-03-08", "2024-03-10"), strict, archive / "strict.db")
    assert not done.moments and done.near, done.reasons
    sure = [m.reason.figure or 0.0 for m in done.near]
    assert sure == sorted(sure, reverse=True) and {m.reason.why for m in done.near} == {
        Why.BELOW_THRESHOLD
    }
    html = replay_page(done, link=lambda cited: f"https://e.org/m/{cited}")
    assert html.index("它一次都不会开口") < html.index("差一点就开口的")
    assert '<details class="card" open>' in html and "把握不够" in html and "<script" not in html
    assert 'href="https://e.org/m/茶馆-20240308-100100"' in html
    assert "十点以后" in html, "what it would have said"


def test_the_page_begins_with_what_it_was_least_sure_of(archive: Path) -> None:
    put(archive / "茶馆", "2024-03-10", [("10:00:00", "小吴", "请问对账单文件早上几点能下呢？")])
    done = played(archive, "2024-03-08", "2024-03-10")
    sure = [m.confidence for m in done.moments if m.spoke]
    held = re.search(r'id="data">(.*?)</script>', replay_page(done, EN))
    assert held is not None and len(set(sure)) > 1
    shown = [q["confidence"] for q in json.loads(held[1])["questions"]]
    assert shown == sorted(shown) and len(shown) == len(sure)


def palou(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["replay", *map(str, arguments)])


def test_the_command_writes_the_page_and_the_knowledge(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive)
    monkeypatch.setenv("PALOU_THRESHOLDS_ASKED", "0.02")
    monkeypatch.setenv("PALOU_THRESHOLDS_OVERHEARD", "0.02")
    span = ("--from", "2024-03-08", "--to", "2024-03-08")
    result = palou(archive, *span, "--keep", "known.db")
    assert result.exit_code == 0, result.output
    assert "茶馆, 2024-03-08 to 2024-03-08: 6 messages, 2 replies, 1 kept back" in result.stdout
    assert "messages a second; report: replay.html" in result.stderr
    page = (archive / "replay.html").read_text(encoding="utf-8")
    assert "爬楼会在什么时候开口：茶馆，2024-03-08 至 2024-03-08" in page
    (archive / "l.jsonl").write_text(
        json.dumps({"question": QUESTION, "answers": ["茶馆-20240301-090300"]}), encoding="utf-8"
    )
    judged = CliRunner().invoke(main, ["eval", "l.jsonl", "--db", "known.db"])
    assert "hit@1 1.000" in judged.stdout
    again = palou(archive, *span, "--keep", "known.db")
    assert (again.exit_code, "known.db is there already" in again.stderr) == (1, True)
    empty = palou(archive, "--from", "2024-03-01", "--to", "2024-03-01")
    assert "the bot knew nothing; --daily" in empty.stderr
