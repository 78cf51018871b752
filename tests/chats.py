"""Writes invented days in the archive's format, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

Said = tuple[str, str, str]
"""Time, nickname, text."""


def day(date: str, said: Iterable[Said], *, front: str = "") -> str:
    """A daily file as the export writes it; `front` adds lines to its front matter."""
    head = (
        f'---\nlayout:     source \ntitle:      "{date}-WeChat"\n'
        f'date:       {date} 12:00:00\nauthor:     "Test"\ntag:\t\t  [chat]\n{front}---\n'
    )
    return head + "".join(f"> {at}  {who}  \n   \n{text}  \n   \n" for at, who, text in said)


def put(folder: Path, date: str, said: Sequence[Said], *, name: str = "", front: str = "") -> Path:
    """Write a daily file into a group's folder."""
    posts = folder / "_posts"
    posts.mkdir(parents=True, exist_ok=True)
    path = posts / (name or f"{date}-chat.markdown")
    path.write_text(day(date, said, front=front), encoding="utf-8")
    return path


ASKED: list[Said] = [
    ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
    ("09:03:00", "周大山-青瓦支付", "@林一一 T+1早上十点以后，节假日顺延"),
    ("09:03:30", "周大山-青瓦支付", "十点没有就找渠道经理"),
    ("09:20:00", "林一一", "谢谢"),
]
"""A short day with one question and its answers."""

BOOKED: list[Said] = [
    ("10:00:00", "许小满", "月底结账前凭证断号要怎么补？"),
    ("10:02:00", "老郑-账房", "先反审核，再用整理凭证号，断号自动补上"),
]
"""Another, of another group."""

TWO_QUESTIONS: list[Said] = [
    ("09:00:00", "林一一", "请问对账文件每天几点出？"),
    ("09:00:30", "周大山", "@林一一?早上十点"),
    ("09:02:00", "吴知秋", "请问对账文件在哪里下载？"),
    ("09:02:40", "何小满", "@吴知秋?商户后台的账单那一页"),
]
