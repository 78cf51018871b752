"""What WeChat mails and what is copied out of it: headers, days, and lines that look like them."""

from __future__ import annotations

import pytest

from knowledge.archive.formats.wechat_copy import WechatCopyReader
from knowledge.archive.formats.wechat_mail import WechatMailReader
from knowledge.archive.reading import Quoted
from tests.formats.reads import read, replies, told

MAIL, COPY = WechatMailReader(), WechatCopyReader()

IOS = """Dear:
微信群"纺织厂老友"的聊天记录如下:

—————  2025-6-9  —————


韩秋水  9:05

锅炉年检要提前几天报？


豆子  B组  09:06

图片3（可在附件中查看）


韩秋水  09:06

[表情]


罗师傅(二车间)  09:07

提前十五天
交安监窗口


—————  2025-06-10  —————


豆子  B组  00:00

收到

下午集合
东门  17:30


发自我的 iPhone
"""


def test_a_mail_of_an_iphone() -> None:
    reading = read(MAIL, IOS)
    assert reading.group == "纺织厂老友"
    assert told(reading) == [
        ("2025-06-09 09:05:00", "韩秋水", "锅炉年检要提前几天报？", "text"),
        ("2025-06-09 09:06:00", "豆子  B组", "[图片]", "image"),
        ("2025-06-09 09:06:00", "韩秋水", "[表情]", "sticker"),
        ("2025-06-09 09:07:00", "罗师傅(二车间)", "提前十五天\n交安监窗口", "text"),
        ("2025-06-10 00:00:00", "豆子  B组", "收到\n\n下午集合\n东门  17:30", "text"),
    ]
    assert [m.line for m in reading.messages][:2] == [7, 12]
    assert reading.losses == ()


def test_a_mail_of_android_with_an_empty_message() -> None:
    reading = read(
        MAIL,
        "纺织厂老友 微信群上的聊天记录如下，请查收。\n\n—————  2025-06-09  —————\n\n\n"
        "韩秋水  09:05\n\n[图片: 8a7f.jpg(请在附件中查看)]\n\n\n豆子  09:06\n\n\n\n\n"
        "韩秋水  09:07\n\n在\n",
    )
    assert reading.group == "纺织厂老友"
    assert [(m.speaker, m.text, m.kind, m.attachment) for m in reading.messages] == [
        ("韩秋水", "[图片]", "image", "8a7f.jpg"),
        ("豆子", "", "text", ""),
        ("韩秋水", "在", "text", ""),
    ]


@pytest.mark.parametrize("blanks", ["  ", "   ", "\u00a0 "])
def test_a_mail_that_lost_its_blank_lines(blanks: str) -> None:
    lines = [line for line in IOS.split("\n") if line.strip() and "东门" not in line]
    reading = read(MAIL, "\n".join(lines).replace("水  0", f"水{blanks}0"))
    assert [m.text for m in reading.messages] == [
        "锅炉年检要提前几天报？",
        "[图片]",
        "[表情]",
        "提前十五天\n交安监窗口",
        "收到\n下午集合",
    ]


def test_a_line_whose_time_falls_back_is_a_text() -> None:
    text = IOS.replace("交安监窗口", "交安监窗口\n\n老地方  08:00\n\n别忘了")
    assert read(MAIL, text).messages[3].text == "提前十五天\n交安监窗口\n\n老地方  08:00\n\n别忘了"


def test_a_line_that_looks_like_a_header_does_not_displace_the_message_it_stands_in() -> None:
    text = IOS.replace("提前十五天\n交安监窗口", "有两种：\n\n大炉  09:06\n\n随时")
    messages = read(MAIL, text).messages
    assert messages[3].speaker == "罗师傅(二车间)"
    assert messages[3].text == "有两种：\n\n大炉  09:06\n\n随时"
    assert len(messages) == 5


def test_two_mails_in_one_file_are_two_chats() -> None:
    reading = read(MAIL, IOS + IOS.replace("纺织厂老友", "退休办"))
    assert [c.group for c in reading.chats] == ["纺织厂老友", "退休办"]
    assert [len(c.messages) for c in reading.chats] == [5, 5]
    assert [m.text for m in reading.chats[0].messages] == [
        m.text for m in reading.chats[1].messages
    ]


def test_a_greeting_within_a_text_begins_no_mail() -> None:
    words = '微信群"退休办"的聊天记录如下:'
    reading = read(MAIL, IOS.replace("[表情]", words))
    assert [(c.group, len(c.messages)) for c in reading.chats] == [("纺织厂老友", 5)]
    assert reading.messages[2].text == words


def test_a_mail_of_two_people_is_left_out_with_a_word() -> None:
    greeting = "韩秋水 和 豆子 在微信上的聊天记录如下，请查收。"
    reading = read(MAIL, IOS.replace('微信群"纺织厂老友"的聊天记录如下:', greeting))
    assert reading.messages == ()
    assert [loss.what for loss in reading.losses] == ["a chat of two people was left out"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_mail_in_another_encoding(encoding: str) -> None:
    data = IOS.replace("\n", "\r\n").encode(encoding)
    assert told(read(MAIL, data)) == told(read(MAIL, IOS))


COPIED = """韩秋水 2025/06/09 9:05 AM
锅炉年检要提前几天报？

豆子 2025/06/09 12:06 PM
「韩秋水：锅炉年检要提前几天报？」
- - - - - - - - - - - - - - -
提前十五天

罗师傅 2025/06/10 12:01 AM
[动画表情]
"""


def test_a_copy_of_a_desktop_with_a_quote() -> None:
    reading = read(COPY, COPIED)
    assert told(reading) == [
        ("2025-06-09 09:05:00", "韩秋水", "锅炉年检要提前几天报？", "text"),
        ("2025-06-09 12:06:00", "豆子", "提前十五天", "text"),
        ("2025-06-10 00:01:00", "罗师傅", "[动画表情]", "sticker"),
    ]
    assert reading.messages[1].reply == Quoted("韩秋水", "锅炉年检要提前几天报？")
    assert replies(reading.messages) == [None, 0, None]
    assert reading.group is None
    assert reading.losses == ()


def test_a_copy_with_times_of_24_hours_or_halves_of_days() -> None:
    text = COPIED.replace("9:05 AM", "09:05").replace("12:06 PM", "下午2:51")
    assert [m.time for m in read(COPY, text).messages] == ["09:05:00", "14:51:00", "00:01:00"]


def test_two_copies_in_one_file_are_read_both_though_the_second_is_older() -> None:
    older = COPIED.replace("2025/06", "2025/05").replace("罗师傅", "阿桂")
    reading = read(COPY, COPIED + "\n" + older)
    assert [m.speaker for m in reading.messages] == [
        "韩秋水",
        "豆子",
        "罗师傅",
        "韩秋水",
        "豆子",
        "阿桂",
    ]
    assert [loss.what for loss in reading.losses] == [
        "a message stands behind a later one; read all the same"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今天 2025/06/09 9:05 AM\n",
        "会议纪要\n\n韩秋水 2025/06/09 9:05\n到会\n\n豆子 2025/06/09 9:06\n到会\n",
        "a.txt 2025/06/09 9:05\nb.txt 2025/06/09 9:05\nc.txt 2025/06/09 9:05\n",
        "> 09:05:00  韩秋水  \n\n在\n",
        "韩秋水 2025/06/09 9:05:01\n在\n\n豆子 2025/06/09 9:05:02\n在\n",
        "—————  2025-06-09  —————\n\n没有人说话\n",
        "—————  2025-13-09  —————\n\n韩秋水  09:05\n\n在\n",
    ],
)
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not COPY.recognises(text.encode())
    assert not MAIL.recognises(text.encode())
