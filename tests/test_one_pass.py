"""What is scanned by hand says the same as the pattern that says it in one line, and slowly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.archive.formats.markdown import kept
from knowledge.language.display import quoted, shown, unescaped
from knowledge.language.kinds import Quote, is_elliptical, mentions, quote, read

QUOTE = re.compile(
    r"\s*「\s*(?P<name>[^:：「」\n]{1,60}?)\s*[:：](?P<words>.*?)"
    r"(?:」\s*(?:[-–—]\s*)*|(?:[-–—]\s*){5,})(?P<reply>.*)",
    re.DOTALL,
)
SHOWN_QUOTE = re.compile(r"「([^」]*?)[:：](.*?)」\s*(?:-\s*){3,}", re.DOTALL)
EDGE = re.compile(r"^[\W_]+|[\W_]+$")
LINES = re.compile(r"\s*\n\s*")
LINE_END = re.compile(r"[ \t\u3000]+\n")

pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [*"「」：:-–—? \n\u3000_。@a限\x1c", "- - -", "-----", "@甲 ", "a" * 61, "@a@b", "😀"]
        ),
        st.text(max_size=3),
    ),
    max_size=14,
).map("".join)
many = settings(max_examples=300)


@many
@given(pieces, st.booleans())
def test_a_quote_is_what_the_pattern_finds(text: str, opens: bool) -> None:
    text = f"「{text}" if opens else text
    m = QUOTE.match(text)
    found, rest = quote(text)
    if m is None:
        assert (found, rest) == (None, text)
    else:
        assert found == Quote(m["name"].strip(), m["words"].strip())
        assert rest == m["reply"].lstrip("? ")


@many
@given(pieces)
def test_a_shown_quote_is_what_the_pattern_finds(text: str) -> None:
    told = SHOWN_QUOTE.sub(lambda m: f"（回复{m[1].strip()}）", unescaped(text), count=1)
    # Where it stood, there is nothing left to be told so.
    assert shown(text) == shown(told) or SHOWN_QUOTE.search(told)


@many
@given(pieces)
def test_lines_are_joined_as_the_pattern_does(text: str) -> None:
    assert shown(text) == shown(LINES.sub(" ", text)) or "「" in text
    assert kept(text) == kept(LINE_END.sub("\n", kept(text)))


@many
@given(pieces)
def test_what_stands_at_the_ends_counts_for_nothing(text: str) -> None:
    plain = read(text).plain
    assert is_elliptical(plain) == is_elliptical(EDGE.sub("", plain))


@many
@given(pieces)
def test_mentions_at_its_head_are_left_out_of_a_quotation(text: str) -> None:
    rest = text.strip()
    while rest.startswith("@") and (names := mentions(rest)):
        without = rest[1 + len(names[0]) :].lstrip("?\u2005 \t")
        if not rest[1:].startswith(names[0]) or not without:
            break
        rest = without
    assert quoted(text) == shown(rest)


@pytest.mark.parametrize("number", ["1" * 5000, "0" * 5000 + "65", "9" * 20])
def test_the_number_of_no_character_is_a_lost_one(number: str) -> None:
    assert unescaped(f"a&#{number};b &amp; &#65;") == "a\ufffdb & A"
    assert shown(f"a&#{number};b") == "ab"
