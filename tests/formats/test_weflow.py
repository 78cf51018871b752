"""The detailed JSON of WeFlow, EchoTrace and CipherTalk, the arkme variant, and WeFlow's text."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.archive.formats.weflow import WeFlowReader
from knowledge.archive.formats.weflow_text import WeFlowTextReader
from knowledge.archive.reading import Quoted, ReadMessage
from tests.formats.exports import GROUP, PEOPLE, ROOM, SESSION, START, dump
from tests.formats.reads import read, replies, told


def said(
    content: object, type: str = "文本消息", local: object = 1, **more: object
) -> dict[str, Any]:
    wxid, _, card = PEOPLE[1]
    found = {
        "localId": 1,
        "createTime": START,
        "type": type,
        "localType": local,
        "content": content,
    }
    return found | {"senderUsername": wxid, "senderDisplayName": card} | more


def chat(*messages: object, **top: object) -> bytes:
    return dump({"weflow": {"version": "1.0.3"}, "session": SESSION, **top, "messages": messages})


def one(*args: Any, **more: Any) -> ReadMessage:
    reading = read(WeFlowReader(), chat(said(*args, **more)))
    assert reading.losses == ()
    return reading.messages[0]


@pytest.mark.parametrize(
    ("type", "local", "content", "kind", "text"),
    [
        ("图片消息", 3, "media/images/a.jpg", "image", "[图片]"),
        ("语音消息", 34, "[语音消息] 早上浇", "voice", "早上浇"),
        ("语音消息", 34, None, "voice", "[语音]"),
        ("动画表情", 47, "[表情包]", "sticker", "[表情包]"),
        ("其他消息", 8594229559345, "花开", "redpacket", "花开"),
        ("其他消息", 266287972401, "檀 拍了拍 白露", "poke", "檀 拍了拍 白露"),
        ("其他消息", 81604378673, "[聊天记录] 群聊\n檀: 剪", "forward", "[聊天记录] 群聊\n檀: 剪"),
        ("其他消息", 49, "[转账] ￥1", "transfer", "[转账] ￥1"),
        ("系统消息", 10000, "欢迎", "system", "欢迎"),
        ("卡片式链接", 49, "[链接] 剪枝", "link", "[链接] 剪枝"),
        ("红包卡片", 49, None, "redpacket", "[红包]"),
        ("群公告", 49, "周日换土", "announcement", "周日换土"),
        ("新的类型", 43, None, "video", "[视频]"),
        ("新的类型", None, "x", "other", "x"),
        ("其他消息", "9" * 80, "x", "other", "x"),
    ],
)  # fmt: skip
def test_each_kind(type: str, local: object, content: object, kind: str, text: str) -> None:
    message = one(content, type, local)
    assert (message.kind, message.text) == (kind, text)


def test_a_link_is_what_its_fields_say() -> None:
    message = one(
        "[链接] 剪…", "链接消息", 49, linkTitle="剪枝图解", linkUrl="https://example.com/p"
    )
    assert message.text == "[链接] 剪枝图解 https://example.com/p"


def test_a_type_of_an_app_message_decides_where_no_word_does() -> None:
    assert one("肥.pdf", "其他消息", 49, appMsgType="6").kind == "file"


def test_the_running_number_of_an_export_is_no_id() -> None:
    assert one("早", localId=7).id == ""
    assert one("早", platformMessageId="7340000000000000009").id == "7340000000000000009"


def test_a_quote_without_an_id_is_told_by_name_and_words() -> None:
    stated = {"quotedSender": "檀木匠", "quotedContent": "几月剪？"}
    message = one("二月[引用 檀木匠：几月剪？]", "引用消息", 49, **stated)
    assert (message.text, message.reply) == ("二月", Quoted("檀木匠", "几月剪？"))
    assert one("二月[引用 檀：几月？]", "引用消息", 49).reply == Quoted("檀", "几月？")


@pytest.mark.parametrize(
    ("refer", "reply"),
    [
        ("<svrid>734</svrid><displayname>檀</displayname><content>几月？</content>", "734"),
        (
            "<svrid>0</svrid><displayname>檀&amp;</displayname><content>几月 &lt;</content>",
            Quoted("檀&", "几月 <"),
        ),
        ("<displayname>檀</displayname><content>&lt;msg&gt;</content>", None),
        ("", None),
    ],
)  # fmt: skip
def test_ciphertalks_raw_record_names_what_is_quoted(refer: str, reply: object) -> None:
    raw = f"bailu_88:\n<msg><appmsg><type>57</type><refermsg>{refer}</refermsg></appmsg></msg>"
    session = dump({"exportInfo": {}, "session": SESSION, "messages": [
        said("二月", "引用消息", 244813135921, rawContent=raw, groupNickname="露")
    ]})  # fmt: skip
    message = read(WeFlowReader(), session).messages[0]
    assert (message.reply, message.speaker) == (reply, "露")


def test_what_looks_like_a_record_in_a_text_message_long_ago_takes_no_time() -> None:
    assert one("早", rawContent="<refermsg>" * 100_000 + "<svrid>").reply is None


def test_echotrace_has_nothing_but_the_session() -> None:
    content = dump({"session": SESSION | {"avatar": "A" * 100_000}, "messages": [said("早")]})
    reading = read(WeFlowReader(), content)
    assert (reading.group, reading.chats[0].id) == (GROUP, ROOM)
    assert [m.text for m in reading.messages] == ["早"]


def test_arkmes_senders_stand_apart_and_a_remark_is_no_name() -> None:
    senders = [
        {
            "senderID": 1,
            "wxid": "w1",
            "displayName": "备注甲",
            "nickname": "檀",
            "remark": "备注甲",
        },
        {
            "senderID": 2,
            "wxid": "w2",
            "displayName": "露",
            "nickname": "白露",
            "groupNickname": "露",
        },
        {"senderID": 3, "wxid": "w3", "displayName": "备注乙", "remark": "备注乙"},
    ]
    messages = [
        {"createTime": START, "type": "文本消息", "content": "早", "senderID": n}
        for n in (1, 2, 3, 4)
    ]
    reading = read(WeFlowReader(), chat(*messages, senders=senders))
    assert [(m.sender_id, m.speaker, m.alias) for m in reading.messages] == [
        ("w1", "檀", ""),
        ("w2", "露", "白露"),
        ("w3", "备注乙", ""),
        ("", "无名", ""),
    ]
    assert [loss.what[:42] for loss in reading.losses] == [
        "a speaker has no other name than a remark:"
    ]


def test_system_and_recall() -> None:
    room = {"senderUsername": ROOM, "senderDisplayName": ROOM}
    join = said('"$username$"邀请"$names$"加入了群聊', "系统消息", 10000, **room)
    recall = said('"白露" 撤回了一条消息', "系统消息", 10000)
    reading = read(WeFlowReader(), chat(join, recall))
    assert [(m.kind, m.speaker, m.sender_id) for m in reading.messages] == [
        ("system", "", ""),
        ("recall", "白露(三楼)", "bailu_88"),
    ]


def test_a_chat_of_two_is_left_out_and_told() -> None:
    content = dump(
        {"weflow": {}, "session": SESSION | {"type": "私聊"}, "messages": [said("早")] * 3}
    )
    reading = read(WeFlowReader(), content)
    assert reading.chats == ()
    assert len(reading.losses) == 1


TEXT = """2024-05-06 21:00:00 "檀木匠"
几月剪？

2024-05-06 21:00:09 'O'Hara'
[语音消息] 二月

2024-05-06 21:01:00 '白露(三楼)'
对

2024-05-01 09:00:00 'x' 我五一问过
[引用 O'Hara：二月]

2024-05-06 21:02:00 '白露(三楼)'

2024-05-06 21:03:00 '49000000077@chatroom'
"白露"邀请"松果"加入了群聊

2024-05-06 21:04:00 '白露(三楼)'
"白露" 撤回了一条消息

2024-05-06 21:05:00 '松果'
media/files/花肥.xlsx

2024-05-06 21:06:00 '松果'
[文件] 花肥.xlsx
"""


def test_weflows_text() -> None:
    reading = read(WeFlowTextReader(), TEXT, "群聊_月季_20240501-20240601.txt")
    assert told(reading) == [
        ("2024-05-06 21:00:00", "檀木匠", "几月剪？", "text"),
        ("2024-05-06 21:00:09", "O'Hara", "二月", "voice"),
        ("2024-05-06 21:01:00", "白露(三楼)", "对\n\n2024-05-01 09:00:00 'x' 我五一问过", "text"),
        ("2024-05-06 21:02:00", "白露(三楼)", "", "other"),
        ("2024-05-06 21:03:00", "", '"白露"邀请"松果"加入了群聊', "system"),
        ("2024-05-06 21:04:00", "白露(三楼)", '"白露" 撤回了一条消息', "recall"),
        ("2024-05-06 21:05:00", "松果", "media/files/花肥.xlsx", "text"),
        ("2024-05-06 21:06:00", "松果", "[文件] 花肥.xlsx", "file"),
    ]
    assert replies(reading.messages)[2] == 1
    assert (reading.group, reading.losses) == ("月季", ())


def test_a_text_of_two_people_is_left_out_and_told() -> None:
    reading = read(WeFlowTextReader(), TEXT, "私聊_白露.txt")
    assert (reading.chats, len(reading.losses)) == ((), 1)
