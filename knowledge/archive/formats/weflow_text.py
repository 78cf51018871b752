"""Reads WeFlow's plain text: `YYYY-MM-DD HH:MM:SS 'name'` above each message, the quote behind it.

WeFlow wrote it from January to July 2026, at first with double quotes; known from its exporter's
sources. Names stand unescaped in their quotes, and may be private remarks of whoever exported.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.formats.headed import Headed, headers_in
from knowledge.archive.formats.wechat_terms import (
    OWN_REMARKS,
    Told,
    is_room,
    kind_by_words,
    recall,
    told,
)
from knowledge.archive.reading import Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean
from knowledge.archive.times import iso

_HEADER = re.compile(r"""(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:'(.*)'|"(.*)")""")
_ANY = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?: .*)?")
_NAMES_OF_SYSTEM = ("系统消息", "系统")
_GROUP = re.compile(r"群聊_(.*?)(?:_\d{8}-\d{8})?")
_PRIVATE = "私聊_"


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WeFlowTextReader()]


class WeFlowTextReader:
    """Reader of WeFlow's plain text."""

    name = "weflow-text"
    written_by = "WeFlow"
    how = (
        "导出聊天记录时选 TXT，名字用群昵称；没有消息编号，能选 ChatLab 格式（JSON）的话，选它更好"
    )
    caveat = OWN_REMARKS
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """Headers of which most have their name in quotes."""
        return named_in_quotes(head)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; `filename` states the group, as WeFlow names files."""
        stem = filename.rsplit(".", 1)[0]
        losses = Tally()
        if stem.startswith(_PRIVATE):
            losses.lose(0, "a chat of two people and no group's; left out")
            return ReadFile((), losses.losses)
        found = Headed(stream, _HEADER, _moment)
        messages = [_message(m, text, line, losses) for line, m, text in found]
        named = _GROUP.fullmatch(stem)
        group = clean(named[1] if named else stem) or None
        return ReadFile.single(group, messages, (*found.losses, *losses.losses))


def named_in_quotes(head: bytes) -> bool:
    """Whether a file begins with headers of which most have their name in quotes.

    Some headers of MemoTrace's text do, too: those of system messages. And what somebody pasted may
    look like a header without.
    """
    headers = [_HEADER.fullmatch(m[0]) is not None for m in headers_in(head, _ANY)]
    return 2 * headers.count(True) > len(headers)


def _moment(header: re.Match[str]) -> str | None:
    moment = f"{header[1]} {header[2]}"
    return moment if iso(moment) else None


def _message(header: re.Match[str], text: str, line: int, losses: Tally) -> ReadMessage:
    speaker = clean(header[3] or header[4] or "") or NAMELESS
    if is_room(speaker) or speaker in _NAMES_OF_SYSTEM or _is_recall(text):
        found = told("system", text)
    elif not text:
        found = Told("other", "")
    else:
        found = told(kind_by_words(text, "text"), text)
    nobody = found.kind == "system"
    return ReadMessage(
        header[1],
        header[2],
        "" if nobody else speaker,
        losses.cut(found.text, line),
        line,
        kind=found.kind,
        reply=found.quoted,
        attachment=found.attachment,
    )


def _is_recall(text: str) -> bool:
    """Whether a text is what WeChat says of a recalled message: a name in quotes, or you."""
    return text.startswith(("你撤回", '"')) and recall(text) == text
