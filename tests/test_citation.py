"""Citations are stable strings that can be read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.groups import group_name
from knowledge.model import Citation


def test_a_citation_names_group_date_and_time() -> None:
    assert str(Citation("paytalk", "2024-03-02", "10:15:04")) == "paytalk-20240302-101504"
    assert str(Citation("paytalk", "2024-03-02", "10:15:04", 2)) == "paytalk-20240302-101504.2"


@given(
    st.text(max_size=20).map(group_name),
    st.dates().map(lambda d: d.isoformat()),
    st.times().map(lambda t: t.strftime("%H:%M:%S")),
    st.integers(0, 300),
)
def test_what_is_written_is_read_back(group: str, date: str, time: str, n: int) -> None:
    cited = Citation(group, date, time, n)
    assert Citation.parse(str(cited)) == cited


@pytest.mark.parametrize("text", ["", "paytalk", "paytalk-2024-03-02", "-20240302-101504", "a b"])
def test_what_is_no_citation_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="one looks like paytalk-20240301-075607"):
        Citation.parse(text)
