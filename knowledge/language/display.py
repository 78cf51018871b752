"""How an archived text is shown: emoji codes, lost characters, quotes made readable."""

from __future__ import annotations

import html
import re

from knowledge.language.kinds import first_mention

_EMOJI_CODE = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")
_LOST = re.compile(r"\?{2,}|\ufffd+")
_BEHIND_MENTION = re.compile(r"[?\u2005 \t]*")
_MENTION_END = re.compile(r"(@[^\s?？@,，。:：]{1,40})[?\u2005\u2006]")
_IMAGE = re.compile(r"!\[[^\]]{0,200}+\]\([^)\s]{0,500}+\)")
_NAME_END = re.compile(r"[」:：]")
_QUOTE_END = re.compile(r"」\s*+(?:-\s*+){3,}+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_SENTENCE_END = re.compile(r"[。！？!?；;…]+|\.(?=\s)")
_LINES = re.compile(r"(?<!\s)\s*\n\s*")
_NO_CHARACTER = re.compile(r"&#[0-9]{20,}+;?")

IMAGE = "（图片）"
"""What stands for an image."""


def shown(text: str) -> str:
    """An archived text in one line, as a member should read it; empty when nothing is left."""
    text = _without_quote(unescaped(text))
    text = _IMAGE.sub(IMAGE, text)
    text = _MENTION_END.sub(r"\1 ", text)
    text = _INVISIBLE.sub("", _LOST.sub("", _EMOJI_CODE.sub("", text)))
    return _BLANKS.sub(" ", _LINES.sub(" ", text)).strip()


def unescaped(text: str) -> str:
    """A text with its entities resolved; the number of no character is a lost one.

    Python would refuse to read a number of more than 4,300 digits.
    """
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text)) if "&" in text else text


def _without_quote(text: str) -> str:
    """A text whose first quote is told by the name of who is quoted."""
    begin = text.find("「")
    while begin >= 0 and (name_end := _NAME_END.search(text, begin)):
        if name_end[0] == "」":
            begin = text.find("「", name_end.end())
            continue
        end = _QUOTE_END.search(text, name_end.end())
        if end is None:
            break
        name = text[begin + 1 : name_end.start()].strip()
        return f"{text[:begin]}（回复{name}）{text[end.end() :]}"
    return text


def quoted(text: str) -> str:
    """The same without the mentions at its head: whom it answers is plain in a quotation."""
    rest = text.strip()
    at = 0
    while name := first_mention(rest, at):
        behind = _BEHIND_MENTION.match(rest, at + 1 + len(name))
        if behind is None or behind.end() == len(rest):
            break
        at = behind.end()
    return shown(rest[at:])


def is_image(text: str) -> bool:
    """Whether a text holds an image and no word."""
    return bool(_IMAGE.search(text)) and not _IMAGE.sub("", text).strip()


def split(text: str, limit: int) -> tuple[str, str]:
    """`text` in two: whole sentences of at most `limit` characters (10 or more), and the rest.

    Where no sentence ends in the last two thirds of what fits, the first part ends in `…`.
    """
    if len(text) <= limit:
        return text, ""
    ends = [m.end() for m in _SENTENCE_END.finditer(text, 0, limit)]
    if ends and ends[-1] >= limit // 3:
        return text[: ends[-1]], text[ends[-1] :].lstrip()
    return text[: limit - 1] + "…", text[limit - 1 :]


def sentences(text: str, limit: int) -> str:
    """As many whole sentences of `text` as fit `limit` characters, else a cut marked by `…`."""
    return split(text, limit)[0]
