"""QQ's texts: of the message manager, copied, and of the phone."""

from __future__ import annotations

import pytest

from knowledge.archive.formats.qq_copy import QQCopyReader
from knowledge.archive.formats.qq_manager import QQManagerReader
from knowledge.archive.formats.qq_phone import QQPhoneReader
from tests.formats.reads import read, told

MANAGER, COPY, PHONE = QQManagerReader(), QQCopyReader(), QQPhoneReader()

RULE = "=" * 64
TITLE = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"


def of(group: str, *messages: str, folder: str = "我的群聊") -> str:
    head = f"{RULE}\n消息分组:{folder}\n{RULE}\n消息对象:{group}\n{RULE}\n\n"
    return head + "".join(f"{m}\n\n" for m in messages)


def test_a_file_of_the_manager() -> None:
    text = TITLE + of(
        "养蜂互助",
        "2019-05-06 8:01:02 【活跃】【组长】槐花(陕南)(34567890)\n蜂箱怎么消毒？",
        "2019-05-06 8:02:00 老梁<laoliang@example.com>\n[图片]",
        "2019-05-06 8:03:00 34567890(34567890)\n用火\n\n烧一遍",
        "2019-05-06 8:43:38 PM 系统消息(10000)\n老梁撤回了一条消息",
        "2019-05-07 9:00:00 系统消息(1000000)\n春分加入本群。",
        "2019-05-07 9:00:01 无牌\n",
    )
    reading = read(MANAGER, "\ufeff" + text.replace("\n", "\r\n"))
    assert reading.group == "养蜂互助"
    assert told(reading) == [
        ("2019-05-06 08:01:02", "槐花(陕南)", "蜂箱怎么消毒？", "text"),
        ("2019-05-06 08:02:00", "老梁", "[图片]", "image"),
        ("2019-05-06 08:03:00", "槐花(陕南)", "用火\n\n烧一遍", "text"),
        ("2019-05-06 20:43:38", "", "老梁撤回了一条消息", "recall"),
        ("2019-05-07 09:00:00", "", "春分加入本群。", "system"),
        ("2019-05-07 09:00:01", "无牌", "", "text"),
    ]
    assert [m.sender_id for m in reading.messages] == [
        *("34567890", "laoliang@example.com", "34567890", "", "", "")
    ]
    assert reading.losses == ()


def test_a_full_export_holds_several_groups_and_leaves_out_talks_of_two() -> None:
    reading = read(
        MANAGER,
        TITLE
        + of("养蜂互助", "2019-05-06 8:01:02 槐花(34567890)\n在吗")
        + of("老梁", "2019-05-06 8:01:02 槐花\n借钱", folder="我的好友")
        + of("花期表", "2019-05-08 8:01:02 老梁(45678901)\n洋槐开了", folder="养蜂"),
    )
    assert [(c.group, [m.text for m in c.messages]) for c in reading.chats] == [
        ("养蜂互助", ["在吗"]),
        ("花期表", ["洋槐开了"]),
    ]
    assert [loss.what for loss in reading.losses] == ["a chat of two people was left out"]


def test_a_name_that_is_known_only_later_is_taken_all_the_same() -> None:
    text = of(
        "养蜂互助",
        "2019-05-06 8:01:02 34567890(34567890)\n一",
        "2019-05-06 8:01:03 槐花(34567890)\n二",
    )
    assert [m.speaker for m in read(MANAGER, text).messages] == ["槐花", "槐花"]


def test_only_titles_in_front_are_no_part_of_a_name() -> None:
    text = of(
        "养蜂互助",
        "2019-05-06 8:01:02 【群主】槐花【陕南】(34567890)\n一",
        "2019-05-06 8:01:03 【潜水】(45678901)\n二",
        "2019-05-06 8:01:04 (56789012)\n三",
    )
    names = ["槐花【陕南】", "【潜水】", "56789012"]
    assert [m.speaker for m in read(MANAGER, text).messages] == names


def test_a_clock_that_fell_back_is_told() -> None:
    text = of(
        "养蜂互助",
        "2019-05-06 8:01:02 槐花(34567890)\n一",
        "2019-05-06 7:01:02 老梁(45678901)\n二",
    )
    reading = read(MANAGER, text)
    assert len(reading.messages) == 2
    assert [(loss.line, loss.what) for loss in reading.losses] == [
        (10, "a message stands behind a later one; read all the same")
    ]


def test_a_manager_text_without_its_title() -> None:
    text = "2019-05-06 8:01:02 槐花(34567890)\n一\n\n2019-05-06 8:01:03 老梁(45678901)\n二\n"
    assert [m.text for m in read(MANAGER, text).messages] == ["一", "二"]


COPIED = """【冒泡】槐花 2019/5/6 23:01:02
蜂箱怎么消毒？

老梁撤回了一条消息

槐花邀请春分加入了群聊

老梁 陕南 23:04:00
火烧

他撤回了一条消息
还是用火

春分 0:05:00
[表情]
"""


def test_a_copy_with_grey_lines_and_a_midnight() -> None:
    reading = read(COPY, COPIED)
    assert told(reading) == [
        ("2019-05-06 23:01:02", "槐花", "蜂箱怎么消毒？", "text"),
        ("2019-05-06 23:01:02", "", "老梁撤回了一条消息", "recall"),
        ("2019-05-06 23:01:02", "", "槐花邀请春分加入了群聊", "system"),
        ("2019-05-06 23:04:00", "老梁 陕南", "火烧\n\n他撤回了一条消息\n还是用火", "text"),
        ("2019-05-07 00:05:00", "春分", "[表情]", "sticker"),
    ]
    assert reading.losses == ()


def test_a_time_that_falls_back_between_two_headers_of_one_day_is_a_text() -> None:
    text = "槐花 2019/5/6 10:00:00\n一\n\n集合 9:00:00\n带上面罩\n\n老梁 2019/5/6 11:00:00\n二\n"
    assert [m.text for m in read(COPY, text).messages] == ["一\n\n集合 9:00:00\n带上面罩", "二"]


def test_a_copy_from_the_manager_has_numbers_and_no_blank_lines() -> None:
    text = (
        "槐花(34567890) 2/14/2019 3:13:28 AM\n一\n老梁(45678901) 3:14:00 PM\n二\n"
        "槐花(34567890) 上午 3:15:00\n三\n"
    )
    reading = read(COPY, text)
    assert told(reading) == [
        ("2019-02-14 03:13:28", "槐花", "一", "text"),
        ("2019-02-14 15:14:00", "老梁", "二", "text"),
        ("2019-02-15 03:15:00", "槐花", "三", "text"),
    ]
    assert [m.sender_id for m in reading.messages] == ["34567890", "45678901", "34567890"]


def test_the_file_name_gives_the_day_where_no_header_does() -> None:
    text = "【冒泡】槐花 10:00:05\n一\n\n老梁 10:00:06\n二\n"
    assert [m.date for m in read(COPY, text, "2019年5月6日.txt").messages] == ["2019-05-06"] * 2
    nameless = read(COPY, text, "copy.txt")
    assert nameless.messages == ()
    assert nameless.losses[0].what.startswith("no day stands above a message; it was left out")


def test_a_file_of_the_phone() -> None:
    reading = read(
        PHONE,
        "— —  2020-2-1  — —\n\n槐花  08:00:05 \n蜂箱怎么消毒？\n\n"
        "老梁  陕南  08:01:10 \n火烧\n再晒\n\n"
        "— —  2020-2-2  — —\n\n春分  00:00:03 \n[图片]\n",
    )
    assert told(reading) == [
        ("2020-02-01 08:00:05", "槐花", "蜂箱怎么消毒？", "text"),
        ("2020-02-01 08:01:10", "老梁  陕南", "火烧\n再晒", "text"),
        ("2020-02-02 00:00:03", "春分", "[图片]", "image"),
    ]
    assert reading.losses == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "开工 8:00:00\n",
        "build started 8:00:00\n\nbuild ended 8:01:00\nok\n",
        "槐花(wxid_a1b2c3d4) 08:00:05\n一\n\n老梁(wxid_e5f6g7h8) 08:00:06\n二\n",
        "2019-05-06 08:01:02 槐花\n一\n\n2019-05-06 08:01:03 老梁\n二\n",
        "2019-05-06 08:01:02 INFO started(1)\n2019-05-06 08:01:03 INFO ended(2)\n",
        "> 08:01:02  槐花  \n\n在\n\n> 08:01:03  老梁  \n\n在\n",
        "消息对象:养蜂互助\n",
        "槐花 2025/06/09 9:05 AM\n一\n\n老梁 2025/06/09 9:06 AM\n二\n",
    ],
)
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert [r.name for r in (MANAGER, COPY, PHONE) if r.recognises(text.encode())] == []
