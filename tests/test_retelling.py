"""A question and its answer in one message: as it is written, so it is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive import writing
from knowledge.language.retelling import retelling, retold

_words = st.text(st.characters(exclude_characters=":："), max_size=60)


def test_retold_pairs() -> None:
    text = "昨晚整理：\nQ：手续费谁出？\nA：商户出\nQ2：能开票吗\nA2：能，月底统一开"
    assert retold(text) == (("手续费谁出？", "商户出"), ("能开票吗", "能，月底统一开"))
    assert retold("没有什么可说的：真的") == ()


def test_a_retold_pair_has_both_its_halves() -> None:
    assert retold("A：商户出\nQ：\nA：月底开\nQ：能退吗\nA：\nA：能，原路退") == (
        ("能退吗", "能，原路退"),
    )


@given(_words, _words)
def test_what_is_retold_is_read_back_through_a_file(question: str, answer: str) -> None:
    held = writing.tame_text(retelling(question, answer))
    asked, said = writing.tame_text(" ".join(question.split())), writing.tame_text(answer)
    found = [(q.split(), a.split()) for q, a in retold(held)]
    assert found == ([(asked.split(), said.split())] if asked and said else [])


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(q and a for q, a in retold(text))
