"""Whatever an archive has as a nickname, a speaker has one of one line, in every format."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.archive.formats import bundle_readers, readers
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.reading import UNSAID, Chat, Reader, ReadFile, ReadMessage
from knowledge.archive.texts import NAMELESS
from tests.chats import day
from tests.formats import exports, test_wechat_exports, written
from tests.formats.reads import Files
from tests.formats.test_hostile import HEADS

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
NAMES = st.text(f"甲a {BREAKS}\t\x00\x01\x1b\x7f\u200b\u200e\u2005\u3000\ufeff", max_size=6)
MARK = "某某人"
"""What stands in the files below where a nickname does."""


def files() -> Iterator[tuple[str, str]]:
    """A file of each format with MARK as nicknames, as many of them as there are."""
    yield "markdown", day("2024-05-08", [("09:00:00", MARK, "早"), ("09:01:00", "乙", "早啊")])
    yield "by hand", f"> 09:00:00 {MARK}\n早\n\n> 09:01:00 乙\n早啊\n"
    lines = [written.Line(1, MARK, "在吗？"), written.Line(1, "乙", "在")]
    for name, write in written.FORMATS.items():
        yield name, write(written.timed(lines))
    for name, export in test_wechat_exports.FORMATS.items():
        text = export([exports.Line(0, 0, "在吗？"), exports.Line(9, 1, "在")]).decode()
        for own in exports.PEOPLE[0][:0:-1]:
            text = text.replace(own, MARK)
        yield name, text
    for kind, head in HEADS.items():
        text = head.decode()
        for own in ('"a"', "<a>", "甲", "@a:b"):
            text = text.replace(own, own.replace(own.strip('"<>@:b'), MARK))
        yield kind.__name__, text


FILES = {name: text for name, text in files() if MARK in text}


def test_all_these_are_read() -> None:
    assert len(FILES) > 20
    for name, text in FILES.items():
        found = _reader(text).read(_stream(text), "20250605.md")
        assert MARK in {m.speaker for m in found.messages}, name


def _reader(text: str) -> Reader:
    return next(r for r in readers() if r.recognises(text.encode()))


def _stream(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


def _see(reading: ReadFile) -> None:
    for m in reading.messages:
        assert m.speaker or m.kind in UNSAID
        assert not set(BREAKS) & set(m.speaker)
        assert m.speaker == m.speaker.strip()


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=40, deadline=None)
@given(nickname=NAMES)
@example("\x01")
@example("甲\u2028乙")
@example("甲\x85乙")
@example("甲\n乙")
@example("\u200e")
def test_a_speaker_has_a_nickname_of_one_line(name: str, nickname: str) -> None:
    text = FILES[name]
    for put in (nickname, json.dumps(nickname)[1:-1], f"{nickname}{MARK}"):
        _see(_reader(text).read(_stream(text.replace(MARK, put)), "20250605.md"))


@settings(deadline=None)
@given(nickname=NAMES)
def test_so_has_one_in_an_archive_of_several_files(nickname: str) -> None:
    said = {"type": "message", "user": "U1", "text": "在", "ts": "1749085200.000100"}
    found = Files(
        {
            "users.json": json.dumps([{"id": "U1", "name": nickname}]).encode(),
            "c/2025-06-05.json": json.dumps([said]).encode(),
        },
        lost=["channels.json"],
    )
    for reader in bundle_readers():
        if reader.recognises_bundle(found):
            _see(reader.read_bundle(found))


@pytest.mark.parametrize(
    ("put", "speaker"),
    [(" \x01", NAMELESS), ("  \x01\x02", NAMELESS), ("  甲\x85\u2028乙", "甲 乙")],
)
def test_a_header_by_hand_with_a_name_that_nobody_sees(put: str, speaker: str) -> None:
    found = MarkdownReader().read(_stream(f"> 09:00:00{put}\n早\n"), "2024-05-08.md")
    assert [m.speaker for m in found.messages] == [speaker]


def test_a_plugins_reader_has_its_speakers_named_too() -> None:
    given = [
        ("甲\u2029乙", "text"),
        ("", "image"),
        ("", "system"),
        ("\n", "recall"),
        ("丙", "text"),
    ]
    messages = [
        ReadMessage("2024-05-08", "09:00:00", name, "早", n, kind)
        for n, (name, kind) in enumerate(given, 1)
    ]
    chat = Chat("g", tuple(messages))
    assert [m.speaker for m in chat.messages] == ["甲 乙", NAMELESS, "", "", "丙"]
