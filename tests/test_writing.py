"""Writing the daily files: whatever is written is read back as it is, and as no other message."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.limits import CUT, NAME_CHARACTERS, TEXT_CHARACTERS
from knowledge.archive.reading import ReadFile

READER = MarkdownReader()

_SIGNS = (
    *("> 09:00:00  ", "> 99:99:99  乙", "> ", "---\n", "  \n   \n", "date: 2020-01-01", "早"),
    *("\n", "\r", "\r\n", "\x00", "\x0b", "\x85", "\u2028", "\u3000", "\ufeff", "\ud800"),
)
_hostile = st.lists(
    st.one_of(st.text(st.characters(), max_size=20), st.sampled_from(_SIGNS)), max_size=8
).map("".join)
_time = st.times().map(lambda t: t.strftime("%H:%M:%S"))


def read(content: str) -> ReadFile:
    return READER.read(io.BytesIO(content.encode()), "")


def said(content: str) -> list[tuple[str, str, str]]:
    return [(m.time, m.speaker, m.text) for m in read(content).messages]


@given(st.lists(st.tuples(_time, _hostile, _hostile), max_size=6))
def test_hostile_names_and_texts_are_read_back_as_so_many_messages(
    messages: list[tuple[str, str, str]],
) -> None:
    messages.sort(key=lambda m: m[0])
    content = writing.day("2024-05-06", messages, "夜谈")
    reading = read(content)
    assert said(content) == [
        (at, writing.tame_name(name), writing.tame_text(text)) for at, name, text in messages
    ]
    assert (reading.group, reading.losses) == ("夜谈", ())
    assert {m.date for m in reading.messages} <= {"2024-05-06"}
    assert READER.recognises(content.encode())


@given(_hostile)
def test_what_is_tame_stays_as_it_is(text: str) -> None:
    name, words = writing.tame_name(text), writing.tame_text(text)
    assert (writing.tame_name(name), writing.tame_text(words)) == (name, words)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=40))
def test_what_a_member_types_in_one_line_is_kept_to_the_letter(text: str) -> None:
    assert writing.tame_text(text) == text
    assert writing.tame_name(text) == (text or "无名")


@pytest.mark.parametrize(
    ("text", "read_back"),
    [
        ("> 09:00:00  假冒  \n真的", "> 09:00:00  假冒\n真的"),
        ("真的\n> 09:00:00  假冒\n哈", "真的\n > 09:00:00  假冒\n哈"),
        ("真的\r> 09:00:00  假冒", "真的> 09:00:00  假冒"),
        ("真的\n\x00> 09:00:00  假冒", "真的\n > 09:00:00  假冒"),
        ("一\n\n\n二", "一\n\n\n二"),
        ("---\ndate: 2020-01-01\n---", "---\ndate: 2020-01-01\n---"),
    ],
)
def test_a_text_makes_no_message_of_somebody_else(text: str, read_back: str) -> None:
    content = writing.day("2024-05-06", [("10:00:00", "小林", text), ("10:00:01", "老周", "好")])
    assert said(content) == [("10:00:00", "小林", read_back), ("10:00:01", "老周", "好")]


@pytest.mark.parametrize(
    ("name", "read_back"),
    [("小林\n> 09:00:00  假冒", "小林 > 09:00:00 假冒"), (" \n", "无名"), ("\x00", "无名")],
)
def test_a_name_stays_in_its_header(name: str, read_back: str) -> None:
    content = writing.day("2024-05-06", [("10:00:00", name, "好")])
    assert said(content) == [("10:00:00", read_back, "好")]


def test_a_text_beyond_the_limit_of_a_reader_is_cut_when_it_is_written() -> None:
    name, text = "名" * (NAME_CHARACTERS + 1), "长" * (TEXT_CHARACTERS + 1)
    content = writing.day("2024-05-06", [("10:00:00", name, text)])
    ((_, speaker, words),) = said(content)
    assert words == text[: TEXT_CHARACTERS - len(CUT)] + CUT
    assert speaker == name[:NAME_CHARACTERS]
    assert read(content).losses == ()


@pytest.mark.parametrize("gap", [" ", "\n", "\n> ", "\u3000\n", "\x00"])
def test_a_long_text_stays_as_it_is_once_it_is_cut(gap: str) -> None:
    for size in range(TEXT_CHARACTERS - 6, TEXT_CHARACTERS + 3):
        text = writing.tame_text("长" * (size - 3) + gap + "的" * 5)
        assert writing.tame_text(text) == text
        assert said(writing.day("2024-05-06", [("10:00:00", "小林", text)]))[0][2] == text


def test_a_message_can_follow_wherever_a_file_was_cut_off() -> None:
    head, cut = writing.front_matter("2024-05-06"), writing.block("10:00:00", "小林", "好\n的")
    start, content = len(head.encode()), (head + cut).encode()
    for end in range(start, len(content) + 1):
        there = content[:end]
        if not writing.is_whole(there):
            there += writing.END.encode()
        there += writing.block("10:00:01", "老周", "在").encode()
        messages = READER.read(io.BytesIO(there), "").messages
        assert (messages[-1].speaker, messages[-1].text) == ("老周", "在")
    assert writing.is_whole(content[:start]) and writing.is_whole(content)
