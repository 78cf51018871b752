"""How an archived text is shown: emoji codes, lost characters, quotes made readable."""

from __future__ import annotations

import html
import re

from knowledge.language.kinds import mentions

_EMOJI_CODE = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")
_LOST = re.compile(r"\?{2,}|\ufffd+")
_MENTION_END = re.compile(r"(@[^\s?？@,，。:：]{1,40})[?\u2005\u2006]")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]*)\)")
_QUOTE = re.compile(r"「([^」]*?)[:：](.*?)」\s*(?:-\s*){3,}", re.DOTALL)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_SENTENCE_END = re.compile(r"[。！？!?；;…]+|\.(?=\s)")
_LINES = re.compile(r"\s*\n\s*")

IMAGE = "（图片）"
"""What stands for an image."""


def shown(text: str) -> str:
    """An archived text in one line, as a member should read it; empty when nothing is left."""
    text = html.unescape(text)
    text = _QUOTE.sub(lambda m: f"（回复{m[1].strip()}）", text, count=1)
    text = _IMAGE.sub(IMAGE, text)
    text = _MENTION_END.sub(r"\1 ", text)
    text = _INVISIBLE.sub("", _LOST.sub("", _EMOJI_CODE.sub("", text)))
    return _BLANKS.sub(" ", _LINES.sub(" ", text)).strip()


def quoted(text: str) -> str:
    """The same without the mentions at its head: whom it answers is plain in a quotation."""
    rest = text.strip()
    while rest.startswith("@") and (names := mentions(rest)):
        without = rest[1 + len(names[0]) :].lstrip("?\u2005 \t")
        if not rest[1:].startswith(names[0]) or not without:
            break
        rest = without
    return shown(rest)


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
