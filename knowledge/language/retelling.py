"""A question and its answer in one message, `Q：… A：…`: writing it, and reading it."""

from __future__ import annotations

import re

MOST = 64
"""Pairs of one message that are read: as many exchanges as the store has room for."""

_MARK = re.compile(
    r"(?:^|(?<=[\s。；;？?！!]))(?:(?P<q>Q|问题?|提问)|(?P<a>A|答案?|回答))\s?\d{0,2}\s?[:：]",
    re.IGNORECASE,
)


def retelling(question: str, answer: str) -> str:
    """A message that retells a question and its answer, as `retold` reads it."""
    return f"Q：{one_line(question)}\nA：{answer}"


def one_line(question: str) -> str:
    """A question as it stands in a retelling."""
    return " ".join(question.split())


def parts(text: str) -> tuple[str, str] | None:
    """The question and the answer of a message that `retelling` wrote; None of any other."""
    if not text.startswith("Q："):
        return None
    question, mark, answer = text[2:].partition("\nA：")
    return (question, answer) if mark else None


def retold(text: str) -> tuple[tuple[str, str], ...]:
    """List the pairs that one message retells (`Q：… A：…`), `MOST` of them at most."""
    pairs: list[tuple[str, str]] = []
    if ":" not in text and "：" not in text:
        return ()
    marks = list(_MARK.finditer(text))
    asked = ""
    for i, m in enumerate(marks):
        end = marks[i + 1].start() if i + 1 < len(marks) else len(text)
        said = text[m.end() : end].strip()
        if m["q"]:
            asked = said
        elif asked and said:
            pairs.append((asked, said))
            asked = ""
            if len(pairs) == MOST:
                break
    return tuple(pairs)
