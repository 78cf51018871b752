"""PyWxDump's rows, alone and with the names beside them, and WeFlow's for WeClone."""

from __future__ import annotations

import json

import pytest

from knowledge.archive.formats.pywxdump import (
    PyWxDumpCsvReader,
    PyWxDumpJsonReader,
    PyWxDumpReader,
)
from knowledge.archive.formats.weclone import WeCloneReader
from knowledge.archive.reading import Quoted
from tests.formats.reads import Files, read, replies, told

CSV, JSON, FOLDER = PyWxDumpCsvReader(), PyWxDumpJsonReader(), PyWxDumpReader()
WECLONE = WeCloneReader()

HEADER = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n"
ROOM = "5566@chatroom"


def row(id: int, kind: str, msg: str, who: str = "wxid_mei", src: str = "") -> str:
    text = '"' + msg.replace('"', '""') + '"'
    begin = f"{id},81234567890123456{id:02},{kind},0,{who},{ROOM}"
    return f"{begin},{text},{src},2024-07-01 09:00:{id:02}\n"


ROWS = [
    row(1, "文本", '陶土要"醒"几天？'),
    row(2, "图片", "图片", src="FileStorage/a.jpg"),
    row(3, "引用回复", '三天\n\n[引用](2024-07-01 09:00:01)小梅:陶土要"醒"几天？', "wxid_yao"),
    row(4, "文本", "我也问过", "我"),
    row(5, "(分享)卡片式链接", '釉料表\n常用\n\n<a href="https://example.com/g">点击查看详情</a>'),
    row(6, "语音", "语音时长：3秒\n翻译结果：明天开窑", "wxid_yao"),
    row(7, "文件", "文件：x", src="FileStorage/File/配方.docx"),
    row(8, "系统通知", '"小梅"邀请"阿窑"加入了群聊', ROOM),
    row(9, "消息撤回1", '"小梅" 撤回了一条消息', "wxid_mei"),
    row(10, "动画表情", "<xml/>"),
    row(11, "转账", "[转账] 收到"),
    row(12, "合并转发的聊天记录", "[聊天记录]老窑的聊天记录\n老窑: 八百度"),
]
USERS = {
    "wxid_mei": {"wxid": "wxid_mei", "nickname": "小梅", "remark": "表妹"},
    "wxid_yao": {"wxid": "wxid_yao", "nickname": "", "remark": "窑主"},
    ROOM: {"wxid": ROOM, "nickname": "陶艺班"},
}
TOLD = [
    ("text", '陶土要"醒"几天？'),
    ("image", "[图片]"),
    ("text", "三天"),
    ("text", "我也问过"),
    ("link", "[链接] 釉料表 https://example.com/g"),
    ("voice", "明天开窑"),
    ("file", "[文件] 配方.docx"),
    ("system", '"小梅"邀请"阿窑"加入了群聊'),
    ("recall", '"小梅" 撤回了一条消息'),
    ("sticker", "[表情]"),
    ("transfer", "[转账] 收到"),
    ("forward", "[聊天记录] 老窑的聊天记录\n老窑: 八百度"),
]


def test_a_folder_with_names() -> None:
    files = {
        "班/users.json": json.dumps(USERS),
        "班/x_5000_10000.csv": HEADER + "".join(ROWS[6:]),
        "班/x_0_5000.csv": HEADER + "".join(ROWS[:6]),
        "班/x_0_5000.json": "[]",
    }
    bundle = Files(files)
    assert FOLDER.recognises_bundle(bundle)
    reading = FOLDER.read_bundle(bundle)
    assert [(c.group, c.id) for c in reading.chats] == [("陶艺班", ROOM)]
    assert [(m.kind, m.text) for m in reading.messages] == TOLD
    assert [m.speaker for m in reading.messages] == [
        *("小梅", "小梅", "窑主", "我", "小梅", "窑主", "小梅", "", "", "小梅", "小梅", "小梅")
    ]
    assert replies(reading.messages) == [None, None, 0, *[None] * 9]
    assert reading.messages[2].reply == Quoted("小梅", '陶土要"醒"几天？', "2024-07-01 09:00:01")
    assert reading.messages[1].attachment == "FileStorage/a.jpg"
    assert (reading.messages[0].id, reading.messages[0].sender_id) == (
        *("8123456789012345601", "wxid_mei"),
    )
    assert [loss.what.split(";")[0] for loss in reading.losses] == ["names may be your own remarks"]


def test_a_file_alone_has_ids_for_names_and_says_where_the_names_stand() -> None:
    reading = read(CSV, HEADER + "".join(ROWS))
    assert [(m.kind, m.text) for m in reading.messages] == TOLD
    assert (reading.group, reading.chats[0].id) == (None, ROOM)
    assert reading.messages[0].speaker == "wxid_mei"
    assert ["users.json" in loss.what for loss in reading.losses] == [True]


def test_json_and_the_one_field_of_old_versions_say_the_same() -> None:
    names = HEADER.strip().split(",")
    said = [("文本", "醒三天", ""), ("图片", "图片", "a.jpg")]
    rows = [
        dict(zip(names, [i, f"{77 + i}", t, 0, "wxid_mei", ROOM, m, s, "2024-07-01 09:00:01"],
                 strict=True))
        for i, (t, m, s) in enumerate(said)
    ]  # fmt: skip
    new = read(JSON, json.dumps(rows))
    old = "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime\n" + "".join(
        f'{i},{77 + i},{t},0,wxid_mei,{ROOM},"{{""msg"": ""{m}"", ""src"": ""{s}""}}",'
        "2024-07-01 09:00:01\n"
        for i, (t, m, s) in enumerate(said)
    )
    for reading in (new, read(CSV, old)):
        assert [(m.kind, m.text, m.attachment, m.id) for m in reading.messages] == [
            ("text", "醒三天", "", "77"),
            ("image", "[图片]", "a.jpg", "78"),
        ]


def test_a_file_that_a_spreadsheet_wrote() -> None:
    text = HEADER + "1,8.1234E+18,文本,0,小梅,陶艺班,几时开窑,,2024/7/1 9:05\n"
    reading = read(CSV, text.encode("gb18030"))
    assert told(reading) == [("2024-07-01 09:05:00", "小梅", "几时开窑", "text")]
    assert (reading.messages[0].id, reading.group) == ("", "陶艺班")
    assert any("spreadsheet" in loss.what for loss in reading.losses)


def test_rows_that_cannot_be_read_cost_themselves() -> None:
    text = HEADER + ROWS[0] + "2,3\n" + ROWS[3].replace("2024-07-01 09:00:04", "哪天") + ROWS[5]
    reading = read(CSV, text)
    assert [m.text for m in reading.messages] == ['陶土要"醒"几天？', "明天开窑"]
    assert len([loss for loss in reading.losses if "users.json" not in loss.what]) == 2


def test_talks_of_two_people_are_left_out() -> None:
    text = (HEADER + "".join(ROWS[:4])).replace(ROOM, "").replace("wxid_yao", "wxid_mei")
    reading = read(CSV, text)
    assert reading.messages == ()
    assert any("of no group" in loss.what for loss in reading.losses)


def test_a_file_that_cannot_be_opened_is_named() -> None:
    files = {"users.json": "{}", "x_0_9.csv": HEADER + ROWS[0], "x_9_18.csv": HEADER}
    bundle = Files(files, lost=["x_9_18.csv"])
    reading = FOLDER.read_bundle(bundle)
    assert len(reading.messages) == 1
    assert "x_9_18.csv: cannot be read: broken" in [loss.what for loss in reading.losses]
    assert not FOLDER.recognises_bundle(Files({"users.json": "[]", "general/2024-07-01.json": ""}))


def test_weclone_rows() -> None:
    text = (
        "\ufeffid,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\r\n"
        "1,8123456789012345601,text,0,小梅,几时开窑,,2024-07-01T01:00:00.000Z\r\n"
        "2,8123456789012345602,image,1,阿窑,[图片],media/a.jpg,2024-07-01T01:00:09.000Z\r\n"
        '3,8123456789012345603,text,1,阿窑,"周三\r\n下午",,2024-07-01T16:00:09.000Z\r\n'
    )
    for filename in ("群聊_陶艺班.csv", "群聊_陶艺班_20240701-20240702.csv"):
        reading = read(WECLONE, text, filename)
        assert reading.group == "陶艺班"
        assert told(reading) == [
            ("2024-07-01 09:00:00", "小梅", "几时开窑", "text"),
            ("2024-07-01 09:00:09", "阿窑", "[图片]", "image"),
            ("2024-07-02 00:00:09", "阿窑", "周三\n下午", "text"),
        ]
        assert ["leaves out every quoting reply" in loss.what for loss in reading.losses] == [True]


@pytest.mark.parametrize("text", ["", "id,name\n1,2\n", "[]", '[{"id": 1}]', HEADER[3:], "# id"])
def test_other_files_are_not_taken_for_it(text: str) -> None:
    assert [r.name for r in (CSV, JSON, WECLONE) if r.recognises(text.encode())] == []
