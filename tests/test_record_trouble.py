"""What the record does when it cannot be written: nothing is lost silently."""

from __future__ import annotations

import io
import logging
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.harness.group import ROOM
from bot.reasons import Why
from bot.record.record import Record
from bot.record.states import RoomState
from bot.record.writing import MOST, Noted
from bot.reply import texts
from bot.settings import Settings, Speaking
from bot.wire.status import LogHandler, Status
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.errors import StoreError
from knowledge.store.transaction import create
from tests.disk import fill, mounted
from tests.group import said
from tests.tea import QUESTION, Make, command, tea_group
from tests.test_record import CITED, NOW, ask, rows


def locked(record: Record, yes: bool = True) -> None:
    """Let nothing be written, as in a file that is read-only, or everything again."""
    record._conn.execute(f"pragma query_only = {int(yes)}")


def written(database: Path) -> list[str]:
    return [str(text) for (text,) in rows(database, "select text from questions order by id")]


HALF = "半个字 \ud800"


def test_what_fails_together_is_written_as_far_as_it_can_be(
    record: Record, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (pages,) = rows(database, "pragma page_count")[0]
    for n in range(5):
        ask(record, f"短{n}")
    for _ in range(20):
        ask(record, "长" * 2000)
    ask(record, "最后")
    record._conn.execute(f"pragma max_page_count = {pages}")
    for _ in range(50):
        assert not record.flush()
    assert written(database)[:5] == [f"短{n}" for n in range(5)]
    assert record.trouble == "database or disk is full" and not record._conn.in_transaction
    assert caplog.text.count("cannot be written") == 1, "it is said once"
    record._conn.execute("pragma max_page_count = 1073741823")
    assert record.flush() and record.trouble == ""
    assert len(written(database)) == 26 and written(database)[-1] == "最后"
    assert "written again" in caplog.text


def test_what_could_not_be_written_on_a_read_only_disk_is_told_at_the_end(
    database: Path,
) -> None:
    create(database)
    record = Record(database)
    locked(record)
    for n in range(898):
        ask(record, str(n))
    assert record.unanswered(5) == [], "reading goes on without what waits"
    with pytest.raises(StoreError, match=r"898 entries .* readonly"):
        record.close()


@pytest.mark.parametrize("where", ["room", "contact", "text"])
def test_half_a_character_drops_what_bears_it_and_no_more(
    record: Record, database: Path, where: str
) -> None:
    ask(record, "前")
    record.see("1", "c1", "林一一", NOW)
    mark = record.mark()
    if where == "room":
        record.set_room_state(HALF, RoomState(mode="off"))
    elif where == "contact":
        record.forget_contact(HALF)
        record.see("1", HALF, "林一一", NOW)
    else:
        ask(record, HALF)
    assert not record.kept(mark), "nobody is told that it was"
    ask(record, "后")
    assert record.flush() and written(database) == ["前", "后"]
    assert not record._conn.in_transaction and record.dropped == (4 if where == "contact" else 1)


def test_what_cannot_even_be_asked_for_finds_nothing(record: Record) -> None:
    record.see("1", "c1", "林一一", NOW)
    assert record.names(HALF) == [] and record.feedback_on(HALF) == []
    assert record.room_state(HALF) == RoomState()
    assert record.others(HALF) is None, "any name may be anybody's"
    assert record.names("c1") == [("1", "林一一")]


def test_an_error_that_is_none_of_sqlites_leaves_no_transaction_open(
    record: Record, database: Path
) -> None:
    class Stops:
        def __conform__(self, protocol: object) -> str:
            raise KeyboardInterrupt

    record._put("insert into seen values (?, 'c1', 'x', '')", [Stops()])
    with pytest.raises(KeyboardInterrupt):
        record.flush()
    assert not record._conn.in_transaction
    record._queue.clear()
    ask(record, "后")
    assert record.flush() and written(database) == ["后"]


def test_a_lock_that_is_held_for_long_is_told_once(
    database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    create(database)
    seconds = [0.0]
    record = Record(database, monotonic=lambda: seconds[0])
    holding = sqlite3.connect(database, isolation_level=None)
    holding.execute("begin immediate")
    ask(record, "等一等")
    for seconds[0] in range(59):
        assert not record.flush() and record.trouble == ""
    for seconds[0] in range(60, 200):
        assert not record.flush() and record.trouble == "database is locked"
    assert caplog.text.count("cannot be written") == 1
    holding.execute("rollback")
    assert record.flush() and record.trouble == "" and written(database) == ["等一等"]
    record.close()
    holding.close()


def test_of_too_many_that_wait_those_go_first_that_were_promised_to_nobody(
    record: Record, database: Path
) -> None:
    locked(record)
    record.set_room_state("1", RoomState(mode="off"))
    for n in range(MOST + 5):
        ask(record, str(n))
    locked(record, False)
    assert record.flush() and record.dropped == 6
    assert record.room_state("1").mode == "off"


def test_a_row_that_was_undone_is_referred_to_by_none(record: Record, database: Path) -> None:
    question = ask(record, HALF, Why.ANSWERED)
    reply = record.reply(question, NOW, CITED)
    record.feedback(reply, NOW, CITED, "问", "c1", 1)
    assert record.flush() and record.dropped == 3
    assert (question.id, reply.id) == (None, None)
    assert rows(database, "select count(*) from feedback") == [(0,)]


STEPS = st.lists(
    st.sampled_from(["good", "half", "orphan", "locked", "free", "flush"]), max_size=40
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_each_good_entry_is_written_once_and_in_order(
    tmp_path: Path, steps: list[str]
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        database = Path(folder) / "x.db"
        create(database)
        record = Record(database)
        good = 0
        for step in steps:
            if step == "good":
                ask(record, str(good))
                good += 1
            elif step == "half":
                ask(record, HALF)
            elif step == "orphan":
                record.reply(Noted(), NOW, CITED)
            elif step == "flush":
                record.flush()
            else:
                locked(record, step == "locked")
        locked(record, False)
        record.close()
        assert written(database) == [str(n) for n in range(good)]
        assert record.dropped == sum(step in ("half", "orphan") for step in steps)


# What the group is told.


@pytest.mark.parametrize(
    ("given", "done"),
    [
        ("/mode ambient", "模式改为 ambient。"),
        ("/mute 1h", "静音到"),
        ("/unmute", "取消静音。"),
        ("/threshold 0.95", "旁听 0.95"),
    ],
)
def test_nobody_is_told_yes_before_it_is_on_the_disk(make: Make, given: str, done: str) -> None:
    group = make()
    locked(group.core.record)
    reply = command(group, given)
    assert (
        reply.startswith("现在写不进数据库，稍后会再试") and done in reply and "好，" not in reply
    )
    assert "还没写进数据库" in command(group, "/status")
    locked(group.core.record, False)
    group.advance(1)
    assert "写进数据库" not in command(group, "/status")
    assert command(group, given).startswith("好，")


def test_what_needs_no_writing_is_said_as_ever(make: Make) -> None:
    group = make()
    locked(group.core.record)
    group.ask("林一一", QUESTION)
    assert command(group, "/mode").startswith("现在是 mention")
    assert command(group, "/help").startswith(texts.HELP)
    locked(group.core.record, False)


def test_a_setting_that_waited_is_kept_over_a_restart(make: Make) -> None:
    group = make()
    locked(group.core.record)
    group.admin("/mode ambient")
    assert group.mode() == "ambient"
    locked(group.core.record, False)
    group.restart()
    assert group.mode() == "ambient"


def test_feedback_that_could_not_be_written_says_so(make: Make) -> None:
    group = make()
    group.ask("林一一", QUESTION)
    locked(group.core.record)
    assert said(group.say("林一一", "有用")) == texts.NOT_WRITTEN
    locked(group.core.record, False)
    assert said(group.say("林一一", "有用")) == texts.THANKS[1]


def test_a_command_that_breaks_is_answered(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    group = make()
    group.ask("林一一", "请问紫砂壶开壶要煮几个小时？")
    group.admin("/unanswered")
    (group.folder / "answers").write_text("no folder")
    decision = group.admin("/answer 1 小火煮一小时")
    assert (decision.reason.why, said(decision)) == (Why.FAILED, texts.NOT_DONE)
    assert "/answer could not be done" in caplog.text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder, "12m"):
        yield folder


def test_on_a_full_disk_questions_are_answered_and_nothing_that_fits_later_is_lost(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    chosen = Settings(live=Path("live"), speaking=Speaking(person=1000, room=1000))
    with closing(tea_group(chosen)) as group:
        group.say("林一一", "早")
        filler = fill(small_disk)
        reasons = {group.ask(f"茶友{n}", QUESTION).reason.why for n in range(80)}
        assert reasons == {Why.ANSWERED}
        group.say("林一一", "这句记不下来" * 3000)
        status = command(group, "/status")
        assert "还没写进数据库" in status and "database or disk is full" in status
        assert "聊天存档漏了" in status and "No space left on device" in status
        filler.unlink()
        group.say("林一一", "这句又记了")
        group.advance(1)
        assert "答了 80" in command(group, "/status")
        assert "写进数据库" not in command(group, "/status")
        (day,) = (group.folder / "live").rglob("*.md")
        assert day.read_text(encoding="utf-8").count("> 09:00") == len(_kept(day))
        assert "这句又记了" in _kept(day) and not any("记不下来" in text for text in _kept(day))
    assert caplog.text.count("the live archive cannot be written") == 1


def _kept(day: Path) -> list[str]:
    with day.open("rb") as stream:
        return [m.text for m in MarkdownReader().read(stream, day.name).messages]


def test_the_log_says_without_texts_what_is_not_kept(record: Record) -> None:
    stream = io.StringIO()
    handler = LogHandler(Status(stream, lambda: NOW + timedelta(0)))
    logger = logging.getLogger("palou")
    logger.addHandler(handler)
    try:
        locked(record)
        ask(record, "秘密")
        record.flush()
        locked(record, False)
    finally:
        logger.removeHandler(handler)
    assert "the record cannot be written: attempt to write a readonly database" in stream.getvalue()
    assert "秘密" not in stream.getvalue()
    assert ROOM not in stream.getvalue()
