"""ChatLab's exchange format: what WeFlow and CipherTalk make of each kind of message."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from knowledge.archive.formats.chatlab import ChatLabLinesReader, ChatLabReader
from knowledge.archive.reading import Quoted, ReadFile, ReadMessage
from tests.formats.exports import META, PEOPLE, ROOM, START, dump
from tests.formats.reads import read, replies


def said(content: object, type: object = 0, who: int = 0, **more: Any) -> dict[str, Any]:
    wxid, account, card = PEOPLE[who]
    found = {"sender": wxid, "accountName": account, "groupNickname": card, "timestamp": START}
    return found | {"type": type, "content": content} | more


def chat(*messages: object, **top: object) -> bytes:
    return dump({"chatlab": {"version": "0.0.2"}, "meta": META, **top, "messages": list(messages)})


def one(content: object, type: object = 0, **more: Any) -> ReadMessage:
    reading = read(ChatLabReader(), chat(said(content, type, **more)))
    assert reading.losses == ()
    return reading.messages[0]


@pytest.mark.parametrize(
    ("type", "content", "kind", "text", "attachment"),
    [
        (0, "月季要晒几小时？", "text", "月季要晒几小时？", ""),
        (0, None, "text", "", ""),
        (1, "[图片]", "image", "[图片]", ""),
        (1, "media/images/ab.jpg", "image", "[图片]", "media/images/ab.jpg"),
        (1, None, "image", "[图片]", ""),
        (2, "[语音消息] 早上浇透", "voice", "早上浇透", ""),
        (2, "[语音消息]", "voice", "[语音]", ""),
        (2, "media/voices/a b.mp3", "voice", "[语音]", "media/voices/a b.mp3"),
        (3, "[视频]", "video", "[视频]", ""),
        (4, "[文件] 花肥.xlsx", "file", "[文件] 花肥.xlsx", "花肥.xlsx"),
        (4, "media/files/花肥.xlsx", "file", "[文件] 花肥.xlsx", "media/files/花肥.xlsx"),
        (5, None, "sticker", "[表情]", ""),
        (7, "[剪[图]](https://example.com/p)", "link", "[链接] 剪[图] https://example.com/p", ""),
        (24, "[小程序] 花事", "link", "[小程序] 花事", ""),
        (7, "[转发的聊天记录]群\n露: 剪\n松: 别", "forward", "[聊天记录] 群\n露: 剪\n松: 别", ""),
        (99, "[聊天记录]群聊\n白露: 别剪", "forward", "[聊天记录] 群聊\n白露: 别剪", ""),
        (99, "[转账] (檀 转账给 白露) ￥3.00", "transfer", "[转账] (檀 转账给 白露) ￥3.00", ""),
        (20, "[红包] 花开富贵", "redpacket", "[红包] 花开富贵", ""),
        (22, "檀木匠 拍了拍 白露", "poke", "檀木匠 拍了拍 白露", ""),
        (23, None, "call", "[通话]", ""),
        (99, "什么", "other", "什么", ""),
        (1234, "什么", "other", "什么", ""),
        ("25", "好", "text", "好", ""),
        (0, "[转账] 怎么退回？", "text", "[转账] 怎么退回？", ""),
        (0, "\u200e@白露\u2005在吗\r\n\x07在", "text", "@白露 在吗\n在", ""),
    ],
)  # fmt: skip
def test_each_kind(type: object, content: object, kind: str, text: str, attachment: str) -> None:
    message = one(content, type)
    assert (message.kind, message.text, message.attachment) == (kind, text, attachment)


@pytest.mark.parametrize(
    ("content", "text", "quoted"),
    [
        ("剪[引用 白露：几月剪？]", "剪", Quoted("白露", "几月剪？")),
        ("[引用 白露：几月剪？]", "", Quoted("白露", "几月剪？")),
        ("这盆[引用 白露：[图片]]", "这盆", Quoted("白露", "[图片]")),
        ("对[引用 白露：是[引用 松果：剪？]]", "对", Quoted("白露", "是[引用 松果：剪？]")),
        ("看[引用 松果：x]，对吧[引用 白露：是]", "看[引用 松果：x]，对吧", Quoted("白露", "是")),
        ("怪[引用 白露：a] b]", "怪", Quoted("白露", "a] b")),
        ("什么叫[引用 来源]", "什么叫[引用 来源]", None),
        ("[引用 白露：是] 在前面", "[引用 白露：是] 在前面", None),
    ],
)
def test_the_quote_is_taken_out_of_the_text(content: str, text: str, quoted: Quoted) -> None:
    message = one(content, 25)
    assert (message.text, message.reply) == (text, quoted)
    by_id = one(content, 25, replyToMessageId="12")
    assert (by_id.text, by_id.reply) == (text, "12")


def test_a_reply_to_what_is_not_there_stays_without_a_target() -> None:
    reading = read(ChatLabReader(), chat(said("剪"), said("好", 25, replyToMessageId="99")))
    assert replies(reading.messages) == [None, None]


def test_ids_beyond_what_a_float_holds_stay_as_they_are() -> None:
    messages = chat(
        said("剪？", platformMessageId=7340000000000000001),
        said(
            "剪", 25, platformMessageId="7340000000000000002", replyToMessageId=7340000000000000001
        ),
    )
    reading = read(ChatLabReader(), messages)
    assert [m.id for m in reading.messages] == ["7340000000000000001", "7340000000000000002"]
    assert replies(reading.messages) == [None, 0]


def test_what_wechat_says_is_said_by_nobody() -> None:
    system = said('"白露"邀请"松果"加入了群聊', 80, sender=ROOM, accountName=ROOM, groupNickname="")
    recall = said('"白露" 撤回了一条消息', 80, who=1)
    other = said("我说错的话", 81, who=1)
    kept = said('"白露" 撤回了一条消息：我说错的话', 81, who=1)
    reading = read(ChatLabReader(), chat(system, recall, other, kept))
    assert [(m.kind, m.speaker, m.sender_id, m.text) for m in reading.messages] == [
        ("system", "", "", '"白露"邀请"松果"加入了群聊'),
        ("recall", "白露(三楼)", "bailu_88", '"白露" 撤回了一条消息'),
        ("recall", "白露(三楼)", "bailu_88", ""),
        ("recall", "白露(三楼)", "bailu_88", '"白露" 撤回了一条消息'),
    ]


def test_a_speaker_is_called_as_the_group_calls_him() -> None:
    members = [{"platformId": "wxid_tan01", "accountName": "檀", "groupNickname": "檀木匠"}]
    messages = [
        said("一", groupNickname="新名片"),
        said("二", groupNickname=None),
        {
            "sender": "wxid_neu",
            "accountName": "新人",
            "timestamp": START,
            "type": 0,
            "content": "三",
        },
        {"sender": "wxid_x", "timestamp": START, "type": 0, "content": "四"},
        {"timestamp": START, "type": 0, "content": "五"},
    ]
    for order in (["members", "messages", "meta"], ["meta", "messages", "members"]):
        parts = {"members": members, "messages": messages, "meta": META}
        content = dump({"chatlab": {"version": "1"}} | {key: parts[key] for key in order})
        reading = read(ChatLabReader(), content)
        assert [(m.speaker, m.alias) for m in reading.messages] == [
            ("新名片", "檀"),
            ("檀木匠", "檀"),
            ("新人", ""),
            ("wxid_x", ""),
            ("无名", ""),
        ]
        assert (reading.chats[0].group, reading.chats[0].id) == (META["name"], ROOM)


@pytest.mark.parametrize("stated", [START, str(START), START * 1000, START * 10**6])
def test_moments_of_any_unit(stated: object) -> None:
    message = one("早", timestamp=stated)
    assert (message.at, message.date, message.time) == (START, "2024-05-06", "13:00:00")


def test_messages_without_a_time_are_counted_in_one_line() -> None:
    values: list[Any] = [None, "gestern", -5, "9" * 400, True, []]
    broken = [said("早", timestamp=value) for value in values]
    reading = read(ChatLabReader(), chat(*broken, said("晚")))
    assert [m.text for m in reading.messages] == ["晚"]
    assert [str(loss.what) for loss in reading.losses] == [
        "a message without a time was left out (6 times, here first)"
    ]


def test_a_forward_without_its_lines_has_them_from_its_records() -> None:
    records = [{"accountName": "白露", "content": "别剪"}, {"sender": "松果", "content": None}]
    assert one("[聊天记录]", 7, chatRecords=records).text == "[聊天记录]\n白露: 别剪\n松果: […]"


def test_a_picture_before_the_messages_does_not_hide_them() -> None:
    meta = {"groupAvatar": "data:image/png;base64," + "A" * 200_000} | META
    content = dump({"chatlab": {"version": "1"}, "meta": meta, "messages": [said("早")]})
    reading = read(ChatLabReader(), content)
    assert [m.text for m in reading.messages] == ["早"]
    assert reading.group == META["name"]


def test_a_chat_of_two_is_left_out_and_told() -> None:
    private = dump(
        {
            "chatlab": {"version": "1"},
            "meta": {"name": "白露", "type": "private"},
            "messages": [said("早")],
        }
    )
    reading = read(ChatLabReader(), private)
    assert reading.chats == ()
    assert [loss.what for loss in reading.losses] == [
        "a chat of two people and no group's; left out"
    ]


def lines(*records: object) -> ReadFile:
    data = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in records)
    assert ChatLabLinesReader().recognises(data.encode())
    return ChatLabLinesReader().read(io.BytesIO(data.encode()), "chat.jsonl")


HEADER = {"_type": "header", "chatlab": {"version": "0.0.2"}, "meta": META}


def test_lines_that_are_no_message_are_told_with_their_place() -> None:
    good = {"_type": "message", **said("早")}
    member = {
        "_type": "member",
        "platformId": "wxid_y",
        "accountName": "叶",
        "groupNickname": "叶子",
    }
    known = {"_type": "message", "sender": "wxid_y", "timestamp": START, "type": 0, "content": "晚"}
    deep = "[" * 100_000
    reading = lines("# comment", "", HEADER, member, good, '{"_type": "mess', deep, known)
    assert [(m.speaker, m.text, m.line) for m in reading.messages] == [
        ("檀木匠", "早", 5),
        ("叶子", "晚", 8),
    ]
    assert [(loss.line, loss.what) for loss in reading.losses] == [
        (6, "no whole JSON object; left out (2 times, here first)")
    ]


def test_a_further_header_begins_a_further_chat_or_goes_on_with_one() -> None:
    other = {
        "_type": "header",
        "chatlab": {"version": "1"},
        "meta": {"name": "多肉", "groupId": "9@chatroom"},
    }
    message = [{"_type": "message", **said(text)} for text in ("一", "二", "三")]
    reading = lines(HEADER, message[0], other, message[1], HEADER, message[2])
    assert [(c.group, [m.text for m in c.messages]) for c in reading.chats] == [
        (META["name"], ["一", "三"]),
        ("多肉", ["二"]),
    ]
