"""A message as QQ Chat Exporter writes it, in versions 4 and 5: who, when, and what is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.archive.objects import Fields, text
from knowledge.archive.texts import clean, forward, link, placeholder

_PLACED = re.compile(
    r"\[(图片|视频|语音|文件|表情|转发消息|JSON消息)(?:[:：] ?([^\[\]\n]{0,200}))?\]"
)
_QUOTED = re.compile(r"\[回复(?:消息\]| [^\n]{0,100}?: .*?\]\n| [^\[\]\n]{0,300}\])\n?", re.DOTALL)
_QUOTED_CHARACTERS = 5000  # a quote is looked for no further: QQ's texts have at most 4,500
_APP = re.compile(r'"app"\s*:\s*"([\w.]{1,80})"')
_APPS = {
    "com.tencent.multimsg": "forward",
    "com.tencent.map": "location",
    "com.tencent.contact.lua": "card",
    "com.tencent.troopsharecard": "card",
    "com.tencent.mannounce": "announcement",
}
_STICKERS = ("face", "market_face", "marketface", "mface", "bface")
_MEDIA = {"image": "image", "video": "video", "audio": "voice", "voice": "voice", "file": "file"}
_BY_TYPE = {"10": "redpacket", "type_10": "redpacket", "audio": "voice", "video": "video"}
# NT's own numbers of kinds of messages; 10 is a red packet.


@dataclass(frozen=True, slots=True)
class Reply:
    """What a message replies to: ids, the words quoted, and when in seconds these were said."""

    id: str
    sender_id: str
    name: str
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says."""

    kind: str
    text: str
    attachment: str
    reply: Reply | None


def said(found: Fields) -> Said:
    """Kind, text, attachment and reply of a message."""
    content = _fields(found.get("content"))
    elements = [e for e in _list(content.get("elements")) if isinstance(e, dict)]
    parts = [_Part(e) for e in elements if e.get("type") != "reply"]
    kind = text(found.get("type")) or text(found.get("messageType"))
    if elements:
        reply = next((_reply(_fields(e.get("data"))) for e in elements if _is_reply(e)), None)
        words, shown = clean("".join(p.words() for p in parts)), _shown(parts)
    else:
        replied = _fields(content.get("reply"))
        reply = _reply(replied) if replied else None
        words, shown = _plain(text(content.get("text")), reply is not None)
    if shown == "text" and kind in _BY_TYPE:
        shown, words = _BY_TYPE[kind], placeholder(_BY_TYPE[kind], words)
    return Said(shown, words, _attachment(content), reply)


class _Part:
    """One element of a message."""

    def __init__(self, element: Fields) -> None:
        self.type = text(element.get("type"))
        self.data = _fields(element.get("data"))

    def kind(self) -> str:
        """What it is; text for words, empty for what comes with others."""
        if self.type == "json":
            app = _APP.search(text(self.data.get("content"))[:2000])
            return _APPS.get(app[1], "link") if app else "link"
        if self.type in _STICKERS:
            return "sticker"
        if self.type == "at":
            return ""
        known = {"wallet": "redpacket", "forward": "forward", "location": "location"}
        return _MEDIA.get(self.type) or known.get(self.type, "text")

    def words(self) -> str:
        """The text of it."""
        kind, data = self.kind(), self.data
        if made := _WORDS.get(self.type):
            return made(data)
        if self.type == "json":
            title = _first(data, "title", "summary", "description")
            url = _first(data, "url", "jumpUrl")
            return link(title, url) if kind == "link" else placeholder(kind, title)
        if kind in ("image", "video", "voice"):
            return placeholder(kind)
        if kind in ("redpacket", "location"):
            return placeholder(kind, _first(data, "summary", "title", "name", "text"))
        return text(data.get("text")) or _first(data, "content", "summary", "name")


def _at(data: Fields) -> str:
    return "@" + _first(data, "name", "uin", "uid").removeprefix("@")


def _face(data: Fields) -> str:
    return _first(data, "name", "text") or placeholder("sticker")


def _market(data: Fields) -> str:
    return placeholder("sticker", _first(data, "name", "summary", "text").strip("[]"))


def _file(data: Fields) -> str:
    return placeholder("file", _first(data, "filename", "fileName", "name"))


def _forward(data: Fields) -> str:
    """A forwarded chat: its title, then who said what; else the lines that preview it."""
    inner = list(_inner(_list(data.get("messages"))))
    if inner:
        return forward(_first(data, "title"), inner)
    lines = [_unplaced(text(line)) for line in _list(data.get("preview"))]
    return "\n".join([placeholder("forward", _first(data, "title")), *filter(None, lines)])


def _inner(messages: list[Any]) -> Iterator[tuple[str, str]]:
    for m in messages:
        if isinstance(m, dict):
            sender, content = _fields(m.get("sender")), _fields(m.get("content"))
            name = _first(sender, "groupCard", "nickname", "name", "uin") or text(m.get("name"))
            yield name, _unplaced(text(content.get("text")) or text(m.get("content")))


_WORDS: dict[str, Callable[[Fields], str]] = {
    "at": _at,
    "face": _face,
    "file": _file,
    "forward": _forward,
    **{name: _market for name in _STICKERS if name != "face"},
}


def _shown(parts: list[_Part]) -> str:
    """The kind of a message of several elements: text where somebody says something."""
    kinds = [kind for p in parts if (kind := p.kind())]
    spoken = any(p.kind() == "text" and p.words().strip() for p in parts)
    others = [kind for kind in kinds if kind != "text"]
    if spoken and not any(kind in ("file", "link", "forward") for kind in others):
        return "text"
    return others[0] if others else "text"


def _plain(words: str, replies: bool) -> tuple[str, str]:
    """Text and kind of a message that has no elements, as version 4 writes it."""
    own = words.lstrip()
    if (m := _QUOTED.match(own[:_QUOTED_CHARACTERS])) and (replies or m[0] != "[回复消息]"):
        own = own[m.end() :]
    own = clean(own)
    m = _PLACED.match(own)
    kind = _PLACES.get(m[1], "text") if m else "text"
    alone = m is not None and (m.end() == len(own) or kind in ("file", "forward"))
    return _unplaced(own), kind if alone else "text"


_PLACES = {
    "图片": "image",
    "视频": "video",
    "语音": "voice",
    "文件": "file",
    "表情": "sticker",
    "转发消息": "forward",
    "JSON消息": "link",
}


def _unplaced(words: str) -> str:
    """A text with the exporter's placeholders in our form."""

    def placed(m: re.Match[str]) -> str:
        kind = _PLACES[m[1]]
        return placeholder(kind, (m[2] or "") if kind in ("file", "sticker") else "")

    return clean(_PLACED.sub(placed, words))


def _is_reply(element: Fields) -> bool:
    return element.get("type") == "reply"


def _reply(data: Fields) -> Reply:
    """What it replies to; version 4's `messageId` means nothing."""
    id, sender = text(data.get("referencedMessageId")), text(data.get("senderUin"))
    name = clean(text(data.get("senderName")))
    at = text(data.get("timestamp"))
    return Reply(
        "" if id == "0" else id,
        "" if sender == "0" else sender,
        "" if name.startswith("u_") else name,
        _unplaced(text(data.get("content"))),
        int(at) if at.isdecimal() and len(at) < 12 else 0,
    )


def _attachment(content: Fields) -> str:
    """Where the first file of a message lies."""
    for resource in _list(content.get("resources")):
        if isinstance(resource, dict) and (path := _first(resource, "localPath")):
            return clean(path)
    return ""


def _first(data: Fields, *keys: str) -> str:
    """The first of some fields that says something."""
    return next((found for key in keys if (found := clean(text(data.get(key))))), "")


def _fields(value: Any) -> Fields:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
