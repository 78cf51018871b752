"""Reads chatlog's plain text: `name(wxid) TIME` above each message, of one chat or of several.

chatlog by sjzar wrote it from March to October 2025; known from its sources. Its times leave out
what all messages have in common: the day, or the year. That has to stand in the file's name.
"""

from __future__ import annotations

import re
from datetime import date as Date
from typing import BinaryIO

from knowledge.archive.formats.chatlog_words import OWN, SYSTEM, plain, referred
from knowledge.archive.formats.headed import Headed, headers_in
from knowledge.archive.formats.wechat_terms import OWN_REMARKS, is_room, notice
from knowledge.archive.reading import Chat, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean

_HEADER = re.compile(
    rf"(?:(?P<name>.*)\((?P<contact>[A-Za-z][\w.-]*|\d+@\w+|{OWN})\)|(?P<alone>{OWN}|{SYSTEM})|"
    r"(?P<id>[A-Za-z][\w-]{5,}))"
    r"(?: \[(?P<group>.*)\((?P<talker>[^()\s]+)\)\])?"
    r" (?:(?:(?P<year>\d{4})-)?(?P<day>\d\d-\d\d) )?(?P<time>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)"
)
_NAMED_DATE = re.compile(r"(?<!\d)(\d{4})[-.]?(\d\d)[-.]?(\d\d)(?!\d)")
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [ChatlogTextReader()]


class ChatlogTextReader:
    """Reader of chatlog's plain text."""

    name = "chatlog-text"
    written_by = "chatlog"
    how = (
        "访问 /api/v1/chatlog?time=日期&talker=群，把结果存成以日期命名的 .txt"
        "（如 2024-03-04.txt），放在以群命名的文件夹里；用 format=json 更好"
    )
    caveat = OWN_REMARKS
    suffixes = frozenset({".txt", ".log"})

    def recognises(self, head: bytes) -> bool:
        """A first line that is a header, and headers with ids as WeChat has them."""
        return any(m["contact"] for m in headers_in(head, _HEADER))

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; `filename` gives the day, or the year, where headers have none."""
        day, year = _named(filename)
        losses = Tally()
        chats: dict[str, tuple[str | None, list[ReadMessage]]] = {}
        messages = Headed(stream, _HEADER, lambda m: f"{m['year']}-{m['day']} {m['time']}")
        for number, header, text in messages:
            date = _date(header, day, year)
            talker = header["talker"] or ""
            if date is None:
                what = "the day" if header["day"] is None else "the year"
                losses.lose(
                    number, f"a message was lost: {what} is not in the file, nor in its name"
                )
            elif talker and not is_room(talker):
                losses.lose(number, "a message between two people, of no group; left out")
            else:
                message = _message(header, date, text, number, losses)
                group = clean(header["group"] or "") or None
                chats.setdefault(talker, (group, []))[1].append(message)
        found = (Chat(group, tuple(said), id) for id, (group, said) in chats.items())
        return ReadFile(tuple(found), (*messages.losses, *losses.losses))


def _message(
    header: re.Match[str], date: str, text: str, number: int, losses: Tally
) -> ReadMessage:
    name, contact = clean(header["name"] or ""), header["contact"] or header["id"] or ""
    contact = "" if contact == OWN else contact
    speaker = name or contact or header["alone"] or NAMELESS
    found = notice(text) if header["alone"] == SYSTEM else plain(text)
    if found.kind == "text":
        found = referred(text, f"{date} {header['time']}")
    return ReadMessage(
        date,
        header["time"],
        "" if header["alone"] == SYSTEM else speaker,
        losses.cut(found.text, number),
        number,
        kind=found.kind,
        sender_id=contact,
        reply=found.quoted,
        attachment=found.attachment,
    )


def _named(filename: str) -> tuple[str | None, str | None]:
    """The day that a file's name has, where it has one alone, and the year."""
    days = {f"{m[1]}-{m[2]}-{m[3]}" for m in _NAMED_DATE.finditer(filename)}
    days = {day for day in days if _iso(day)}
    years = {day[:4] for day in days} or {m[1] for m in _NAMED_YEAR.finditer(filename)}
    return (
        next(iter(days)) if len(days) == 1 else None,
        next(iter(years)) if len(years) == 1 else None,
    )


def _date(header: re.Match[str], day: str | None, year: str | None) -> str | None:
    if header["day"] is None:
        return day
    year = header["year"] or year
    date = f"{year}-{header['day']}"
    return date if year and _iso(date) else None


def _iso(date: str) -> bool:
    try:
        return Date.fromisoformat(date).isoformat() == date
    except ValueError:
        return False
