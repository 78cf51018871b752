"""DiscordChatExporter's JSON: replies, messages passed on, threads, and Discord's own words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.discord import DiscordReader
from knowledge.archive.reading import ReadFile
from tests.formats.reads import read, replies, told

READER = DiscordReader()


def message(n: int, content: str, **more: Any) -> dict[str, Any]:
    author = {"id": "77", "name": "dashan", "nickname": "周大山"}
    at = f"2025-06-05T09:{n % 60:02}:00.250+08:00"
    return {"id": str(n), "type": "Default", "timestamp": at, "timestampEdited": None} | {
        "content": content,
        "author": author,
        "attachments": [],
        "embeds": [],
        **more,
    }


def channel(messages: list[dict[str, Any]], type: str = "GuildTextChat", cut: int = 0) -> ReadFile:
    whole = {
        "guild": {"id": "1", "name": "青瓦"},
        "channel": {"id": "10", "type": type, "category": "问", "name": "对账"},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2025-06-06T00:00:00+00:00",
        "messages": messages,
    }
    content = json.dumps(whole, ensure_ascii=False)
    return read(READER, content[: len(content) - cut], "x.json")


def test_every_kind_of_message() -> None:
    reading = channel(
        [
            message(1, "对账文件几点能下？"),
            message(2, "十点", type="Reply", reference={"messageId": "1", "channelId": "10"}),
            message(3, "别处的", type="Reply", reference={"messageId": "9", "channelId": "11"}),
            message(
                4, "Pinned a message.", type="ChannelPinnedMessage", reference={"messageId": "1"}
            ),
            message(5, "", attachments=[{"fileName": "单.pdf"}]),
            message(6, "", attachments=[{"fileName": "a.PNG"}]),
            message(7, "看图", attachments=[{"fileName": "b.png"}], timestampEdited="2025-06-05"),
            message(8, "", embeds=[{"title": "公告", "url": "https://example.org/1"}]),
            message(9, "", stickers=[{"name": "收到"}]),
            message(10, "", reference={"type": "Forward"}, forwardedMessage={"content": "转来的"}),
            message(11, "", type="Call"),
            message(12, ""),
        ]
    )
    assert reading.group == "青瓦-对账"
    assert [(text, kind) for _, _, text, kind in told(reading)] == [
        ("对账文件几点能下？", "text"),
        ("十点", "text"),
        ("别处的", "text"),
        ("Pinned a message.", "system"),
        ("[文件] 单.pdf", "file"),
        ("[图片]", "image"),
        ("看图", "text"),
        ("[链接] 公告 https://example.org/1", "link"),
        ("[表情] 收到", "sticker"),
        ("转来的", "forward"),
        ("[通话]", "call"),
        ("", "other"),
    ]
    assert replies(reading.messages)[:4] == [None, 0, None, None]
    first = reading.messages[0]
    assert told(reading)[0][0] == "2025-06-05 09:01:00"
    assert (first.id, first.sender_id, first.speaker, first.alias) == (
        "1",
        "77",
        "周大山",
        "dashan",
    )
    assert [m.edited for m in reading.messages].index(True) == 6
    assert reading.messages[6].attachment == "b.png"
    assert {m.thread for m in reading.messages} == {""}
    assert reading.losses == ()


def test_a_thread_is_one_conversation() -> None:
    reading = channel([message(1, "问"), message(2, "答")], "GuildPublicThread")
    assert [m.thread for m in reading.messages] == ["10", "10"]


def test_a_direct_conversation_is_left_out_and_said() -> None:
    reading = channel([message(1, "悄悄话")], "DirectTextChat")
    assert reading.messages == ()
    assert "direct conversation" in reading.losses[0].what


def test_what_is_broken_costs_no_more_than_itself() -> None:
    reading = channel([message(1, "一"), {"id": "2"}, message(3, "三"), message(4, "四")], cut=30)
    assert [m.text for m in reading.messages] == ["一", "三"]
    assert [loss.what.split(":")[0] for loss in reading.losses] == [
        "a message without a time was left out",
        "the file is no whole JSON behind message 3",
    ]


@pytest.mark.parametrize(
    "content",
    ["{}", "[]", '{"guild": {"id": "1"}, "channel": {"id": "2"}}', '{"messages": []}', "# 群"],
)
def test_other_json_is_not_claimed(content: str) -> None:
    assert not READER.recognises(content.encode())


@given(st.lists(st.tuples(st.text("问答ab \n", max_size=9), st.integers(0, 30))))
def test_a_whole_file_comes_out_once_with_its_replies(said: list[tuple[str, int]]) -> None:
    messages, wanted = [], []
    for n, (words, back) in enumerate(said):
        to = n - back if 0 < back <= n else None
        more = {"type": "Reply", "reference": {"messageId": str(to), "channelId": "10"}}
        messages.append(message(n, f"句{words}".strip(), **(more if to is not None else {})))
        wanted.append(to)
    reading = channel(messages)
    assert [m.id for m in reading.messages] == [str(n) for n in range(len(said))]
    assert replies(reading.messages) == wanted
