"""An archive as other tools would have exported it: is the same known, and how long does it take?

    python -m tests.bench.converted ARCHIVE FOLDER

ARCHIVE is a folder of day files of one group. Into FOLDER come it as ChatLab's JSONL, and as
WeFlow's JSON with a reply in place of each quote, and their databases. Printed are whether messages
and exchanges are those of the markdown, how many quotes are links, and what a load takes of an
export that has grown by its last day, beside that day as markdown.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from knowledge.archive.contents import ZONE
from knowledge.language.kinds import quote
from knowledge.loading.load import load
from knowledge.model import Message
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.train.archive import read_archive

_BACK = 300  # messages before a quote among which the quoted one is looked for

Days = Sequence[Sequence[Message]]


def at(message: Message) -> int:
    """The moment of a message."""
    cited = message.citation
    return int(
        datetime.fromisoformat(f"{cited.date}T{cited.time}").replace(tzinfo=ZONE).timestamp()
    )


def chatlab(days: Days, path: Path) -> None:
    """Write ChatLab's JSONL; ids of people are their nicknames, as those of converted texts are."""
    group = days[0][0].citation.group
    meta = {"name": group, "platform": "wechat", "type": "group", "groupId": "1@chatroom"}
    with path.open("w", encoding="utf-8") as out:
        _line(out.write, {"_type": "header", "chatlab": {"version": "0.0.2"}, "meta": meta})
        for n, m in enumerate(m for day in days for m in day):
            said = {"sender": m.speaker, "accountName": m.speaker, "timestamp": at(m), "type": 0}
            id = {"platformMessageId": str(7_000_000 + n)}
            _line(out.write, {"_type": "message", **said, "content": m.text, **id})


def _line(write: Callable[[str], Any], fields: dict[str, Any]) -> None:
    write(json.dumps(fields, ensure_ascii=False) + "\n")


def weflow(days: Days, path: Path) -> int:
    """Write WeFlow's JSON, in which quotes are replies; how many there are."""
    messages = [m for day in days for m in day]
    found = dict(quotes(messages))
    written = []
    for n, m in enumerate(messages):
        said: dict[str, Any] = {
            "localId": n, "createTime": at(m), "type": "文本消息", "localType": 1, "isSend": 0,
            "senderUsername": m.speaker, "senderDisplayName": m.speaker, "content": m.text,
            "platformMessageId": str(7_000_000 + n),
        }  # fmt: skip
        if n in found:
            quoted, reply = messages[found[n]], quote(m.text)[1]
            said |= {"type": "引用消息", "localType": 244813135921,
                     "content": f"{reply}[引用 {quoted.speaker}：{' '.join(quoted.text.split())}]",
                     "replyToMessageId": str(7_000_000 + found[n])}  # fmt: skip
        written.append(said)
    session = {"wxid": "1@chatroom", "nickname": days[0][0].citation.group, "type": "群聊"}
    chat = {"weflow": {"version": "1.0.3"}, "session": session, "messages": written}
    path.write_text(json.dumps(chat, ensure_ascii=False), encoding="utf-8")
    return len(found)


def quotes(messages: Sequence[Message]) -> Iterator[tuple[int, int]]:
    """The places of messages that quote, and of what they quote: the nearest that begins so."""
    for n, m in enumerate(messages):
        words = "".join(found.words.split())[:12] if (found := quote(m.text)[0]) else ""
        for k in range(n - 1, max(-1, n - 1 - _BACK), -1) if words else ():
            if "".join(messages[k].text.split()).startswith(words):
                yield n, k
                break


def known(database: Path) -> list[list[tuple[Any, ...]]]:
    """Messages, exchanges and the texts of their index."""
    with closing(connect(database)) as conn:
        return [
            conn.execute(query).fetchall()
            for query in (
                "select m.id, m.time, m.n, s.name, m.text from messages m"
                " join speakers s on s.id = m.speaker order by 1",
                "select * from exchanges order by id",
                "select * from exchange_texts order by id",
            )
        ]


def linked(database: Path) -> tuple[int, int]:
    """How many replies are known with what they reply to, and are cited or in the thread of it."""
    with closing(connect(database)) as conn:
        pairs = conn.execute(
            "select t.message, r.message from message_ids r join message_ids t on t.id = r.reply"
            " where r.reply <> ''"
        ).fetchall()
        store = Store(conn)
        messages = store.messages(i for pair in pairs for i in pair)
        held = sum(
            any(
                messages[reply] in (*(a.message for a in x.answers), *x.thread)
                for x in store.exchanges(store.exchanges_with(to)).values()
            )
            for to, reply in pairs
        )
        return len(pairs), held


def timed(database: Path, path: Path) -> float:
    """Seconds that a load takes, in one process."""
    began = time.perf_counter()
    load(database, [path], zone=ZONE, workers=1)
    return time.perf_counter() - began


def main() -> None:
    """Convert, load, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    folder: Path = args.folder
    folder.mkdir(parents=True)
    days = list(read_archive(args.archive).values())
    print(f"markdown: {timed(folder / 'markdown.db', args.archive):.1f} s")
    whole = folder / "whole.jsonl"
    chatlab(days, whole)
    print(f"ChatLab: {timed(folder / 'chatlab.db', whole):.1f} s")
    same = known(folder / "markdown.db") == known(folder / "chatlab.db")
    print(f"the same messages, exchanges and index: {same}")
    made = weflow(days, folder / "weflow.json")
    timed(folder / "weflow.db", folder / "weflow.json")
    found, held = linked(folder / "weflow.db")
    print(f"of {made} quotes {found} are replies, {held} of them in an exchange of what they quote")

    grown, markdown = folder / "grown.jsonl", folder / "days"
    chatlab(days[:-1], grown)
    timed(folder / "grown.db", grown)
    shutil.copy(whole, grown)
    seconds = timed(folder / "grown.db", grown)
    files = sorted(p for p in args.archive.rglob("*") if days[-1][0].citation.date in p.name)
    shutil.copytree(args.archive, markdown, ignore=lambda *_: [p.name for p in files])
    timed(folder / "day.db", markdown)
    for path in files:
        shutil.copy(path, markdown / path.relative_to(args.archive))
    alone = timed(folder / "day.db", markdown)
    print(f"grown by a day: {seconds:.2f} s; that day as markdown: {alone:.2f} s")


if __name__ == "__main__":
    main()
