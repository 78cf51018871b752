"""What kinds of question a text asks, and how a question ends."""

from __future__ import annotations

import pytest

from knowledge.language.questions import ending, is_whether, kinds


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("对账文件几点能下载", {"when"}),
        ("哪家银行开户多少钱", {"who", "how much"}),
        ("直连和间连有啥区别", {"what", "difference"}),
        ("对账单为啥缺一天", {"why", "what"}),
        ("十点以后", set()),
    ],
)
def test_kinds_of_question(text: str, asked: set[str]) -> None:
    assert kinds(text) == asked


@pytest.mark.parametrize(
    ("plain", "whether"),
    [
        ("这种第二天能自己平么", True),
        ("要备案嘛…", True),
        ("难道还要备案么", False),
        ("备案了没", False),
    ],
)
def test_a_question_by_its_last_word_alone(plain: str, whether: bool) -> None:
    assert is_whether(plain) is whether


@pytest.mark.parametrize(
    ("plain", "code"), [("要备案？", 2), ("要备案?", 2), ("要备案吗", 1), ("要备案", 0), ("", 0)]
)
def test_how_a_question_ends(plain: str, code: int) -> None:
    assert ending(plain) == code
