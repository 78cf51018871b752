"""What the bot writes down: beside another bot, under a lock, on a full disk, whatever is said."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.record.writing import MOST, Noted
from knowledge.errors import StoreError
from knowledge.loading.load import load
from knowledge.store.transaction import create
from tests.chats import ASKED, put

NOW = datetime(2024, 4, 1, 9, 0, tzinfo=UTC)
CITED = "teahouse-20240301-090000"


def ask(record: Record, text: str, why: Why = Why.NOT_FOUND, contact: str = "c1") -> Noted:
    return record.question(NOW, "1@chatroom", contact, text, Reason(why, 0.2, 0.5), 0.2)


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(database)
    found = conn.execute(sql).fetchall()
    conn.close()
    return found


def test_two_bots_on_one_database_both_write(record: Record, database: Path) -> None:
    other = Record(database)
    for n in range(3):
        ask(record, f"甲问{n}")
        ask(other, f"乙问{n}")
        assert record.flush() and other.flush()
    other.close()
    texts = {text for (text,) in rows(database, "select text from questions")}
    assert texts == {f"{who}问{n}" for who in "甲乙" for n in range(3)}


def test_a_reply_and_what_is_thought_of_it_refer_to_their_question(
    record: Record, database: Path
) -> None:
    other = Record(database)
    for who, bot in (("甲", record), ("乙", other)):
        reply = bot.reply(ask(bot, who, Why.ANSWERED), NOW, f"答{who}")
        bot.feedback(reply, NOW, CITED, who, "c1", 1)
    record.flush()
    other.close()
    joined = (
        "select q.text, r.citation, f.text from questions q join replies r on r.question = q.id"
    )
    found = rows(database, f"{joined} join feedback f on f.reply = r.id order by 1")
    assert found == [("乙", "答乙", "乙"), ("甲", "答甲", "甲")]


def test_a_last_word_replaces_the_one_before(record: Record) -> None:
    reply = record.reply(ask(record, "备付金", Why.ANSWERED), NOW, CITED)
    record.feedback(reply, NOW, CITED, "备付金", "c1", 1)
    record.feedback(reply, NOW, CITED, "备付金", "c1", -1)
    record.feedback(reply, NOW, CITED, "备付金", "c2", 1)
    assert sorted(record.feedback_on(CITED)) == [("备付金", -1), ("备付金", 1)]


def test_what_can_never_be_written_is_dropped_and_the_rest_goes_on(
    record: Record, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ask(record, "前")
    ask(record, "半个字 \ud800")
    record.reply(Noted(), NOW, CITED)
    ask(record, "后")
    with caplog.at_level(logging.ERROR, "palou"):
        assert record.flush()
    assert rows(database, "select text from questions order by id") == [("前",), ("后",)]
    assert rows(database, "select count(*) from replies") == [(0,)]
    assert [r.message.partition(":")[0] for r in caplog.records] == [
        "never written (insert into questions)",
        "never written (insert into replies)",
    ]
    assert "半个字" not in caplog.text


def test_while_a_load_holds_the_lock_entries_wait_and_nothing_else_does(
    record: Record, database: Path
) -> None:
    loading = sqlite3.connect(database, isolation_level=None)
    loading.execute("begin immediate")
    ask(record, "等一等")
    assert not record.flush()
    loading.execute("rollback")
    assert record.flush()
    assert record.unanswered(1)[0].text == "等一等"


def test_a_write_that_fails_holds_up_no_load(
    record: Record, database: Path, tmp_path: Path
) -> None:
    conn = sqlite3.connect(database)
    (pages,) = conn.execute("pragma page_count").fetchone()
    record._conn.execute(f"pragma max_page_count = {pages}")  # as on a full disk
    for n in range(80):
        ask(record, f"{n}" + "很长的话" * 400)
    assert not record.flush()
    put(tmp_path / "archive" / "g", "2024-05-06", ASKED)
    assert load(database, [tmp_path / "archive"]).messages == len(ASKED)
    record._conn.execute("pragma max_page_count = 1073741823")
    assert record.flush()
    assert len(record.decided(NOW - timedelta(hours=1))) == 80


def test_what_waits_is_bounded(
    record: Record, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    loading = sqlite3.connect(database, isolation_level=None)
    loading.execute("begin immediate")
    for n in range(MOST + 3):
        ask(record, str(n))
    loading.execute("rollback")
    assert record.flush()
    assert rows(database, "select count(*), min(id), text from questions") == [(MOST, 1, "3")]
    assert record.dropped == 3 and caplog.text.count("the oldest are dropped") == 1


def test_closing_says_what_could_not_be_written(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(database)
    monkeypatch.setattr("bot.record.writing._CLOSING_SECONDS", 0)
    record = Record(database)
    loading = sqlite3.connect(database, isolation_level=None)
    loading.execute("begin immediate")
    ask(record, "没写成")
    with pytest.raises(
        StoreError, match="1 entries of the record could not be written: the database is locked"
    ):
        record.close()
    loading.close()


def test_unanswered_are_those_not_found_and_not_answered_since(record: Record) -> None:
    for text, why in (
        ("刷脸怎么报备", Why.NOT_FOUND),
        ("刷脸怎么报备", Why.NOT_FOUND),
        ("对账几点出", Why.NOT_FOUND),
        ("对账几点出", Why.ANSWERED),
        ("没人问我的", Why.BELOW_THRESHOLD),
    ):
        ask(record, text, why)
    assert [(q.text, q.times) for q in record.unanswered(5)] == [("刷脸怎么报备", 2)]


def test_what_came_of_questions_is_counted_by_outcome_since_a_moment(record: Record) -> None:
    early = NOW - timedelta(days=1)
    record.question(early, "1", "c1", "昨天", Reason(Why.ANSWERED), 0.9)
    for why in (Why.ANSWERED, Why.NOT_FOUND, Why.COOLDOWN, Why.BELOW_THRESHOLD):
        ask(record, why, why)
    assert record.counts(NOW) == {"answered": 1, "not found": 1, "silent": 2}
    assert record.decided(NOW)[-1] == (NOW, Why.BELOW_THRESHOLD)


def test_reasons_that_a_newer_version_wrote_are_passed_over(record: Record, database: Path) -> None:
    ask(record, "甲")
    record.flush()
    with sqlite3.connect(database) as conn:
        conn.execute("update questions set reason = 'silent: full moon'")
    assert record.decided(NOW) == []
