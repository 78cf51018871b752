"""What the exporters of WeChat chats have in common: kinds by number and by word, quotes, recalls.

They all read the same database, and hand on its numbers and much of its wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.archive import texts
from knowledge.archive.objects import Fields, text
from knowledge.archive.reading import UNSAID, Quoted

OWN_REMARKS = (
    "names may be private remarks of whoever exported; export with the names that the group shows"
)
"""What a reader says of its format where that writes such names."""

_TYPES = {
    1: "text",
    3: "image",
    34: "voice",
    42: "card",
    43: "video",
    47: "sticker",
    48: "location",
    50: "call",
    62: "video",
    66: "card",
    10000: "system",
    10002: "system",
}
_APPS = {
    1: "text",
    3: "link",
    4: "link",
    5: "link",
    6: "file",
    8: "sticker",
    17: "location",
    19: "forward",
    33: "link",
    36: "link",
    40: "forward",
    51: "link",
    53: "text",
    57: "text",
    62: "poke",
    63: "link",
    74: "file",
    76: "link",
    87: "announcement",
    92: "link",
    2000: "transfer",
    2001: "redpacket",
    2003: "redpacket",
}
_WORDS = {
    "转发的聊天记录": "forward",
    "聊天记录": "forward",
    "合并转发": "forward",
    "转账": "transfer",
    "红包": "redpacket",
    "文件": "file",
    "链接": "link",
    "小程序": "link",
    "视频号": "link",
    "音乐": "link",
    "图片": "image",
    "视频": "video",
    "语音": "voice",
    "语音消息": "voice",
    "表情": "sticker",
    "表情包": "sticker",
    "动画表情": "sticker",
    "位置": "location",
    "名片": "card",
    "群公告": "announcement",
    "通话": "call",
    "语音通话": "call",
    "视频通话": "call",
}
_BRACKET = re.compile(r"\[([^\[\]\s：:]{2,7})[\]：]")
_RECALL = re.compile(r".{0,200}?(?:撤回了一条(?:成员)?消息|recalled a message)", re.DOTALL)
_QUOTE = re.compile(r"\[引用 |[\[\]]")
_QUOTED = re.compile(r"\[引用 ([^：\n]*)：(.*)\]", re.DOTALL)
_VOICE = re.compile(r"\[语音[^\]\n]{0,20}\]\s*")
_FORWARD = re.compile(r"\[(?:转发的)?聊天记录\][ \t]*")


@dataclass(frozen=True, slots=True)
class Told:
    """A content in the one form of texts: its kind, the words, a file's name, what it quotes."""

    kind: str
    text: str
    attachment: str = ""
    quoted: Quoted | None = None


class Once:
    """Keeps each of the names and times that come again and again in memory once."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def __call__(self, *texts: str) -> list[str]:
        """The same texts, as they were met first."""
        return [self._kept.setdefault(text, text) for text in texts]


def is_room(contact: str) -> bool:
    """Whether an id is a group's: what it sends, nobody says."""
    return contact.endswith("@chatroom")


def kind_of(type: object, subtype: object = 0) -> str:
    """The kind by WeChat's numbers; WeChat 4 has the subtype in the high half of the type."""
    number, sub = _whole(type), _whole(subtype)
    if number >> 32:
        number, sub = number & 0xFFFFFFFF, number >> 32
    return _APPS.get(sub, "other") if number == 49 else _TYPES.get(number, "other")


def kind_by_words(content: str, otherwise: str) -> str:
    """The kind that the word in brackets before a content states."""
    m = _BRACKET.match(content)
    return _WORDS.get(m[1], otherwise) if m else otherwise


def recall(notice: str) -> str | None:
    """A notice that a message was recalled, without what may follow; None when it is none."""
    m = _RECALL.match(notice)
    return m[0] if m else None


def notice(content: str) -> Told:
    """What WeChat itself says in a chat: of a recalled message nothing stays but that it was."""
    recalled = recall(content)
    return Told("system", content) if recalled is None else Told("recall", recalled)


def parted(content: str) -> tuple[str, Quoted | None]:
    """A text, and the quote that stands in brackets at its end: `words[引用 name：quoted]`.

    What is quoted may hold brackets and quotes: the last bracket that closes with the text is it.
    """
    if not content.endswith("]"):
        return content, None
    cut, depth = content.rfind("[引用 "), 0
    for m in reversed(list(_QUOTE.finditer(content))):
        depth += 1 if m[0] == "]" else -1
        if len(m[0]) > 1 and depth == 0:
            cut = m.start()
            break
    if cut < 0 or (found := _QUOTED.fullmatch(content, cut)) is None:
        return content, None
    return content[:cut].strip(), Quoted(found[1].strip(), found[2].strip())


def told(kind: str, content: str) -> Told:
    """A clean content of WeFlow and its kin as Palou has it; `kind` as its number or name says."""
    if kind in UNSAID:
        found = notice(content)
        return found if kind == "system" else Told("recall", recall(content) or "")
    if kind == "text":
        own, quoted = parted(content)
        return Told(kind, own, quoted=quoted)
    kind = kind_by_words(content, kind)
    if kind in ("image", "voice", "video", "sticker", "file") and _is_path(content):
        name = content.rsplit("/", 1)[-1] if kind == "file" else ""
        return Told(kind, texts.placeholder(kind, name), content)
    if kind == "voice":
        return Told(kind, _VOICE.sub("", content, count=1) or texts.placeholder(kind))
    if kind == "forward":
        rest = _FORWARD.sub("", content, count=1)
        return Told(kind, f"{texts.placeholder(kind)} {rest}".strip())
    if kind == "link":
        return Told(kind, _linked(content))
    if kind == "file":
        name = content.removeprefix("[文件]").strip()
        return Told(kind, texts.placeholder(kind, name), name)
    return Told(kind, content or stand_in(kind))


def stand_in(kind: str) -> str:
    """What stands for a message of a kind of which nothing is known; empty for words."""
    return "" if kind in ("text", "system", "recall", "poke", "other") else texts.placeholder(kind)


def forwarded(title: str, records: list[Fields]) -> str:
    """What stands for forwarded messages, out of ChatLab's `chatRecords`."""
    said = [
        (text(r.get("accountName")) or text(r.get("sender")), text(r.get("content")) or "[…]")
        for r in records
    ]
    return texts.forward(title, said)


def _linked(content: str) -> str:
    """A link, which ChatLab has as markdown."""
    if content.startswith("[") and content.endswith(")") and not content.startswith("[链接]"):
        title, between, url = content[1:-1].rpartition("](")
        if between and not re.search(r"\s", url):
            return texts.link(title, url)
    return content or texts.placeholder("link")


def _is_path(content: str) -> bool:
    return "/" in content and not content.startswith("[") and not re.search(r"[\n：]", content)


def _whole(value: object) -> int:
    """A whole number, as JSON and CSV may write it."""
    if isinstance(value, int):
        return value if 0 <= value < 1 << 63 else 0
    digits = text(value).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
