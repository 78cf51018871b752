"""Reads MemoTrace's plain text of both generations: `YYYY-MM-DD HH:MM:SS name` above each message.

MemoTrace (留痕, LC044/WeChatMsg) wrote the first from November 2023, the second with version 2
(2024 to 2025); known from its `exporter_txt.py` and from files that it wrote. In the first a system
message stands in the header line itself; in the second its header has no name.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.decoding import text_of
from knowledge.archive.formats.headed import Headed, headers_in
from knowledge.archive.formats.memotrace_words import CAVEAT, kind_by_mark, last_in, said, unquoted
from knowledge.archive.formats.wechat_terms import Told, notice
from knowledge.archive.formats.weflow_text import named_in_quotes
from knowledge.archive.reading import UNSAID, Loss, Quoted, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import clean
from knowledge.archive.times import iso

_HEADER = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?: (.*))?")
_WITH_ID = r".*(?:\(\d{5,11}\)|<[^<>\s]+@[^<>\s]+>)$"
_IN_A_LOG = r"\W?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\b|<[^<>\s]+> "
_NO_NAME = re.compile(f"{_WITH_ID}|{_IN_A_LOG}")
_TIMELESS = re.compile(r"\s{0,9}\*{4}\d{4}-\d\d-\d\d\*{4}\s*\n")
_OLD_QUOTE = re.compile(r"^引用:(?:未知$|(?=[^\n:]{1,100}:))", re.MULTILINE)


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's readers, for the registry."""
    return [MemoTraceTextReader(), MemoTraceTimelessReader()]


class MemoTraceTextReader:
    """Reader of MemoTrace's plain text."""

    name = "memotrace-text"
    written_by = "留痕 MemoTrace (WeChatMsg)"
    how = "导出聊天记录时选 TXT；选 CSV 更好，有消息编号。AI-TXT 没有时间，不能用"
    caveat = CAVEAT
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """Two headers, most without QQ numbers, levels of a log, or names in WeFlow's quotes."""
        headers = headers_in(head, _HEADER)
        return (
            len(headers) > 1
            and 2 * sum(_NO_NAME.match(m[3] or "") is None for m in headers) > len(headers)
            and not named_in_quotes(head)
        )

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read one file; `filename` is the group's name, as MemoTrace names files."""
        losses = Tally()
        found = Headed(stream, _HEADER, _moment)
        read = list(found)
        spoke = {m[3] for _, m, text in read if text}
        messages = [
            ReadMessage(
                m[1],
                m[2],
                "" if told.kind in UNSAID else clean(m[3] or ""),
                losses.cut(told.text, line),
                line,
                kind=told.kind,
                reply=told.quoted,
                attachment=told.attachment,
            )
            for line, m, text in read
            for told in [_told(m[3] or "", text, m[3] in spoke)]
        ]
        group = clean(filename.rsplit(".", 1)[0]) or None
        return ReadFile.single(group, messages, (*found.losses, *losses.losses))


class MemoTraceTimelessReader:
    """Knows MemoTrace's text for language models, to say that nothing can be read of it."""

    name = "memotrace-ai-text"
    written_by = "留痕 MemoTrace (WeChatMsg)"
    how = "AI-TXT 没有每条消息的时间，读不了；请改选 CSV 或 TXT 导出"
    suffixes = frozenset({".txt"})

    def recognises(self, head: bytes) -> bool:
        """A first line that is a day between asterisks."""
        return _TIMELESS.match(text_of(head)) is not None

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read nothing, and say what to export instead."""
        what = "MemoTrace's text for language models has no times; export CSV or TXT instead"
        return ReadFile((), (Loss(0, what),))


def _moment(header: re.Match[str]) -> str | None:
    moment = f"{header[1]} {header[2]}"
    return moment if iso(moment) else None


def _told(name: str, text: str, spoke: bool) -> Told:
    """A message; `spoke`: the name in its header is one under which something was said."""
    if not text:
        return Told("other", "") if spoke else notice(clean(name))
    if not name:
        return notice(text)
    kind = kind_by_mark(text)
    if kind != "text":
        return said(kind, text)
    last = last_in(text, _OLD_QUOTE)
    if last is None:
        return unquoted(text)
    who, between, words = text[last.end() :].partition(":")
    quoted = Quoted(who.strip(), words.strip()) if between else None
    return Told("text", text[: last.start()].strip(), quoted=quoted)
