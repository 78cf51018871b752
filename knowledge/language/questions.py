"""What kinds of question a text asks, how one ends, and the sentences of a text."""

from __future__ import annotations

import re
from functools import lru_cache

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("who", "谁|哪位|哪一?家|哪个公司|哪些公司|什么人"),
        ("where", "哪里|哪儿|在哪|去哪|到哪|放哪|从哪|何处|什么地方"),
        ("when", "什么时候|啥时候|何时|几点|几号|几月|哪天|哪年|多久|多长时间|什么时间|时效"),
        ("how much", "多少|几个|几家|几种|几块|多大|多高|多贵|几天|几次|什么价"),
        ("why", "为什么|为啥|为何|凭什么|凭啥|干嘛|什么原因|原因是|怎么会|咋会|何必"),
        ("difference", "区别|不同|差异|差别|不一样|一样吗|对比|相比|哪个好|还是"),
        ("how", "怎么|如何|怎样|咋|怎办|思路|方案|流程|步骤"),
        ("what", "什么(?!时|样|原|人|地|价)|啥(?!时)|哪些|哪种|哪几|何为|含义|定义|概念"),
        (
            "whether",
            "吗|么(?!样)|是不是|是否|能不能|可不可以|能否|可否|有没有|会不会|要不要|需不需|算不算|不$",
        ),
    )
)
"""The kinds, by their words; a text can be of several."""

_WHETHER = re.compile(r"^(?!.*难道).*(?:能|可以|会|要|有|是|算|行).{0,14}[么嘛][。.~～!！…\s]*$")

_ENDS = re.compile(r"(?<=[?？!！。;；\n])")


def kinds(text: str) -> frozenset[str]:
    """What kinds of question a text asks: names of `KINDS`."""
    return frozenset(kind for kind, words in KINDS if words.search(text))


def is_whether(plain: str) -> bool:
    """Tell whether plain words ask by 么 at their end, without a mark: `这种第二天能自己平么`."""
    return _WHETHER.search(plain) is not None


def sentences(text: str) -> list[str]:
    """Cut a text behind the marks that end a sentence, and at its lines."""
    return [part for part in map(str.strip, _ENDS.split(text)) if part]


# What may stand in one and lack in the other of two questions that are the same.
_PARTICLES = re.compile("[ 吗呢啊呀吧么嘛呗哈哦诶的了在]|请问|一下|大家|各位|现在|目前")


@lru_cache(maxsize=4096)
def bare(norm: str) -> str:
    """A normal form without the particles by which two questions that are the same may differ.

    >>> bare("工行 的限额现在是多少呢") == bare("工行限额是多少")
    True
    """
    return _PARTICLES.sub("", norm) or norm


_NO = frozenset("不没别未无非")


def says_no(flat: str) -> int:
    """How often a text without blanks says no; `要不要` and its like ask, and do not count."""
    asked = sum([flat[i - 1] == flat[i + 1] for i in range(1, len(flat) - 1) if flat[i] in _NO])
    return sum([c in _NO for c in flat]) - asked


_YES_OR_NO = re.compile(r"[吗么嘛吧][?？。.~～!！…\s]*$")
_FOR_MORE = frozenset({"who", "where", "when", "how much", "why", "how", "what"})


def expects_yes(plain: str) -> bool:
    """Tell whether what plain words ask can be answered by nothing but yes or no."""
    found = kinds(plain)
    return _YES_OR_NO.search(plain) is not None or "whether" in found or not found & _FOR_MORE


def ending(plain: str) -> int:
    """Code how plain words end: 2 a question mark, 1 a particle of questions, 0 otherwise."""
    last = plain[-1:]
    return 2 if last in ("?", "？") else 1 if last in ("吗", "呢", "么", "吧") else 0
