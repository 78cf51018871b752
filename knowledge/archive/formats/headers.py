"""What texts of chats have in common where each message has a header line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date as Date
from typing import NamedTuple

from knowledge.archive.reading import Quoted, ReadMessage
from knowledge.archive.runs import forward
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean

HEADER_CHARACTERS = 300
"""A longer line heads no message: nicknames have at most 60 characters."""

DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}/\d{1,2}/\d{4}"
"""How days are written in headers: year first, else month first as English Windows has it."""

CLOCK = r"(?:[上下]午|凌晨|早上|中午|晚上)? ?\d{1,2}:\d\d"
"""How times are written in headers, to the minute; seconds and AM or PM may follow."""

Row = tuple[int, str]
"""A line of a file with its number from 1."""


class Header(NamedTuple):
    """A line that heads a message: its place among the rows, and what it states."""

    place: int
    date: str
    time: str
    speaker: str
    sender_id: str = ""

    @property
    def moment(self) -> str:
        """Date and time as a text that sorts."""
        return f"{self.date} {self.time}"


_STRETCH = 3
# Chosen: so many headers one after the other, all off the run of times, are messages of a text that
# is not sorted (two copies in one file); fewer are words that look like a header.

_WHOLE = {
    "[图片]": "image",
    "[语音]": "voice",
    "[视频]": "video",
    "[表情]": "sticker",
    "[动画表情]": "sticker",
    "[位置]": "location",
    "[地理位置]": "location",
    "[名片]": "card",
    "[个人名片]": "card",
    "[红包]": "redpacket",
    "[QQ红包]": "redpacket",
    "[微信红包]": "redpacket",
    "[转账]": "transfer",
    "[微信转账]": "transfer",
    "[语音通话]": "call",
    "[视频通话]": "call",
}
_BEGUN = {"[文件]": "file", "[链接]": "link", "[聊天记录]": "forward", "[群公告]": "announcement"}
# Placeholders as WeChat and QQ write them into texts: alone, or with words of their own behind.

_CLOCK = re.compile(r"(\D*?) ?(\d{1,2}):(\d\d)(?::(\d\d))? ?([AaPp][Mm])?")
_QUOTE = re.compile(r"「([^：:\n]{1,100})[：:]")
_RULE = re.compile(r"」\n(?:- ?){5,}(?:\n|$)")


def day_of(text: str) -> str | None:
    """A day as DAY has it, in ISO; None when it is none of the calendar."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if len(numbers) != 3:
        return None
    if numbers[0] <= 31:
        month, day, year = numbers
        numbers = [year, day, month] if month > 12 else [year, month, day]
    try:
        return Date(*numbers).isoformat()
    except ValueError:
        return None


def clock_of(text: str) -> str | None:
    """A time as CLOCK has it, as `HH:MM:SS` of 24 hours; None when no day has it."""
    m = _CLOCK.fullmatch(text.strip())
    if m is None:
        return None
    half, hour, minute, second = m[1], int(m[2]), int(m[3]), int(m[4] or 0)
    late = (
        half in ("下午", "晚上") or (half == "中午" and hour < 11) or (m[5] or "").lower() == "pm"
    )
    if late and hour < 12:
        hour += 12
    elif hour == 12 and (half in ("上午", "凌晨") or (m[5] or "").lower() == "am"):
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}:{second:02}"


def ordered(headers: Iterable[Header]) -> list[Header]:
    """The headers without those that only look like some, by their times."""
    found = list(headers)
    kept = in_order([h.moment for h in found])
    return [h for h, is_one in zip(found, kept, strict=True) if is_one]


def messages(
    rows: Sequence[Row], headers: Sequence[Header], losses: Tally
) -> Iterator[ReadMessage]:
    """What each header heads; what stands above the first is told as a loss."""
    before = rows[: headers[0].place] if headers else rows
    if stray := next((number for number, line in before if line.strip()), 0):
        losses.lose(stray, "text before the first message was left out")
    last = ""
    ends = [*(h.place for h in headers), len(rows)][1:]
    for h, end in zip(headers, ends, strict=True):
        number = rows[h.place][0]
        if h.moment < last:
            losses.lose(number, "a message stands behind a later one; read all the same")
        last = h.moment
        body = clean("\n".join(line for _, line in rows[h.place + 1 : end]))
        text, quoted = unquoted(losses.cut(body, number))
        yield ReadMessage(
            *(h.date, h.time, h.speaker, text, number),
            kind=kind_of(text),
            sender_id=h.sender_id,
            reply=quoted,
        )


def in_order(moments: Sequence[str]) -> list[bool]:
    """For each header, by its moment as a text that sorts, whether it is one.

    It is where it lies on a longest run of moments that never falls back, or among at least
    3 in a row off it.
    """
    # Looked at from the end, the earlier one of two headers stays of which only one fits: a line
    # that looks like a header stands in the text of the message before it.
    ranks = {moment: -rank for rank, moment in enumerate(sorted(set(moments)))}
    kept = forward([ranks[moment] for moment in reversed(moments)])[::-1]
    start = 0
    for i in range(len(moments) + 1):
        if i < len(moments) and not kept[i]:
            continue
        if i - start >= _STRETCH:
            kept[start:i] = [True] * (i - start)
        start = i + 1
    return kept


def kind_of(text: str) -> str:
    """The kind of a message by the placeholder that it is; `text` for all else."""
    if not text.startswith("["):
        return "text"
    begun = next((kind for words, kind in _BEGUN.items() if text.startswith(words)), "text")
    return _WHOLE.get(text, begun)


def unquoted(text: str) -> tuple[str, Quoted | None]:
    """The own words of a reply as old WeChat clients copied it, and what it quotes.

    That is `「name：words」`, a line of dashes, and the reply.
    """
    m = _QUOTE.match(text)
    rule = _RULE.search(text, m.end()) if m else None
    if m is None or rule is None:
        return text, None
    return text[rule.end() :].strip(), Quoted(m[1].strip(), text[m.end() : rule.start()])
