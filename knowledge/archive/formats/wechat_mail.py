"""Reads chats that WeChat itself mails as text.

WeChat for iOS and Android writes it (several messages selected, then "mail"), since about 2012 and
still in 2026; times have no seconds. Its form is known from mails that public parsers are tested
with (lordshunter, gmailOrderParser, wechatmem), of 2018 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.dated import Shape, messages
from knowledge.archive.formats.headers import Row
from knowledge.archive.reading import Chat, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean, placeholder

_SHAPE = Shape(
    re.compile(r"\s*—{3,}\s*(\d{4}-\d{1,2}-\d{1,2})\s*—{3,}\s*"),
    # Names can hold two blanks, too: the time stands behind the last run of them.
    re.compile(r"(.*\S)[ \u00a0]{2,}(\d{1,2}:\d\d)\s*"),
)
_ABOVE = 12  # lines above the first day: a mail's own head, a greeting, the group
_GREETINGS = (
    re.compile(r'微信群[“"](.+)[”"]的聊天记录如下[:：]?'),
    re.compile(r"(\S.*?) ?微信群上的聊天记录如下，请查收。?"),
)
_OF_TWO = re.compile(r".+在微信上的聊天记录如下.{0,8}")
_DEAR = re.compile(r"Dear ?[:：,，]?")
_SIGNATURE = re.compile(
    r"(?:发自|来自|从)我的.{1,40}|发自.{1,20}邮箱.{0,20}|Sent from .{1,60}|Get Outlook for .{1,20}"
)
_ATTACHED = re.compile(
    r"\[?(图片|视频|语音|文件)(?:\d*|: ?([^()（）\n]{1,200}))[(（](?:可|请)在附件中查看[)）]\]?"
)
_KINDS = {"图片": "image", "视频": "video", "语音": "voice", "文件": "file"}


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WechatMailReader()]


class WechatMailReader:
    """Reader of what WeChat mails."""

    name = "wechat-mail"
    written_by = "WeChat (iOS, Android)"
    how = (
        "在群里长按一条消息，选“多选”，勾选消息（一次最多 100 条），再选“邮件”；把邮件正文存成 .txt"
    )
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """A day between long dashes, and a header behind it."""
        return _SHAPE.looks(text_of(head), _ABOVE)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file: one mail, or several one behind the other."""
        lines, losses = Lines(stream), Tally()
        chats: dict[str | None, list[ReadMessage]] = {}
        for group, rows in _mails(list(lines)):
            if group is not None and _OF_TWO.fullmatch(group):
                losses.lose(rows[0][0] if rows else 0, "a chat of two people was left out")
                continue
            found = [_attached(m) for m in messages(_unsigned(rows), _SHAPE, losses)]
            chats.setdefault(group, []).extend(found)
        return ReadFile(
            tuple(Chat(group, tuple(found)) for group, found in chats.items()),
            (*lines.losses, *losses.losses),
        )


def _mails(rows: list[Row]) -> Iterator[tuple[str | None, list[Row]]]:
    """Each mail of a file: its group, and the lines below its greeting.

    A mail among two people has its greeting in place of a group's name.
    """
    starts = [(i, group) for i in range(len(rows)) if (group := _greeted(rows, i))]
    if not starts or any(line.strip() for _, line in rows[: starts[0][0]] if not _dear(line)):
        yield None, rows[: starts[0][0]] if starts else rows
    ends = [*(i for i, _ in starts), len(rows)][1:]
    for (i, group), end in zip(starts, ends, strict=True):
        yield group, [(n, "" if _dear(line) else line) for n, line in rows[i + 1 : end]]


def _greeted(rows: list[Row], place: int) -> str | None:
    """The group in a line that greets: a day follows, as texts can hold the same words."""
    line = rows[place][1].strip()
    if "聊天记录如下" not in line or len(line) > 300:
        return None
    below = next((text for _, text in rows[place + 1 : place + 6] if text.strip()), "")
    if not _SHAPE.day_of(below):
        return None
    if _OF_TWO.fullmatch(line):
        return line
    return next((clean(m[1]) for g in _GREETINGS if (m := g.fullmatch(line))), None)


def _dear(line: str) -> bool:
    return _DEAR.fullmatch(line.strip()) is not None


def _unsigned(rows: list[Row]) -> list[Row]:
    """The lines without the mail program's signature at their end."""
    end = len(rows)
    while end and not rows[end - 1][1].strip():
        end -= 1
    signed = end and _SIGNATURE.fullmatch(rows[end - 1][1].strip())
    return rows[: end - 1] if signed else rows


def _attached(message: ReadMessage) -> ReadMessage:
    """A message that stands for an attachment of the mail."""
    m = _ATTACHED.fullmatch(message.text)
    if m is None:
        return message
    kind, file = _KINDS[m[1]], clean(m[2] or "")
    text = placeholder(kind, file if kind == "file" else "")
    return replace(message, text=text, kind=kind, attachment=file)
