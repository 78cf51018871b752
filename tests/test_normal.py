from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.normal import LIMIT, normal, terms, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｔ＋１到账吗", "t+1 到账吗？"),
        ("T + 0", "t0"),
        ("費率是多少", "费率是多少"),
        ("费率千6", "费率0.6%"),
        ("费率千分之六", "费率 6‰"),
        ("费率万5", "费率0.05%"),
        ("@林一一? 对账文件在哪", "对账文件在哪"),
        ("@林一一\u2005对账文件在哪", "对账文件在哪"),
        ("对账文件在哪[捂脸][强]", "对账文件在哪"),
        ("各位大佬请教一下，对账文件在哪", "对账文件在哪"),
        ("打扰了，请问对账文件在哪？谢谢", "对账文件在哪"),
        ("「周大山：十点以后」 - - - - - - - - - - - - - - - 节假日呢", "节假日呢"),
        ("看这个 https://example.org/a?b=c 对吗", "看这个 对吗"),
        ("![2024-01-01 08:00:00](http://example.org/a.png)", ""),
        ("A&amp;B", "a b"),
    ],
)
def test_what_says_the_same_has_one_form(one: str, other: str) -> None:
    assert normal(one).replace(" ", "") == normal(other).replace(" ", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [("费率千6", "费率千8"), ("3万6千", "3万5千"), ("t+0", "t+1"), ("谁的账户", "我的账户")],
)
def test_what_differs_keeps_its_difference(one: str, other: str) -> None:
    assert normal(one) != normal(other)


def test_a_text_of_politeness_alone_is_not_lost() -> None:
    assert normal("请问") == "请问"


def test_tokens_are_bigrams_and_whole_words() -> None:
    assert tokens("用mmcv 2.0对账") == ["用", "mmcv", "2·0", "对账"]
    assert terms("费率是 0.6％") == ["费率", "率是", "0·6％"]


@given(st.text())
def test_any_text_has_a_form_that_is_its_own(text: str) -> None:
    norm = normal(text)
    assert norm == " ".join(norm.split())
    assert all(t and " " not in t and '"' not in t and "\0" not in t for t in terms(norm))


def test_of_an_endless_text_only_the_beginning_counts() -> None:
    assert normal("账" * 100_000) == "账" * LIMIT


def test_simplified_text_does_not_wake_the_converter() -> None:
    script = (
        "import sys; from knowledge.language.normal import tokens; tokens('对账文件在哪？T+1');"
        "sys.exit('opencc' in sys.modules or 'pypinyin' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
