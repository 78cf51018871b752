"""Reads the CSV that WeFlow writes for WeClone.

WeFlow wrote it in 2026 ("WeClone CSV" among its formats), in the layout that WeClone took from
PyWxDump, as both sources say; its times are those of UTC, and replies that quote are left out.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from knowledge.archive.formats.csv_records import header_of
from knowledge.archive.formats.wxdump_rows import id_of, moment, rows, said
from knowledge.archive.reading import Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean

_HEADER = ("id", "MsgSvrID", "type_name", "is_sender", "talker", "msg", "src", "CreateTime")
_FILE = re.compile(r"群聊_(.+?)(?:_\d{8}-\d{8})?\.csv", re.IGNORECASE)


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [WeCloneReader()]


class WeCloneReader:
    """Reader of WeFlow's CSV for WeClone."""

    name = "weclone-csv"
    written_by = "WeFlow (WeClone CSV)"
    how = "这种 CSV 不含引用回复：请改用 WeFlow 导出 ChatLab 格式；已有的文件可以直接加载"
    suffixes = frozenset({".csv"})

    def recognises(self, head: bytes) -> bool:
        """Its header row."""
        return header_of(head) == _HEADER

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file; the group stands in its name. Names are those that WeFlow displays."""
        losses = Tally()
        losses.lose(
            0,
            "this layout leaves out every quoting reply, and its names may be your own remarks;"
            " export ChatLab JSON instead",
        )
        found = []
        for line, row in rows(stream, losses):
            when = moment(row.get("CreateTime", ""), losses, line)
            if when is None:
                continue
            date, time, at = when
            told = said(row.get("type_name", ""), row.get("msg", ""), row.get("src", ""))
            speaker = "" if told.kind == "system" else clean(row.get("talker", "")) or NAMELESS
            found.append(
                ReadMessage(
                    *(date, time, speaker, losses.cut(told.text, line), line),
                    kind=told.kind,
                    id=id_of(row.get("MsgSvrID", ""), losses, line),
                    reply=told.quoted,
                    attachment=told.attachment,
                    at=at,
                )
            )
        m = _FILE.fullmatch(filename)
        return ReadFile.single(m[1] if m else None, found, losses.losses)
