from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.language.synonyms import Synonyms, SynonymsError
from knowledge.loading.load import load
from knowledge.matching.compare import NAMES
from knowledge.matching.match import Matcher, asked_in
from knowledge.matching.overheard import asks
from knowledge.matching.rank import STANDING
from knowledge.model import Citation, Exchange, Message
from knowledge.store.schema import connect
from tests.chats import Said, put

ASIDE: list[Said] = [
    (f"1{i // 60}:{i % 60:02}:00", "周大山", text)
    for i, text in enumerate(
        [
            "备付金要交存到哪里？",
            "备付金都交存到央行",
            "备付金利息归谁呢？",
            "备付金利息归支付公司",
        ]
        * 20
    )
]
"""A long talk that makes its words common."""

ASKED: list[Said] = [
    ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
    ("09:01:00", "周大山", "@林一一?早上十点以后，节假日顺延"),
    ("14:00:00", "林一一", "商户进件被拒了怎么申诉？"),
    ("14:01:00", "何小满", "@林一一?在后台补营业执照，重新提交就行"),
]
AGAIN: list[Said] = [
    ("11:00:00", "吴知秋", "对账文件每天几点能下载啊"),
    ("11:01:00", "周大山", "@吴知秋?现在改成早上八点了"),
]


def matcher(path: Path, synonyms: Synonyms | None = None) -> Matcher:
    return Matcher(connect(path), synonyms)


@pytest.fixture
def loaded(tmp_path: Path, database: Path) -> Path:
    put(tmp_path / "paytalk", "2024-03-01", ASKED)
    put(tmp_path / "paytalk", "2024-05-01", AGAIN)
    put(tmp_path / "other", "2024-04-01", ASIDE)
    load(database, [tmp_path / "paytalk", tmp_path / "other"])
    return database


def test_the_question_as_it_was_asked_comes_first(seeds: sqlite3.Connection) -> None:
    matcher = Matcher(seeds)
    rows = seeds.execute(
        "select x.id, text from exchange_texts x join exchanges using (id)"
        " join messages m on m.id = x.id >> 6 where x.sought > 0.2 and x.count > 0"
        " and length(question) > 12 and not retold"
    ).fetchall()
    assert len(rows) > 20
    missed = [t for _, t in rows if matcher.ask(t)[0].exchange.lead.text != t]
    assert len(missed) <= len(rows) / 50


@pytest.mark.parametrize(
    "text",
    [
        "对账文件几点下载",
        "各位大佬请教一下，對賬文件每天幾點能下載，急",
        "对账文件什么时候可以下载呀[捂脸]",
    ],
)
def test_other_words_find_the_same_question(loaded: Path, text: str) -> None:
    assert "对账文件" in matcher(loaded).ask(text)[0].exchange.lead.text


def test_a_question_asked_twice_is_one_match_with_a_repeat(loaded: Path) -> None:
    first, *others = matcher(loaded).ask("对账文件每天几点能下载")
    dates = [x.lead.citation.date for x in (first.exchange, *first.repeats)]
    assert sorted(dates) == ["2024-03-01", "2024-05-01"]
    assert all("对账文件每天" not in m.exchange.lead.text for m in others)


def test_groups_narrow_the_matches(loaded: Path) -> None:
    def found(groups: list[str] | None) -> set[str]:
        matches = matcher(loaded).ask("备付金每天几点能下载", groups=groups)
        return {m.exchange.lead.citation.group for m in matches}

    assert found(None) == found(["paytalk", "other"]) == {"paytalk", "other"}
    assert found(["paytalk"]) == {"paytalk"}
    assert found(["other"]) == {"other"}
    assert found([]) == set()


def test_a_stranger_question_is_less_certain_than_a_known_one(loaded: Path) -> None:
    ask = matcher(loaded).ask
    known = ask("对账文件每天几点能下载")[0].confidence
    strange = [m.confidence for m in ask("自驾去草原几月份风景最好，早上冷不冷")]
    assert known > 0.5
    assert all(c < known / 2 for c in strange)


def test_confidences_fall_and_come_with_their_figures(loaded: Path) -> None:
    matches = matcher(loaded).ask("备付金每天几点能下载")
    confidences = [m.confidence for m in matches]
    assert len(matches) > 2 and confidences == sorted(confidences, reverse=True)
    assert all(0 <= c <= 1 for c in confidences)
    assert all(len(m.figures) == len(NAMES) + len(STANDING) for m in matches)


def test_a_word_typed_by_its_sound_is_understood(loaded: Path) -> None:
    best = matcher(loaded).ask("备负金")
    assert best and "备付金" in best[0].exchange.lead.text


def test_synonyms_open_another_way(loaded: Path) -> None:
    synonyms = Synonyms.parse(["沉淀资金 => 备付金"])
    assert matcher(loaded).ask("沉淀资金") == []
    assert "备付金" in matcher(loaded, synonyms).ask("沉淀资金")[0].exchange.lead.text


@pytest.mark.parametrize("line", ["备付金", "=> 备付金", "备付金 =>", "a => b => c", "，, ，"])
def test_a_line_that_makes_no_rule_is_named(line: str) -> None:
    with pytest.raises(SynonymsError, match="line 3"):
        Synonyms.parse(["# 支付", "网联, 清算平台", line])


def test_synonyms_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("# 支付\n\n备付金, 沉淀资金\n", encoding="utf-8")
    assert Synonyms.read(file).variants("沉淀资金在哪") == ["备付金在哪"]
    with pytest.raises(SynonymsError, match="absent"):
        Synonyms.read(tmp_path / "absent.txt")


def test_a_load_while_asking_is_noticed(tmp_path: Path, loaded: Path) -> None:
    asking = matcher(loaded)
    assert all("云闪付" not in m.exchange.lead.text for m in asking.ask("云闪付限额是多少"))
    put(
        tmp_path / "paytalk",
        "2024-06-01",
        [("10:00:00", "林一一", "云闪付限额是多少？"), ("10:01:00", "何小满", "单笔一千")],
    )
    load(loaded, [tmp_path / "paytalk"])
    assert asking.ask("云闪付限额是多少")[0].exchange.lead.text == "云闪付限额是多少？"


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("备付金放哪", True),
        ("手续费多少", True),
        ("退款多久能到账", True),
        ("到账了？", True),
        ("这种第二天能自己平么", True),
        ("你们难道不是同行么", False),
        ("@程青-石桥-产品?可以期待了", False),  # a lost character, no question mark
        ("好的收到", False),
        ("", False),
    ],
)
def test_what_asks_for_information(text: str, asking: bool) -> None:
    assert asks(text) is asking


HOSTILE = [
    '"',
    "' OR 1=1 --",
    "question : * AND NOT",
    "NEAR(a b)",
    "对账\0文件",
    "\ud800",
    "🙃" * 500,
    "§",
    "(" * 10_000,
    "对账文件" * 25_000,
    "a" * 100_000,
    " ".join(str(i) for i in range(50_000)),
    "",
    " \n\t",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_asked_raises(loaded: Path, text: str) -> None:
    assert len(matcher(loaded).ask(text)) <= 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_can_be_asked(seeds: sqlite3.Connection, text: str) -> None:
    assert len(Matcher(seeds).ask(text, k=3)) <= 3
    asks(text)


def test_of_a_question_in_several_messages_the_one_that_was_meant_is_named() -> None:
    def said(time: str, text: str) -> Message:
        return Message(Citation("g", "2024-05-06", time), "林一一", text)

    parts = said("09:00:00", "请教一个对账的事"), said("09:00:20", "渠道文件几点能下载")
    exchange = Exchange(parts, ())
    assert asked_in(exchange, "渠道文件几点下载？") == parts[1]
    assert asked_in(exchange, "请教对账的事") == parts[0]
