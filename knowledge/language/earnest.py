"""How a question put to nobody sounds: as one that wants an answer, or as talk in its form.

Most of what is overheard as a question is none to be answered: a figure of speech, a title, a word
to somebody, a fragment of a talk. What tells these apart are not the words of a field but how it is
put; what each sign is worth is learned (knowledge/train/overheard.py).
"""

from __future__ import annotations

import math
import re

from knowledge.language.kinds import read
from knowledge.language.normal import normal
from knowledge.language.questions import KINDS, kinds, sentences

_BEGS = re.compile("请问|请教|求教|求助|咨询|想问|问个|问下|问一下")
_CALLS = re.compile("大家|各位|有没有人|有谁|谁有|哪位|有人")
_YOU = re.compile("[你您](?!好)")
_WE = re.compile("我")

SIGNS = (
    "beyond doubt",  # a question by all signs
    "length",  # log of its characters
    "short",  # under ten characters
    "long",  # over sixty
    "leans",  # on what was said before
    "begs",  # for an answer: 请问, 请教
    "calls",  # on everybody
    "you",
    "we",
    "mark",  # ends with a question mark
    "guess",  # with 吧: wants a yes
    "sentences",
    *(kind for kind, _ in KINDS),
)
"""The signs that `signs` gives."""


def signs(text: str) -> tuple[float, ...]:
    """The signs of `SIGNS` in a text, in that order."""
    reading = read(text)
    plain = reading.plain
    flat = normal(text).replace(" ", "")
    found = kinds(plain)
    return (
        float(reading.asks == 3),
        math.log1p(len(flat)),
        float(len(flat) < 10),
        float(len(flat) > 60),
        float(reading.elliptical),
        float(_BEGS.search(plain) is not None),
        float(_CALLS.search(plain) is not None),
        float(_YOU.search(plain) is not None),
        float(_WE.search(plain) is not None),
        float(plain[-1:] in ("?", "？")),
        float("吧" in plain),
        math.log1p(len(sentences(text))),
        *(float(kind in found) for kind, _ in KINDS),
    )
