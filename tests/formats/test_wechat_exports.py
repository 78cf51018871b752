"""What holds for all exporters of WeChat chats: a chat comes out whole and once, and none harms."""

from __future__ import annotations

import io
import random
import re
import sys
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.archive.formats import readers
from knowledge.archive.limits import TEXT_CHARACTERS
from knowledge.archive.reading import KINDS, Reader, ReadFile
from tests.formats import exports
from tests.formats.exports import GROUP, PEOPLE, Line, Writer, chats
from tests.formats.reads import replies, when

BY_NAME = {getattr(reader, "name", ""): reader for reader in readers()}

FORMATS: dict[str, Writer] = {
    "chatlab-json": exports.chatlab,
    "chatlab-jsonl": exports.chatlab_lines,
    "weflow-json": exports.weflow,
    "weflow-text": exports.weflow_text,
    "chatlog-json": exports.chatlog,
    "chatlog-csv": exports.chatlog_csv,
    "chatlog-text": exports.chatlog_text,
    "memotrace-csv-1": exports.memotrace_old_csv,
    "memotrace-csv-2": exports.memotrace_csv,
    "memotrace-text": exports.memotrace_text,
    "memotrace-text old": exports.memotrace_old_text,
}
CASES = [(BY_NAME[name.split(" ")[0]], writer) for name, writer in FORMATS.items()]
OURS = list({id(reader): reader for reader, _ in CASES}.values())
EACH = pytest.mark.parametrize(("reader", "writer"), CASES, ids=list(FORMATS))

TALK = (
    Line(0, 0, "月季剪到第几个芽点？"),
    Line(61, 1, "[偷笑] 同问，\n还有要不要抹药"),
    Line(400, 2, "留三个芽点就行", 0),
    Line(400, 2, '"愈伤膏", 抹一点', 1),
    Line(90_000, 0, "记下了", 2),
)


def read(reader: Reader, data: bytes, filename: str = f"群聊_{GROUP}_2024.txt") -> ReadFile:
    return reader.read(io.BytesIO(data), filename)


def compared(reader: Reader, writer: Writer, lines: Sequence[Line]) -> None:
    reading = read(reader, writer(lines))
    old = writer is exports.memotrace_old_csv  # names of accounts, and no replies
    assert reading.losses == ()
    assert [(when(m), m.speaker, m.text, m.kind) for m in reading.messages] == [
        (line.clock, PEOPLE[line.who][1 if old else 2], line.text, "text") for line in lines
    ]
    wanted = [None if old else line.reply for line in lines]
    assert replies(reading.messages) == wanted
    if any(m.sender_id for m in reading.messages):
        assert [m.sender_id for m in reading.messages] == [PEOPLE[line.who][0] for line in lines]


@EACH
def test_a_chat_comes_out_message_by_message(reader: Reader, writer: Writer) -> None:
    compared(reader, writer, TALK)


@EACH
@settings(max_examples=40)
@given(lines=chats())
def test_any_chat_comes_out_once_and_in_order(
    reader: Reader, writer: Writer, lines: list[Line]
) -> None:
    compared(reader, writer, lines)


@EACH
def test_one_reader_alone_knows_a_file(reader: Reader, writer: Writer) -> None:
    data = writer(TALK)
    assert [r for r in readers() if r.recognises(data)] == [reader]
    assert [r for r in readers() if r.recognises(b"\xef\xbb\xbf" + data.lstrip(b"\xef\xbb\xbf"))]


@EACH
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_an_editor_saved_it_in_another_encoding(
    reader: Reader, writer: Writer, encoding: str
) -> None:
    data = writer(TALK).decode("utf-8-sig").encode(encoding)
    assert reader.recognises(data)
    assert [m.text for m in read(reader, data).messages] == [line.text for line in TALK]


ORDINARY = [
    "",
    "# 养护手册\n\n月季剪枝看这里。\n\n2024-05-06 10:00:00 更新\n",
    "2024-05-06 10:00:00 INFO start\n2024-05-06 10:00:01 INFO ready\n",
    "2024-05-06 10:00:00 INFO start\n2024-05-06 10:00:01 INFO a\n\n2024-05-06 10:00:02 INFO b\n"
    "2024-05-06 10:00:03 INFO c\n",
    "2024-05-06 10:00:00 start\n\n2024-05-06 10:00:01 ready\n\n2024-05-06 10:00:02 done\n",
    "2024-05-06 10:00:00 ERROR a\n  at b\n\n2024-05-06 10:00:01 [WARN] c\n  at d\n",
    "2024-05-06 10:00:00 <tan> hi\nall\n\n2024-05-06 10:00:01 <lu> hi\nyou\n",
    "开会 10:00:00\n讨论浇水\n\n散会 11:00:00\n走了\n",
    '{"messages": [{"role": "user", "content": "月季"}], "session": {"id": 1}}',
    '{"name": "package", "version": "0.0.2", "chatlab": "no"}',
    '[{"time": "2024-05-06", "sender": "檀木匠", "type": 1}]',
    '{"_type": "header", "version": 1}\n{"_type": "message"}\n',
    "Time,Sender,Content\n2024-05-06,a,b\n",
    "2024-05-06 10:00:00 檀木匠(123456789)\n早\n\n2024-05-06 10:01:00 白露(987654321)\n早\n",
    "檀木匠(123456789) 10:00:00\n早\n\n白露(987654321) 10:00:05\n早\n",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_no_reader_claims_what_is_no_export(text: str) -> None:
    assert [reader for reader in OURS if reader.recognises(text.encode())] == []


@pytest.mark.parametrize("reader", OURS, ids=lambda r: str(r.name))
def test_a_line_says_who_writes_it_and_how_to_export(reader: Reader) -> None:
    written_by, how = getattr(reader, "written_by", ""), getattr(reader, "how", "")
    assert written_by and "\n" not in written_by + how
    assert re.search("[一-鿿]", how)


@EACH
def test_a_broken_tail_keeps_what_was_read(reader: Reader, writer: Writer) -> None:
    data = writer(TALK)
    reading = read(reader, data[: len(data) * 2 // 3])
    texts = [m.text for m in reading.messages]
    assert texts[:2] == [line.text for line in TALK[:2]]
    whole_only = writer not in (exports.memotrace_text, exports.memotrace_old_text)
    if whole_only and writer not in (exports.weflow_text, exports.chatlog_text):
        assert len(reading.losses) == 1


@EACH
def test_a_long_text_is_cut_and_told(reader: Reader, writer: Writer) -> None:
    reading = read(reader, writer([Line(0, 0, "长" * (TEXT_CHARACTERS + 9)), TALK[1]]))
    assert [len(m.text) for m in reading.messages] == [TEXT_CHARACTERS, len(TALK[1].text)]
    assert len(reading.losses) == 1


def sound(reading: ReadFile) -> None:
    for m in reading.messages:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", m.date) and re.fullmatch(r"\d\d:\d\d:\d\d", m.time)
        assert m.kind in KINDS
        assert len(m.text) <= TEXT_CHARACTERS
        for text in (m.speaker, m.text, m.id, m.sender_id, m.alias, m.attachment):
            text.encode()
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", text)
    assert len(reading.losses) < 20


@given(
    data=st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode(errors="replace"))
)
def test_whatever_bytes_harm_nothing(data: bytes) -> None:
    for reader in OURS:
        assert reader.recognises(data) in (True, False)
        sound(read(reader, data))


EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.binary(max_size=6)
        | st.sampled_from([b'"', b"\n", b"\n\n", b"\\", b"[", b"{", b"null", b"1e999", b"-1", b","])
        | st.sampled_from([b"9" * 400, b'"\\ud800"', b"\xff", b"\x00", b"[]", b"{}", b"true"]),
    ),
    max_size=8,
)


@EACH
@settings(max_examples=60)
@given(edits=EDITS)
def test_no_damage_harms(
    reader: Reader, writer: Writer, edits: list[tuple[float, int, bytes]]
) -> None:
    data = writer(TALK)
    for where, less, more in edits:
        at = int(where * len(data))
        data = data[:at] + more + data[at + less :]
    assert reader.recognises(data) in (True, False)
    sound(read(reader, data))


@EACH
def test_work_grows_with_the_file(reader: Reader, writer: Writer) -> None:
    def calls(number: int) -> int:
        draw = random.Random(7)
        lines = [
            Line(7 * i, i % 3, f"第{i}句[引用 ，“{draw.random()}\n\n> ]") for i in range(number)
        ]
        data, count = writer(lines), 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(one_more)
        try:
            reading = read(reader, data)
        finally:
            sys.setprofile(None)
        assert len(reading.messages) == number
        return count

    counted = [calls(number) for number in (100, 200, 400)]
    assert all(after < 2.2 * before for before, after in pairwise(counted))
