"""Finds the messages that others reply to, by id, by time and speaker, or by the words quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.archive.reading import Quoted, ReadMessage

_BLANKS = re.compile(r"\s+")
_MENTIONS = re.compile(r"^(?:@\S+\s+)+")
_BEGIN = 12  # characters of the words quoted that have to agree; measured on a real archive
_FAR = 300  # messages back that a quote by words can reach; of 130 real ones the farthest was 89


def resolved(messages: Sequence[ReadMessage]) -> list[int | None]:
    """For each message the place of the one it replies to; None: to none, or it is not there.

    In this order: by id, by time and speaker, by speaker and the first words. A reply never comes
    before what it answers.
    """
    by_id = {m.id: i for i, m in enumerate(messages) if m.id}
    by_time: dict[str, list[int]] = {}
    for i, m in enumerate(messages):
        by_time.setdefault(f"{m.date} {m.time}"[:16], []).append(i)
    found: list[int | None] = []
    for i, m in enumerate(messages):
        place: int | None = None
        if isinstance(m.reply, str):
            place = by_id.get(m.reply)
        elif m.reply is not None:
            place = _at(messages, by_time, m.reply, i)
            if place is None:
                place = _quoted(messages, m.reply, i)
        found.append(place if place is not None and place != i else None)
    return found


def _at(
    messages: Sequence[ReadMessage], by_time: dict[str, list[int]], quoted: Quoted, before: int
) -> int | None:
    """The message of that time (to the second, where it has one) and of that speaker."""
    if not quoted.time:
        return None
    there = [
        i
        for i in by_time.get(quoted.time[:16], [])
        if i < before and f"{messages[i].date} {messages[i].time}".startswith(quoted.time)
    ]
    named = [i for i in there if _is(messages[i], quoted.name)] if quoted.name else there
    begun = [i for i in named if quoted.words and _begins(messages[i].text, quoted.words)]
    return next(iter(begun or named), None)


def _quoted(messages: Sequence[ReadMessage], quoted: Quoted, before: int) -> int | None:
    """The nearest earlier message of that speaker that begins with the words quoted."""
    if not quoted.words:
        return None
    for i in range(before - 1, max(-1, before - 1 - _FAR), -1):
        if _begins(messages[i].text, quoted.words) and (
            not quoted.name or _is(messages[i], quoted.name)
        ):
            return i
    return None


def _begins(text: str, words: str) -> bool:
    """Whether a text begins with the words quoted; formats quote it without its mentions, too."""
    wanted = _BLANKS.sub("", words[: 4 * _BEGIN])[:_BEGIN]
    begun = text[: 8 * _BEGIN]
    return bool(wanted) and any(
        _BLANKS.sub("", t).startswith(wanted) for t in (begun, _MENTIONS.sub("", begun))
    )


def _is(message: ReadMessage, name: str) -> bool:
    wanted = _folded(name)
    names = (message.speaker, message.alias, message.sender_id)
    return bool(wanted) and wanted in map(_folded, names)


def _folded(name: str) -> str:
    return _BLANKS.sub("", name).casefold()
