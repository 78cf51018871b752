"""Rows as PyWxDump exports them, and WeFlow for WeClone: records of CSV, and what a row says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from knowledge.archive.formats.csv_records import Records, header_of, spoilt
from knowledge.archive.formats.csv_records import moment as in_iso
from knowledge.archive.reading import HEAD_BYTES, UNSAID, Quoted
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean, link, placeholder
from knowledge.archive.times import epoch, in_utc, iso

_KINDS = (
    ("撤回", "recall"),
    ("系统", "system"),
    ("邀请加群", "system"),
    ("添加好友", "system"),
    ("拍一拍", "poke"),
    ("通话", "call"),
    ("群公告", "announcement"),
    ("合并转发", "forward"),
    ("聊天记录", "forward"),
    ("引用", "text"),
    ("文本", "text"),
    ("接龙", "text"),
    ("分享", "link"),
    ("链接", "link"),
    ("小程序", "link"),
    ("视频号", "link"),
    ("图片", "image"),
    ("语音", "voice"),
    ("视频", "video"),
    ("表情", "sticker"),
    ("位置", "location"),
    ("文件", "file"),
    ("转账", "transfer"),
    ("红包", "redpacket"),
    ("名片", "card"),
    ("推荐公众号", "card"),
)
# PyWxDump's names of types, the first that one holds; the more special ones stand first.

_ENGLISH = {
    **{kind: kind for kind in ("text", "image", "voice", "video", "sticker", "file", "link")},
    **{kind: kind for kind in ("location", "card", "call", "forward", "transfer", "system")},
    "emoji": "sticker",
    "share": "link",
    "red_packet": "redpacket",
    "recall": "recall",
}
# WeFlow's names of types in files for WeClone, which are those of ChatLab in small letters.

_QUOTE = re.compile(
    r"(?:\A|\n)\[引用\]\((\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)\)([^:：\n]{0,100})[:：]"
)
_HREF = re.compile(r'<a href="([^"\s]{1,2000})"[^>]{0,200}>[^<]{0,50}</a>')
_TRANSCRIPT = re.compile(r"\s*(?:语音时长[:：][^\n]{0,40}\n?)?(?:翻译结果[:：]|\[语音(?:消息)?\])?")
_LABEL = re.compile(r"\s*(?:\[[^\[\]\n]{1,10}\]|文件[:：])?\s*")
_RECORD = re.compile(r'"?\d+"?,')  # how a row begins: with its running number
_SPREAD = "a spreadsheet wrote this file: ids and seconds are lost; load the export itself"


class Said(NamedTuple):
    """What a row says: kind, text, the path of a file, what is quoted."""

    kind: str
    text: str
    attachment: str = ""
    quoted: Quoted | None = None


def rows(stream: BinaryIO, losses: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a CSV file by the names in its header, with the lines where they begin."""
    names = header_of(stream.read(HEAD_BYTES))
    stream.seek(0)
    records = Records(stream, _RECORD, frozenset({len(names)}))
    for line, fields in records:
        yield line, dict(zip(names, fields, strict=True))
    for loss in records.losses:
        losses.lose(loss.line, loss.what)


def moment(value: str, losses: Tally, line: int) -> tuple[str, str, int | None] | None:
    """Date, time and moment of a field; None, with a loss, when it holds none."""
    written, is_spread = in_iso(value)
    if is_spread:
        losses.lose(line, _SPREAD)
    at = epoch(written) if written.isdecimal() else None
    found = (*in_utc(at), at) if at else iso(written)
    if found is None:
        losses.lose(line, "a message without a time was left out")
    return found


def id_of(value: str, losses: Tally, line: int) -> str:
    """The platform's id of a message; none where a spreadsheet rounded it."""
    value = value.strip()
    if spoilt(value):
        losses.lose(line, _SPREAD)
    return value if value.isdecimal() and value.strip("0") else ""


def said(type_name: str, words: str, src: str) -> Said:
    """What a row says, by its type."""
    named = next((kind for part, kind in _KINDS if part in type_name), "other")
    kind = _ENGLISH.get(type_name.strip().lower(), named)
    if kind in ("text", "other"):
        return _text(words, kind)
    if kind in UNSAID:
        return Said(kind, clean(words))
    path = clean(src) if kind in ("image", "video", "voice", "sticker", "file") else ""
    if kind == "voice":
        spoken = clean(words[m.end() :] if (m := _TRANSCRIPT.match(words)) else words)
        return Said(kind, spoken if spoken not in ("", path) else placeholder(kind), path)
    if kind == "sticker" and words.startswith("[") and len(words) < 100:
        return Said(kind, clean(words), path)
    if kind in ("image", "video", "sticker"):
        return Said(kind, placeholder(kind), path)
    own = words[m.end() :] if (m := _LABEL.match(words)) else words
    if kind == "link":
        return _link(own)
    if kind == "file":
        own = PurePosixPath((path or own).replace("\\", "/")).name
    return Said(kind, placeholder(kind, own), path)


def _text(words: str, kind: str) -> Said:
    """A text, without the message that it quotes below itself."""
    m = _QUOTE.search(words)
    if m is None:
        return Said(kind, clean(words))
    quoted = Quoted(clean(m[2]), clean(words[m.end() :]), m[1])
    return Said("text", clean(words[: m.start()]), quoted=quoted)


def _link(words: str) -> Said:
    """A link: title, description, and the address in a tag below them."""
    m = _HREF.search(words)
    title = (words[: m.start()] if m else words).strip().partition("\n")[0]
    return Said("link", link(title, m[1] if m else ""))
