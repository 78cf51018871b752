"""Chats as the programs of some formats write them, to be read back: a message is a `Line`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

BEGIN = 1_751_000_000  # 2025-06-27 12:53:20 in China


class Line(NamedTuple):
    """A message: minutes after the one before, who, what, how far back it replies (0: to none).

    `at` is its moment in seconds of the epoch, as `timed` fills it in.
    """

    after: int
    name: str
    text: str
    back: int = 0
    at: int = 0

    @property
    def moment(self) -> datetime:
        """The wall clock in China."""
        return datetime.fromtimestamp(self.at, UTC) + timedelta(hours=8)


def timed(lines: Sequence[Line]) -> list[Line]:
    """The lines with their moments; replies that reach too far reply to none."""
    at, found = BEGIN, list[Line]()
    for i, line in enumerate(lines):
        at += 60 * line.after
        found.append(line._replace(at=at, back=line.back if line.back <= i else 0))
    return found


def mail(lines: Sequence[Line]) -> str:
    return 'Dear:\n微信群"读书会"的聊天记录如下:\n\n' + _dated(
        lines, "—————  {:%Y-%m-%d}  —————", "{}  {:%H:%M}\n\n{}\n\n\n"
    )


def phone(lines: Sequence[Line]) -> str:
    return _dated(lines, "— —  {:%Y-%m-%d}  — —", "{}  {:%H:%M:%S} \n{}\n\n")


def _dated(lines: Sequence[Line], day: str, message: str) -> str:
    written, last = [], None
    for line in lines:
        if line.moment.date() != last:
            last = line.moment.date()
            written.append(f"{day.format(line.moment)}\n\n\n")
        written.append(message.format(line.name, line.moment, line.text))
    return "".join(written)


def desktop(lines: Sequence[Line]) -> str:
    written = []
    for i, line in enumerate(lines):
        to = lines[i - line.back]
        rule = "- " * 15 if line.back else ""
        quote = f"「{to.name}：{to.text}」\n{rule.strip()}\n" if line.back else ""
        written.append(f"{line.name} {line.moment:%Y/%m/%d %I:%M %p}\n{quote}{line.text}\n\n")
    return "".join(written)


def qq_copy(lines: Sequence[Line]) -> str:
    return "".join(f"【话唠】{x.name} {x.moment:%Y/%m/%d %H:%M:%S}\n{x.text}\n\n" for x in lines)


def manager(lines: Sequence[Line]) -> str:
    rule = "=" * 64
    head = f"{rule}\n消息分组:我的群聊\n{rule}\n消息对象:读书会\n{rule}\n\n"
    return head + "".join(
        f"{x.moment:%Y-%m-%d %H:%M:%S} {x.name}({number(x.name)})\n{x.text}\n\n" for x in lines
    )


def number(name: str) -> int:
    return 100_000 + sum(name.encode())


def telegram(lines: Sequence[Line]) -> str:
    def message(i: int, line: Line) -> dict[str, Any]:
        reply = {"reply_to_message_id": i - line.back} if line.back else {}
        who = {"from": line.name, "from_id": f"user{number(line.name)}"}
        said = {"text": [line.text[:2], {"type": "bold", "text": line.text[2:]}]}
        return {"id": i, "type": "message", "date_unixtime": str(line.at)} | who | reply | said

    messages = [message(i, line) for i, line in enumerate(lines)]
    chat = {"name": "读书会", "type": "public_supergroup", "id": 5, "messages": messages}
    return json.dumps(chat, ensure_ascii=False, indent=1)


def qce(lines: Sequence[Line]) -> str:
    def message(i: int, line: Line) -> dict[str, Any]:
        elements = [{"type": "text", "data": {"text": line.text}}]
        if line.back:
            to = lines[i - line.back]
            data = {"referencedMessageId": f"{i - line.back + 900}", "senderUin": number(to.name)}
            elements.insert(0, {"type": "reply", "data": data | {"content": to.text}})
        sender = {"uin": str(number(line.name)), "groupCard": line.name}
        said = {"type": "text", "content": {"text": "", "elements": elements}}
        return {"id": f"{i + 900}", "timestamp": line.at * 1000, "sender": sender} | said

    info = {"name": "读书会", "type": "group"}
    messages = [message(i, line) for i, line in enumerate(lines)]
    whole = {"metadata": {"name": "QQChatExporter"}, "chatInfo": info, "messages": messages}
    return json.dumps(whole, ensure_ascii=False)


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    rows = []
    for i, line in enumerate(lines):
        to = lines[i - line.back]
        quote = f"\n\n[引用]({to.moment:%Y-%m-%d %H:%M:%S}){to.name}:{to.text}" if line.back else ""
        rows.append(
            {
                "id": i,
                "MsgSvrID": str(900 + i),
                "type_name": "引用回复" if line.back else "文本",
                "is_sender": 0,
                "talker": line.name,
                "room_name": "读书会",
                "msg": line.text + quote,
                "src": "",
                "CreateTime": f"{line.moment:%Y-%m-%d %H:%M:%S}",
            }
        )
    return rows


def pywxdump_json(lines: Sequence[Line]) -> str:
    return json.dumps(_rows(lines), ensure_ascii=False)


def pywxdump_csv(lines: Sequence[Line]) -> str:
    return _csv(_rows(lines))


def weclone(lines: Sequence[Line]) -> str:
    rows = _rows([line._replace(back=0) for line in lines])
    for row, line in zip(rows, lines, strict=True):
        del row["room_name"]
        row["CreateTime"] = f"{datetime.fromtimestamp(line.at, UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    return "\ufeff" + _csv(rows)


def _csv(rows: list[dict[str, Any]]) -> str:
    lines = [",".join(rows[0])]
    for row in rows:
        fields = (str(field).replace('"', '""') for field in row.values())
        lines.append(",".join(f'"{f}"' if set(f) & set(',"\n') else f for f in fields))
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[Sequence[Line]], str]] = {
    "wechat-mail": mail,
    "wechat-copy": desktop,
    "qq-phone": phone,
    "qq-copy": qq_copy,
    "qq-manager": manager,
    "telegram-json": telegram,
    "qce-json": qce,
    "pywxdump-csv": pywxdump_csv,
    "pywxdump-json": pywxdump_json,
    "weclone-csv": weclone,
}
"""Each format by the name of its reader."""

LINKED = ("wechat-copy", "telegram-json", "qce-json", "pywxdump-csv", "pywxdump-json")
"""The formats in which replies are."""
