"""QQ Chat Exporter's JSON of versions 4 and 5, and its folders of chunks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knowledge.archive.formats.qce import QQChatExporterReader
from knowledge.archive.formats.qce_chunks import QQChunksReader
from knowledge.archive.reading import ReadFile
from tests.formats.reads import Files, read, replies, told

READER, CHUNKS = QQChatExporterReader(), QQChunksReader()
AT = 1_750_000_000  # 2025-06-15 23:06:40 in China
META = {"name": "QQChatExporter", "copyright": "x", "version": "0.2.0"}
INFO = {"name": "潜水俱乐部", "type": "group", "selfUid": "u_a", "peerUid": "700800"}


def sender(number: int = 1, **more: Any) -> dict[str, Any]:
    names = {"name": f"鱼{number}", "nickname": f"号{number}", "groupCard": f"鱼{number}"}
    return {"uid": f"u_{number}", "uin": f"5000{number}"} | names | more


def element(type: str, **data: Any) -> dict[str, Any]:
    return {"type": type, "data": data}


def message(id: int, *elements: Any, by: int = 1, **more: Any) -> dict[str, Any]:
    parts = [element("text", text=e) if isinstance(e, str) else e for e in elements]
    return {
        "id": f"75500000000000000{id:02}",
        "seq": str(id),
        "timestamp": (AT + id) * 1000,
        "time": "2025-06-15T15:06:40.000Z",
        "sender": sender(by),
        "type": "text",
        "content": {"text": "…", "elements": parts, "resources": [], "mentions": []},
        "recalled": False,
        "system": False,
    } | more


def reply(id: int | None, by: int, words: str, at: int = 0, **more: Any) -> dict[str, Any]:
    found = f"75500000000000000{id:02}" if id else None
    data = {"referencedMessageId": found, "senderUin": f"5000{by}", "senderName": f"鱼{by}"}
    return element("reply", **(data | {"content": words, "timestamp": at} | more))


def of(*messages: Any, **more: Any) -> ReadFile:
    whole = {"metadata": META, "chatInfo": INFO, "statistics": {}, "messages": messages} | more
    return read(READER, json.dumps(whole, ensure_ascii=False))


def test_a_chat_with_all_that_can_be_in_it() -> None:
    inner = [{"sender": {"name": "老潜"}, "content": {"text": "[图片:1.png]"}}]
    resource = {"text": "", "resources": [{"type": "image", "localPath": "images/a.png"}]}
    reading = of(
        message(1, element("at", name="@鱼2"), " 下水前查什么？"),
        message(2, element("image", filename="a.png"), content=resource | {
            "elements": [element("image", filename="a.png")]
        }),
        message(3, "看这个", element("image", filename="b.png"), "对吗"),
        message(4, element("face", id="1", name="/赞"), element("face", id="1", name="/赞")),
        message(5, element("market_face", name="[鲸鱼]")),
        message(6, element("audio", duration=3), type="audio"),
        message(7, element("video", filename="v.mp4"), type="video"),
        message(8, element("file", filename="潜点.xlsx"), type="file"),
        message(9, element("json", title="潮汐表", url="https://example.com/t"), type="json"),
        message(10, element("json", title="年费通知", content='{"app":"com.tencent.mannounce"}')),
        message(11, element("forward", title="群聊的聊天记录", messages=inner), type="forward"),
        message(12, element("wallet", summary="顺风顺水"), type="type_10"),
        message(13, "收回的话", recalled=True),
        message(14, element("system", text="鱼2加入了群聊。"), system=True,
                sender={"uid": "未知", "name": "系统消息"}),
        message(15, element("system", text="鱼3撤回了一条消息"), system=True, by=3),
        message(16, "旧版的系统", sender={"uid": "0", "uin": "0", "name": "0"}),
    )  # fmt: skip
    assert (reading.group, reading.chats[0].id) == ("潜水俱乐部", "700800")
    assert [(m.kind, m.text) for m in reading.messages] == [
        ("text", "@鱼2 下水前查什么？"),
        ("image", "[图片]"),
        ("text", "看这个[图片]对吗"),
        ("sticker", "/赞/赞"),
        ("sticker", "[表情] 鲸鱼"),
        ("voice", "[语音]"),
        ("video", "[视频]"),
        ("file", "[文件] 潜点.xlsx"),
        ("link", "[链接] 潮汐表 https://example.com/t"),
        ("announcement", "[群公告] 年费通知"),
        ("forward", "[聊天记录] 群聊的聊天记录\n老潜: [图片]"),
        ("redpacket", "[红包] 顺风顺水"),
        ("recall", ""),
        ("system", "鱼2加入了群聊。"),
        ("recall", "鱼3撤回了一条消息"),
        ("system", "旧版的系统"),
    ]
    first, image = reading.messages[:2]
    assert (first.id, first.sender_id, first.alias) == ("7550000000000000001", "50001", "号1")
    assert (first.speaker, image.attachment) == ("鱼1", "images/a.png")
    assert [m.speaker for m in reading.messages][-4:] == ["鱼1", "", "鱼3", ""]
    assert told(reading)[0][0] == "2025-06-15 23:06:41"
    assert reading.losses == ()


def test_replies_by_id_by_second_and_by_words() -> None:
    reading = of(
        message(1, "气瓶多重？"),
        message(2, "十二升的十五公斤", by=2),
        message(3, reply(1, 1, "气瓶多重？"), "空的十三", by=3),
        message(4, reply(None, 1, "气瓶多重？", AT + 1), "看材质", by=4),
        message(5, reply(None, 2, "十二升的十五公斤"), "谢了"),
        message(6, reply(2, 1, "气瓶多重？"), "号是别人的", by=5),
        message(7, reply(77, 9, ""), "那条不在这里"),
        message(8, reply(78, 9, "昨天的话", AT - 86400), "那条在昨天的文件里"),
        message(9, reply(None, 9, ""), "什么也不知道"),
        message(10, element("at", name="鱼1"), " 铝的轻"),
        message(11, reply(None, 1, "铝的轻"), "真的"),
    )
    assert replies(reading.messages) == [*(None, None, 0, 0, 1, 0, None, None, None, None, 9)]
    assert reading.messages[7].reply == "7550000000000000078"
    assert [m.text for m in reading.messages][2:4] == ["空的十三", "看材质"]


def test_version_4() -> None:
    def old(id: str, text: str, **more: Any) -> dict[str, Any]:
        content = {"text": text, "resources": [], "emojis": []} | more.pop("content", {})
        return {
            "messageId": id,
            "timestamp": f"2025-06-15T23:06:4{id}",
            "sender": {"uid": "u_1", "uin": "50001", "name": "号1"},
            "messageType": 2,
            "isSystemMessage": False,
            "isRecalled": False,
            "content": content,
            "rawMessage": {"sendNickName": "号1", "sendMemberName": "鱼1"},
        } | more

    quoted = {"messageId": "9", "referencedMessageId": "1", "senderName": "鱼1", "content": "深？"}
    reading = of(
        old("1", "多深要停？"),
        old("2", "[回复 鱼1: 多深\n要停？]\n五米停三分钟", content={"reply": quoted}),
        old("3", "[图片:a.png]"),
        old("4", "[文件:潜点.xlsx]"),
        old("5", "收回的话", isRecalled=True),
        old("6", "鱼2退出了群聊", isSystemMessage=True),
        metadata={"name": "QQChatExporter V4", "version": "4.0"},
    )
    assert told(reading) == [
        ("2025-06-15 23:06:41", "鱼1", "多深要停？", "text"),
        ("2025-06-15 23:06:42", "鱼1", "五米停三分钟", "text"),
        ("2025-06-15 23:06:43", "鱼1", "[图片]", "image"),
        ("2025-06-15 23:06:44", "鱼1", "[文件] 潜点.xlsx", "file"),
        ("2025-06-15 23:06:45", "鱼1", "", "recall"),
        ("2025-06-15 23:06:46", "", "鱼2退出了群聊", "system"),
    ]
    assert replies(reading.messages) == [None, 0, None, None, None, None]


def test_names_that_may_be_remarks_are_warned_of_once() -> None:
    remark = {"uid": "u_9", "uin": "50009", "name": "三姨", "remark": "三姨"}
    reading = of(message(1, "早", sender=remark), message(2, "好", sender=remark))
    assert [m.speaker for m in reading.messages] == ["三姨", "三姨"]
    assert [loss.what for loss in reading.losses] == [
        "names may be your own remarks; export with group nicknames (2 times, here first)"
    ]
    known = of(message(1, "早", sender=sender(1, name="三姨", remark="三姨")))
    assert (known.messages[0].speaker, known.messages[0].alias, known.losses) == ("鱼1", "号1", ())


def test_a_private_chat_is_left_out_and_lost_times_are_told() -> None:
    private = of(message(1, "悄悄"), chatInfo=INFO | {"type": "private"})
    assert private.messages == ()
    assert [loss.what for loss in private.losses] == ["a chat that is no group was left out"]
    timeless = of(message(1, "早", timestamp=0, time=""), message(2, "好", timestamp=0))
    assert told(timeless) == [("2025-06-15 23:06:40", "鱼1", "好", "text")]
    assert [loss.what for loss in timeless.losses] == ["a message without a time was left out"]


def chunked(**more: Any) -> dict[str, str]:
    chunks = [{"index": i, "relativePath": f"chunks/c{i}.jsonl"} for i in (1, 2)]
    manifest = {
        "metadata": META,
        "chatInfo": INFO,
        "chunked": {"format": "jsonl", "chunks": chunks},
    }
    line = [json.dumps(message(i, f"第{i}潜"), ensure_ascii=False) for i in range(1, 5)]
    return {
        "manifest.json": json.dumps(manifest | more, ensure_ascii=False),
        "avatars.json": "{}",
        "chunks/c1.jsonl": f"{line[0]}\n{line[1]}\n",
        "chunks/c2.jsonl": f"{line[2]}\n\n{{broken\n{line[3]}",
    }


@pytest.mark.parametrize("folder", ["", "潜水_chunked_jsonl/"])
def test_a_folder_of_chunks(folder: str) -> None:
    bundle = Files({folder + name: text for name, text in chunked().items()})
    assert CHUNKS.recognises_bundle(bundle)
    reading = CHUNKS.read_bundle(bundle)
    assert (reading.group, reading.chats[0].id) == ("潜水俱乐部", "700800")
    assert [m.text for m in reading.messages] == [f"第{i}潜" for i in range(1, 5)]
    assert [loss.what for loss in reading.losses] == [
        f"{folder}chunks/c2.jsonl: a line that is no whole JSON object was left out"
    ]


def test_chunks_that_are_missing_unlisted_or_unreadable_are_named() -> None:
    files = chunked()
    files["chunks/c3.jsonl"] = json.dumps(message(5, "第5潜"), ensure_ascii=False)
    del files["chunks/c2.jsonl"]
    reading = CHUNKS.read_bundle(Files(files, lost=["chunks/c1.jsonl"]))
    assert [m.text for m in reading.messages] == ["第5潜"]
    assert [loss.what.split(":")[0] for loss in reading.losses] == [
        *("chunks/c1.jsonl", "chunks/c2.jsonl", "chunks/c3.jsonl")
    ]


def test_a_manifest_cannot_name_files_outside_its_folder() -> None:
    chunks = {"chunks": [{"relativePath": "../../secret.jsonl"}, {"file": "chunks/c1.jsonl"}]}
    reading = CHUNKS.read_bundle(Files(chunked(chunked=chunks)))
    assert [m.text for m in reading.messages][:2] == ["第1潜", "第2潜"]
    assert "../../secret.jsonl: the manifest lists it, and it is not there" in [
        loss.what for loss in reading.losses
    ]


def test_a_manifest_alone_is_no_chat_and_other_folders_are_no_chunks() -> None:
    assert not READER.recognises(chunked()["manifest.json"].encode())
    assert not CHUNKS.recognises_bundle(Files({"manifest.json": '{"name": "web app"}'}))
    assert not CHUNKS.recognises_bundle(Files({"a/manifest.json": "", "b/x.md": ""}))
    assert not READER.recognises(b'{"metadata": {"name": "other"}, "messages": []}')
