"""chatlog's JSON, CSV and text: several chats in one, quotes told by sender and second."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.archive.formats.chatlog import ChatlogCsvReader, ChatlogReader
from knowledge.archive.formats.chatlog_text import ChatlogTextReader
from knowledge.archive.reading import Quoted, ReadMessage
from tests.formats.exports import GROUP, PEOPLE, ROOM, dump, rows
from tests.formats.reads import read, replies, told


def said(
    type: int, sub: int = 0, content: str = "", who: int = 1, **more: object
) -> dict[str, Any]:
    wxid, _, card = PEOPLE[who]
    found = {"seq": 1715000400000, "time": "2024-05-06T21:00:00+08:00", "talker": ROOM}
    found |= {"talkerName": GROUP, "isChatRoom": True, "sender": wxid, "senderName": card}
    return found | {"type": type, "subType": sub, "content": content} | more


def one(*args: Any, **more: Any) -> ReadMessage:
    reading = read(ChatlogReader(), dump([said(*args, **more)]))
    assert reading.losses == ()
    return reading.messages[0]


@pytest.mark.parametrize(
    ("type", "sub", "contents", "kind", "text"),
    [
        (3, 0, {}, "image", "[图片]"),
        (34, 0, {}, "voice", "[语音]"),
        (43, 0, {}, "video", "[视频]"),
        (47, 0, {"cdnurl": "http://example.com/e"}, "sticker", "[动画表情]"),
        (42, 0, {}, "card", "[名片]"),
        (48, 0, {"label": "花市", "cityname": "昆明"}, "location", "[位置] 花市 昆明"),
        (
            49,
            5,
            {"title": "剪枝", "url": "https://example.com"},
            "link",
            "[链接] 剪枝 https://example.com",
        ),
        (49, 33, {"title": "花事"}, "link", "[链接] 花事"),
        (49, 6, {"title": "肥.pdf"}, "file", "[文件] 肥.pdf"),
        (49, 2000, {}, "transfer", "[转账]"),
        (49, 2001, {}, "redpacket", "[红包]"),
        (49, 87, {}, "announcement", "[群公告]"),
        (49, 62, {}, "poke", ""),
        (50, 0, {}, "call", "[通话]"),
        (49, 999, {}, "other", ""),
        (49, 6, "no object", "file", "[文件]"),
    ],
)
def test_each_kind(type: int, sub: int, contents: object, kind: str, text: str) -> None:
    message = one(type, sub, contents=contents)
    assert (message.kind, message.text) == (kind, text)


def test_a_forward_has_its_lines() -> None:
    items = [{"SourceName": "檀", "DataDesc": "剪"}, {"SourceName": "露", "DataTitle": "图.jpg"}, 7]
    record = {"Title": "群聊的聊天记录", "DataList": {"DataItems": items}}
    message = one(49, 19, contents={"title": "群聊", "recordInfo": record})
    assert message.text == "[聊天记录] 群聊的聊天记录\n檀: 剪\n露: 图.jpg"


def test_system_and_recall() -> None:
    recall = said(10000, content='"檀" 撤回了一条消息', sender="系统消息", senderName="")
    join = said(10000, content='"檀(wxid_tan01)"加入了群聊', sender="系统消息", senderName="")
    found = read(ChatlogReader(), dump([recall, join])).messages
    assert [(m.kind, m.speaker, m.sender_id) for m in found] == [
        ("recall", "", ""),
        ("system", "", ""),
    ]


def test_the_second_and_the_sender_tell_what_is_quoted_not_the_words() -> None:
    early = said(1, content="剪", time="2024-05-06T20:00:00+08:00")
    again = said(1, content="剪")
    refer = said(1, content="剪", time="2024-05-06T20:00:00+08:00")
    reply = said(
        49, 57, "几月？", who=0, contents={"refer": refer}, time="2024-05-06T21:01:00+08:00"
    )
    reading = read(ChatlogReader(), dump([early, again, reply]))
    assert replies(reading.messages) == [None, None, 0]
    assert reading.messages[2].reply == Quoted("bailu_88", "剪", "2024-05-06 12:00:00")


def test_the_zero_time_of_the_program_is_none() -> None:
    reading = read(ChatlogReader(), dump([said(1, content="早", time="0001-01-01T00:00:00Z")]))
    assert (reading.messages, len(reading.losses)) == ((), 1)


def test_a_quote_without_its_time_is_told_by_its_words() -> None:
    refer = said(3, time="0001-01-01T00:00:00Z")
    assert one(49, 57, "好", contents={"refer": refer}).reply == Quoted("bailu_88", "[图片]", "")


def test_several_groups_come_apart_and_chats_of_two_are_told() -> None:
    other: dict[str, Any] = {"talker": "50000000011@chatroom", "talkerName": "多肉"}
    private: dict[str, Any] = {"talker": "wxid_tan01", "talkerName": "檀", "isChatRoom": False}
    messages = [said(1, content="一"), said(1, content="二", **other), said(1, content="三"),
                said(1, content="私", **private), said(1, content="私", **private)]  # fmt: skip
    reading = read(ChatlogReader(), dump(messages))
    assert [(c.group, c.id, [m.text for m in c.messages]) for c in reading.chats] == [
        (GROUP, ROOM, ["一", "三"]),
        ("多肉", "50000000011@chatroom", ["二"]),
    ]
    assert [(loss.line, loss.what) for loss in reading.losses] == [
        (4, "a message between two people, of no group; left out (2 times, here first)")
    ]


@pytest.mark.parametrize(
    ("content", "kind", "text", "attachment"),
    [
        ("![图片](http://127.0.0.1:5030/image/ab)", "image", "[图片]", "http://127.0.0.1:5030/image/ab"),
        ("[语音](http://127.0.0.1:5030/voice/9)", "voice", "[语音]", "http://127.0.0.1:5030/voice/9"),
        ("![动画表情](http://example.com/e)", "sticker", "[动画表情]", ""),
        ("[链接|剪枝](https://example.com/p)", "link", "[链接] 剪枝 https://example.com/p", ""),
        ("[小程序|花事](https://example.com/p)", "link", "[链接] 花事 https://example.com/p", ""),
        ("[文件|肥.pdf](http://127.0.0.1/file/1)", "file", "[文件] 肥.pdf", "肥.pdf"),
        ("[转账|发送 ￥1]", "transfer", "[转账] 发送 ￥1", ""),
        ("[红包]", "redpacket", "[红包]", ""),
        ("[位置|花市|昆明|25.0|102.7]", "location", "[位置] 花市", ""),
        ("[合并转发|群聊]\n> 檀 05-06 10:00:00\n> 剪", "forward",
         "[聊天记录] 群聊\n檀 05-06 10:00:00\n剪", ""),
        ("Type: 77 Content: <x/>", "other", "Type: 77 Content: <x/>", ""),
        ("[图片] 看不清", "text", "[图片] 看不清", ""),
        ("[偷笑]", "text", "[偷笑]", ""),
    ],
)  # fmt: skip
def test_the_marks_of_csv_and_text(content: str, kind: str, text: str, attachment: str) -> None:
    record = ["2024-05-06 21:00:00", "檀木匠", "wxid_tan01", GROUP, ROOM, content]
    table = rows("Time,SenderName,Sender,TalkerName,Talker,Content", [record])
    for reader, data in (
        (ChatlogCsvReader(), table),
        (ChatlogTextReader(), f"檀木匠(wxid_tan01) 2024-05-06 21:00:00\n{content}\n\n".encode()),
    ):
        message = read(reader, data).messages[0]
        assert (message.kind, message.text, message.attachment) == (kind, text, attachment)


TEXT = """檀木匠(wxid_tan01) [阳台月季(49000000077@chatroom)] 12-30 23:50:00
几月剪？

白露(三楼)(我) [阳台月季(49000000077@chatroom)] 12-31 00:10:00
> 檀木匠(wxid_tan01) 12-30 23:50:00
> 几月剪？
二月

会议 10:00:00

我 [多肉(50000000011@chatroom)] 12-31 00:11:00
浇水吗

系统消息 [多肉(50000000011@chatroom)] 12-31 00:12:00
"松果" 撤回了一条消息

wxid_sg9 [多肉(50000000011@chatroom)] 12-31 00:13:00
不浇

檀(wxid_tan01) [檀(wxid_tan01)] 12-31 00:14:00
私下说
"""


def test_several_groups_in_a_text_without_years() -> None:
    reading = read(ChatlogTextReader(), TEXT, "query_2023-12-30_2023-12-31.txt")
    assert [(c.group, c.id) for c in reading.chats] == [
        ("阳台月季", "49000000077@chatroom"),
        ("多肉", "50000000011@chatroom"),
    ]
    assert told(reading) == [
        ("2023-12-30 23:50:00", "檀木匠", "几月剪？", "text"),
        ("2023-12-31 00:10:00", "白露(三楼)", "二月\n\n会议 10:00:00", "text"),
        ("2023-12-31 00:11:00", "我", "浇水吗", "text"),
        ("2023-12-31 00:12:00", "", '"松果" 撤回了一条消息', "recall"),
        ("2023-12-31 00:13:00", "wxid_sg9", "不浇", "text"),
    ]
    assert replies(reading.chats[0].messages) == [None, 0]
    assert [m.sender_id for m in reading.messages] == ["wxid_tan01", "", "", "", "wxid_sg9"]
    assert len(reading.losses) == 1


@pytest.mark.parametrize("filename", ["chat.txt", "2023-12-30_2024-01-02.txt", "13-45.txt"])
def test_messages_whose_year_nobody_knows_are_lost_and_told(filename: str) -> None:
    reading = read(ChatlogTextReader(), TEXT, filename)
    assert reading.messages == ()
    assert reading.losses[-1].what.startswith(
        "a message was lost: the year is not in the file, nor in its name (6 times"
    )


@pytest.mark.parametrize(
    ("filename", "date"),
    [("2024-05-06.txt", "2024-05-06"), ("月季_20240506.txt", "2024-05-06"), ("5月.txt", None)],
)
def test_the_day_of_a_text_without_dates_is_its_files(filename: str, date: str | None) -> None:
    reading = read(ChatlogTextReader(), "檀(wxid_tan01) 09:00:00\n早\n\n", filename)
    assert [m.date for m in reading.messages] == ([date] if date else [])
    assert len(reading.losses) == (0 if date else 1)


def test_a_reply_of_january_is_to_december() -> None:
    text = (
        "檀(wxid_tan01) 2023-12-31 23:59:00\n剪？\n\n"
        "露(bailu_88) 2024-01-01 00:01:00\n> 檀(wxid_tan01) 12-31 23:59:00\n> 剪？\n剪\n\n"
    )
    reading = read(ChatlogTextReader(), text)
    assert reading.messages[1].reply == Quoted("wxid_tan01", "剪？", "2023-12-31 23:59:00")


def test_a_spreadsheet_was_there() -> None:
    records = [["2024/5/6 21:00", "檀木匠", "wxid_tan01", GROUP, ROOM, "早"]]
    table = rows("Time,SenderName,Sender,TalkerName,Talker,Content", records).decode("utf-8-sig")
    reading = read(ChatlogCsvReader(), table.encode("gbk"))
    assert [(m.date, m.time, m.text) for m in reading.messages] == [
        ("2024-05-06", "21:00:00", "早")
    ]
    assert len(reading.losses) == 1
