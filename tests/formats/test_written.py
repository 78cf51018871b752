"""Whatever was said comes out of each format once, in order; whatever the bytes, nothing breaks."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.archive.formats import readers
from knowledge.archive.reading import HEAD_BYTES, KINDS, Reader, ReadFile
from tests.formats.reads import read, replies, when
from tests.formats.written import FORMATS, LINKED, Line, timed

READERS: dict[str, Any] = {
    name: r for r in readers() if (name := getattr(r, "name", "")) in FORMATS
}
SAID = [
    Line(1, "青禾", "这本借几天？"),
    Line(0, "墨白(馆员)", '两周\n\n到期可续，"新书"一周', 1),
    Line(700, "墨白(馆员)", "还书在哪还？"),
    Line(0, "青禾", "门口的箱子，@墨白 看见没", 1),
    Line(2, "Q老师", "看见了, 谢谢", 1),
]

each = pytest.mark.parametrize("name", FORMATS)


def test_each_format_here_has_its_reader_with_a_line_on_how_to_export() -> None:
    assert set(READERS) == set(FORMATS)
    assert all(r.written_by and r.how and "\n" not in r.how for r in READERS.values())


@each
def test_exactly_one_reader_knows_a_file(name: str) -> None:
    data = FORMATS[name](timed(SAID)).encode()
    assert [getattr(r, "name", "?") for r in readers() if r.recognises(data)] == [name]


@each
@pytest.mark.parametrize("end", range(3))
def test_a_beginning_that_ends_within_a_character_is_known(name: str, end: int) -> None:
    data = FORMATS[name](timed(SAID * 100)).encode()
    assert READERS[name].recognises(data[: 5000 + end])


@each
def test_a_manual_that_shows_a_file_is_none(name: str) -> None:
    manual = "# 说明\n\n" + "这里讲怎么读它。\n" * 20 + FORMATS[name](timed(SAID))
    assert not READERS[name].recognises(manual.encode())


NAMES = st.sampled_from(["青禾", "墨白(馆员)", "Q老师", "三 四", "阿" * 20])
WORDS = st.text("书借还？，a1 :\"',，-", min_size=1, max_size=40).map(str.strip).filter(bool)
LINES = st.lists(
    st.builds(Line, st.integers(0, 900), NAMES, WORDS, st.integers(0, 5)), min_size=3, max_size=12
)


@each
@settings(max_examples=25, deadline=None)
@given(lines=LINES)
def test_what_is_written_comes_out_once_and_in_order(name: str, lines: list[Line]) -> None:
    # The words of each are others, so that a quote means one message.
    said = [x._replace(text=f"{i}号{x.text}") for i, x in enumerate(timed(lines))]
    reading = read(READERS[name], FORMATS[name](said), "群聊_读书会.csv")
    assert [(when(m)[:16], m.speaker, m.text, m.kind) for m in reading.messages] == [
        (f"{x.moment:%Y-%m-%d %H:%M}", x.name, x.text, "text") for x in said
    ]
    if name in LINKED:
        assert replies(reading.messages) == [
            i - x.back if x.back else None for i, x in enumerate(said)
        ]
    assert [c.group for c in reading.chats] in (["读书会"], [None])


def checked(reader: Reader, data: bytes) -> ReadFile:
    reader.recognises(data[:HEAD_BYTES])
    found = reader.read(io.BytesIO(data), "x.txt")
    assert all(m.kind in KINDS and len(m.date) == 10 and len(m.time) == 8 for m in found.messages)
    assert len(found.losses) < 20
    return found


@each
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_without_an_error(name: str, data: bytes) -> None:
    checked(READERS[name], data)


@each
@settings(max_examples=40, deadline=None)
@given(cut=st.floats(0, 1), put=st.binary(max_size=9), drop=st.integers(0, 60))
def test_a_damaged_file_is_read_without_an_error(
    name: str, cut: float, put: bytes, drop: int
) -> None:
    data = FORMATS[name](timed(SAID)).encode()
    place = int(cut * len(data))
    checked(READERS[name], data[:place] + put + data[place + drop :])


NAMED = (
    "id type date date_unixtime edited from from_id actor action members text href file photo poll"
    " question answers media_type contact_information forwarded_from title url messages"
    " reply_to_message_id timestamp time sender uin uid name groupCard content elements data"
    " resources localPath recalled system referencedMessageId senderUin rawMessage reply"
    " MsgSvrID type_name talker room_name msg src CreateTime"
)
KEYS = st.sampled_from(NAMED.split())
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
)
STRANGE = LEAVES | st.sampled_from(
    ["message", "service", "reply", "text", "forward", "json", 1751000000, "1e999", "0001-01-01Z"]
)
VALUES = st.recursive(
    STRANGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@pytest.mark.parametrize("name", ["telegram-json", "qce-json", "pywxdump-json"])
@settings(max_examples=40, deadline=None)
@given(messages=st.lists(st.dictionaries(KEYS, VALUES, max_size=12) | VALUES, max_size=4))
def test_fields_can_hold_anything(name: str, messages: list[Any]) -> None:
    whole = {"type": "private_group", "chatInfo": {"type": "group"}, "messages": messages}
    if name == "pywxdump-json":
        moment = "2025-06-27 12:53:20"
        rows = [m | {"CreateTime": moment} if isinstance(m, dict) else m for m in messages]
        checked(READERS[name], json.dumps(rows).encode())
        return
    dated = [
        {"type": "message", "date_unixtime": 1751000000, "timestamp": 1751000000} | m
        if isinstance(m, dict)
        else m
        for m in messages
    ]
    for found in (messages, dated):
        checked(READERS[name], json.dumps(whole | {"messages": found}).encode())


@pytest.mark.parametrize("name", ["telegram-json", "qce-json", "pywxdump-json"])
@pytest.mark.parametrize("opened", ["[", '{"messages":'])
def test_nesting_without_end_is_told_and_not_followed(name: str, opened: str) -> None:
    text = FORMATS[name](timed(SAID))
    place = text.index("谢谢")
    data = (text[:place] + '",' + '"x":' + opened * 100_000).encode()
    assert any("JSON" in loss.what for loss in checked(READERS[name], data).losses)


def calls(work: Callable[[], Any]) -> int:
    """How often Python functions are called, built-in ones among them."""
    count = 0

    def profile(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@each
def test_twice_the_messages_take_twice_the_work(name: str) -> None:
    def work(times: int) -> int:
        said = [x._replace(text=f"{x.text} {i}") for i, x in enumerate(timed(SAID * times))]
        data = FORMATS[name](said).encode()
        return calls(lambda: READERS[name].read(io.BytesIO(data), "x.txt"))

    assert work(80) < 2.4 * work(40)


@each
def test_many_losses_of_a_kind_are_told_once(name: str) -> None:
    data = FORMATS[name](timed(SAID * 200)).replace("2025", "20x5").replace("17510", "x")
    checked(READERS[name], data.encode())


@each
def test_a_text_without_end_is_cut_with_a_loss(name: str) -> None:
    long = "书" * 150_000
    said = [*timed(SAID[:3]), timed(SAID[:3])[-1]._replace(text=long)]
    found = checked(READERS[name], FORMATS[name](said).encode())
    assert len(found.messages) in (3, 4)
    assert max(len(m.text) for m in found.messages) <= 100_000
    assert any("cut" in loss.what or "no whole record" in loss.what for loss in found.losses)
