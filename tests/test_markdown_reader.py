"""ReadFile daily markdown files: the quirks that real files have, and damage."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats import markdown
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.limits import cut_text
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


@pytest.mark.parametrize(
    ("filename", "date"),
    [
        ("20250201.md", "2025-02-01"),
        ("群聊20250201-1.md", "2025-02-01"),
        ("2025年3月10日.md", "2025-03-10"),
        ("2025.04.03.md", "2025-04-03"),
        ("2025_05_04聊天.md", "2025-05-04"),
        ("2025-6-5.md", "2025-06-05"),
        ("2025-06-05-chat.md", "2025-06-05"),
        ("12345678 2025-6-5.md", "2025-06-05"),
    ],
)
def test_dates_as_people_write_them_into_file_names(filename: str, date: str) -> None:
    reading = read("> 09:00:00  甲  \n   \n好  \n   \n", filename)
    assert [m.date for m in reading.messages] == [date]
    assert reading.losses[0].what.endswith(f"took {date} from the file name")


@pytest.mark.parametrize(
    "filename", ["20251301.md", "2025.4.31.md", "13800001111.md", "v2.2025.md"]
)
def test_file_names_with_numbers_that_are_no_date(filename: str) -> None:
    assert read("> 09:00:00  甲  \n   \n好  \n   \n", filename).messages == ()


def test_one_blank_behind_the_time() -> None:
    content = "\n> 09:00:00 甲乙\n问一句\n\n> 09:00:05 丙 丁\n好\n> 9:00 起\n"
    assert READER.recognises(content.encode())
    assert READER.recognises(f"---\ndate: 2025-06-05\n---\n{content}".encode())
    reading = read(content, "2025-06-05.md")
    assert said(reading) == [("09:00:00", "甲乙", "问一句"), ("09:00:05", "丙 丁", "好\n> 9:00 起")]


def test_one_blank_is_text_where_headers_have_two() -> None:
    content = day("2024-05-06", [("09:00:00", "甲", "说\n> 10:00:00 不是头\n完")])
    assert said(read(content)) == [("09:00:00", "甲", "说\n> 10:00:00 不是头\n完")]


@pytest.mark.parametrize("content", ["说明\n\n> 10:00:00 到了\n", "> 10:00 甲\n", ">10:00:00 甲\n"])
def test_a_quoted_time_within_a_text_makes_no_chat(content: str) -> None:
    assert not READER.recognises(content.encode())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8-sig"])
def test_files_in_the_encodings_of_windows(encoding: str) -> None:
    texts = [("09:00:00", "周大山-青瓦", "对账文件几点能下？\n急"), ("09:00:05", "林一一", "十点")]
    content = day("2024-05-06", texts, front="group: 夜谈\n").replace("\n", "\r\n")
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    data = mark + content.encode(encoding)
    assert READER.recognises(data)
    reading = read(data)
    assert (said(reading), reading.group, reading.losses) == (texts, "夜谈", ())


@given(st.text("对账文件几点能下周大山", min_size=4), st.integers(0, 200), st.binary(max_size=1))
def test_utf8_that_is_damaged_or_cut_stays_utf8(text: str, at: int, byte: bytes) -> None:
    content = day("2024-05-06", [("09:00:00", "甲乙", f"这一句是完整的{text * 3}")]).encode()
    at = content.index("这".encode()) + 21 + at % (9 * len(text))
    for damaged in (content[:at], content[:at] + byte + content[at:]):
        assert said(read(damaged))[0][2].startswith("这一句是完整的")


def test_long_runs_of_blanks_are_no_trap() -> None:
    run = " " * 200_000  # what takes time by the square of it takes a minute
    content = f"---\ndate: 2024-05-06{run}x\n---\n> 09:00:00  甲  \n\n一{run}二\n三\n"
    assert said(read(content)) == [("09:00:00", "甲", cut_text(f"一{run}二\n三"))]
