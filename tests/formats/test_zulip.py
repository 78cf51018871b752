"""A realm of Zulip: streams, topics, quotes, and Zulip's marks in texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.zulip import ZulipReader
from tests.formats.reads import Files, replies, told

READER = ZulipReader()
AT = 1749085200.25  # 2025-06-05 09:00 in China
REALM = {
    "zerver_stream": [{"id": 5, "name": "对账"}],
    "zerver_recipient": [
        {"id": 50, "type": 2, "type_id": 5},
        {"id": 51, "type": 1, "type_id": 1},
    ],
    "zerver_userprofile": [{"id": 1, "full_name": "林一一"}, {"id": 2, "full_name": "周大山"}],
}


def said(id: int, content: str, sender: int = 1, **more: Any) -> dict[str, Any]:
    at = {"id": id, "sender": sender, "recipient": 50, "subject": "文件", "date_sent": AT + id}
    return {**at, "content": content, "last_edit_time": None, **more}


def realm(*files: list[dict[str, Any]]) -> Files:
    parts = {
        f"z/messages-{n:06}.json": json.dumps({"zerver_message": f, "zerver_usermessage": []})
        for n, f in enumerate(files, 1)
    }
    return Files({"z/realm.json": json.dumps(REALM), "z/avatars/records.json": "[]", **parts})


def test_topics_quotes_and_marks() -> None:
    quote = (
        "@_**林一一|1** [said](https://z.example.org/#narrow/channel/5-x/topic/y/near/1):\n"
        "```quote\n几点能下？\n```\n十点，@**周大山** 说的，见 #**对账>文件**"
    )
    files = realm(
        [said(2, quote, 2), said(1, "几点能下？")],
        [
            said(3, "/poll 周五去？\n去"),
            said(4, "[单.pdf](/user_uploads/2/ab/x.pdf)", last_edit_time=AT),
            said(5, "看 [a.png](/user_uploads/2/ab/a.png)", 9),
            said(6, "悄悄话", recipient=51),
            said(7, "没时间", date_sent=None),
        ],
    )
    assert READER.recognises_bundle(files)
    reading = READER.read_bundle(files)
    assert [(c.group, c.id) for c in reading.chats] == [("对账", "5")]
    assert [(m.speaker, m.text, m.kind) for m in reading.messages] == [
        ("林一一", "几点能下？", "text"),
        ("周大山", "十点，@周大山 说的，见 #对账>文件", "text"),
        ("林一一", "[投票] 周五去？\n去", "poll"),
        ("林一一", "[文件] 单.pdf", "file"),
        ("无名", "看", "text"),
    ]
    assert replies(reading.messages) == [None, 0, None, None, None]
    assert {m.thread for m in reading.messages} == {"文件"}
    assert [m.edited for m in reading.messages].index(True) == 3
    assert told(reading)[0][0] == "2025-06-05 09:00:01"
    assert [loss.what for loss in reading.losses] == [
        "messages of direct conversations were left out",
        "z/messages-000002.json: a message without a time was left out",
    ]


@pytest.mark.parametrize("names", [["realm.json"], ["messages-000001.json"], ["a/realm.json"]])
def test_other_folders_are_not_claimed(names: list[str]) -> None:
    assert not READER.recognises_bundle(Files(dict.fromkeys(names, "{}")))


@given(st.permutations(range(1, 9)), st.integers(0, 8))
def test_a_whole_stream_comes_out_once_and_in_order(ids: list[int], cut: int) -> None:
    quote = "@_**甲|1** [said](https://z.example.org/#narrow/near/{}):\n````quote\n```x\n````\n句{}"
    messages = [said(id, quote.format(id - 1, id) if id % 2 else f"句{id}") for id in ids]
    found = READER.read_bundle(realm(messages[:cut], messages[cut:])).messages
    assert [m.text for m in found] == [f"句{id}" for id in range(1, 9)]
    assert replies(found) == [None, None, 1, None, 3, None, 5, None]
