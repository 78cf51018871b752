"""Reads what QQ's message manager exported as text.

QQ for Windows wrote it from about 2005 to version 9.7 (2023); QQ NT has no such export. Its form is
known from the QQ text reader of ChatLab, the tests of parser_chat, and qq-chat-history (2023). A
full export holds several groups.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats import headers
from knowledge.archive.formats.headers import HEADER_CHARACTERS, Header, Row, clock_of, day_of
from knowledge.archive.formats.qq_texts import identified, told
from knowledge.archive.reading import Chat, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean

_HEADER = re.compile(
    r"(\d{4}[-/]\d{1,2}[-/]\d{1,2}) ([上下]?午? ?\d{1,2}:\d\d:\d\d(?: [AP]M)?)(?: (.*))?"
)
_RULE = re.compile(r"={16,}\s*")
_ABOVE = 12  # lines within which the first group is named
_TITLE = "消息记录（此消息记录为文本格式"
_FOLDER = "消息分组:"
_OBJECT = "消息对象:"
_GROUPS = re.compile("群|讨论组|多人聊天")


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [QQManagerReader()]


class QQManagerReader:
    """Reader of the text that QQ's message manager exports."""

    name = "qq-manager"
    written_by = "QQ for Windows (up to 9.7)"
    how = (
        "QQ 9.7 及以前：消息管理器，右键群，“导出消息记录”，存为 .txt；QQ NT 请用 QQ Chat Exporter"
    )
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """Its title, or else what it says of a group between two rules; or headers with numbers."""
        rows = list(enumerate(text_of(head).splitlines(), 1))
        first = next((line for _, line in rows if line.strip()), "")
        above = range(min(_ABOVE, len(rows)))
        if first.startswith(_TITLE) or any(_object(rows, i) is not None for i in above):
            return True
        found = _headers(rows)
        numbered = [h for h in found if h.sender_id]
        return len(found) == len(numbered) > 1 and found[0].place == rows.index(
            next(row for row in rows if row[1].strip())
        )

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; each object in it is a chat."""
        lines, losses = Lines(stream), Tally()
        chats: dict[str | None, list[ReadMessage]] = {}
        for group, folder, rows in _objects(list(lines)):
            found = _headers(rows)
            if _is_private(folder, found):
                losses.lose(rows[0][0], "a chat of two people was left out")
                continue
            chats.setdefault(group, []).extend(told(headers.messages(rows, found, losses)))
        return ReadFile(
            tuple(Chat(group, tuple(found)) for group, found in chats.items()),
            (*lines.losses, *losses.losses),
        )


def _object(rows: list[Row], place: int) -> str | None:
    """The name of the chat whose messages follow, in a line that says so between two rules."""
    line = rows[place][1]
    if not line.startswith(_OBJECT) or not 0 < place < len(rows) - 1:
        return None
    ruled = _RULE.fullmatch(rows[place - 1][1]) and _RULE.fullmatch(rows[place + 1][1])
    return clean(line.removeprefix(_OBJECT)) if ruled else None


def _objects(rows: list[Row]) -> list[tuple[str | None, str, list[Row]]]:
    """Each chat of a file: its name, the folder that it was in, and the lines of its messages."""
    starts = [(i, name) for i in range(len(rows)) if (name := _object(rows, i)) is not None]
    if not starts:
        return [(None, "", [(n, "" if line.startswith(_TITLE) else line) for n, line in rows])]
    found: list[tuple[str | None, str, list[Row]]] = []
    folder = ""
    for k, (i, name) in enumerate(starts):
        folder = next(
            (line[len(_FOLDER) :] for _, line in rows[max(0, i - 4) : i] if line[:5] == _FOLDER),
            folder,
        )
        end = starts[k + 1][0] if k + 1 < len(starts) else len(rows)
        body = rows[i + 2 : end]
        if k + 1 < len(starts):  # the rules and the folder above the next name
            while body and (
                _RULE.fullmatch(body[-1][1])
                or body[-1][1].startswith(_FOLDER)
                or not body[-1][1].strip()
            ):
                body.pop()
        found.append((name or None, folder, body))
    return found


def _headers(rows: list[Row]) -> list[Header]:
    """Headers with a number or mail, and those without that stand below a blank line."""
    found: list[Header] = []
    for i, (_, line) in enumerate(rows):
        m = _HEADER.fullmatch(line.strip()) if len(line) <= HEADER_CHARACTERS else None
        if m is None:
            continue
        date, time = day_of(m[1]), clock_of(m[2])
        name, number = identified(m[3] or "")
        apart = not i or not rows[i - 1][1].strip()
        if date and time and (number or apart):
            found.append(Header(i, date, time, name, number))
    return found


def _is_private(folder: str, found: list[Header]) -> bool:
    """Whether two people talk: nobody has a number, and their folder is none of groups."""
    people = {h.speaker for h in found}
    numbered = any(h.sender_id for h in found)
    return bool(folder) and not numbered and len(people) <= 2 and not _GROUPS.search(folder)
