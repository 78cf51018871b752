"""Chats of invented gardeners as the exporters of WeChat chats would write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from knowledge.archive.texts import clean

GROUP = "阳台月季(养护群)"
ROOM = "49000000077@chatroom"
START = 1_715_000_400
"""A moment in May 2024."""

PEOPLE = (
    ("wxid_tan01", "檀", "檀木匠"),
    ("bailu_88", "白露", "白露(三楼)"),
    ("wxid_sg", "松果", "松果"),
)
"""Id, name of the account and name in the group."""


@dataclass(frozen=True)
class Line:
    """A message: seconds after START, who, his words, the place of the one that he replies to."""

    after: int
    who: int
    text: str
    reply: int | None = None

    @property
    def at(self) -> int:
        return START + self.after

    @property
    def clock(self) -> str:
        """As a clock in China showed it."""
        return f"{datetime.fromtimestamp(self.at, UTC) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"


def _id(place: int) -> str:
    return str(7_340_000_000_000_000_000 + place)


def _quoted(lines: Sequence[Line], line: Line) -> Line:
    assert line.reply is not None
    return lines[line.reply]


def chatlab_message(lines: Sequence[Line], place: int, quote: bool = False) -> dict[str, Any]:
    line = lines[place]
    wxid, account, card = PEOPLE[line.who]
    found: dict[str, Any] = {"sender": wxid, "accountName": account, "groupNickname": card}
    found |= {
        "timestamp": line.at,
        "type": 0,
        "content": line.text,
        "platformMessageId": _id(place),
    }
    if line.reply is not None:
        found |= {"type": 25, "replyToMessageId": _id(line.reply)}
        if quote:
            found["content"] += bracket(lines, line)
    return found


def bracket(lines: Sequence[Line], line: Line) -> str:
    """The quote as WeFlow repeats it."""
    quoted = _quoted(lines, line)
    return f"[引用 {PEOPLE[quoted.who][2]}：{' '.join(quoted.text.split())}]"


META = {"name": GROUP, "platform": "wechat", "type": "group", "groupId": ROOM}


def chatlab(lines: Sequence[Line]) -> bytes:
    messages = [chatlab_message(lines, i, quote=True) for i in range(len(lines))]
    members = [{"platformId": w, "accountName": a, "groupNickname": c} for w, a, c in PEOPLE]
    about = {"version": "0.0.2", "exportedAt": START, "generator": "WeFlow"}
    return dump({"chatlab": about, "meta": META, "members": members, "messages": messages})


def chatlab_lines(lines: Sequence[Line]) -> bytes:
    header = {"_type": "header", "chatlab": {"version": "0.0.2"}, "meta": META}
    messages = [{"_type": "message", **chatlab_message(lines, i)} for i in range(len(lines))]
    return b"".join(dump(each) + b"\n" for each in [header, *messages])


SESSION = {
    "wxid": ROOM,
    "nickname": GROUP,
    "remark": "我的备注",
    "displayName": "我的备注",
    "type": "群聊",
}


def weflow(lines: Sequence[Line]) -> bytes:
    messages = []
    for i, line in enumerate(lines):
        wxid, _, card = PEOPLE[line.who]
        found: dict[str, Any] = {"localId": 1, "createTime": line.at, "formattedTime": line.clock}
        found |= {"type": "文本消息", "localType": 1, "content": line.text, "isSend": 0}
        found |= {"senderUsername": wxid, "senderDisplayName": card, "platformMessageId": _id(i)}
        if line.reply is not None:
            found |= {"type": "引用消息", "localType": 244813135921}
            found |= {"content": line.text + bracket(lines, line)}
            found |= {"replyToMessageId": _id(line.reply)}
        messages.append(found)
    return dump({"weflow": {"version": "1.0.3"}, "session": SESSION, "messages": messages})


def chatlog(lines: Sequence[Line]) -> bytes:
    def stated(line: Line) -> dict[str, Any]:
        wxid, _, card = PEOPLE[line.who]
        about = {"seq": line.at * 1000, "time": f"{line.clock.replace(' ', 'T')}+08:00"}
        about |= {"talker": ROOM, "talkerName": GROUP, "isChatRoom": True, "sender": wxid}
        return about | {"senderName": card, "type": 1, "subType": 0, "content": line.text}

    messages = []
    for line in lines:
        found = stated(line)
        if line.reply is not None:
            found |= {"type": 49, "subType": 57}
            found["contents"] = {"refer": stated(_quoted(lines, line))}
        messages.append(found)
    return dump(messages)


def _referring(lines: Sequence[Line], line: Line) -> str:
    if line.reply is None:
        return line.text
    quoted = _quoted(lines, line)
    wxid, _, card = PEOPLE[quoted.who]
    above = [f"{card}({wxid}) {quoted.clock[5:]}", *quoted.text.split("\n")]
    return "".join(f"> {each}\n" for each in above) + line.text


def rows(header: str, records: Sequence[Sequence[object]], mark: str = "\ufeff") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(records)
    return f"{mark}{header}\n{out.getvalue()}".encode()


def chatlog_csv(lines: Sequence[Line]) -> bytes:
    records = []
    for line in lines:
        wxid, _, card = PEOPLE[line.who]
        records.append([line.clock, card, wxid, GROUP, ROOM, _referring(lines, line)])
    return rows("Time,SenderName,Sender,TalkerName,Talker,Content", records, mark="")


def chatlog_text(lines: Sequence[Line]) -> bytes:
    said = []
    for line in lines:
        wxid, _, card = PEOPLE[line.who]
        said.append(f"{card}({wxid}) {line.clock[5:]}\n{_referring(lines, line)}\n\n")
    return "".join(said).encode()


OLD_CSV = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,"
    "Remark,NickName,Sender"
)
NEW_CSV = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息"


def memotrace_old_csv(lines: Sequence[Line]) -> bytes:
    records = []
    for i, line in enumerate(lines):
        wxid, account, _ = PEOPLE[line.who]
        record = [i, 7, 1, 0, 0, line.at, "", line.text, line.clock, "我的备注", account, wxid]
        records.append(record)
    return rows(OLD_CSV, records)


def _below(lines: Sequence[Line], line: Line, pattern: str) -> str:
    if line.reply is None:
        return line.text
    quoted = _quoted(lines, line)
    return f"{line.text}\n{pattern.format(PEOPLE[quoted.who][2], quoted.text)}"


def memotrace_csv(lines: Sequence[Line]) -> bytes:
    records = []
    for i, line in enumerate(lines):
        _, account, card = PEOPLE[line.who]
        kind = "文本" if line.reply is None else "引用消息"
        text = _below(lines, line, "引用：{}: {}")
        records.append([_id(i), kind, card, line.clock, text, "我的备注", account, "more"])
    return rows(NEW_CSV, records)


def memotrace_old_text(lines: Sequence[Line]) -> bytes:
    said = [f"{x.clock} {PEOPLE[x.who][2]}\n{_below(lines, x, '引用:{}:{}')}\n\n" for x in lines]
    return "".join(said).encode()


def memotrace_text(lines: Sequence[Line]) -> bytes:
    said = [f"{x.clock} {PEOPLE[x.who][2]}\n{_below(lines, x, '引用：{}: {}')}" for x in lines]
    return "\n\n".join(said).encode()


def weflow_text(lines: Sequence[Line]) -> bytes:
    said = []
    for line in lines:
        text = line.text if line.reply is None else line.text + bracket(lines, line)
        said.append(f"{line.clock} '{PEOPLE[line.who][2]}'\n{text}\n\n")
    return "".join(said).encode()


def dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


Writer = Callable[[Sequence[Line]], bytes]

WORDS = st.text("月季 剪枝\n\"',:：[]【】()<>\\/，。?？é🌹", max_size=30)


@st.composite
def chats(draw: st.DrawFn, least: int = 1) -> list[Line]:
    """Messages in order, of which no two begin alike, so that each quote is of one alone."""
    lines: list[Line] = []
    after = 0
    for i in range(draw(st.integers(least, 8))):
        after += draw(st.sampled_from([0, 1, 59, 3600, 90_000]))
        text = f"第{'一二三四五六七八'[i]}句{draw(WORDS)}好"
        assume(clean(text) == text)
        reply = draw(st.none() | st.integers(0, i - 1)) if i else None
        lines.append(Line(after, draw(st.integers(0, 2)), text, reply))
    return lines
