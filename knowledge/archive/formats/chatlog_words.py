"""The plain text that chatlog makes of a message, in its CSV and its text alike."""

from __future__ import annotations

import re

from knowledge.archive import texts
from knowledge.archive.formats.wechat_terms import Told
from knowledge.archive.reading import Quoted
from knowledge.archive.times import iso

SYSTEM = "系统消息"
"""The sender of what nobody says."""

OWN = "我"
"""How a speaker is called who exported, where his name is not known."""

_MARKS = {
    "图片": "image",
    "语音": "voice",
    "视频": "video",
    "动画表情": "sticker",
    "链接": "link",
    "文件": "file",
    "小程序": "link",
    "视频号": "link",
    "音乐": "link",
    "红包": "redpacket",
    "转账": "transfer",
    "合并转发": "forward",
    "位置": "location",
    "名片": "card",
    "语音通话": "call",
    "视频通话": "call",
    "通话": "call",
    "群公告": "announcement",
}
_MARK = re.compile(r"!?\[([^\[\]|\s]{2,5})(?:\|([^\n]*?))?\](?:\(([^)\s]*)\))?")
_UNKNOWN = re.compile(r"Type: \d+ Content: ")
_REFER = re.compile(r"> (.+?)\(([^()\s]*)\) (?:(?:(\d{4})-)?(\d\d-\d\d) )?(\d\d:\d\d:\d\d)")


def plain(content: str) -> Told:
    """A clean content by the mark that it begins with; without one it is words."""
    if _UNKNOWN.match(content):
        return Told("other", content)
    m = _MARK.match(content)
    kind = _MARKS.get(m[1]) if m else None
    if m is None or kind is None:
        return Told("text", content)
    label, url, rest = m[2] or "", m[3] or "", content[m.end() :].strip()
    if kind == "forward":
        return Told(kind, f"{texts.placeholder(kind, label)}\n{_inner(rest)}".rstrip())
    if rest:  # who writes such a mark himself goes on
        return Told("text", content)
    if kind == "link":
        return Told(kind, texts.link(label, url))
    if kind == "file":
        return Told(kind, texts.placeholder(kind, label), label)
    if kind == "location":
        return Told(kind, texts.placeholder(kind, label.split("|", 1)[0]))
    return Told(kind, f"[{m[1]}] {label}".rstrip(), url if kind != "sticker" else "")


def referred(content: str, said: str) -> Told:
    """A text, with the reply that the lines in front of it state; `said` is when it was said."""
    lines = content.split("\n")
    m = _REFER.fullmatch(lines[0].rstrip()) if content.startswith("> ") else None
    if m is None:
        return Told("text", content)
    end = next((i for i, line in enumerate(lines) if not line.startswith(">")), len(lines))
    words = "\n".join(line[1:].strip() for line in lines[1:end])
    name, contact, year, day, time = m.groups()
    quoted = Quoted(contact or name, plain(words).text, _when(year, day, time, said))
    return Told("text", "\n".join(lines[end:]).strip(), quoted=quoted)


def _when(year: str | None, day: str | None, time: str, said: str) -> str:
    """When it was said what a reply refers to: the parts left out are those nearest before it."""
    if day is None:
        stated = f"{said[:10]} {time}"
        return stated if stated <= said else ""
    if year is None:
        year = said[:4]
        if f"{year}-{day} {time}" > said:
            year = f"{int(year) - 1:04}"
    stated = f"{year}-{day} {time}"
    return stated if iso(stated) else ""


def _inner(rest: str) -> str:
    """The lines of forwarded messages: a speaker with a time above each, in a quote's form."""
    return "\n".join(line.removeprefix("> ").strip() for line in rest.split("\n") if line.strip())
