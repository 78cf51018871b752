"""What the text formats of QQ have in common: names with titles and numbers, and grey lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.archive.formats.headers import HEADER_CHARACTERS
from knowledge.archive.reading import ReadMessage
from knowledge.archive.texts import NAMELESS, clean

SYSTEM = frozenset({"10000", "1000000"})
"""The numbers under which QQ itself speaks."""

_TITLES = re.compile(r"^(?:【[^【】]{0,30}】)+(?=.)")
_ID = re.compile(r"(.*?) ?(?:\((\d{5,12})\)|<([^<>\s@]+@[^<>\s@]+)>)")
_RECALL = re.compile(r".{0,80}撤回了?一条消息.{0,80}")
_GREY = re.compile(
    r".{0,80}(?:加入(?:了|本)?(?:本群|群聊?)|邀请.{1,80}加入.{0,20}|退出(?:了)?(?:本群|群聊?)"
    r"|被.{0,60}(?:移出|踢出|请出)(?:了)?(?:本群|群聊?)|被.{0,60}(?:禁言|解除禁言).{0,20}"
    r"|(?:开启|关闭)了?全员禁言|成为(?:了)?.{0,10}(?:群主|管理员))[。.!！]?"
)


def grey(line: str) -> bool:
    """Whether a line is one of those that QQ writes without a speaker, in grey."""
    if len(line) > HEADER_CHARACTERS:
        return False
    return bool(_RECALL.fullmatch(line.strip()) or _GREY.fullmatch(line.strip()))


def identified(name: str) -> tuple[str, str]:
    """A name as a header has it, without level and title, and the number or mail in brackets.

    The number is what stands in the last brackets: names can hold brackets, too.
    """
    m = _ID.fullmatch(name.strip())
    number = (m[2] or m[3]) if m else ""
    return clean(_TITLES.sub("", m[1] if m else name.strip())), number


def told(messages: Iterable[ReadMessage]) -> list[ReadMessage]:
    """The messages with the system's told apart, and with names where the client had lost them.

    It then wrote the number as the name: the last name known before is taken, else the first one
    known later.
    """
    found = list(messages)
    names: dict[str, str] = {}
    for m in found:
        if m.sender_id and m.speaker not in ("", m.sender_id):
            names.setdefault(m.sender_id, m.speaker)
    for i, m in enumerate(found):
        if m.sender_id in SYSTEM:
            kind = "recall" if _RECALL.fullmatch(m.text) else "system"
            found[i] = replace(m, speaker="", sender_id="", kind=kind)
        elif m.sender_id and m.speaker in ("", m.sender_id):
            found[i] = replace(m, speaker=names.get(m.sender_id, m.sender_id))
        elif m.sender_id:
            names[m.sender_id] = m.speaker
        elif not m.speaker:
            found[i] = replace(m, speaker=NAMELESS)
    return found


def grey_message(line: str, date: str, time: str, number: int) -> ReadMessage:
    """The message of a grey line: nobody's."""
    text = clean(line)
    kind = "recall" if _RECALL.fullmatch(text) else "system"
    return ReadMessage(date, time, "", text, number, kind=kind)
