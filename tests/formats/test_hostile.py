"""Any bytes at all: no exception, no hang, and losses that stay few however much is broken."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.archive.formats import bundle_readers, readers
from knowledge.archive.formats.discord import DiscordReader
from knowledge.archive.formats.irc import IrcReader
from knowledge.archive.formats.matrix import MatrixReader
from knowledge.archive.formats.mattermost import MattermostReader
from knowledge.archive.formats.wechat_exporter import WechatExporterReader
from knowledge.archive.formats.welink import WeLinkReader
from knowledge.archive.formats.whatsapp import WhatsAppReader
from knowledge.archive.reading import KINDS, Reader
from tests.formats.reads import Files

HEADS: dict[type[Reader], bytes] = {
    DiscordReader: b'{"guild":{"id":"1","name":"g"},"channel":{"id":"2","type":"x","name":"c"},'
    b'"exportedAt":"x","messages":[{"id":"1","type":"Reply","timestamp":"2025-06-05T09:00:00Z",'
    b'"content":"hi","author":{"name":"a"},"reference":{"messageId":"1"}}',
    IrcReader: b"[10:00] <a> hi\n[10:01] * b waves\n--- Log opened Thu Jun 05 10:00:00 2025\n",
    MattermostReader: b'{"type":"version","version":1}\n{"type":"post","post":{"user":"a",'
    b'"create_at":1749085200000,"message":"hi","replies":[{"create_at":"x"}]}}\n',
    MatrixReader: b'{"room_name":"r","exported_by":"a","messages":[{"type":"m.room.message",'
    b'"origin_server_ts":1749085200000,"sender":"@a:b","event_id":"$1","content":{"body":"hi"}}',
    WechatExporterReader: "群 - 微信聊天记录\n甲 (2025-06-05 09:00:00):在\n".encode(),
    WeLinkReader: "甲(x1)\t2025-06-05 09:00:00\n在\n".encode(),
    WhatsAppReader: "[05/06/2025, 09:00:00] 甲: 在\n[05/06/2025, 09:00:01] 乙: 在\n".encode(),
}
OURS: list[Reader] = [kind() for kind in HEADS]

PIECES = st.sampled_from(
    [
        *(
            b"\r\n",
            b"\r",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\x00",
            b"\x1b[31m",
            b"  " * 40,
            b"[" * 90,
        ),
        *(
            b'","content":null,"author":[],"timestamp":[9',
            b'{"id":{}',
            b"]}",
            b'"\\ud800"',
            b"1e999",
        ),
        *(b"[99/99/9999, 99:99:99] ", "‎<".encode(), "「甲：".encode(), b"- " * 20),
        *(b"3/4/24, 10:00 PM - a: b\n", b"<a> ", b"[24:00] <b> x\n", b'{"type":"post","post":3}\n'),
        *HEADS.values(),
    ]
)
JUNK = st.lists(PIECES | st.binary(max_size=30), max_size=12).map(b"".join)


@settings(max_examples=60)
@pytest.mark.parametrize("reader", OURS, ids=lambda r: type(r).__name__)
@given(junk=JUNK, cut=st.integers(0, 400))
def test_any_bytes_are_read_or_lost(reader: Reader, junk: bytes, cut: int) -> None:
    for content in (junk, HEADS[type(reader)] + junk, HEADS[type(reader)][:cut] + junk):
        reader.recognises(content)
        reading = reader.read(io.BytesIO(content), "x_20250605.txt")
        assert len(reading.losses) < 20
        for m in reading.messages:
            assert m.kind in KINDS
            assert not set(m.text + m.speaker + m.id) & set("\x00\x1b\ufeff\u200e")


@given(junk=JUNK)
def test_any_folder_is_read_or_lost(junk: bytes) -> None:
    users = b'[{"id":"U1","name":"a"}]'
    files = Files(
        {
            "users.json": users,
            "c/2025-06-05.json": junk,
            **dict.fromkeys(["realm.json", "messages-000001.json"], junk),
            **dict.fromkeys(["a.raw.txt", "a.annotation.txt"], junk),
        },
        lost=["channels.json"],
    )
    for reader in bundle_readers():
        reader.recognises_bundle(files)
        assert len(reader.read_bundle(files).losses) < 20


@pytest.mark.parametrize("reader", OURS, ids=lambda r: type(r).__name__)
def test_each_file_is_claimed_by_one_reader_alone(reader: Reader) -> None:
    claiming = [r for r in readers() if r.recognises(HEADS[type(reader)])]
    assert [type(r) for r in claiming] == [type(reader)]


def test_each_says_what_it_reads_and_how_to_get_it() -> None:
    told: list[Any] = [r for r in (*readers(), *bundle_readers()) if hasattr(r, "how")]
    assert {r.name for r in told} >= {"whatsapp-txt", "slack-export", "irc-log", "matrix-json"}
    assert len({r.name for r in told}) == len(told)
    for r in told:
        assert r.name == r.name.strip().lower() and " " not in r.name
        assert r.written_by and r.how and "\n" not in r.written_by + r.how


def test_ordinary_texts_are_claimed_by_none() -> None:
    for text in texts():
        assert not [r for r in OURS if r.recognises(text)]


def texts() -> Iterator[bytes]:
    yield b"# README\n\nHow to install: run it at 10:00.\n\n- [ ] 2025-06-05: done\n"
    yield "> 10:00:00  甲  \n   \n[05/06/2025, 09:00:00] 甲: 在\n".encode()
    yield b'{"name": "package", "version": "1.0", "messages": [], "channel": 3}'
    yield b'{"dependencies": {"guild": "1"}, "exportedAt": 3}'
    yield b"date,name,text\n2025-06-05,a,b\n"
    yield b""


LONG = [b"a" * 100_000, b" " * 100_000 + b"x", b"<" * 100_000, b"[" * 100_000, b"\n" * 100_000]
LONG += ["「".encode() * 30_000, b'"' * 100_000, b"(2025-06-05 " * 9_000, b"> <@a\n" * 20_000]


@pytest.mark.parametrize("reader", OURS, ids=lambda r: type(r).__name__)
def test_long_runs_of_anything_are_no_trap(reader: Reader) -> None:
    head = HEADS[type(reader)]
    for run in LONG:  # what takes time by the square of these takes minutes
        for content in (run, head + run, head.replace(b"hi", run).replace("在".encode(), run)):
            reader.recognises(content[:65536])
            reading = reader.read(io.BytesIO(content), "x_20250605.txt")
            assert sum(len(m.text) for m in reading.messages) <= 2 * len(content)
