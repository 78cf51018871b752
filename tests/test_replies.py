"""How a message replies: a bare yes or no, how it begins, thanks."""

from __future__ import annotations

import pytest

from knowledge.language.replies import is_yes, opening, thanks
from knowledge.language.words import words


@pytest.mark.parametrize(
    ("plain", "yes"),
    [
        ("嗯，对的", True),
        ("是呀", True),
        ("可以啊", True),
        ("不行", True),
        ("有的", True),
        ("没有", True),
        ("没有限额", False),
        ("嗯嗯", True),
        ("是的。", True),
        ("没有", True),
        ("Yes!", True),
        ("是的，要备案", False),
    ],
)
def test_a_bare_yes_or_no(plain: str, yes: bool) -> None:
    assert is_yes(plain) is yes


@pytest.mark.parametrize(
    ("plain", "code"),
    [("可以，走网关", 1), ("2、先签约", 2), ("首先看合同", 2), ("但费率另谈", 3), ("走网关", 0)],
)
def test_how_a_message_begins(plain: str, code: int) -> None:
    assert opening(plain) == code


def test_a_long_message_that_thanks_does_more_than_that() -> None:
    assert thanks("明白了，谢谢") and not thanks("走网关")
    assert not thanks("谢谢，还想问" + "这个要看各家通道的规定" * 4)


def test_words_are_pairs_of_characters_and_whole_latin_words() -> None:
    assert words("走API v2.0网关") == {"api", "v2.0", "网关"}
