"""Turns what was said in a chat into HTML: all of it shown as text, nothing loaded, nothing run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from bot.web.emoji import EMOJI
from knowledge.language.display import unescaped
from knowledge.language.kinds import mentions, quote

_TOKEN = re.compile(
    r"!\[[^\]\n]{0,200}\]\((?P<image>[^)\s]{1,500})\)"
    r"|(?P<link>https?://[!#-;=?-~]{1,500})"
    r"|\[(?P<code>[\u3400-\u9fffA-Za-z]{1,12})\]"
)
_HTTP = re.compile(r"https?://[!#-;=?-~]+")
_LINK_END = re.compile(r"[.,;:!?'()\[\]*]+$")
_BLANK_LINES = re.compile(r"(?<!\s)\s*\n\s*\n\s*")
_LOST_BLANK = re.compile(r"[?\u2005]")
_LONGEST = 720  # characters of the longest token
_URL_SHOWN = 60
_QUOTED = 120

_REL = 'rel="nofollow noopener noreferrer"'


def plain(text: str) -> str:
    """An archived text with its entities resolved, and at most one blank line in a row."""
    return _BLANK_LINES.sub("\n\n", unescaped(text).strip())


def parts(text: str, size: int) -> list[str]:
    """A `plain` text in parts of at most `size` characters, none of which cuts a code or a link."""
    found: list[str] = []
    start = 0
    while start < len(text) or not found:
        end = start + size
        for m in _TOKEN.finditer(text, max(start + 1, end - _LONGEST), end + _LONGEST):
            if m.start() < end < m.end():
                end = m.start()
                break
        found.append(text[start:end])
        start = end
    return found


def render(text: str, budget: int) -> tuple[Markup, int]:
    """A `plain` text in at most about `budget` bytes of HTML, and how many characters that shows.

    Fewer than there are: the rest has to be read elsewhere.
    """
    out = _Cut(budget)
    quoted, rest = quote(text)
    start = 0
    if quoted and rest.strip():
        words = quoted.words if len(quoted.words) <= _QUOTED else quoted.words[:_QUOTED] + "…"
        out.raw(
            f'<span class="quoted"><bdi>{escape(quoted.name)}</bdi>：'
            f"<bdi>{escape(_TOKEN.sub(_worded, words))}</bdi></span>"
        )
        start = len(text) - len(rest)
    for piece, length in _pieces(text[start:]):
        if isinstance(piece, Markup):
            if not out.whole(piece):
                break
            start += length
        else:
            took = out.text(piece)
            start += took
            if took < length:
                break
    return Markup("".join(out.parts)), start


def _worded(m: re.Match[str]) -> str:
    """A token within a quotation, as words."""
    if m["image"]:
        return "（图片）"
    return EMOJI.get(m["code"] or "", m[0])


def _pieces(text: str) -> Iterator[tuple[str | Markup, int]]:
    """The text as pieces of plain text and of HTML, each with the characters that it stands for."""
    names = frozenset(mentions(text))
    lengths = sorted({len(name) for name in names}, reverse=True)
    end = 0
    for m in _TOKEN.finditer(text):
        piece = _token(m)
        if piece is None:
            continue
        yield from _mentioning(text[end : m.start()], names, lengths)
        linked = _LINK_END.sub("", m[0]) if m["link"] else m[0]
        yield piece, len(linked)
        end = m.start() + len(linked)
    yield from _mentioning(text[end:], names, lengths)


def _mentioning(
    text: str, names: frozenset[str], lengths: Sequence[int]
) -> Iterator[tuple[str | Markup, int]]:
    """Its mentions of some names, the longest that fits; `lengths` are those that names have."""
    end, at = 0, text.find("@")
    while at >= 0 and names:
        found = (text[at + 1 : at + 1 + n] for n in lengths)
        name = next((called for called in found if called in names), None)
        if name is None:
            at = text.find("@", at + 1)
            continue
        yield text[end:at], at - end
        end = at + 1 + len(name)
        blank = " " if _LOST_BLANK.match(text, end) else ""
        end += len(blank)
        yield Markup(f'<span class="at">@<bdi>{escape(name)}</bdi></span>{blank}'), end - at
        at = text.find("@", end)
    yield text[end:], len(text) - end


def _token(m: re.Match[str]) -> Markup | None:
    """An image or a link as a link, a code as its emoji; None: it is text."""
    if m["code"]:
        emoji = EMOJI.get(m["code"])
        return Markup(f'<span title="{m["code"]}">{emoji}</span>') if emoji else None
    if m["image"]:
        if not _HTTP.fullmatch(m["image"]):
            return None
        return Markup(f'<a class="image" href="{escape(m["image"])}" {_REL}>图片</a>')
    url = _LINK_END.sub("", m["link"])
    said = url if len(url) <= _URL_SHOWN else url[: _URL_SHOWN - 1] + "…"
    return Markup(f'<a href="{escape(url)}" {_REL}><bdi>{escape(said)}</bdi></a>')


class _Cut:
    """HTML as it grows, up to a number of bytes."""

    def __init__(self, budget: int) -> None:
        self.parts: list[str] = []
        self._left = budget

    def raw(self, part: str) -> None:
        """Add HTML, whatever it takes."""
        self.parts.append(part)
        self._left -= len(part.encode())

    def whole(self, part: Markup) -> bool:
        """Add HTML if it fits."""
        if len(part.encode()) > self._left:
            self._left = 0
            return False
        self.raw(part)
        return True

    def text(self, text: str) -> int:
        """Add as much of a text as fits; how many characters that is."""
        escaped = str(escape(text))
        if len(escaped.encode()) <= self._left:
            self.raw(escaped.replace("\n", "<br>"))
            return len(text)
        took, size = 0, 0
        for c in text:
            size += len(str(escape(c)).encode()) + (3 if c == "\n" else 0)
            if size > self._left:
                break
            took += 1
        self._left = 0
        self.parts.append(str(escape(text[:took])).replace("\n", "<br>"))
        return took
