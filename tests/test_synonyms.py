"""An operator's synonyms: the file, the setting, and what is said of a match that they brought."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.harness.console import Console
from bot.harness.group import Group
from bot.reasons import Why
from bot.settings import Settings
from knowledge.language.synonyms import Synonyms, SynonymsError
from knowledge.loading.load import load
from tests.chats import ASKED, put
from tests.command import palou

STRANGE = "拉流水的钟点"
RULE = "拉流水的钟点 => 对账文件每天几点能下载\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a small archive, loaded, and a file of synonyms."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "seeds" / "g", "2024-05-06", ASKED)
    load(tmp_path / "palou.db", [tmp_path / "seeds"])
    (tmp_path / "words.txt").write_text(RULE, encoding="utf-8")
    return tmp_path


def test_a_latin_phrase_is_found_as_a_whole_word() -> None:
    variants = Synonyms.parse(["pos => 收单终端"]).variants
    assert variants("用pos收款") == ["用 收单终端 收款"]
    assert variants("position") == []


def test_what_several_rules_say_of_a_phrase_is_tried_in_their_order_and_once() -> None:
    said = Synonyms.parse(["押金, 保证金, 押金", "押金 => 保证金, 定金", "押金 => 押金, 订金"])
    assert said.variants("退押金") == ["退保证金", "退定金", "退订金"]


def test_a_line_of_many_words_keeps_each_once() -> None:
    words = [f"词{n}号" for n in range(4000)]
    said = Synonyms.parse([", ".join(words)])
    assert len(said.phrases) == 4000
    assert len({id(rule) for rules in said.phrases.values() for rule in rules}) == 1
    assert said.variants("词3999号") == [f"词 {n} 号" for n in range(4)]


def test_a_file_that_was_saved_with_a_mark_at_its_start_is_read(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text(RULE, encoding="utf-8-sig")
    assert Synonyms.read(file).variants(STRANGE) == ["对账文件每天几点能下载"]


def test_what_is_no_utf_8_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes("# 支付\n".encode() + "勾兑单, 对账单".encode("gbk"))
    with pytest.raises(SynonymsError, match=r"words\.txt, line 2 is no UTF-8"):
        Synonyms.read(file)


def test_the_settings_name_the_file(here: Path) -> None:
    assert "周大山" not in palou("ask", STRANGE).stdout
    (here / "palou.toml").write_text('synonyms = "words.txt"')
    asked = palou("ask", STRANGE)
    assert "▸ 周大山-青瓦支付 09:03" in asked.stdout
    assert "(found by synonym: 对账文件每天几点能下载)" in asked.stderr


def test_an_option_overrides_the_settings(here: Path) -> None:
    (here / "palou.toml").write_text('synonyms = "absent.txt"')
    best = json.loads(palou("ask", "--json", "--synonyms", "words.txt", STRANGE).stdout)
    assert best["answered"]
    assert best["matches"][0]["by"] == "synonym"
    assert best["matches"][0]["read_as"] == "对账文件每天几点能下载"


def test_a_match_by_the_words_as_they_are_says_so(here: Path) -> None:
    best = json.loads(palou("ask", "--json", "--synonyms", "words.txt", ASKED[0][2]).stdout)
    assert (best["matches"][0]["by"], best["matches"][0]["read_as"]) == ("words", "")


@pytest.mark.parametrize(
    "args",
    [
        ("ask", "备付金"),
        ("chat",),
        ("eval", "questions.md"),
        ("replay", "seeds", "--from", "2024-05-06", "--to", "2024-05-06"),
        ("run", "--dry-run"),
    ],
    ids=lambda args: args[0],
)
def test_a_line_that_makes_no_rule_stops_every_command_that_asks(
    here: Path, args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ENDPOINT", "TOKEN"):
        monkeypatch.setenv(f"WECHATY_PUPPET_SERVICE_{name}", "127.0.0.1:9")
    if args[0] == "run" and find_spec("wechaty") is None:
        pytest.skip("palou[wechat] is not installed")
    (here / "questions.md").write_text("- 几点能下载 → g-20240506-090000\n", encoding="utf-8")
    (here / "wrong.txt").write_text("# 支付\n备付金\n", encoding="utf-8")
    result = palou(*args, "--synonyms", "wrong.txt")
    assert result.exit_code == 1
    assert result.stderr == (
        "palou: wrong.txt, line 2: '备付金' makes no rule; one looks like"
        " 'one, other' or 'one => other'\n"
    )


@pytest.fixture
def group(here: Path) -> Iterator[Group]:
    """A group whose bot reads the file of synonyms."""
    made = Group(here / "seeds", settings=Settings(synonyms=here / "words.txt"))
    yield made
    made.close()


def test_a_reload_reads_the_file_again(here: Path, group: Group) -> None:
    assert group.ask("小林", "取账单的时辰").reason.why is not Why.ANSWERED
    (here / "words.txt").write_text("取账单的时辰 => 对账文件每天几点能下载\n", encoding="utf-8")
    group.admin("/reload")
    group.advance(1)
    assert str(group.ask("小林", "取账单的时辰").reason) == "answered"


def test_a_file_that_broke_meanwhile_leaves_the_old_synonyms_and_is_reported(
    here: Path, group: Group
) -> None:
    (here / "words.txt").write_text("拉流水的钟点\n", encoding="utf-8")
    group.admin("/reload")
    group.advance(1)
    assert "同义词没有读成，仍用原来的" in group.last().reply
    assert "words.txt, line 1" in group.last().reply
    assert str(group.ask("小林", STRANGE).reason) == "answered"


def test_why_and_the_terminal_say_that_a_synonym_brought_the_match(group: Group) -> None:
    console = Console(group)
    why = [line.text for line in console.enter(STRANGE) if line.kind == "why"]
    assert why[0].endswith("（按同义词：对账文件每天几点能下载）")
    group.admin("/why")
    assert "（按同义词：对账文件每天几点能下载）" in group.last().reply
