"""ReadFile daily markdown files: the quirks that real files have, and damage."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats import markdown
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.reading import ReadFile
from tests.chats import Said, day

READER = MarkdownReader()


def read(text: str | bytes, filename: str = "chat.markdown") -> ReadFile:
    data = text.encode() if isinstance(text, str) else text
    return READER.read(io.BytesIO(data), filename)


def said(reading: ReadFile) -> list[Said]:
    return [(m.time, m.speaker, m.text) for m in reading.messages]


def test_a_day_as_the_export_writes_it() -> None:
    reading = read(
        "---\nlayout:     source \ndate:       2024-05-06 12:00:00\n"
        "tag:\t\t  [chat]\nlines: 3\n---\n"
        "> 08:00:01  阿蓝 - 石桥支付 [PM]  \n   \n早 \n第二行  \n   \n"
        "> 08:00:01  阿蓝 - 石桥支付 [PM]  \n   \n  \n   \n"
    )
    assert [m.date for m in reading.messages] == ["2024-05-06"] * 2
    assert said(reading) == [
        ("08:00:01", "阿蓝 - 石桥支付 [PM]", "早\n第二行"),
        ("08:00:01", "阿蓝 - 石桥支付 [PM]", ""),
    ]
    assert reading.messages[0].line == 7
    assert reading.losses == ()


def test_an_empty_text_between_two_messages_swallows_neither() -> None:
    texts = [("10:00:00", "甲乙", "一"), ("10:00:05", "丙丁", ""), ("10:00:09", "甲乙", "三")]
    assert said(read(day("2024-05-06", texts))) == texts


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    content = day("2024-05-06", [("10:00:00", "甲乙", "好\n的")]).replace("\n", "\r\n")
    reading = read(b"\xef\xbb\xbf" + content.encode())
    assert said(reading) == [("10:00:00", "甲乙", "好\n的")]


def test_a_group_named_in_the_front_matter() -> None:
    assert read(day("2024-05-06", [], front='group: "夜谈"\n')).group == "夜谈"


@pytest.mark.parametrize("suffix", ["", "> 10:00:0", "> 1"])
def test_a_half_written_end_costs_no_more_than_itself(suffix: str) -> None:
    content = day("2024-05-06", [("09:00:00", "甲乙", "全的")]) + suffix
    reading = read(content)
    assert said(reading) == [("09:00:00", "甲乙", "全的")]
    assert len(reading.losses) == (1 if suffix else 0)


def test_a_half_written_last_text_is_kept_and_said() -> None:
    reading = read(day("2024-05-06", []) + "> 09:00:00  甲乙  \n   \n说到一半")
    assert said(reading) == [("09:00:00", "甲乙", "说到一半")]
    assert "ends within a message" in reading.losses[0].what


def test_bytes_that_are_no_utf8_are_replaced_and_said() -> None:
    content = day("2024-05-06", [("09:00:00", "甲乙", "XX"), ("09:00:01", "丙", "好")])
    reading = read(content.encode().replace(b"XX", b"\xff\xfe\x41"))
    assert said(reading) == [("09:00:00", "甲乙", "\ufffd\ufffdA"), ("09:00:01", "丙", "好")]
    assert reading.losses[0].line == 10
    assert "UTF-8" in reading.losses[0].what


def test_control_characters_are_dropped() -> None:
    content = day("2024-05-06", [("09:00:00", "甲\x1b[31m乙", "好\x00的\x07")])
    assert said(read(content)) == [("09:00:00", "甲[31m乙", "好的")]


def test_a_time_that_is_none_stays_text_and_is_said() -> None:
    reading = read(day("2024-05-06", [("09:00:00", "甲", "说\n> 25:61:00  假  \n完")]))
    assert said(reading) == [("09:00:00", "甲", "说\n> 25:61:00  假\n完")]
    assert "25:61:00 is no time" in reading.losses[0].what


@pytest.mark.parametrize(
    ("content", "filename", "date"),
    [
        ("> 09:00:00  甲  \n   \n好  \n", "2024-05-07-chat.md", "2024-05-07"),
        ("---\ndate: 2024-13-45\n---\n> 09:00:00  甲  \n\n好\n", "2024-05-07.txt", "2024-05-07"),
        (
            "> 09:00:00  甲  \n\n![2024-05-08 09:00:00](http://img.example.com/a.png)\n",
            "chat.md",
            "2024-05-08",
        ),
    ],
)
def test_a_missing_or_bad_date_is_found_elsewhere(content: str, filename: str, date: str) -> None:
    reading = read(content, filename)
    assert [m.date for m in reading.messages] == [date]
    assert date in reading.losses[0].what


def test_without_any_date_the_messages_are_lost_and_counted() -> None:
    reading = read("> 09:00:00  甲  \n\n好\n> 09:00:01  甲  \n\n好\n")
    assert reading.messages == ()
    assert "2 messages lost" in reading.losses[0].what


def test_front_matter_that_is_never_closed_costs_no_message() -> None:
    content = "---\ndate: 2024-05-06\n> 09:00:00  甲  \n   \n好  \n   \n"
    assert said(read(content)) == [("09:00:00", "甲", "好")]


def test_an_endless_line_is_cut_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "LINE_BYTES", 1000)
    content = day("2024-05-06", [("09:00:00", "甲", "长" * 5000), ("09:00:01", "乙", "短")])
    reading = read(content)
    assert [len(m.text) for m in reading.messages] == [333, 1]
    assert "over 1000 bytes was cut" in reading.losses[0].what


def test_times_that_run_backwards_are_read_and_said() -> None:
    texts = [("09:00:00", "甲", "晚"), ("08:00:00", "乙", "早")]
    reading = read(day("2024-05-06", texts))
    assert said(reading) == texts
    assert "08:00:00 stands after 09:00:00" in reading.losses[0].what


@pytest.mark.parametrize(
    ("head", "is_chat"),
    [
        (b"> 09:00:00  \xe7\x94\xb2  \n", True),
        (b"---\ntag:\t\t  [chat]\n---\n", True),
        (b"# Notes\n> 9 o'clock\n", False),
        (b"> 09:00:00  a  \n\0\0", False),
        (b"", False),
    ],
)
def test_files_are_recognised_by_content(head: bytes, is_chat: bool) -> None:
    assert READER.recognises(head) is is_chat


_nickname = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
).map(str.strip)
_line = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40).filter(
    lambda line: not line.startswith(("> ", "\ufeff"))
)
_text = st.lists(_line, max_size=4).map(
    lambda lines: "\n".join(line.rstrip(" \t\u3000") for line in lines).strip()
)
_time = st.times().map(lambda t: t.strftime("%H:%M:%S"))


@given(st.lists(st.tuples(_time, _nickname.filter(bool), _text), max_size=20))
def test_every_message_of_a_well_formed_file_comes_out_once(messages: list[Said]) -> None:
    messages.sort(key=lambda m: m[0])
    reading = read(day("2024-05-06", messages))
    assert said(reading) == messages
    assert reading.losses == ()


_fragment = st.sampled_from(
    ["---\n", "date: 2024-05-06\n", "> 09:00:00  甲  \n", "> 99:99:99  乙  \n", "   \n", "> ", "\0"]
)


@given(st.lists(st.one_of(st.text(max_size=30), _fragment), max_size=20))
def test_any_text_raises_nothing_and_loses_no_header(parts: list[str]) -> None:
    content = "".join(parts).encode("utf-8", "surrogatepass")
    reading = read(content, "2024-05-06.md")
    headers = Counter(
        line[2:10]
        for line in content.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
        if line.startswith("> 09:00:00  ")
    )
    assert Counter(m.time for m in reading.messages)["09:00:00"] >= headers["09:00:00"]


@given(st.binary(max_size=300))
def test_any_bytes_raise_nothing(data: bytes) -> None:
    READER.recognises(data)
    read(data, "2024-05-06.md")
