"""What members want forgotten, as a load applies it: what goes from the archive, and what stays."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from knowledge.language.names import SOMEBODY
from knowledge.loading.load import load
from knowledge.store import forget, wishes
from knowledge.store.forget import in_force
from knowledge.store.schema import connect
from knowledge.store.transaction import create
from knowledge.store.wishes import Rule, hashed
from tests.chats import Said, put
from tests.test_load import content

ZHOU = "周大山-青瓦支付"
BEHIND = " - - - - - - - - - - - - - - - "
DAY: list[Said] = [
    ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
    ("09:03:00", ZHOU, "@林一一?早上十点以后，节假日顺延"),
    ("09:03:00", ZHOU, "十点没有就找渠道经理"),
    ("09:05:00", "吴知秋", f"「{ZHOU}：早上十点以后」{BEHIND}我们是九点"),
    ("09:06:00", "林一一", f"@{ZHOU}?好的，听周大山的"),
]
LATER: list[Said] = [
    ("10:00:00", "何小满", "请问退款一般多久到账？"),
    ("10:01:00", "吴知秋", "@何小满?三天"),
]


@pytest.fixture
def loaded(tmp_path: Path, database: Path) -> Path:
    """A group's two days, and one of another group with the same people."""
    put(tmp_path / "archive" / "g", "2024-03-01", DAY)
    put(tmp_path / "archive" / "g", "2024-03-08", LATER)
    put(tmp_path / "archive" / "other", "2024-03-01", [*DAY, ("12:00:00", "林一一", "散了")])
    load(database, [tmp_path / "archive"])
    return database


def wish(database: Path, *rules: Rule) -> None:
    """Keep what somebody wants forgotten; a load applies it."""
    at = datetime(2024, 4, 1, 9, tzinfo=timezone(timedelta(hours=8)))
    wishes.keep(database, rules, at, "wxid_somebody")


def about(database: Path, name: str, words: bool = False) -> list[Rule]:
    with closing(connect(database)) as conn:
        return forget.about(conn, "g", name, words)


def said(database: Path, group: str = "g") -> list[tuple[object, object]]:
    """Who is archived as having said what in a group."""
    return [(row[4], row[5]) for row in content(database)["messages"] if row[0] == group]


def test_a_forgotten_name_goes_from_heads_mentions_and_quotes_of_its_group(
    tmp_path: Path, loaded: Path
) -> None:
    elsewhere = said(loaded, "other")
    wish(loaded, *about(loaded, ZHOU))
    load(loaded, [tmp_path / "archive"])
    assert said(loaded) == [
        ("林一一", DAY[0][2]),
        (SOMEBODY, DAY[1][2]),
        (SOMEBODY, DAY[2][2]),
        ("吴知秋", f"「{SOMEBODY}：早上十点以后」{BEHIND}我们是九点"),
        ("林一一", f"@{SOMEBODY}?好的，听周大山的"),
        *[(who, text) for _, who, text in LATER],
    ]
    assert ("g", ZHOU) not in content(loaded)["speakers"]
    assert said(loaded, "other") == elsewhere


def test_of_one_who_wants_his_words_forgotten_nothing_that_he_said_is_left(
    tmp_path: Path, loaded: Path
) -> None:
    wish(loaded, *about(loaded, ZHOU, words=True))
    load(loaded, [tmp_path / "archive"])
    assert said(loaded)[:3] == [("林一一", DAY[0][2]), (SOMEBODY, ""), (SOMEBODY, "")]


QUOTES = {
    "as WeChat writes it": (f"「{ZHOU}：早上十点以后」{BEHIND}我们是九点", "我们是九点"),
    "in another spelling": (f"「 {ZHOU.upper()} ：早上十点以后」{BEHIND}九点", "九点"),
    "within a quote": (f"「何小满：「{ZHOU}：早上十点以后」{BEHIND}真的吗」{BEHIND}对", None),
    "of somebody else": (f"「何小满：早上十点以后」{BEHIND}对", ""),
}


@pytest.mark.parametrize(("text", "left"), QUOTES.values(), ids=QUOTES.keys())
@pytest.mark.parametrize("load_again", [False, True], ids=["at once", "by a load"])
def test_what_others_quote_of_him_goes_with_his_words(
    tmp_path: Path, database: Path, text: str, left: str | None, load_again: bool
) -> None:
    put(tmp_path / "archive" / "g", "2024-03-01", [*DAY[:3], ("09:05:00", "吴知秋", text)])
    load(database, [tmp_path / "archive"])
    wish(database, *about(database, ZHOU, words=True))
    if load_again:
        load(database, [tmp_path / "archive"])
        shown = str(said(database)[-1][1])
    else:
        with closing(connect(database)) as conn:
            _, shown = in_force(conn).masked("g", "g-20240301-090500", "吴知秋", text)
    assert ("十点以后" in shown) is (left == "") and ZHOU.lower() not in shown.lower()
    assert shown == (left or text) or left is None


def test_a_name_that_is_quoted_within_a_quote_goes_too(tmp_path: Path, database: Path) -> None:
    text = f"「何小满：「{ZHOU}：早上十点以后」{BEHIND}真的吗」{BEHIND}对"
    put(tmp_path / "archive" / "g", "2024-03-01", [*DAY[:3], ("09:05:00", "吴知秋", text)])
    load(database, [tmp_path / "archive"])
    wish(database, *about(database, ZHOU))
    load(database, [tmp_path / "archive"])
    assert said(database)[-1][1] == text.replace(ZHOU, SOMEBODY)


def test_of_two_messages_of_one_second_the_one_that_is_cited_is_forgotten(
    tmp_path: Path, loaded: Path
) -> None:
    wish(loaded, Rule("message", "g", "g-20240301-090300.1"))
    load(loaded, [tmp_path / "archive"])
    assert said(loaded)[1:3] == [(ZHOU, DAY[1][2]), (SOMEBODY, "")]


def test_every_name_that_somebody_is_known_by_is_forgotten(tmp_path: Path, database: Path) -> None:
    alias, nickname = "沈知渔-蓝鲸支付-架构-成都", "知渔-蓝鲸架构师"
    for date in ("2024-03-01", "2024-03-02"):
        said_then = [
            ("09:00:01", "阿柒", f"@{alias}?请教一下，{date}的怎么配"),
            ("09:00:40", nickname, "在后台第二页里面配"),
        ]
        put(tmp_path / "g", date, said_then)
    load(database, [tmp_path / "g"])
    wish(database, *about(database, alias))
    load(database, [tmp_path / "g"])
    assert said(database) == [
        ("阿柒", f"@{SOMEBODY}?请教一下，2024-03-01的怎么配"),
        (SOMEBODY, "在后台第二页里面配"),
        ("阿柒", f"@{SOMEBODY}?请教一下，2024-03-02的怎么配"),
        (SOMEBODY, "在后台第二页里面配"),
    ]


def test_a_name_within_a_longer_one_leaves_nothing_of_it(tmp_path: Path, database: Path) -> None:
    names = ("小满", "小满数科", "数科")
    put(tmp_path / "g", "2024-03-01", [("09:00:00", "林一一", "@小满?@小满数科?@数科?在吗")])
    load(database, [tmp_path / "g"])
    wish(database, *(rule for name in names for rule in about(database, name)))
    load(database, [tmp_path / "g"])
    assert said(database) == [("林一一", f"@{SOMEBODY}?@{SOMEBODY}?@{SOMEBODY}?在吗")]


RULES = {
    "message": [Rule("message", "g", "g-20240301-090300")],
    "name": [Rule("name", "g", hashed("g", ZHOU))],
    "words": [Rule(what, "g", hashed("g", ZHOU)) for what in ("name", "words")],
}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES.keys())
def test_what_is_forgotten_later_is_known_no_more_than_what_was_forgotten_before(
    tmp_path: Path, loaded: Path, rules: list[Rule]
) -> None:
    fresh = tmp_path / "fresh.db"
    create(fresh)
    before = content(loaded)
    for database in (loaded, fresh):
        wish(database, *rules)
        load(database, [tmp_path / "archive"])
    assert content(loaded) == content(fresh) != before


def test_wishes_hold_before_a_load_and_one_that_is_taken_back_does_not(loaded: Path) -> None:
    with closing(connect(loaded)) as conn:
        assert not in_force(conn)
        wish(loaded, Rule("message", "g", "g-20240301-090300"))
        waiting = in_force(conn)
        assert waiting
        assert waiting.masked("g", "g-20240301-090300", ZHOU, "早") == (SOMEBODY, "")
        assert waiting.masked("g", "g-20240301-090300.1", ZHOU, "早") == (ZHOU, "早")
        (kept,) = wishes.read(loaded).held
        wishes.undo(loaded, kept)
        assert not in_force(conn)


def test_a_name_is_kept_as_the_same_hash_for_good_whatever_its_spelling() -> None:
    """Another hash, and nobody who is in a database already would be forgotten any more."""
    assert hashed("g", "周大山 - 青瓦支付") == "657dae0a04dde29743304118d227b18d"
    assert hashed("g", "周大山  - 青瓦支付?") == hashed("g", "周大山 - 青瓦支付")
    assert hashed("h", "周大山 - 青瓦支付") != hashed("g", "周大山 - 青瓦支付")


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the machine's time zone cannot be moved")
def test_a_wish_is_dated_in_utc(monkeypatch: pytest.MonkeyPatch, loaded: Path) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        wish(loaded, Rule("message", "g", "g-20240301-090300"))
    finally:
        monkeypatch.undo()
        time.tzset()
    (kept,) = wishes.read(loaded).held
    assert kept.at.isoformat() == "2024-04-01T01:00:00+00:00"
