"""What MemoTrace (留痕, WeChatMsg) makes of a message in the texts of its later exports."""

from __future__ import annotations

import re

from knowledge.archive import texts
from knowledge.archive.formats.wechat_terms import OWN_REMARKS, Told
from knowledge.archive.reading import Quoted

CAVEAT = OWN_REMARKS
"""Its display names are remarks where there are some."""

_MARKS = {
    "图片": "image",
    "视频": "video",
    "语音": "voice",
    "表情包": "sticker",
    "动画表情": "sticker",
    "文件": "file",
    "分享链接": "link",
    "链接": "link",
    "小程序": "link",
    "视频号": "link",
    "音乐": "link",
    "音乐分享": "link",
    "合并转发的聊天记录": "forward",
    "聊天记录": "forward",
    "红包": "redpacket",
    "转账": "transfer",
    "位置": "location",
    "位置分享": "location",
    "名片": "card",
    "公众号名片": "card",
    "音视频通话": "call",
    "群公告": "announcement",
    "拍一拍": "poke",
}
_MARK = re.compile(r"[【\[]([^【】\[\]\s]{2,9})[】\]]:?[ \t]*")
_QUOTE = re.compile(r"^引用：(?=引用错误|[^\n]{0,200}?: )", re.MULTILINE)
_FILE = re.compile(r"(.+?) \d[\d.]* ?[KMGT]?B\b.*", re.DOTALL)
_TITLE = re.compile(r"(?:^[ \t]*|^\[链接\]:)(?:标题：|title:)(.*)$", re.MULTILINE)
_URL = re.compile(r"^[ \t]*(?:链接|url)[:：][ \t]*(\S+)", re.MULTILINE)
_INNER = re.compile(r"( *)- (?:\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? )?(.*)")


def kind_by_mark(content: str) -> str:
    """The kind that the mark at a content's beginning states; `text` without one."""
    m = _MARK.match(content)
    return _MARKS.get(m[1], "text") if m else "text"


def said(kind: str, content: str) -> Told:
    """A clean content, which begins with a mark unless it is words, as Palou has it."""
    m = _MARK.match(content)
    rest = content[m.end() :] if m and m[1] in _MARKS else content
    if kind == "voice":
        return Told(kind, rest or texts.placeholder(kind))
    if kind == "file":
        name = (f[1] if (f := _FILE.fullmatch(rest)) else rest).strip()
        return Told(kind, texts.placeholder(kind, name), name)
    if kind == "link":
        title, url = _TITLE.search(content), _URL.search(content)
        if title or url:
            words = texts.link(title[1] if title else "", url[1] if url else "")
            return Told(kind, words)
        return Told(kind, f"{texts.placeholder(kind)} {rest}".strip())
    if kind == "forward":
        return Told(kind, "\n".join([texts.placeholder(kind), *_forwarded(rest)]))
    if m and m[1] in _MARKS:
        return Told(kind, f"[{m[1]}] {rest}".strip())
    return Told(kind, content)


def unquoted(content: str) -> Told:
    """A text without the quote below it: `引用：name: words`, the last line that begins so."""
    last = last_in(content, _QUOTE)
    if last is None:
        return Told("text", content)
    name, between, words = content[last.end() :].partition(": ")
    quoted = None
    if between and "\n" not in name:
        words = words.strip()
        quoted = Quoted(name.strip(), said(kind_by_mark(words), words).text)
    return Told("text", content[: last.start()].strip(), quoted=quoted)


def last_in(content: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Where a pattern matches last."""
    return max(pattern.finditer(content), key=re.Match.start, default=None)


def _forwarded(rest: str) -> list[str]:
    """Lines `name: words` of forwarded messages, those within others further in."""
    lines = []
    for line in rest.split("\n"):
        m = _INNER.fullmatch(line)
        inner = f"{m[1]}{m[2]}" if m else line
        if inner.strip():
            lines.append(inner.replace("【", "[").replace("】", "]").rstrip())
    return lines
