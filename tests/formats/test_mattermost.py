"""Mattermost's bulk export: channels, people, and posts with what answers them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.mattermost import MattermostReader
from tests.formats.reads import read, replies, told

READER = MattermostReader()
AT = 1749085200000  # 2025-06-05 09:00 in China
HEAD: list[dict[str, Any]] = [
    {"type": "version", "info": {"generator": "mattermost-server"}, "version": 1},
    {"type": "channel", "channel": {"team": "t", "name": "dz", "display_name": "对账"}},
    {"type": "user", "user": {"username": "lin", "nickname": "林一一", "first_name": "林一"}},
    {"type": "user", "user": {"username": "zhou", "nickname": "", "last_name": "周大山"}},
]


def post(minute: int, words: str, user: str = "lin", **more: Any) -> dict[str, Any]:
    return {"user": user, "message": words, "create_at": AT + minute * 60000, **more}


def lines(*posts: dict[str, Any]) -> str:
    said = [{"type": "post", "post": {"team": "t", "channel": "dz", **p}} for p in posts]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (*HEAD, *said))


def test_posts_with_what_answers_them() -> None:
    content = lines(
        post(0, "几点能下？", replies=[post(90, "十点", "zhou"), post(91, "谢谢", edit_at=AT)]),
        post(1, "zhou joined.", "zhou", type="system_join_channel"),
        post(2, "", attachments=[{"path": "data/x/单.pdf"}]),
        post(3, "看", attachments=[{"path": "a.png"}]),
        post(4, "删了", delete_at=AT),
    )
    direct = {"type": "direct_post", "direct_post": post(5, "悄悄话")}
    content += json.dumps(direct) + '\n{"type": "post", "post"\n' + '{"type": "post"}\n'
    reading = read(READER, content, "import.jsonl")
    assert [(c.group, c.id) for c in reading.chats] == [("对账", "t/dz")]
    assert [(m.speaker, m.text, m.kind) for m in reading.messages] == [
        ("林一一", "几点能下？", "text"),
        ("周大山", "zhou joined.", "system"),
        ("林一一", "[文件] 单.pdf", "file"),
        ("林一一", "看", "text"),
        ("林一一", "", "recall"),
        ("周大山", "十点", "text"),
        ("林一一", "谢谢", "text"),
    ]
    assert replies(reading.messages) == [None, None, None, None, None, 0, 0]
    first = reading.messages[0]
    assert [m.thread for m in reading.messages] == [first.id, "", "", "", "", first.id, first.id]
    assert (first.sender_id, first.alias) == ("lin", "林一")
    assert reading.messages[-1].edited
    assert told(reading)[0][0] == "2025-06-05 09:00:00"
    assert [loss.what for loss in reading.losses] == [
        "a direct conversation's message was left out",
        "a line that is no whole JSON was left out",
        "a message without a time was left out",
    ]


def test_channels_of_one_name_in_two_teams_are_two() -> None:
    content = lines(post(0, "一"), {**post(1, "二"), "team": "u", "channel": "对账"})
    assert [c.group for c in read(READER, content, "x.jsonl").chats] == ["t-对账", "u-对账"]


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"type": "post"}\n', '{"_type": "header", "version": "0.0.1"}\n', "version 1\n"],
)
def test_other_lines_are_not_claimed(content: str) -> None:
    assert not READER.recognises(content.encode())


@given(st.lists(st.lists(st.integers(1, 500), max_size=4), max_size=8))
def test_every_post_comes_out_once_with_its_root(posts: list[list[int]]) -> None:
    said = [
        post(n, f"问{n}", replies=[post(n + m, f"答{n}", "zhou") for m in answers])
        for n, answers in enumerate(posts)
    ]
    messages = read(READER, lines(*said), "x.jsonl").messages
    assert len(messages) == len(posts) + sum(map(len, posts))
    for message, to in zip(messages, replies(messages), strict=True):
        asked = message.text.startswith("问")
        assert to is None if asked else to is not None
        assert to is None or messages[to].text == message.text.replace("答", "问")
