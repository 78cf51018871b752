"""MemoTrace's CSV and text, of its first versions and of version 2."""

from __future__ import annotations

import pytest

from knowledge.archive.formats.memotrace_csv import MemoTraceCsvReader, MemoTraceOldCsvReader
from knowledge.archive.formats.memotrace_text import MemoTraceTextReader, MemoTraceTimelessReader
from knowledge.archive.reading import Quoted, ReadMessage
from tests.formats.exports import NEW_CSV, OLD_CSV, START, rows
from tests.formats.reads import read, replies, told


def old(type: object, sub: object, content: str, **more: object) -> list[object]:
    fields = {"created": START, "stated": "2024-05-06 21:00:00", "remark": "", "name": "檀"}
    fields |= {"sender": "wxid_tan01"} | more
    return [1, 7, type, sub, 0, fields["created"], "", content, fields["stated"],
            fields["remark"], fields["name"], fields["sender"]]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "sub", "content", "kind", "text"),
    [
        (1, 0, "几月剪？\n二月？", "text", "几月剪？\n二月？"),
        (3, 0, '<msg>\n<img md5="a"/>\n</msg>', "image", "[图片]"),
        (34, 0, "<msg/>", "voice", "[语音]"),
        (42, 0, '<msg nickname="花店 &amp; 园艺"/>', "card", "[名片] 花店 & 园艺"),
        (48, 0, '<msg><location poiname="花市"/></msg>', "location", "[位置] 花市"),
        (49, 5, "<msg><title>剪枝&lt;图&gt;</title><url>https://example.com/?a&amp;b</url></msg>",
         "link", "[链接] 剪枝<图> https://example.com/?a&b"),
        (49, 5, "", "link", "[链接]"),
        (49, 6, "<title><![CDATA[肥.pdf]]></title>", "file", "[文件] 肥.pdf"),
        (49, 19, "<title>群聊的聊天记录</title>", "forward", "[聊天记录] 群聊的聊天记录"),
        (49, 2001, "<x/>", "redpacket", "[红包]"),
        (49, 62, "<title>檀 拍了拍 露</title>", "poke", "檀 拍了拍 露"),
        (50, 0, "", "call", "[通话]"),
        ("x", "", "?", "other", ""),
        (10000, 0, "<![CDATA[你撤回了一条消息 <a href=\"weixin://r\">重新编辑</a>]]>", "recall",
         "你撤回了一条消息"),
        (10000, 0, "“露”加入了群聊  <a href='x'>撤销</a>", "system", "“露”加入了群聊"),
    ],
)  # fmt: skip
def test_each_kind_of_the_first_csv(
    type: object, sub: object, content: str, kind: str, text: str
) -> None:
    message = read(MemoTraceOldCsvReader(), rows(OLD_CSV, [old(type, sub, content)])).messages[0]
    assert (message.kind, message.text) == (kind, text)
    assert message.sender_id == ("" if kind in ("system", "recall") else "wxid_tan01")


def test_the_first_csv_has_no_words_of_replies_and_a_remark_is_no_name() -> None:
    records = [old(49, 57, "", remark="老檀"), old(49, 57, ""), old(1, 0, "早", name="")]
    reading = read(MemoTraceOldCsvReader(), rows(OLD_CSV, records, mark=""), "月季_utf8.csv")
    assert [(m.kind, m.text, m.speaker, m.alias) for m in reading.messages] == [
        ("text", "", "檀", "老檀"),
        ("text", "", "檀", ""),
        ("text", "早", "wxid_tan01", ""),
    ]
    assert [(loss.line, loss.what) for loss in reading.losses] == [
        (2, "the words of a quoting reply are not in this format (2 times, here first)")
    ]
    assert reading.group == "月季"


def test_the_moment_decides_and_the_clock_stands_in_for_it() -> None:
    records = [
        old(1, 0, "早"),
        old(1, 0, "晚", created="1.71E+09"),
        old(1, 0, "?", created="", stated="x"),
    ]
    reading = read(MemoTraceOldCsvReader(), rows(OLD_CSV, records))
    assert [(m.at, m.date, m.time) for m in reading.messages] == [
        (START, "2024-05-06", "13:00:00"),
        (None, "2024-05-06", "21:00:00"),
    ]
    assert [loss.line for loss in reading.losses] == [4]


def test_rows_of_a_chat_of_two_are_left_out_and_told() -> None:
    reading = read(MemoTraceOldCsvReader(), rows(OLD_CSV, [old(1, 0, "早")[:9]] * 3))
    assert (reading.chats, len(reading.losses)) == ((), 1)


def new(type: str, content: str, name: str = "檀木匠", **more: str) -> list[str]:
    fields = {"id": "7340000000000000001", "time": "2024-05-06 21:00:00", "remark": "老檀"} | more
    return [fields["id"], type, name, fields["time"], content, fields["remark"], "檀", "more"]


def one(type: str, content: str) -> ReadMessage:
    reading = read(MemoTraceCsvReader(), rows(NEW_CSV, [new(type, content)]))
    assert reading.losses == ()
    return reading.messages[0]


LINK = "【分享链接】\n标题：剪枝\n描述：图解\n链接: https://example.com/p\n应用：花事\n"
FORWARD = (
    "【合并转发的聊天记录】\n\n- 2024-05-01 09:00:00 檀: 剪\n"
    "- 2024-05-01 09:00:09 露: 【合并转发的聊天记录】\n"
    "    - 2024-04-01 08:00:00 松果: 【图片】\n"
)


@pytest.mark.parametrize(
    ("type", "content", "kind", "text"),
    [
        ("文本", "几月剪？\n引用：这本书: 好看", "text", "几月剪？\n引用：这本书: 好看"),
        ("图片", "【图片】", "image", "[图片]"),
        ("语音", "【语音】早上浇", "voice", "早上浇"),
        ("语音", "【语音】", "voice", "[语音]"),
        ("表情包", "【表情包】 好的", "sticker", "[表情包] 好的"),
        ("视频", "【视频】", "video", "[视频]"),
        ("文件", "【文件】花 肥.pdf 1.20 MB File/花 肥.pdf pdf 0", "file", "[文件] 花 肥.pdf"),
        ("文件", "【文件】花肥.pdf", "file", "[文件] 花肥.pdf"),
        ("分享链接", LINK, "link", "[链接] 剪枝 https://example.com/p"),
        ("小程序", "【小程序】\n标题：花事\n", "link", "[链接] 花事"),
        ("音乐分享", "【音乐分享】茉莉花", "link", "[链接] 茉莉花"),
        ("合并转发的聊天记录", FORWARD, "forward",
         "[聊天记录]\n檀: 剪\n露: [合并转发的聊天记录]\n    松果: [图片]"),
        ("红包", "【红包】花开", "redpacket", "[红包] 花开"),
        ("转账", "【转账】", "transfer", "[转账]"),
        ("拍一拍", "檀 拍了拍 露", "poke", "檀 拍了拍 露"),
        ("音视频通话", "【音视频通话】时长 1:00", "call", "[音视频通话] 时长 1:00"),
        ("系统消息", "露加入了群聊", "system", "露加入了群聊"),
        ("系统消息", "露撤回了一条消息", "recall", "露撤回了一条消息"),
        ("新类型", "【图片】", "image", "[图片]"),
        ("新类型", "什么", "other", "什么"),
        ("引用消息", "二月\n引用：露: 几月？", "text", "二月"),
        ("引用消息", "二月\n引用：引用错误", "text", "二月"),
        ("引用消息", "引用：露: 几月？", "text", ""),
    ],
)  # fmt: skip
def test_each_kind_of_the_second_csv(type: str, content: str, kind: str, text: str) -> None:
    message = one(type, content)
    assert (message.kind, message.text) == (kind, text)
    nobody = kind in ("system", "recall")
    assert (message.speaker, message.alias) == (("", "") if nobody else ("檀木匠", "檀"))


def test_the_quote_is_the_last_line_that_begins_so_with_what_follows() -> None:
    message = one("引用消息", "看\n引用：甲: 一\n引用：露(三楼): 几月？\n还有\n抹药？")
    assert message.text == "看\n引用：甲: 一"
    assert message.reply == Quoted("露(三楼)", "几月？\n还有\n抹药？")
    assert one("引用消息", "这张\n引用：露: 【图片】").reply == Quoted("露", "[图片]")
    assert one("引用消息", "二月\n引用：引用错误").reply is None


def test_a_spreadsheet_was_there() -> None:
    records = [new("文本", "早", id="7.34E+18", time="2024/5/6 9:05"), new("文本", "晚")]
    reading = read(MemoTraceCsvReader(), rows(NEW_CSV, records).decode("utf-8-sig").encode("gbk"))
    assert [(m.time, m.id, m.text) for m in reading.messages] == [
        ("09:05:00", "", "早"),
        ("21:00:00", "", "晚"),
    ]
    assert [loss.what[:36] for loss in reading.losses] == ["a spreadsheet has rewritten this fil"]


OLD_TEXT = """2024-05-06 21:00:00 檀木匠
几月剪？

2024-05-06 21:00:30 "檀木匠"邀请"松果"加入了群聊

2024-05-06 21:01:00 白露
二月
引用:檀木匠:几月剪？

2024-05-06 21:02:00 白露

2024-05-06 21:03:00 松果
            [链接]:title:剪枝
            description:图解
            url:https://example.com/p
            name:花事

2024-05-06 21:04:00 "松果" 撤回了一条消息

2024-05-06 21:05:00 檀木匠
引用:某书:抄一句
谢谢
引用:未知
"""


def test_the_first_text() -> None:
    reading = read(MemoTraceTextReader(), OLD_TEXT, "月季.txt")
    assert told(reading) == [
        ("2024-05-06 21:00:00", "檀木匠", "几月剪？", "text"),
        ("2024-05-06 21:00:30", "", '"檀木匠"邀请"松果"加入了群聊', "system"),
        ("2024-05-06 21:01:00", "白露", "二月", "text"),
        ("2024-05-06 21:02:00", "白露", "", "other"),
        ("2024-05-06 21:03:00", "松果", "[链接] 剪枝 https://example.com/p", "link"),
        ("2024-05-06 21:04:00", "", '"松果" 撤回了一条消息', "recall"),
        ("2024-05-06 21:05:00", "檀木匠", "引用:某书:抄一句\n谢谢", "text"),
    ]
    assert replies(reading.messages) == [None, None, 0, None, None, None, None]
    assert (reading.group, reading.losses) == ("月季", ())


NEW_TEXT = f"""2024-05-06 21:00:00 檀木匠
几月剪？

2024-05-06 21:00:30
"檀木匠"邀请"松果"加入了群聊

2024-05-06 21:01:00 白露
二月

《园艺》
引用：檀木匠: 几月剪？

2024-05-06 21:02:00 松果
{LINK}

2024-05-06 21:03:00 松果
【语音】早上浇

2024-05-06 21:04:00
"松果" 撤回了一条消息

2024-05-06 21:05:00 檀木匠
引用：《园艺》第三页"""


def test_the_second_text() -> None:
    reading = read(MemoTraceTextReader(), NEW_TEXT, "月季.txt")
    assert told(reading) == [
        ("2024-05-06 21:00:00", "檀木匠", "几月剪？", "text"),
        ("2024-05-06 21:00:30", "", '"檀木匠"邀请"松果"加入了群聊', "system"),
        ("2024-05-06 21:01:00", "白露", "二月\n\n《园艺》", "text"),
        ("2024-05-06 21:02:00", "松果", "[链接] 剪枝 https://example.com/p", "link"),
        ("2024-05-06 21:03:00", "松果", "早上浇", "voice"),
        ("2024-05-06 21:04:00", "", '"松果" 撤回了一条消息', "recall"),
        ("2024-05-06 21:05:00", "檀木匠", "引用：《园艺》第三页", "text"),
    ]
    assert replies(reading.messages)[2] == 0


def test_a_text_without_times_is_refused_with_what_to_export_instead() -> None:
    reading = read(MemoTraceTimelessReader(), "****2024-05-06****\n檀木匠: 几月剪？\n白露: 二月\n")
    assert reading.chats == ()
    assert ["export CSV or TXT instead" in loss.what for loss in reading.losses] == [True]


def test_a_number_in_one_nickname_makes_no_other_format_of_a_text() -> None:
    text = OLD_TEXT.replace("00 松果", "00 松果(13800000)")
    reading = read(MemoTraceTextReader(), text)
    assert len(reading.messages) == 7
    assert reading.messages[4].speaker == "松果(13800000)"
