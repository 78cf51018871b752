"""Headers in texts that look like headers, and CSV with quotes that never close."""

from __future__ import annotations

import io
import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.csv_records import RECORD_CHARACTERS, Records
from knowledge.archive.formats.headed import Headed
from knowledge.archive.reading import Loss

HEADER = re.compile(r"(\d\d:\d\d) (\w+)")


def headed(text: str) -> tuple[list[tuple[str, str]], tuple[Loss, ...]]:
    found = Headed(io.BytesIO(text.encode()), HEADER, lambda m: m[1] if m[1] < "24" else None)
    return [(m[0], body) for _, m, body in found], found.losses


def test_what_somebody_pasted_is_older_than_where_he_pasted_it() -> None:
    text = (
        "10:00 a\n早\n\n10:05 b\n看\n\n09:30 c\n旧话\n\n23:00 d\n梦话\n\n"
        "10:06 a\n哦\n\n10:07 b\n嗯\n"
    )
    assert headed(text) == (
        [
            ("10:00 a", "早"),
            ("10:05 b", "看\n\n09:30 c\n旧话\n\n23:00 d\n梦话"),
            ("10:06 a", "哦"),
            ("10:07 b", "嗯"),
        ],
        (),
    )


def test_a_header_stands_behind_a_blank_line() -> None:
    assert headed("10:00 a\n早\n10:01 b\n早\n")[0] == [("10:00 a", "早\n10:01 b\n早")]


def test_several_exports_in_one_file_lose_no_message() -> None:
    day = "".join(f"{hour}:00 a\n第{hour}\n\n" for hour in range(10, 20))
    found, losses = headed(day + day)
    assert len(found) == 20
    assert [loss.what for loss in losses] == [
        "times run backwards, as in several exports in one file"
    ]


def test_a_line_before_the_first_header_and_one_too_long_for_one() -> None:
    found, losses = headed(f"\ufeff导出\n\n10:00 a\n早\n\n10:01 {'b' * 400}\n")
    assert found == [("10:00 a", f"早\n\n10:01 {'b' * 400}")]
    assert [loss.line for loss in losses] == [1]


BEGINS = re.compile(r"\d+,")


def records(text: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    found = Records(io.BytesIO(text.encode()), BEGINS, frozenset({3}))
    return list(found), [(loss.line, loss.what[:21]) for loss in found.losses]


def test_a_record_spans_lines_and_is_where_it_begins() -> None:
    text = 'id,a,b\r\n1,"x\r\n""y"", z\r\n",2\r\n\r\n3,4,5\r\n'
    assert records(text) == ([(2, ["1", 'x\n"y", z\n', "2"]), (6, ["3", "4", "5"])], [])


def test_a_quote_that_does_not_close_costs_its_record_alone() -> None:
    text = 'id,a,b\n1,"x,2\n3,4,5\n6,"seven\neight",9\n10,11,12\n13,"a\nb",c\n'
    found, lost = records(text)
    assert found == [
        (3, ["3", "4", "5"]),
        (4, ["6", "seven\neight", "9"]),
        (6, ["10", "11", "12"]),
        (7, ["13", "a\nb", "c"]),
    ]
    assert lost == [(2, "no whole record of th")]


def test_a_quote_that_never_closes_does_not_swallow_the_file() -> None:
    number = RECORD_CHARACTERS // 5
    text = 'id,a,b\n1,"x,2\n' + "3,4,5\n" * number
    found, lost = records(text)
    assert len(found) == number
    assert len(lost) == 1


def test_a_record_with_too_few_fields_is_lost_and_told() -> None:
    assert records("id,a,b\n1,2\n3,4,5\n6,7,8,9\n") == (
        [(3, ["3", "4", "5"])],
        [(2, "no whole record of th")],
    )


@given(st.lists(st.sampled_from(['1,"', '"', "2,3,4", '5,"a', 'b",6', ",", '7,"8"",",9', ""])))
def test_no_line_is_read_twice(lines: list[str]) -> None:
    found, _ = records("id,a,b\n" + "\n".join(lines))
    places = [line for line, _ in found]
    assert places == sorted(set(places))
    assert all(len(fields) == 3 for _, fields in found)
