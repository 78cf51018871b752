"""Reads the text of WechatExporter: `name (time):text`, from backups of iOS.

Written by BlueMatthew/WechatExporter, 2019 to 2025 (templates of its `res/templates_txt`). The
first line names the chat; a reply has its quote in front, in corner brackets above a dashed line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.reading import UNSAID, Quoted, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.runs import forward
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import iso

_TITLE = re.compile(r"(?P<group>.{1,200}?)\s?-\s?微信聊天记录\s*")
_HEAD = re.compile(
    r"(?P<name>.{0,100}?)\s?\((?P<date>\d{4}[-/]\d\d?[-/]\d\d?) "
    r"(?P<time>\d\d?:\d\d(?::\d\d)?)\)[:：](?P<words>.*)"
)
_SYSTEM = re.compile(r"系统消息\s?[:：](?P<words>.*)")
_QUOTE = re.compile(
    r"「(?P<name>[^「」：:\n]{1,100})[：:](?P<words>.{0,5000}?)」\n(?:- ?){5,}-?\n", re.DOTALL
)
_RECALLED = re.compile(r".{0,120}撤回了?一条消息.{0,40}")
_KINDS = {
    "[图片]": "image",
    "[语音]": "voice",
    "[视频]": "video",
    "[表情]": "sticker",
    "[动画表情]": "sticker",
    "[位置]": "location",
    "[名片]": "card",
    "[红包]": "redpacket",
    "[转账]": "transfer",
    "[文件]": "file",
    "[链接]": "link",
    "[聊天记录]": "forward",
}
_WORDS = re.compile(r"\[[^\[\]\n]{2,4}\]")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WechatExporterReader()]


class WechatExporterReader:
    """Reader of a chat that WechatExporter wrote as text."""

    name = "wechatexporter-txt"
    written_by = "WechatExporter"
    how = "iPhone 备份用 WechatExporter 导出，格式选 Text"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """The first line says that it is a chat of WeChat, and heads follow."""
        lines = [line for line in text_of(head).lstrip("\ufeff").splitlines() if line.strip()]
        return (
            bool(lines)
            and _TITLE.fullmatch(lines[0]) is not None
            and any(_HEAD.match(line) for line in lines[1:])
        )

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file."""
        lines, tally = Lines(stream), Tally()
        group, blocks = _blocks(lines, tally)
        messages = [_message(*block, tally) for block in blocks]
        return ReadFile.single(group or None, messages, (*tally.losses, *lines.losses))


_Block = tuple[int, str, str, str, list[str]]
"""Line, date, time, name (none: the system), and lines of text."""


def _blocks(lines: Iterable[tuple[int, str]], tally: Tally) -> tuple[str, list[_Block]]:
    group, found, raw = "", list[_Block](), list[str]()
    for number, line in lines:
        line = line.lstrip("\ufeff")
        if not found and not group and (title := _TITLE.fullmatch(line)):
            group = clean(title["group"])
        elif m := _HEAD.match(line):
            moment = iso("{:0>4}-{:0>2}-{:0>2}".format(*re.split("[-/]", m["date"])))
            time = m["time"].rjust(5, "0")
            valid = moment and iso(f"{moment[0]}T{time}")
            if moment and valid:
                name = m["name"] if clean(m["name"]) != "系统消息" else ""
                found.append((number, moment[0], valid[1], name, [m["words"]]))
                raw.append(line)
            elif found:
                found[-1][4].append(line)
        elif found and (m := _SYSTEM.match(line)):
            found.append((number, found[-1][1], found[-1][2], "", [m["words"]]))
            raw.append(line)
        elif found:
            found[-1][4].append(line)
        elif line.strip():
            tally.lose(number, "text before the first message was left out")
    kept: list[_Block] = []
    runs = forward([(block[1], block[2]) for block in found])
    for block, line, runs_on in zip(found, raw, runs, strict=True):
        if runs_on or not kept:
            kept.append(block)
        else:  # somebody has pasted what looks like a head
            kept[-1][4].extend((line, *block[4][1:]))
    return group, kept


def _message(
    number: int, date: str, time: str, name: str, lines: list[str], tally: Tally
) -> ReadMessage:
    words, reply = "\n".join(lines).strip(), None
    if (quote := _QUOTE.match(words)) is not None:
        reply = Quoted(clean(quote["name"]), clean(quote["words"]))
        words = words[quote.end() :]
    words = tally.cut(clean(words), number)
    kind = "text"
    if not clean(name):
        kind = "recall" if _RECALLED.fullmatch(words) else "system"
    elif (m := _WORDS.match(words)) and (m.end() == len(words) or m[0] in ("[文件]", "[链接]")):
        kind = _KINDS.get(m[0], "text")
    speaker = "" if kind in UNSAID else clean(name) or NAMELESS
    return ReadMessage(date, time, speaker, words, number, kind, reply=reply)
