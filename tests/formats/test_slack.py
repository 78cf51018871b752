"""A workspace of Slack: channels, people, threads over days, and Slack's marks in texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.slack import SlackReader
from tests.formats.reads import Files, replies, told

READER = SlackReader()
USERS = [
    {"id": "U1", "name": "linyi", "profile": {"display_name": "林一一", "real_name": "林一"}},
    {"id": "U2", "name": "dashan", "real_name": "周大山", "profile": {"display_name": ""}},
]
AT = 1749085200  # 2025-06-05 09:00 in China


def workspace(days: dict[str, list[dict[str, Any]]], top: str = "") -> Files:
    files = {f"{top}{day}.json": json.dumps(said) for day, said in days.items()}
    channels = [{"id": "C1", "name": "duizhang"}, {"id": "C2", "name": "闲聊"}]
    return Files(
        {
            f"{top}users.json": json.dumps(USERS),
            f"{top}channels.json": json.dumps(channels),
            **files,
        }
    )


def said(second: int, words: str, user: str = "U1", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": words, "ts": f"{AT + second}.000100", **more}


def test_threads_marks_and_kinds() -> None:
    root = f"{AT}.000100"
    files = workspace(
        {
            "duizhang/2025-06-05": [
                said(0, "<@U2> 几点出? &lt;急&gt; <https://example.org/a|说明> <#C2> <!here>",
                     thread_ts=root),
                said(5, "<@U2> has joined the channel", "U2", subtype="channel_join"),
                said(6, "", "", subtype="bot_message", username="构建", bot_id="B1",
                     attachments=[{"title": "第 3 次", "text": "<https://example.org/b>"}]),
                said(7, "", files=[{"name": "单.pdf", "mimetype": "application/pdf"}]),
                said(8, "看", files=[{"name": "a.png"}], edited={"ts": "1"}),
                said(9, "This message was deleted.", "USLACKBOT", subtype="tombstone", hidden=True),
                said(10, "旧", subtype="message_changed", hidden=True),
            ],
            "duizhang/2025-06-06": [
                said(90000, "十点", "U2", thread_ts=root),
                said(90001, "在", "U9", user_profile={"display_name": "过客"}),
            ],
            "闲聊/2025-06-05": [said(1, "早", "U7")],
            "mpdm-a--b-1/2025-06-05": [said(1, "悄悄话")],
        },
        top="export/",
    )  # fmt: skip
    assert READER.recognises_bundle(files)
    reading = READER.read_bundle(files)
    assert [(c.group, c.id) for c in reading.chats] == [("duizhang", "C1"), ("闲聊", "C2")]
    messages = reading.chats[0].messages
    assert [(m.speaker, m.text, m.kind) for m in messages] == [
        ("林一一", "@周大山 几点出? <急> 说明 https://example.org/a #闲聊 @here", "text"),
        ("周大山", "@周大山 has joined the channel", "system"),
        ("构建", "第 3 次\nhttps://example.org/b", "text"),
        ("林一一", "[文件] 单.pdf", "file"),
        ("林一一", "看", "text"),
        ("", "", "recall"),
        ("周大山", "十点", "text"),
        ("过客", "在", "text"),
    ]
    assert replies(messages) == [None, None, None, None, None, None, 0, None]
    assert [m.thread for m in messages[:2]] == [root, ""]
    assert messages[6].thread == root
    assert (messages[0].alias, messages[0].sender_id, messages[0].id) == ("林一", "U1", root)
    assert [m.edited for m in messages].index(True) == 4
    assert told(reading)[0][0] == "2025-06-05 09:00:00"
    assert [loss.what for loss in reading.losses] == ["a direct conversation was left out"]


def test_a_day_that_cannot_be_read_costs_that_day() -> None:
    good = {"a/2025-06-05.json": json.dumps([said(0, "一")]), "users.json": json.dumps(USERS)}
    files = Files(
        {**good, "a/2025-06-06.json": "[{", "a/2025-06-07.json": "[]", "a/2025-06-08.json": "[{}]"},
        lost=["a/2025-06-07.json"],
    )
    reading = READER.read_bundle(files)
    assert [m.text for m in reading.messages] == ["一"]
    assert [loss.what[:25] for loss in reading.losses] == [
        "a/2025-06-06.json: the fi",
        "a/2025-06-07.json: cannot",
        "a/2025-06-08.json: a mess",
    ]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"users.json": json.dumps(USERS)},
        {"users.json": '{"wxid_a": {}}', "a/2025-06-05.json": "[]"},
        {"users.json": '[{"id": 3, "name": "x"}]', "a/2025-06-05.json": "[]"},
        {"a/2025-06-05.json": "[]"},
    ],
)
def test_other_folders_are_not_claimed(files: dict[str, str]) -> None:
    assert not READER.recognises_bundle(Files(files))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 3)), unique_by=lambda s: s[0]))
def test_a_whole_channel_comes_out_once_and_in_order(seconds: list[tuple[int, int]]) -> None:
    days: dict[str, list[dict[str, Any]]] = {"a/2025-06-01": []}
    for second, day in seconds:  # what day a file is called says nothing
        days.setdefault(f"a/2025-06-0{day + 1}", []).append(said(second, f"句{second}"))
    reading = READER.read_bundle(workspace(days))
    assert [m.text for m in reading.messages] == [f"句{s}" for s, _ in sorted(seconds)]
