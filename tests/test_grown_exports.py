"""Exports that have grown since they were loaded: what is read of them, and that nothing is missed.

Whatever was done to an export, the database knows what a new one knows that has never seen another.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from knowledge.archive import grown
from knowledge.archive.formats.chatlab import ChatLabLinesReader, ChatLabReader
from knowledge.archive.formats.weflow import WeFlowReader
from knowledge.archive.reading import ReadFile
from knowledge.loading.load import load
from knowledge.loading.own import Own
from knowledge.store import wishes
from knowledge.store.forget import of_names
from knowledge.store.schema import connect
from tests.fish import DAY, LAMP, LAMP_ANSWER, PUMP, PUMP_ANSWER, START, ZONE

READERS = {"jsonl": ChatLabLinesReader, "json": ChatLabReader, "weflow": WeFlowReader}


@dataclass(frozen=True)
class Said:
    """A message: seconds after START, by whom, its words, and the place of what it replies to."""

    after: int
    who: str
    text: str
    reply: int | None = None


@dataclass(frozen=True)
class Export:
    """What stands in an export; `names` are by id, of members whom its head names."""

    said: tuple[Said, ...]
    names: dict[str, str] = field(default_factory=lambda: {"u1": "海蓝", "u2": "石花"})
    group: str = "水族"
    exported: int = 1
    indent: int | None = None
    early: tuple[object, ...] = ()  # what else stands behind the first message
    late: tuple[object, ...] = ()  # and before the last

    def until(self, days: int) -> Export:
        """The same before so many days after START."""
        return replace(self, said=tuple(s for s in self.said if s.after < days * DAY))

    def write(self, kind: str, path: Path) -> None:
        """Write it as ChatLab's JSONL or JSON, or as WeFlow's JSON."""
        made = _weflow(self) if kind == "weflow" else _chatlab(self)
        if kind == "jsonl":
            header = {"chatlab": made["chatlab"], "meta": made["meta"]}
            records = [header | {"_type": "header"}]
            records += [m | {"_type": "member"} for m in made["members"]]
            records += self._with_more([m | {"_type": "message"} for m in made["messages"]])
            text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
        else:
            made["messages"] = self._with_more(made["messages"])
            text = json.dumps(made, ensure_ascii=False, indent=self.indent)
        path.write_text(text, encoding="utf-8")

    def _with_more(self, messages: list[Any]) -> list[Any]:
        return [*messages[:1], *self.early, *messages[1:-1], *self.late, *messages[-1:]]


def _chatlab(export: Export) -> dict[str, Any]:
    meta = {"name": export.group, "platform": "wechat", "type": "group", "groupId": "7@chatroom"}
    members = [{"platformId": i, "accountName": i, "groupNickname": n}
               for i, n in export.names.items()]  # fmt: skip
    messages = [
        {"sender": s.who, "timestamp": START + s.after, "type": 0, "content": s.text,
         "platformMessageId": f"m{n}"}
        | ({} if s.reply is None else {"replyToMessageId": f"m{s.reply}"})
        for n, s in enumerate(export.said)
    ]  # fmt: skip
    about = {"version": "0.0.2", "exportedAt": export.exported}
    return {"chatlab": about, "meta": meta, "members": members, "messages": messages}


def _weflow(export: Export) -> dict[str, Any]:
    session = {"wxid": "7@chatroom", "nickname": export.group, "type": "群聊"}
    messages = [
        {"localId": n, "createTime": START + s.after, "type": "文本消息", "content": s.text,
         "senderUsername": s.who, "senderDisplayName": export.names.get(s.who, s.who),
         "platformMessageId": f"m{n}", "source": {"raw": ["{", 1]}}
        | ({} if s.reply is None else {"replyToMessageId": f"m{s.reply}"})
        for n, s in enumerate(export.said)
    ]  # fmt: skip
    about = {"version": "1.0.3", "exportedAt": export.exported}
    return {"weflow": about, "session": session, "messages": messages}


TALK = (
    Said(0, "u1", PUMP),
    Said(60, "u2", "今天的虾到了没有"),
    *(Said(n * DAY, "u1", f"第{n}天：水温“{n + 20}”度 {{正常}}，\\照旧") for n in range(1, 8)),
    Said(8 * DAY, "u2", LAMP),
    Said(9 * DAY, "u1", PUMP_ANSWER, 0),
    Said(9 * DAY + 9, "u1", LAMP_ANSWER, 9),
)
OLD = Export(TALK).until(9)
NEW = Export(TALK, exported=2)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have small files be worth it, too."""
    monkeypatch.setattr(grown, "WORTH", 0)


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each reading of a file gave."""
    found: list[int] = []

    def note(kind: type[Any]) -> None:
        read: Callable[..., ReadFile] = kind.read

        def noted(self: object, stream: BinaryIO, filename: str) -> ReadFile:
            reading = read(self, stream, filename)
            found.append(len(reading.messages))
            return reading

        monkeypatch.setattr(kind, "read", noted)

    for kind in READERS.values():
        note(kind)
    return found


def known(database: Path) -> list[list[tuple[Any, ...]]]:
    """All that is known of files, days, messages and exchanges."""
    queries = (
        "select path, sha256, grp, date, messages, same_as from files",
        "select path, d.grp, d.date from file_days join files f on f.id = file"
        " join days d on d.id = day",
        "select d.grp, d.date, m.time, m.n, m.line, s.name, m.text, f.path, i.id, i.reply, i.sender"
        " from messages m join days d on d.id = m.id >> 20 join speakers s on s.id = m.speaker"
        " join files f on f.id = m.file left join message_ids i on i.message = m.id",
        "select d.date, q.time, x.role, e.date, m.time, x.probability from exchange_messages x"
        " join messages q on q.id = x.exchange >> 6 join days d on d.id = q.id >> 20"
        " join messages m on m.id = x.message join days e on e.id = m.id >> 20",
        "select path, line, what from losses join files on id = file",
        "select grp, id, name from speaker_ids",
        "select count(*), (select count(*) from messages), (select count(*) from message_ids),"
        " (select count(*) from exchanges) from days",
    )
    with closing(connect(database)) as conn:
        return [sorted(conn.execute(query).fetchall(), key=repr) for query in queries]


def loaded(database: Path, path: Path, own: tuple[Own, ...] = ()) -> list[list[tuple[Any, ...]]]:
    load(database, [path], zone=ZONE, own=own, workers=1)
    return known(database)


@pytest.mark.parametrize("kind", READERS)
def test_of_an_export_that_has_grown_only_the_last_day_and_the_new_are_read(
    tmp_path: Path, database: Path, sizes: list[int], kind: str
) -> None:
    path = tmp_path / ("a.jsonl" if kind == "jsonl" else "a.json")
    for exported, (days, most) in enumerate([(5, 6), (9, 5), (9, 1), (20, 3)]):
        replace(NEW, exported=exported).until(days).write(kind, path)
        sizes.clear()
        found = loaded(database, path)
        assert max(sizes) == most
    assert found == loaded(tmp_path / "fresh.db", path)
    assert len(found[2]) == len(TALK)


def middle(said: tuple[Said, ...], text: str = "虾在路上") -> tuple[Said, ...]:
    return (said[0], replace(said[1], text=text), *said[2:])


RENAMED = {"_type": "member", "platformId": "u2", "groupNickname": "石花二号"}
CHANGED: dict[str, Export | tuple[Export, ...]] = {
    "an old message has other words": replace(NEW, said=middle(TALK)),
    "an old message has words as long": replace(NEW, said=middle(TALK, "明天的虾到了没有")),
    "an old message is gone": replace(NEW, said=(TALK[0], *TALK[2:])),
    "the file has shrunk": replace(NEW, said=TALK[:5]),
    "its last day is gone": replace(NEW, said=TALK[:9]),
    "its last day is another": replace(NEW, said=(*TALK[:9], Said(8 * DAY, "u2", "算了"))),
    "its last day is gone, and a day has come": replace(NEW, said=(*TALK[:9], TALK[-2])),
    "older messages are there now": replace(NEW, said=(Said(-DAY, "u2", "大家好"), *TALK)),
    "an old message stands behind": replace(NEW, said=(*TALK, Said(120, "u2", "到了，两箱"))),
    "another tool has written it": replace(NEW, indent=1),
    "a member is called otherwise": replace(NEW, names={"u1": "海蓝", "u2": "石花二号"}),
    "a member is called no more": replace(NEW, names={"u1": "海蓝"}),
    "a new member": replace(
        NEW,
        names={"u1": "海蓝", "u2": "石花", "u3": "老渔夫"},
        said=(*TALK, Said(9 * DAY + 60, "u3", "谢谢")),
    ),
    "the group is called otherwise": replace(NEW, group="海水缸"),
    "what is quoted stands before": replace(
        NEW, said=(*TALK, Said(9 * DAY + 60, "u2", f"刷过了[引用 海蓝：{PUMP}]"))
    ),
    "what is quoted stands beside": replace(
        NEW, said=(*TALK, Said(9 * DAY + 60, "u2", f"记下了[引用 海蓝：{PUMP_ANSWER}]"))
    ),
    "a message has no time": replace(NEW, late=({"_type": "message", "content": "x"},)),
    "it has two groups": replace(
        NEW, late=({"_type": "header", "chatlab": {"version": "1"}, "meta": {"name": "虾缸"}},)
    ),
    "a member is named among the messages": tuple(
        replace(NEW, early=(RENAMED,), exported=n).until(days) for n, days in enumerate((8, 10))
    ),
    "something is no record": tuple(
        replace(NEW, early=("x",), exported=n, said=(*TALK, *more))
        for n, more in enumerate([(), (Said(10 * DAY, "u2", "刷好了"),)])
    ),
    "what was said before stands behind it": tuple(
        replace(NEW, said=(*TALK[:9], Said(3 * DAY + 9, "u2", "好"), *more), exported=n)
        for n, more in enumerate([TALK[9:10], TALK[9:], (*TALK[9:], Said(10 * DAY, "u1", "谢谢"))])
    ),
    "its days are in no order": tuple(
        replace(NEW, said=(TALK[8], *TALK[:8], *more), exported=n)
        for n, more in enumerate([(), (Said(7 * DAY + 9, "u2", "好"), *TALK[9:])])
    ),
}


def test_whatever_has_changed_is_known(tmp_path: Path, database: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for step in range(3):
        for place, (how, changed) in enumerate(CHANGED.items()):
            steps = changed
            if isinstance(steps, Export):
                steps = (OLD, steps, replace(NEW, exported=3))
            export = steps[min(step, len(steps) - 1)]
            for kind in READERS:
                path = folder / f"{how} {kind}{'.jsonl' if kind == 'jsonl' else '.json'}"
                group = f"{export.group}{place}{kind}"
                replace(export, group=group).write(kind, path)
        found, new = loaded(database, folder), loaded(tmp_path / f"{step}.db", folder)
        assert len(found[0]) == len(CHANGED) * len(READERS)
        for some, others in zip(found, new, strict=True):
            assert {*some} ^ {*others} == set() and some == others


def test_a_member_who_was_none_is_called_by_his_name_in_what_he_said_before(
    tmp_path: Path, database: Path
) -> None:
    path = tmp_path / "a.json"
    for names in ({"u1": "海蓝"}, {"u1": "海蓝", "u2": "石花"}):
        export = replace(NEW, names=names).until(9 if len(names) == 1 else 20)
        export.write("json", path)
        found = loaded(database, path)
    assert found == loaded(tmp_path / "fresh.db", path)
    assert {row[5] for row in found[2]} == {"海蓝", "石花"}


def test_what_is_set_for_it_holds_for_all_of_it(tmp_path: Path, database: Path) -> None:
    path = tmp_path / "a.jsonl"
    replace(OLD, names={"u1": "我", "u2": "石花"}).write("jsonl", path)
    load(database, [path], zone=ZONE)
    replace(NEW, names={"u1": "我", "u2": "石花"}).write("jsonl", path)
    own = (Own(path, me="老渔夫"),)
    found = loaded(database, path, own)
    assert found == loaded(tmp_path / "fresh.db", path, own)
    assert {row[5] for row in found[2]} == {"老渔夫", "石花"}


def test_days_that_other_files_hold_too_are_told_by_all_of_them(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "水族"
    folder.mkdir()
    replace(NEW, said=(Said(7 * DAY + 5, "u2", "换水了"), *TALK[-3:])).write(
        "jsonl", folder / "b.jsonl"
    )
    for export in (OLD, NEW, replace(NEW, said=TALK[:-1]), replace(NEW, exported=3)):
        export.write("jsonl", folder / "a.jsonl")
        fresh = tmp_path / f"{export.exported}-{len(export.said)}.db"
        assert loaded(database, folder) == loaded(fresh, folder)


def test_who_wants_to_be_forgotten_is_so_in_all_of_it(tmp_path: Path, database: Path) -> None:
    path = tmp_path / "a.jsonl"
    OLD.write("jsonl", path)
    load(database, [path], zone=ZONE)
    wishes.keep(
        database, of_names("水族", ["石花"], words=True), datetime(2024, 6, 1, tzinfo=UTC), "c"
    )
    NEW.write("jsonl", path)
    found = loaded(database, path)
    assert "石花" not in repr(found[2:]) and LAMP not in repr(found)
    with closing(connect(database)) as conn:
        assert conn.execute("select * from file_marks").fetchall() == []


def test_what_was_lost_of_it_is_told_each_time(tmp_path: Path, database: Path) -> None:
    path = tmp_path / "a.jsonl"
    for export in (OLD, NEW):
        replace(export, early=({"_type": "message", "content": "x"},)).write("jsonl", path)
        told = load(database, [path], zone=ZONE).losses
    assert [loss.loss.what for loss in told] == ["a message without a time was left out"]


def test_what_a_tool_writes_while_it_is_loaded_is_read_the_next_time(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    OLD.write("jsonl", path)
    with monkeypatch.context() as patched:
        read = ChatLabLinesReader.read

        def written(self: ChatLabLinesReader, stream: BinaryIO, filename: str) -> ReadFile:
            found = read(self, stream, filename)
            replace(OLD, said=middle(OLD.said)).write("jsonl", path)
            return found

        patched.setattr(ChatLabLinesReader, "read", written)
        load(database, [path], zone=ZONE)
    assert loaded(database, path) == loaded(tmp_path / "fresh.db", path)
