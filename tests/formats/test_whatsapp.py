"""WhatsApp's text of iOS and Android: heads in many languages, and what it says itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.whatsapp import WhatsAppReader
from tests.formats.reads import read, told

READER = WhatsAppReader()


def test_a_chat_of_ios() -> None:
    content = (
        "\u200e[05/06/2025, 08:59:00] 青瓦互助: \u200eMessages are encrypted.\r\n"
        "[05/06/2025, 09:00:01] ~\u202f林一一: 挂失要本人去吗？\n急\r\n"
        "\u200e[05/06/2025, 09:00:30] 周大山: \u200e<attached: 0002-PHOTO.jpg>\r\n"
        "[05/06/2025, 09:01:00] 周大山: 看这张 \u200e<attached: 0003-PHOTO.jpg>\r\n"
        "[05/06/2025, 09:02:00] 周大山: "
        "@\u2068林一一\u2069 要的 \u200e<This message was edited>\r\n"
        "\u200e[05/06/2025, 09:03:00] 青瓦互助: \u200e周大山 added 小顾\r\n"
        "\u200e[05/06/2025, 09:04:00] 小顾: \u200e小顾 joined using this group's invite link\r\n"
        "[05/06/2025, 09:05:00] 小顾: \u200eThis message was deleted.\r\n"
        "\u200e[05/06/2025, 09:06:00] 小顾: 费率表.pdf • \u200e3 pages \u200edocument omitted\r\n"
        "\u200e[05/06/2025, 09:07:00] 小顾: \u200eVoice call, \u200eNo answer\r\n"
        "\u200e[05/06/2025, 09:08:00] 小顾: \u200ePOLL:\n周五去？\nOPTION: 去 (2 votes)\r\n"
        "\u200e[05/06/2025, 09:09:00] 小顾: \u200eLocation: https://maps.google.com/?q=1,2\r\n"
        "[05/06/2025, 09:10:00] 小顾: null\r\n"
        "\u200e[15/06/2025, 09:11:00] 小顾: \u200evideo omitted\r\n"
    )
    reading = read(READER, content, "_chat.txt")
    assert reading.group == "青瓦互助"
    assert [(speaker, text, kind) for _, speaker, text, kind in told(reading)] == [
        ("", "Messages are encrypted.", "system"),
        ("林一一", "挂失要本人去吗？\n急", "text"),
        ("周大山", "[图片]", "image"),
        ("周大山", "看这张", "text"),
        ("周大山", "@林一一 要的", "text"),
        ("", "周大山 added 小顾", "system"),
        ("", "小顾 joined using this group's invite link", "system"),
        ("小顾", "", "recall"),
        ("小顾", "[文件] 费率表.pdf • 3 pages", "file"),
        ("小顾", "[通话]", "call"),
        ("小顾", "[投票] 周五去？\nOPTION: 去 (2 votes)", "poll"),
        ("小顾", "[位置] https://maps.google.com/?q=1,2", "location"),
        ("小顾", "", "other"),
        ("小顾", "[视频]", "video"),
    ]
    assert [m.attachment for m in reading.messages[2:4]] == ["0002-PHOTO.jpg", "0003-PHOTO.jpg"]
    assert [m.edited for m in reading.messages].count(True) == 1
    assert reading.messages[-1].date == "2025-06-15"
    assert reading.losses == ()


def test_a_chat_of_android() -> None:
    content = (
        "05/06/2025, 08:59 - Messages and calls are end-to-end encrypted.\n"
        '05/06/2025, 08:59 - 周大山 changed the group name from "旧: 名" to "新"\n'
        "05/06/2025, 09:00 - 林一一: 挂失要本人去吗？\n\n急: 在线等\n"
        "05/06/2025, 09:01 - 周大山: <Media omitted>\n"
        "05/06/2025, 09:02 - 周大山: IMG-20250605-WA0001.jpg (file attached)\n带身份证\n"
        "05/06/2025, 09:03 - 周大山: 说明.docx (file attached)\n"
        "05/06/2025, 09:04 - 林一一: You deleted this message\n"
        "15/06/2025, 09:05 - 林一一:\n"
    )
    reading = read(READER, content, "WhatsApp Chat with 青瓦互助.txt")
    assert reading.group == "青瓦互助"
    assert [(speaker, text, kind) for _, speaker, text, kind in told(reading)] == [
        ("", "Messages and calls are end-to-end encrypted.", "system"),
        ("", '周大山 changed the group name from "旧: 名" to "新"', "system"),
        ("林一一", "挂失要本人去吗？\n\n急: 在线等", "text"),
        ("周大山", "[图片]", "image"),
        ("周大山", "带身份证", "text"),
        ("周大山", "[文件] 说明.docx", "file"),
        ("林一一", "", "recall"),
        ("林一一", "", "text"),
    ]


@pytest.mark.parametrize(
    ("head", "time"),
    [
        ("13/3/24, 2:51 PM - ", "14:51:00"),
        ("3/13/24, 2:51\u202fPM - ", "14:51:00"),
        ("13.03.24, 14:51 - ", "14:51:00"),
        ("2024/3/13 下午2:51 - ", "14:51:00"),
        ("2024/3/13 上午12:05 - ", "00:05:00"),
        ("2024/3/13 中午12:05 - ", "12:05:00"),
        ("2024/03/13 14:51 - ", "14:51:00"),
        ("2024. 3. 13. 오후 2:51 - ", "14:51:00"),
        ("13/3/24, 2:51 p. m. - ", "14:51:00"),
        ("13/3/24, 2:51 p.\u00a0m. - ", "14:51:00"),
        ("13/3/24, 2:51 μ.μ. - ", "14:51:00"),
        ("2024/3/13 中午11:51 - ", "11:51:00"),
        ("13-03-2024 14:51 - ", "14:51:00"),
        ("13.03.2024 kl. 14.51 - ", "14:51:00"),
        ("[13/03/2024, 2:51:07 PM] ", "14:51:07"),
        ("[13/03/2024, 12:51:07\u202fAM] ", "00:51:07"),
        ("[2024/3/13 下午2:51:07] ", "14:51:07"),
        ("[2024/3/13, 14:51:07] ", "14:51:07"),
        ("[13.03.24, 14:51:07] ", "14:51:07"),
        ("[2024. 3. 13. 오후 2:51:07] ", "14:51:07"),
        ("[2024/03/13 午後2:51:07] ", "14:51:07"),
    ],
)
def test_heads_of_many_languages(head: str, time: str) -> None:
    reading = read(READER, f"{head}林一一: 在吗\n{head}周大山: 在\n")
    assert told(reading) == [
        (f"2024-03-13 {time}", "林一一", "在吗", "text"),
        (f"2024-03-13 {time}", "周大山", "在", "text"),
    ]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("WhatsApp Chat with 青瓦.txt", "青瓦"),
        ("与青瓦的 WhatsApp 聊天.txt", "青瓦"),
        ("與青瓦的 WhatsApp 對話.txt", "青瓦"),
        ("Chat de WhatsApp con 青瓦.txt", "青瓦"),
        ("WhatsApp Chat mit 青瓦.txt", "青瓦"),
        ("Conversa do WhatsApp com 青瓦.txt", "青瓦"),
        ("青瓦 님과의 WhatsApp 대화.txt", "青瓦"),
        ("chat.txt", None),
    ],
)
def test_the_group_of_a_file_name(name: str, group: str | None) -> None:
    assert read(READER, "1/2/24, 9:00 - 甲: 一\n1/2/24, 9:01 - 乙: 二\n", name).group == group


def days_of(dates: list[str]) -> list[str]:
    content = "".join(f"{d}, 9:00 - 林一一: 早\n" for d in dates)
    return [m.date[5:] for m in read(READER, content).messages]


def test_the_order_of_day_and_month_is_that_in_which_the_file_runs_forward() -> None:
    assert days_of(["1/2/24", "2/2/24", "3/2/24"]) == ["02-01", "02-02", "02-03"]
    assert days_of(["2/1/24", "2/2/24", "2/3/24"]) == ["02-01", "02-02", "02-03"]
    assert days_of(["1/2/24", "1/2/24", "1/13/24"]) == ["01-02", "01-02", "01-13"]
    assert days_of(["9/4/24", "10/4/24", "1/5/24"]) == ["04-09", "04-10", "05-01"]


def test_an_order_that_nothing_tells_is_said() -> None:
    reading = read(READER, "1/2/24, 9:00 - 甲: 一\n1/2/24, 9:01 - 乙: 二\n")
    assert [m.date for m in reading.messages] == ["2024-02-01"] * 2
    assert "took the day for the first" in reading.losses[0].what
    reading = read(READER, "1/2/24, 9:00 AM - 甲: 一\n1/2/24, 9:01 AM - 乙: 二\n")
    assert [m.date for m in reading.messages] == ["2024-01-02"] * 2
    assert "took the month for the first" in reading.losses[0].what


def test_a_pasted_head_of_another_time_is_text() -> None:
    content = (
        "15/6/25, 08:00 - 林一一: 早\n15/6/25, 09:00 - 林一一: 他说过\n"
        "13/5/25, 20:00 - 周大山: 要的\n15/6/25, 09:02 - 周大山: 是\n"
        "15/6/25, 09:01 - 林一一: 钟慢了\n15/6/25, 09:09 - 周大山: 好\n"
    )
    assert [(text, speaker) for _, speaker, text, _ in told(read(READER, content))] == [
        ("早", "林一一"),
        ("他说过\n13/5/25, 20:00 - 周大山: 要的", "林一一"),
        ("是", "周大山"),
        ("钟慢了", "林一一"),
        ("好", "周大山"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "# 3/4/24\n\nnotes\n",
        "3/4/24, 10:00 - one line alone\n",
        "3/4/24, 10:00 xyz - a: b\n3/4/24, 10:01 xyz - a: b\n",
        "3/4/24, 25:00 - a: b\n3/4/24, 25:01 - a: b\n",
        "[2024-03-04 10:00:05] local.ERROR: no such file\n[2024-03-04 10:00:06] local.INFO: ok\n",
        "2024-03-04 10:00:05 - root: started\n2024-03-04 10:00:06 - root: done\n",
        "[2024-03-04 10:00:05] <anna> hi: there\n[2024-03-04 10:00:06] <bert> hi: yes\n",
        "> 10:00:05  林一一  \n   \n3/4/24, 10:00 - 甲: 一\n3/4/24, 10:00 - 甲: 一\n",
    ],
)
def test_what_is_no_chat_of_whatsapp(content: str) -> None:
    assert not READER.recognises(content.encode())


NAMES = st.sampled_from(["林一一", "~ 周大山", "+86 138 0000 0000", "Ann-Sofie (PM)"])
WORDS = st.text("挂失要本人去吗?! \n-[]/:12", max_size=30).map(
    lambda text: "问" + "\n".join(line.strip() for line in text.split("\n")).strip()
)


@given(st.lists(st.tuples(NAMES, WORDS, st.integers(0, 90_000)), min_size=2), st.booleans())
def test_a_whole_file_comes_out_once_and_in_order(
    said: list[tuple[str, str, int]], ios: bool
) -> None:
    at, lines, wanted = datetime(2024, 12, 30, 9, 0), [], []
    for name, words, later in said:
        at += timedelta(minutes=later // 60 + 1)
        head = f"[{at:%d/%m/%Y, %H:%M:%S}] " if ios else f"{at:%d/%m/%y, %H:%M} - "
        lines.append(f"{head}{name}: {words}")
        wanted.append((f"{at:%Y-%m-%d %H:%M:%S}", name.removeprefix("~ "), words, "text"))
    lines.append(
        ("[{}/2031, 09:00:00] {}" if ios else "{}/31, 09:00 - {}").format("13/01", "甲: 完")
    )
    assert told(read(READER, "\r\n".join(lines)))[:-1] == wanted
