"""Finds the messages that others reply to, by id, by time and speaker, or by the words quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.archive.packed import column
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
    by_id, by_minute = _wanted(messages)
    found: list[int | None] = []
    for i, m in enumerate(messages):
        place: int | None = None
        if isinstance(m.reply, str):
            place = by_id.get(m.reply)
        elif m.reply is not None:
            place = _at(by_minute, m.reply, i)
            if place is None:
                place = _quoted(messages, m.reply, i)
        found.append(place if place is not None and place != i else None)
    return found


_Minutes = dict[str, list[tuple[int, ReadMessage]]]
"""Messages with their places, by date and time to the minute."""


def _wanted(messages: Sequence[ReadMessage]) -> tuple[dict[str, int], _Minutes]:
    """The places of ids, and what was said in the minutes, that anybody replies to."""
    replies = [reply for reply in column(messages, "reply") if reply is not None]
    ids = {r for r in replies if isinstance(r, str)}
    by_id: dict[str, int] = {}
    by_minute: _Minutes = {r.time[:16]: [] for r in replies if isinstance(r, Quoted) and r.time}
    for i, m in enumerate(messages):
        if m.id and m.id in ids:
            by_id[m.id] = i
        if by_minute and (there := by_minute.get(f"{m.date} {m.time}"[:16])) is not None:
            there.append((i, m))
    return by_id, by_minute


def _at(by_minute: _Minutes, quoted: Quoted, before: int) -> int | None:
    """The message of that time (to the second, where it has one) and of that speaker."""
    if not quoted.time:
        return None
    there = [
        (i, m)
        for i, m in by_minute.get(quoted.time[:16], [])
        if i < before and f"{m.date} {m.time}".startswith(quoted.time)
    ]
    named = [(i, m) for i, m in there if _is(m, quoted.name)] if quoted.name else there
    begun = [i for i, m in named if quoted.words and _begins(m.text, quoted.words)]
    return next(iter(begun or (i for i, _ in named)), None)


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
