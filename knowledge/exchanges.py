"""Makes exchanges of a day's messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Answer, Exchange, Message
from knowledge.normal import normal

_QUESTION = re.compile(r"[?？]|请问|请教|怎么|如何|什么|为啥|吗|哪|有没有|是不是|能不能|多少|谁")


def build(
    day: Sequence[Message], before: Sequence[Message], after: Sequence[Message]
) -> list[Exchange]:
    """The exchanges whose question was asked on a day."""
    found = []
    for i, m in enumerate(day):
        text = normal(m.text)
        if len(text.strip()) < 4:
            continue
        asked = bool(_QUESTION.search(text))
        if asked:
            answers = [Answer(a, 0.5) for a in day[i + 1 : i + 6] if a.speaker != m.speaker]
            found.append(Exchange((m,), tuple(answers), (), 1.0))
    return found
