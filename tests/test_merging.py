"""A day that several files hold: what they share was said once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.merging import merged
from knowledge.archive.reading import ReadMessage


def message(time: str, text: str, speaker: str = "林一一") -> ReadMessage:
    return ReadMessage("2024-05-06", time, speaker, text, 1)


NOON = [message("09:00:00", "早"), message("09:00:00", "早"), message("09:00:01", "在吗")]


def test_an_export_of_the_whole_day_adds_what_came_later() -> None:
    night = [*NOON, message("20:00:00", "在")]
    found = [(source, m.text, n) for source, m, n in merged([("noon", NOON), ("night", night)])]
    assert found == [
        ("noon", "早", 0),
        ("noon", "早", 1),
        ("noon", "在吗", 0),
        ("night", "在", 0),
    ]


def test_a_message_counts_as_often_as_one_file_holds_it() -> None:
    once = [message("09:00:00", "早")]
    assert len(list(merged([(1, once), (2, NOON), (3, once)]))) == len(NOON)


def test_who_sent_it_is_known_by_the_file_that_tells_whichever_is_first() -> None:
    named, sent = NOON[2], replace(NOON[2], sender_id="wxid_lin")
    with_id = replace(NOON[2], id="m1")
    for first, second in ((named, sent), (sent, named), (with_id, sent), (sent, with_id)):
        ((_, m, _),) = merged([(1, [first]), (2, [second])])
        assert m.sender_id == "wxid_lin"


def test_who_else_says_the_same_in_the_same_second_is_another() -> None:
    other = [message("09:00:00", "早", "周大山")]
    found = [(m.speaker, n) for _, m, n in merged([(1, NOON[:1]), (2, other)])]
    assert found == [("林一一", 0), ("周大山", 1)]


_messages = st.lists(st.builds(message, st.sampled_from(["09:00:00", "09:00:01"]), st.text("早安")))


@given(st.lists(_messages, max_size=4))
def test_every_message_of_every_file_is_there_and_a_file_twice_changes_nothing(
    files: list[list[ReadMessage]],
) -> None:
    found = [(m, n) for _, m, n in merged(enumerate(files))]
    assert [(m, n) for _, m, n in merged(enumerate([*files, *files]))] == found
    assert [m.time for m, _ in found] == sorted(m.time for m, _ in found)
    assert len({(m.time, n) for m, n in found}) == len(found)
    for m in {m for file in files for m in file}:
        assert sum(m == other for other, _ in found) == max(file.count(m) for file in files)


TIMES = st.integers(0, 5 * 60 - 1)
EXACT = st.lists(st.tuples(TIMES, st.sampled_from("甲乙"), st.sampled_from(["好", "换水"])))


@given(EXACT, st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_a_tool_that_tells_no_seconds_adds_nothing_to_one_that_does(
    said: list[tuple[int, str, str]], start: int, end: int, first: bool
) -> None:
    """The same chat from two tools, the one with minutes cut anywhere."""
    whole = [spoken(at, who, text) for at, who, text in sorted(said, key=lambda x: x[0])]
    rough = [replace(m, time=f"{m.time[:5]}:00", seconds=False) for m in whole][
        start : len(whole) - end
    ]
    parts = [(1, whole), (2, rough)] if not first else [(2, rough), (1, whole)]
    assert [m for _, m, _ in merged(parts)] == [m for _, m, _ in merged([(1, whole)])]


def test_what_only_the_rougher_tool_has_is_kept_as_often_as_it_was_said() -> None:
    exact = [spoken(5, "甲", "好"), spoken(70, "乙", "换水")]
    rough = [
        replace(spoken(at, who, text), seconds=False)
        for at, who, text in [(0, "甲", "好"), (0, "甲", "好"), (60, "丙", "早")]
    ]
    found = [(m.time, m.speaker, m.text, n) for _, m, n in merged([(1, exact), (2, rough)])]
    assert found == [
        ("09:00:00", "甲", "好", 0),
        ("09:00:05", "甲", "好", 0),
        ("09:01:00", "丙", "早", 0),
        ("09:01:10", "乙", "换水", 0),
    ]


def spoken(at: int, who: str, text: str) -> ReadMessage:
    return ReadMessage("2024-05-06", f"09:{at // 60:02}:{at % 60:02}", who, text, 1)
