"""What was overheard is answered by how sure the match is, and by how the question is put."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching.overheard import quoted_question, welcome

EARNEST = "请教一下各位，商户的手续费是按笔收还是按月收，退款的时候手续费一般会退回来吗？"
TALK = "这谁顶得住啊，你说是不是"


def test_who_begs_for_an_answer_is_sooner_given_one() -> None:
    assert welcome(0.7, EARNEST) > 0.7 > welcome(0.7, TALK)


def test_a_sure_match_is_told_however_it_is_asked() -> None:
    assert welcome(0.99, "微信的商户提现到银行卡一般要多久才能到账？") > 0.9


@given(st.text(max_size=200), st.floats(0, 1), st.floats(0, 1))
def test_it_grows_with_the_confidence(text: str, one: float, other: float) -> None:
    low, high = welcome(min(one, other), text), welcome(max(one, other), text)
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "「林一：工行快捷单笔限额是多少？」\n- - - - - -\n这个有人知道吗",
            "工行快捷单笔限额是多少？",
        ),
        ("「林一：工行快捷单笔限额是多少？」\n- - - - - -\n", "工行快捷单笔限额是多少？"),
        ("「林一：限额是五千」\n- - - - - -\n这个有人知道吗", ""),
        ("「林一：费率多少？」\n- - - - - -\n那么工行快捷支付的单笔限额现在是多少呢？", ""),
        ("工行快捷单笔限额是多少？", ""),
    ],
)
def test_a_question_that_is_quoted_counts_where_nothing_else_is_asked(
    text: str, asked: str
) -> None:
    assert quoted_question(text) == asked
