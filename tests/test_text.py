"""Archived texts as members should read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.display import is_image, quoted, sentences, shown


@pytest.mark.parametrize(
    ("archived", "read"),
    [
        ("可以的[强][捂脸]", "可以的"),
        ("早??吃了吗", "早吃了吗"),
        ("吃了吗?", "吃了吗?"),
        ("@程青-石桥-产品-厦门?按T+1结", "@程青-石桥-产品-厦门 按T+1结"),
        ("选型-&gt;设计 Q&amp;A", "选型->设计 Q&A"),
        ("![2024-05-06 08:07:21](http://img.example.com/1.png)", "（图片）"),
        (
            "「程青-石桥-产品：什么时候到账」 - - - - - - - - - - - - - - - 明天",
            "（回复程青-石桥-产品）明天",
        ),
        ("一行\n  \n两行", "一行 两行"),
        ("反\u202e转", "反转"),
        ("数组 a[0] 和 [12345678]", "数组 a[0] 和 [12345678]"),
        ("[强]", ""),
    ],
)
def test_shown(archived: str, read: str) -> None:
    assert shown(archived) == read


@pytest.mark.parametrize(
    ("archived", "read"),
    [
        ("@程青-石桥-产品-厦门?按T+1结", "按T+1结"),
        ("@程青-石桥-产品 @阿蓝-石桥-技术 看公告", "看公告"),
        ("按T+1结，@程青-石桥-产品 说的对", "按T+1结，@程青-石桥-产品 说的对"),
        ("@程青-石桥-产品", "@程青-石桥-产品"),
    ],
)
def test_a_quotation_needs_not_say_whom_it_answers(archived: str, read: str) -> None:
    assert quoted(archived) == read


def test_an_image_alone_is_one_and_with_words_is_none() -> None:
    image = "![2024-05-06 08:07:21](http://img.example.com/1.png)"
    assert is_image(image)
    assert not is_image(f"看图 {image}")


def test_a_cut_falls_at_the_end_of_a_sentence() -> None:
    assert sentences("第一句。第二句。第三句很长很长", 12) == "第一句。第二句。"


def test_a_cut_within_a_sentence_is_marked() -> None:
    assert sentences("一二三四五六七八九十", 5) == "一二三四…"


@given(st.text(max_size=300), st.integers(2, 100))
def test_a_cut_text_is_never_too_long(text: str, limit: int) -> None:
    assert len(sentences(text, limit)) <= limit


@given(st.text(max_size=200))
def test_what_is_shown_stays_in_one_line(text: str) -> None:
    assert "\n" not in shown(text)
