"""The spellings of a nickname meet, and its parts are told apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.names import parts, tidy


def test_spellings_of_a_name_meet() -> None:
    assert tidy("Mia  罗-飞梭?? ") == tidy("mia 罗-飞梭") == "mia 罗-飞梭"
    assert parts(tidy("程紫-Feisuo财务.厦门")) == ["程紫", "feisuo", "财务", "厦门"]


@given(st.text("Aa程? -_~—,.·\u3000"))
def test_what_is_tidy_stays_so(name: str) -> None:
    assert tidy(tidy(name)) == tidy(name)
