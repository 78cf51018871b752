"""The one form of what each format writes its own way: clean texts, and what stands for none."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAMELESS = "无名"
"""Who wrote a message of which a file has no nickname."""

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINE_END = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++\n")


def clean(text: str) -> str:
    """A text or nickname without marks that nobody sees, its lines ended by `\\n` alone.

    The narrow blank behind a mention becomes a blank; marks of writing direction, byte-order marks
    and control characters go; blanks at ends of lines mean nothing.
    """
    if text.isprintable():  # nearly all texts are, and ids and names
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2005", " ")
    text = _CONTROL.sub("", _MARKS.sub("", text)).strip()
    return _LINE_END.sub("\n", text) if "\n" in text else text


def in_one_line(name: str) -> str:
    """A nickname without line breaks of any kind, for each of which a blank stands."""
    return " ".join(filter(None, map(str.strip, name.splitlines())))


def placeholder(kind: str, words: str = "") -> str:
    """What stands for a message of a kind that is no text, with the words that come with it."""
    return f"[{_NAMES[kind]}] {clean(words)}".rstrip()


_NAMES = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "sticker": "表情",
    "file": "文件",
    "link": "链接",
    "location": "位置",
    "card": "名片",
    "redpacket": "红包",
    "transfer": "转账",
    "forward": "聊天记录",
    "call": "通话",
    "poll": "投票",
    "announcement": "群公告",
}


def link(title: str, url: str) -> str:
    """What stands for a shared link."""
    return placeholder("link", f"{clean(title)} {clean(url)}".strip())


def forward(title: str, inner: Iterable[tuple[str, str]]) -> str:
    """What stands for forwarded messages: a line `name: words` for each below the title."""
    lines = [f"{clean(name)}: {clean(words)}" for name, words in inner]
    return "\n".join([placeholder("forward", title), *lines])
