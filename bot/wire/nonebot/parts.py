"""What a message consists of, as far as Palou reads it, and the text that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

AFTER_MENTION = "\u2005"
"""What ends a name that is mentioned, as in WeChat: names can hold blanks."""

QUOTE_CHARACTERS = 200
"""As much of a quoted message is kept: enough to find it by."""

_RULE = "- " * 15
_BRACKETS = str.maketrans("「」", "『』")
_IN_NO_NAME = re.compile(r"[「」:：\n]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody mentioned, by his id within the network, and his name as far as it is known."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that another one replies to: whose it is, by id and name, and its words."""

    sender: str
    name: str
    words: str


Part = str | Mention
"""A text, or the name of what is none (`[图片]`); or a mention."""


def text_of(parts: Iterable[Part], own: frozenset[str], own_name: str) -> tuple[str, bool]:
    """The text of a message, and whether it mentions the bot (`own` are its ids).

    The bot goes by one name in it, whatever the network calls it: the core knows that one.
    """
    written: list[str] = []
    mentioned = False
    for part in parts:
        if isinstance(part, str):
            after = written and written[-1].endswith(AFTER_MENTION)
            written.append(part.removeprefix(" ") if after else part)
            continue
        is_own = part.id in own
        mentioned = mentioned or is_own
        written.append(f"@{own_name if is_own else part.name or part.id}{AFTER_MENTION}")
    return "".join(written).strip(), mentioned


def quoting(quoted: Quoted, text: str) -> str:
    """A text behind the message that it replies to, as WeChat writes it, which archives read."""
    name = _IN_NO_NAME.sub(" ", quoted.name).strip()
    words = quoted.words.translate(_BRACKETS).strip()
    if not name or not words:
        return text
    if len(words) > QUOTE_CHARACTERS:
        words = words[:QUOTE_CHARACTERS] + "…"
    return f"「{name}：{words}」\n{_RULE}\n{text}"


def called(text: str, names: Iterable[str]) -> str | None:
    """What follows the bot's name where a text begins with it (`爬楼，…`); None: it does not.

    Only with a comma or colon behind it: 爬楼 is also what people say they do.
    """
    some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    m = some and re.match(rf"\s*(?:{some})\s*[,，:：]\s*", text, re.IGNORECASE)
    return text[m.end() :] if m else None
