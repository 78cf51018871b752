"""The normal form of a text for matching, and the tokens it is indexed by.

Two texts that a reader takes for the same have the same normal form: width, case, traditional
characters, mentions, quotes, emoji codes, links, politeness, the writing of rates and punctuation
are evened out. What is left are runs: CJK characters, or a Latin word or number, between blanks.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from itertools import pairwise

LIMIT = 1200
"""Characters of a text that matching looks at; the rest of a longer one is passed over."""

CJK = "\u3040"
"""Where the characters begin that stand without blanks between them."""

_WORD_LIMIT = 40
_CJK_RANGES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_NOISE = re.compile(
    r"「[^」]*」\s*(?:-\s?){3,}"  # the message that a reply quotes
    r"|!\[[^\]\n]*\]\([^)\n]*\)"  # an image
    r"|https?://[^\s\u3000-\u9fff\uff00-\uffef]+"
    r"|@[^\s@?\u2005]{1,40}(?:[?\u2005\s]|$)"  # a mention; `?` stands for its lost U+2005
    rf"|\[[A-Za-z{_CJK_RANGES}]{{1,6}}\]"  # an emoji code
)
_NOISE_SIGNS = re.compile(r"[「!@\[:]")
_POLITE = re.compile(
    r"(?:各位|大家|诸位|群里|哪位|本群|打扰|冒昧|弱弱|麻烦|劳烦|烦请|请教|请问|求教|求助|求解|求问|"
    r"想问|想请教|想了解|问一?下|问一?个|问大家|跟大家|和大家|向大家|有谁知道|有人知道|谁知道|有没有人知道|"
    r"(?:咨询|科普|讨论|探讨)一?下|不知道大家|谢谢|多谢|感谢|谢了|在线等|急急|求?指教|赐教|指点|你好|您好|哈喽|"
    r"大佬|大神|大咖|大侠|前辈|小伙伴|老铁|亲们|萌新|小白)+"
    r"(?:的?(?:大佬|大神|大咖|大侠|专家|前辈|老师|朋友|同学|兄弟|伙伴|高手|同仁|同行|小伙伴)们?)*"
    r"(?:好(?!的|像|几|多|处)|一下|下(?!单|载|线|发|面|游|午)|一个问题|个问题|了(?!解))?"
)
_RATE = re.compile(
    r"(?<![\d.零一二两三四五六七八九十百千万亿几])"
    r"(?:(百分之|千分之|万分之|千(?![分百])|万(?!分))"
    r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十](?:点[零一二三四五六七八九]+)?)"
    r"(?![\d个十百千万亿元块次年月日天号人家笔多几]))"
    r"|(\d+(?:\.\d+)?)\s?([%‰‱])"
)
_RATE_SIGNS = re.compile("[千万百%‰‱]")
_SETTLE = re.compile(r"\b([tds])\s?\+\s?(\d|n\b)")
_RUN = re.compile(rf"[0-9]+\.[0-9]+％?|[0-9]+％|[{_CJK_RANGES}]+|[^\W_{_CJK_RANGES}]+")
_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {
    "两": "2",
    "十": "10",
    "点": ".",
}
_SHARE = {"百": 1.0, "千": 0.1, "万": 0.01, "%": 1.0, "‰": 0.1, "‱": 0.01}


def normal(text: str) -> str:
    """The normal form of `text`: runs between single blanks; "" when nothing is said.

    >>> normal("请问一下，費率是千6还是０.6%？[捂脸]")
    '费率是 0.6％ 还是 0.6％'
    >>> normal("@小林-某司? T+0 到账")
    't0 到账'
    """
    text = text[:LIMIT]
    if "&" in text:
        text = html.unescape(text)
    if _NOISE_SIGNS.search(text):
        text = _NOISE.sub(" ", text)
    if not text.isascii():
        text = simplified(unicodedata.normalize("NFKC", text))
    text = text.lower()
    if "+" in text:
        text = _SETTLE.sub(r"\1\2", text)
    if _RATE_SIGNS.search(text):
        text = _RATE.sub(_rate, text)
    runs = _RUN.findall(_POLITE.sub(" ", text)) or _RUN.findall(text)
    return " ".join(runs)


def simplified(text: str) -> str:
    """`text` in simplified characters, one by one.

    GB 2312 holds no traditional character, so what it can encode needs no look: the converter,
    which takes its time to start, is only woken by a character outside of it.
    """
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return "".join([c if c < "\u3400" else _simplified_char(c) for c in text])
    return text


@functools.lru_cache(maxsize=8192)
def _simplified_char(char: str) -> str:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        # A lone surrogate cannot be handed to the converter.
        return char if "\ud800" <= char <= "\udfff" else str(_converter().convert(char))
    return char


@functools.cache
def _converter():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("t2s")


def _rate(m: re.Match[str]) -> str:
    """A rate in per cent: `千6`, `千分之六`, `6‰` and `0.6%` are one."""
    unit, number = (m[1], m[2]) if m[1] else (m[4], m[3])
    try:
        value = float("".join(_DIGITS.get(c, c) for c in number)) * _SHARE[unit[0]]
    except ValueError:
        return m[0]
    return f" {value:.6f}".rstrip("0").rstrip(".") + "％ "


def terms(norm: str) -> list[str]:
    """The tokens of a normal form, in order: CJK bigrams (a lone character as it is), words.

    >>> terms("费率是 0.6％")
    ['费率', '率是', '0·6％']
    """
    out: list[str] = []
    for run in norm.split():
        if run[0] < CJK:
            out.append(run[:_WORD_LIMIT].replace(".", "·"))
        elif len(run) == 1:
            out.append(run)
        else:
            out += [one + other for one, other in pairwise(run)]
    return out


def tokens(text: str) -> list[str]:
    """The tokens of a text as archived or asked; see `normal` and `terms`."""
    return terms(normal(text))
