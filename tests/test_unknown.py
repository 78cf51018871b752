"""What is said to be mentioned nowhere in the archive."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.harness.group import ROOM, Group
from knowledge.loading.load import load
from knowledge.matching.match import Matcher
from knowledge.store.schema import connect
from tests.chats import ASKED, day, put


@pytest.fixture
def matcher(tmp_path: Path, database: Path) -> Matcher:
    put(tmp_path / "g", "2024-05-06", [
        *ASKED,
        ("10:00:00", "吴知秋", "这套系统怎么接对账接口？"),
        ("10:01:00", "何小满", "先开通 sftp，再配回调"),
    ])  # fmt: skip
    load(database, [tmp_path / "g"])
    return Matcher(connect(database))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("维金系统怎么接", ["维金"]),
        ("请问维金怎么接对账接口？", ["维金"]),
        ("Kafka 怎么接对账接口", ["Kafka"]),
        ("对账文件每天几点能下载", []),
        ("对账文件，有啥区别", []),
        ("维金和 Kafka 怎么接对账接口", ["Kafka"]),  # 维金和怎 is parted nowhere
    ],
)
def test_the_words_that_the_archive_has_never_seen(
    matcher: Matcher, text: str, words: list[str]
) -> None:
    assert set(words) <= set(matcher.unknown(text))
    if not words:
        assert matcher.unknown(text) == []


def test_it_is_the_archive_of_the_groups_that_is_meant(matcher: Matcher) -> None:
    assert "sftp" in matcher.unknown("sftp 怎么接", ["another"])
    assert "sftp" not in matcher.unknown("sftp 怎么接", ["g"])


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_will_do(seeds: sqlite3.Connection, text: str) -> None:
    words = Matcher(seeds).unknown(text)
    assert len(words) <= 2 and all(2 <= len(word) <= 20 for word in words)


def test_a_room_is_not_told_which_words_another_group_uses() -> None:
    said = {
        "g/2024-05-06.md": day("2024-05-06", ASKED),
        "other/2024-05-06.md": day("2024-05-06", [("09:00:00", "何小满", "请问 kafka 怎么接？")]),
    }
    group = Group(files=said, rooms={ROOM: ("g",)})
    replies = [group.ask("林一一", f"{word} 怎么接").sends[0].text for word in ("kafka", "redis")]
    group.close()
    assert "没提到过「kafka」" in replies[0]
    assert replies[0].replace("kafka", "redis") == replies[1]
