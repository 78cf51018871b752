"""Words of a long list, found in many texts at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.lexicon import Lexicon
from knowledge.language.possible import possible_words

ALPHABET = "甲乙丙丁ab1 \0\n\ud800𠀀"
WORDS = st.lists(
    st.text("甲乙丙", min_size=1, max_size=4) | st.text("ab1", min_size=1, max_size=3), unique=True
).map(sorted)


@given(WORDS, st.lists(st.text(ALPHABET, max_size=12), max_size=6))
def test_each_text_has_the_words_that_may_be_in_it(words: list[str], texts: list[str]) -> None:
    numbers, rows = Lexicon.of(words).found(texts)
    assert list(numbers) == sorted(numbers)
    for number, text in enumerate(texts):
        there = sorted(words[row] for of, row in zip(numbers, rows, strict=True) if of == number)
        assert there == sorted(word for word in possible_words(text) if word in words)


@pytest.mark.parametrize("words", [["乙", "甲", "丙"], ["甲", "a", "乙"]])
def test_words_in_disorder_are_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match="order"):
        Lexicon.of(words)
