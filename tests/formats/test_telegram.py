"""Telegram's result.json: one chat, an account, topics, and what is no JSON in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knowledge.archive.formats.telegram import TelegramReader
from knowledge.archive.reading import ReadFile
from tests.formats.reads import read, replies, told

READER = TelegramReader()
AT = 1_750_000_000  # 2025-06-15 23:06:40 in China


def message(id: int, text: Any = "", who: str | None = "绣绣", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "type": "message",
        "date": "2025-06-15T17:06:40",
        "date_unixtime": str(AT + id),
        "from": who,
        "from_id": "user7",
        "text": text,
        "text_entities": [],
    } | more


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"name": "绣坊", "type": "private_supergroup", "id": 42, "messages": messages} | more


def of(*messages: Any, **more: Any) -> ReadFile:
    return read(READER, json.dumps(chat(*messages, **more), ensure_ascii=False))


def test_a_chat_with_all_that_can_be_in_it() -> None:
    missing = "(File not included. Change data exporting settings to download.)"
    link = {"type": "text_link", "text": "图样", "href": "https://example.com/p"}
    name = {"type": "mention_name", "text": "阿针", "user_id": 9}
    poll = {"question": "哪天开班", "answers": [{"text": "周六"}, {"text": "周日"}]}
    reading = of(
        message(1, "", type="service", actor="绣绣", actor_id="user7", action="create_group"),
        message(2, ["请看", link, " ", name]),
        message(3, "", photo="photos/1.jpg"),
        message(4, "这一针怎么走？", photo=missing),
        message(5, "", file=missing, media_type="sticker", sticker_emoji="🧵"),
        message(6, "", file="voice/1.ogg", media_type="voice_message"),
        message(7, "", file="files/底稿.pdf", mime_type="application/pdf"),
        message(8, "", contact_information={"first_name": "阿", "last_name": "针"}),
        message(9, "", location_information={"latitude": 1.5}, place_name="绣坊"),
        message(10, "", poll=poll),
        message(11, "旧闻", forwarded_from="针线早报"),
        message(12, "改过", edited="2025-06-15T17:10:00", edited_unixtime=str(AT + 60)),
        message(13, "没改", edited="1970-01-01T08:00:00"),
        message(14, "没了号", who=None),
    )
    assert (reading.group, reading.chats[0].id) == ("绣坊", "42")
    assert [(m.kind, m.text) for m in reading.messages] == [
        ("system", "create_group"),
        ("text", "请看图样 https://example.com/p 阿针"),
        ("image", "[图片]"),
        ("text", "[图片] 这一针怎么走？"),
        ("sticker", "[表情] 🧵"),
        ("voice", "[语音]"),
        ("file", "[文件] 底稿.pdf"),
        ("card", "[名片] 阿 针"),
        ("location", "[位置] 绣坊"),
        ("poll", "[投票] 哪天开班\n- 周六\n- 周日"),
        ("forward", "旧闻"),
        ("text", "改过"),
        ("text", "没改"),
        ("text", "没了号"),
    ]
    assert [m.edited for m in reading.messages][-3:] == [True, False, False]
    assert [m.attachment for m in reading.messages if m.attachment] == [
        *("photos/1.jpg", "voice/1.ogg", "files/底稿.pdf")
    ]
    assert [m.speaker for m in reading.messages] == ["", *["绣绣"] * 12, "user7"]
    assert told(reading)[1][0] == "2025-06-15 23:06:42"
    assert reading.losses == ()


def test_replies_here_and_to_another_chat() -> None:
    reading = of(
        message(1, "几股线？"),
        message(2, "两股", reply_to_message_id=1),
        message(3, "见那边", reply_to_message_id=1, reply_to_peer_id="channel5"),
    )
    assert replies(reading.messages) == [None, 0, None]


def test_topics_are_threads_and_answers_within_them_are_replies() -> None:
    topic = {"type": "service", "action": "topic_created", "title": "配色"}
    reading = of(
        message(1, "闲话"),
        message(5, **topic),
        message(6, "红配什么？", reply_to_message_id=5),
        message(7, "墨绿", reply_to_message_id=6),
        message(8, "闲话也要", reply_to_message_id=1),
        message(9, **topic),
        message(10, "线哪里买？", reply_to_message_id=9),
    )
    assert [m.thread for m in reading.messages] == ["", "5", "5", "5", "", "9", "9"]
    assert replies(reading.messages) == [None, None, None, 2, 0, None, None]


def test_a_chain_of_replies_that_bites_its_tail_is_in_no_topic() -> None:
    topic = {"type": "service", "action": "topic_created", "title": "配色"}
    reading = of(
        message(1, **topic),
        message(2, "鸡", reply_to_message_id=3),
        message(3, "蛋", reply_to_message_id=2),
    )
    assert [m.thread for m in reading.messages] == ["1", "", ""]


def test_a_whole_account_is_many_chats_without_those_of_two() -> None:
    account = {
        "about": "Here is the data you requested. Remember: Telegram is ad free.",
        "personal_information": {"user_id": 7, "name": "不是群"},
        "contacts": {"list": [{"first_name": "阿", "messages": 3}] * 2000},
        "chats": {
            "about": "",
            "list": [
                chat(message(1, "早")),
                chat(message(1, "悄悄话"), type="personal_chat", name="阿针"),
                chat(message(1, "晚"), name="绣坊二", id=43),
            ],
        },
        "left_chats": {"about": "", "list": [chat(message(1, "走了"), name="旧坊", id=44)]},
    }
    reading = read(READER, json.dumps(account, ensure_ascii=False))
    assert [(c.group, c.id, [m.text for m in c.messages]) for c in reading.chats] == [
        ("绣坊", "42", ["早"]),
        ("绣坊二", "43", ["晚"]),
        ("旧坊", "44", ["走了"]),
    ]
    assert [loss.what for loss in reading.losses] == ["a chat that is no group was left out"]


@pytest.mark.parametrize("padding", range(4))
def test_control_characters_as_telegram_writes_them(padding: int) -> None:
    # So many that each piece of the file ends within one of them.
    words = "a" * padding + "@@" * 60_000
    text = json.dumps(chat(message(1, f"{words}针"), message(2, "\\x41")), ensure_ascii=False)
    reading = read(READER, text.replace("@@", "\\x0B"))
    assert [m.text for m in reading.messages] == ["a" * padding + "针", "\\x41"]
    assert reading.losses == ()


@pytest.mark.parametrize("opening", ["", '{"chats": {"list": ['])
def test_damage_costs_what_stands_behind_it(opening: str) -> None:
    text = json.dumps(chat(*(message(i, f"第{i}针") for i in range(1, 9))), ensure_ascii=False)
    reading = read(READER, opening + text[: text.index("第5针")])
    assert reading.group == "绣坊"
    assert [m.text for m in reading.messages] == [f"第{i}针" for i in range(1, 5)]
    assert [loss.what[:26] for loss in reading.losses] == ["the file is no whole JSON "]


def test_what_cannot_be_read_is_told_once_a_kind() -> None:
    odd = [{"id": i, "type": "unsupported"} for i in range(3)]
    dateless = message(9, "何时", date="", date_unixtime="")
    reading = of(*odd, dateless, 5, [6], message(10, "好"))
    assert [m.text for m in reading.messages] == ["好"]
    assert sorted(loss.what for loss in reading.losses) == [
        "a message without a date was left out",
        "messages of a kind that the exporter does not know; left out (3 times, here first)",
        "what is no message was left out (2 times, here first)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"type": "group", "messages": []}',
        '{"messages": [{"type": "private_supergroup"}]}',
        '{"name": "x", "chats": {"list": []}}',
        '{"messages": [{"text": "\\"type\\": \\"private_group\\""}]}',
    ],
)
def test_other_json_is_not_taken_for_it(text: str) -> None:
    assert not READER.recognises(text.encode())
