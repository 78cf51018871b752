"""The texts of WechatExporter and of WeLink: heads with a time, words behind or below them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.wechat_exporter import WechatExporterReader
from knowledge.archive.formats.welink import WeLinkReader
from tests.formats.reads import read, replies, told

WECHAT = WechatExporterReader()
WELINK = WeLinkReader()


def test_a_chat_of_wechat_exporter() -> None:
    content = (
        "青瓦互助 - 微信聊天记录\n\n"
        "林一一 (2025-06-05 09:00:01):挂失要本人去吗？\n急\n\n"
        "系统消息:周大山邀请小顾加入了群聊\n"
        "周大山(PM) (2025-06-05 09:00:30):「林一一：挂失要本人\n去吗？」\n"
        "- - - - - - - - - -\n要的\n"
        "系统消息:小顾撤回了一条消息\n"
        "小顾 (2025-06-05 09:02:00):[图片]\n"
        "小顾 (2025-06-05 09:03:00):[文件] 费率.pdf\n"
        "小顾 (2025-06-05 09:04:00):他当时写\n林一一 (2024-01-01 09:00:00):别去\n"
        "小顾 (2025-06-05 09:05:00):[捂脸] 真的\n"
    )
    reading = read(WECHAT, content)
    assert reading.group == "青瓦互助"
    assert told(reading) == [
        ("2025-06-05 09:00:01", "林一一", "挂失要本人去吗？\n急", "text"),
        ("2025-06-05 09:00:01", "", "周大山邀请小顾加入了群聊", "system"),
        ("2025-06-05 09:00:30", "周大山(PM)", "要的", "text"),
        ("2025-06-05 09:00:30", "", "小顾撤回了一条消息", "recall"),
        ("2025-06-05 09:02:00", "小顾", "[图片]", "image"),
        ("2025-06-05 09:03:00", "小顾", "[文件] 费率.pdf", "file"),
        ("2025-06-05 09:04:00", "小顾", "他当时写\n林一一 (2024-01-01 09:00:00):别去", "text"),
        ("2025-06-05 09:05:00", "小顾", "[捂脸] 真的", "text"),
    ]
    assert replies(reading.messages) == [None, None, 0, None, None, None, None, None]
    assert reading.losses == ()


def test_a_chat_of_welink() -> None:
    content = (
        "林一一(l00001)\t2025-06-05 09:00:01\n挂失要本人去吗？\n急\n\n"
        "周大山(PM)(z00002)\t2025-06-05 09:00:30\n要的\n"
        "林一一(l00001)\t2024-06-05 09:00:01\n是抄来的\n"
        "林一一(l00001)\t2025-06-05 09:01:00\n谢谢\n"
    )
    reading = read(WELINK, content)
    assert told(reading) == [
        ("2025-06-05 09:00:01", "林一一", "挂失要本人去吗？\n急", "text"),
        (
            "2025-06-05 09:00:30",
            "周大山(PM)",
            "要的\n林一一(l00001)\t2024-06-05 09:00:01\n是抄来的",
            "text",
        ),
        ("2025-06-05 09:01:00", "林一一", "谢谢", "text"),
    ]
    assert [m.sender_id for m in reading.messages] == ["l00001", "z00002", "l00001"]


@pytest.mark.parametrize(
    "content",
    [
        "# 青瓦互助 - 微信聊天记录\n",
        "林一一 (2025-06-05 09:00:01):一\n",
        "林一一(l00001) 2025-06-05 09:00:01\n一\n",
        "",
    ],
)
def test_other_texts_are_not_claimed(content: str) -> None:
    assert not WECHAT.recognises(content.encode())
    assert not WELINK.recognises(content.encode())


WORDS = st.text("挂失a: \n()", max_size=20).map(
    lambda text: "\n".join(line.strip() for line in f"问{text}".strip().split("\n"))
)
SAID = st.lists(st.tuples(st.sampled_from(["林一一", "周(大)山"]), WORDS), min_size=1, max_size=50)


@given(SAID)
def test_whole_files_come_out_once_and_in_order(said: list[tuple[str, str]]) -> None:
    times = [f"2025-06-05 09:{n:02}:00" for n in range(len(said))]
    wanted = [(t, name, words, "text") for t, (name, words) in zip(times, said, strict=True)]
    lines = [f"{name} ({t}):{words}\n" for t, name, words, _ in wanted]
    assert told(read(WECHAT, "群 - 微信聊天记录\n\n" + "".join(lines))) == wanted
    lines = [f"{name}(x1)\t{t}\n{words}\n" for t, name, words, _ in wanted]
    assert told(read(WELINK, "".join(lines))) == wanted
