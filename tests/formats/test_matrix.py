"""A room of Matrix: replies, threads, edits and names, as Element exports them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.matrix import MatrixReader
from knowledge.archive.reading import ReadFile
from tests.formats.reads import read, replies, told

READER = MatrixReader()
AT = 1749085200000  # 2025-06-05 09:00 in China


def event(
    n: int, body: str, who: str = "lin", type: str = "m.room.message", **content: Any
) -> dict[str, Any]:
    return {
        "type": type,
        "sender": f"@{who}:example.org",
        "event_id": f"${n}",
        "room_id": "!r:example.org",
        "origin_server_ts": AT + n * 1000,
        "content": {"msgtype": "m.text", "body": body, **content} if body or content else {},
    }


def related(**more: Any) -> Any:
    return {"m.relates_to": more}


def answers(n: int) -> dict[str, Any]:
    return {"m.in_reply_to": {"event_id": f"${n}"}}


def new(body: str) -> Any:
    return {"m.new_content": {"msgtype": "m.text", "body": body}}


def asked(body: str) -> Any:
    return {"m.poll": {"question": {"body": body}}}


def room(*events: Any) -> ReadFile:
    whole = {"room_name": "对账", "room_creator": "@a:b", "topic": "", "export_date": "5 June"}
    content = json.dumps({**whole, "exported_by": "@a:b", "messages": list(events)})
    return read(READER, content, "export.json")


def test_replies_threads_edits_and_names() -> None:
    named = event(1, "", type="m.room.member", membership="join", displayname="林一一")
    named["state_key"] = "@lin:example.org"
    reading = room(
        event(0, "几点能下？"),
        named,
        event(2, "> <@lin:example.org> 几点\n> 能下？\n\n十点", "zhou", **related(**answers(0))),
        event(
            3, "* 几点能下载？",
            **related(rel_type="m.replace", event_id="$0"),
            **new("几点能下载？"),
        ),
        event(4, "另说", **related(rel_type="m.thread", event_id="$2", is_falling_back=True,
                                   **answers(2))),
        event(5, "再说", **related(rel_type="m.thread", event_id="$2", **answers(4))),
        event(6, "别人改的", "eve", **related(rel_type="m.replace", event_id="$0"),
              **new("假的")),
        event(7, "a.png", msgtype="m.image"),
        event(8, "看图", msgtype="m.image", filename="b.png"),
        event(9, "单.pdf", msgtype="m.file"),
        event(10, ""),
        event(11, "", type="m.room.encrypted", algorithm="x"),
        event(12, "", type="m.reaction", key="+1"),
        event(13, "", type="m.poll.start", **asked("周五去？")),
        {"type": "m.room.message", "content": {"body": "没时间"}},
    )  # fmt: skip
    assert (reading.group, reading.chats[0].id) == ("对账", "!r:example.org")
    assert [(m.speaker, m.text, m.kind) for m in reading.messages] == [
        ("林一一", "几点能下载？", "text"),
        ("", "林一一 join", "system"),
        ("zhou", "十点", "text"),
        ("林一一", "另说", "text"),
        ("林一一", "再说", "text"),
        ("林一一", "[图片]", "image"),
        ("林一一", "看图", "text"),
        ("林一一", "[文件] 单.pdf", "file"),
        ("", "", "recall"),
        ("林一一", "[投票] 周五去？", "poll"),
    ]
    assert replies(reading.messages)[:5] == [None, None, 0, 2, 3]
    assert [m.thread for m in reading.messages][:5] == ["", "", "$2", "$2", "$2"]
    assert [m.edited for m in reading.messages] == [True] + [False] * 9
    assert reading.messages[0].alias == "lin"
    assert told(reading)[0][0] == "2025-06-05 09:00:00"
    assert [loss.what for loss in reading.losses] == [
        "a message that is still encrypted was left out",
        "a message without a time was left out",
    ]


@pytest.mark.parametrize(
    "content", ["{}", '{"room_name": "x"}', '{"messages": [], "name": "x", "exported_by": "y"}']
)
def test_other_json_is_not_claimed(content: str) -> None:
    assert not READER.recognises(content.encode())


@given(st.lists(st.tuples(st.text("问答ab >\n", max_size=9), st.integers(0, 30))))
def test_a_whole_room_comes_out_once_with_its_replies(said: list[tuple[str, int]]) -> None:
    events, wanted = [], []
    for n, (words, back) in enumerate(said):
        to = n - back if 0 < back <= n else None
        events.append(event(n, f"句{words}", **(related(**answers(to)) if to is not None else {})))
        wanted.append(to)
    reading = room(*events)
    assert [m.id for m in reading.messages] == [f"${n}" for n in range(len(said))]
    assert all(m.text.startswith("句") for m in reading.messages)
    assert replies(reading.messages) == wanted
