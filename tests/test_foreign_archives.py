"""Archives of other tools, from the file to the answer: QQ with replies, topics, threads, zips."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from knowledge.errors import LoadError
from knowledge.loading.load import load
from knowledge.loading.preview import preview
from knowledge.loading.relink import relink
from knowledge.loading.remove import remove
from knowledge.matching.match import Matcher
from knowledge.model import Exchange
from knowledge.store import wishes
from knowledge.store.forget import of_contact, of_names
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.store.write import Writer
from tests.chats import put
from tests.fish import (
    DAY,
    LAMP,
    LAMP_ANSWER,
    PUMP,
    PUMP_ANSWER,
    START,
    TALK,
    ZONE,
    chatlab,
    slack,
    written,
)
from tests.test_load import content


def asked(database: Path, text: str) -> Exchange:
    with closing(connect(database)) as conn:
        return Matcher(conn).ask(text, k=1)[0].exchange


def cli(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.mark.parametrize("kind", ["chatlab", "qce", "telegram", "slack"])
def test_each_question_is_answered_with_what_replied_to_it(
    tmp_path: Path, database: Path, kind: str
) -> None:
    load(database, [written(tmp_path / "export", kind)], zone=ZONE)
    with closing(connect(database)) as conn:
        assert Store(conn).groups() == ("水族",)
    for question, answer in ((PUMP, PUMP_ANSWER), (LAMP, LAMP_ANSWER)):
        found = asked(database, question)
        assert found.lead.text == question
        best = max(found.answers, key=lambda a: a.probability)
        assert best.message.text == answer and best.probability > 0.85
        assert str(found.lead.citation).startswith("水族-2024050")
    shown = cli("ask", "--db", database, PUMP).stdout
    assert PUMP_ANSWER in shown and "石花" in shown


def test_a_late_reply_is_linked_when_its_day_is_loaded_later_and_again_when_it_goes(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "水族"
    folder.mkdir()
    (folder / "1.jsonl").write_text(chatlab(TALK[:2]), encoding="utf-8")
    load(database, [folder], zone=ZONE)
    assert PUMP_ANSWER not in answers(database)
    both = chatlab(TALK)
    (folder / "2.jsonl").write_text(both, encoding="utf-8")
    load(database, [folder], zone=ZONE)
    assert PUMP_ANSWER in answers(database)
    (folder / "2.jsonl").unlink()
    load(database, [folder], zone=ZONE)
    assert PUMP_ANSWER not in answers(database)


def answers(database: Path) -> list[str]:
    return [a.message.text for a in asked(database, PUMP).answers]


def test_what_two_exports_share_stands_once_and_the_newer_words_count(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "水族"
    edited = [TALK[0], (60, "u2", "石花", "今天的虾到了没有？改：明天到", None), *TALK[2:]]
    put(folder, "2024-05-06", [("10:00:00", "海蓝", PUMP), ("10:07:00", "路人", "在吗")])
    (folder / "a.jsonl").write_text(chatlab(TALK[:4]), encoding="utf-8")
    (folder / "b.jsonl").write_text(chatlab(edited), encoding="utf-8")
    load(database, [folder], zone=ZONE)
    texts = [row[5] for row in content(database)["messages"]]
    assert texts.count(PUMP) == 1 and len(texts) == len(TALK) + 1
    assert edited[1][3] in texts and TALK[1][3] not in texts


def test_one_person_of_three_nicknames_is_one_by_his_id(tmp_path: Path, database: Path) -> None:
    talk = [(n * 60, "u1", name, f"第{n}天换水了", None) for n, name in enumerate("甲乙丙")]
    (tmp_path / "a.jsonl").write_text(chatlab(talk), encoding="utf-8")
    load(database, [tmp_path / "a.jsonl"], zone=ZONE)
    with closing(connect(database)) as conn:
        people = dict(conn.execute("select name, person from people").fetchall())
    assert len({people.get(name, name) for name in "甲乙丙"}) == 1


def test_a_zip_is_read_where_it_lies(tmp_path: Path, database: Path) -> None:
    with zipfile.ZipFile(tmp_path / "导出.zip", "w") as packed:
        packed.writestr("水族/1.jsonl", chatlab(TALK))
        packed.writestr("读我.txt", "一些说明")
    report = load(database, [tmp_path / "导出.zip"], zone=ZONE)
    assert report.messages == len(TALK)
    assert [loss.loss.what for loss in report.losses] == [
        "读我.txt: looks like no chat archive; it was left out"
    ]


def test_a_file_of_two_groups_makes_two_and_one_name_cannot_stand_for_them(
    tmp_path: Path, database: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as packed:
        packed.writestr("1.jsonl", chatlab(TALK[:2], "水族"))
        packed.writestr("2.jsonl", chatlab(TALK[2:3], "草缸"))
    with pytest.raises(LoadError, match=r"two.zip holds 2 groups \(水族, 草缸\)"):
        load(database, [tmp_path / "two.zip"], group="一个", zone=ZONE)
    looked = cli("load", "--dry-run", "--group", "一个", tmp_path / "two.zip")
    assert looked.exit_code == 1 and "two.zip holds 2 groups" in looked.stderr
    load(database, [tmp_path / "two.zip"], zone=ZONE)
    with closing(connect(database)) as conn:
        assert set(Store(conn).groups()) == {"水族", "草缸"}


def test_moments_stand_in_the_zone_of_the_group_and_it_cannot_be_changed(
    tmp_path: Path, database: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(chatlab(TALK[:2]), encoding="utf-8")
    load(database, [tmp_path / "a.jsonl"], zone=ZONE)
    assert str(asked(database, PUMP).lead.citation) == "水族-20240506-100000"
    (tmp_path / "a.jsonl").write_text(chatlab(TALK), encoding="utf-8")
    with pytest.raises(LoadError, match="was loaded in the zone Asia/Shanghai"):
        load(database, [tmp_path / "a.jsonl"], zone=ZoneInfo("Europe/Berlin"))
    assert len(content(database)["messages"]) == 2


def test_what_the_system_says_and_what_was_recalled_is_nobodys(
    tmp_path: Path, database: Path
) -> None:
    line = {"_type": "message", "sender": "7@chatroom", "accountName": "系统", "type": 80,
            "timestamp": START + 5, "content": "海蓝撤回了一条消息"}  # fmt: skip
    said = chatlab(TALK[:2]) + json.dumps(line, ensure_ascii=False) + "\n"
    (tmp_path / "a.jsonl").write_text(said, encoding="utf-8")
    load(database, [tmp_path / "a.jsonl"], zone=ZONE)
    assert [row[5] for row in content(database)["messages"]] == [TALK[0][3], TALK[1][3]]


def test_a_group_is_taken_out_and_the_others_stay(tmp_path: Path, database: Path) -> None:
    for group in ("水族", "草缸"):
        (tmp_path / f"{group}.jsonl").write_text(chatlab(TALK, group), encoding="utf-8")
    load(database, [tmp_path], zone=ZONE)
    done = cli("remove", "草缸", "--db", database)
    assert done.exit_code == 0 and "6 messages were taken out" in done.stderr
    with closing(connect(database)) as conn:
        assert Store(conn).groups() == ("水族",)
    fresh = tmp_path / "fresh.db"
    load(fresh, [tmp_path / "水族.jsonl"], zone=ZONE)
    assert content(database)["messages"] == content(fresh)["messages"]
    assert content(database)["exchanges"] == content(fresh)["exchanges"]
    with pytest.raises(LoadError, match="there is no group 草缸; there is 水族"):
        remove(database, "草缸")


def test_a_dry_run_says_what_would_be_read_and_writes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "export", "qce")
    database = tmp_path / "none.db"
    done = cli("load", path, "--dry-run", "--db", database)
    assert done.exit_code == 0, done.stderr
    assert (
        "水族: 6 messages, 2024-05-06 10:00:00 to 2024-05-08 10:02:00, 3 with what" in done.stdout
    )
    assert f"海蓝: {PUMP}" in done.stdout and not database.exists()
    lines = cli("load", path, "--dry-run", "--jsonl", "--db", database).stdout.splitlines()
    said = [json.loads(line) for line in lines]
    assert [m["text"] for m in said] == [text for _, _, _, text, _ in TALK]
    assert said[3]["reply_to"] == "水族-20240506-100000" and said[0]["reply_to"] == ""
    assert set(said[0]) == {
        *("group", "date", "time", "speaker", "speaker_id", "text", "kind", "id", "reply_to")
    }


def test_where_nothing_can_be_read_the_status_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": 1}', encoding="utf-8")
    done = cli("load", tmp_path, "--dry-run")
    assert done.exit_code == 1 and "looks like no chat archive" in done.stderr
    done = cli("load", tmp_path, "--db", tmp_path / "x.db")
    assert done.exit_code == 1 and "palou formats" in done.stderr


def test_formats_are_listed_with_how_to_export_them() -> None:
    listed = cli("formats").stdout
    for name in ("chatlab", "weflow", "memotrace", "chatlog", "qce", "telegram", "whatsapp",
                 "slack", "discord", "irc", "markdown", "pywxdump", "weclone"):  # fmt: skip
        assert name in listed
    assert "?" not in [line.rpartition("(")[2] for line in listed.splitlines()]


def test_a_preview_cites_as_a_load_does(tmp_path: Path, database: Path) -> None:
    path = written(tmp_path / "export", "telegram")
    load(database, [path], zone=ZONE)
    with closing(connect(database)) as conn:
        loaded = [str(m.citation) for m in Store(conn).messages(
            i for (i,) in conn.execute("select id from messages")
        ).values()]  # fmt: skip
    found = preview([path], ZONE).groups["水族"]
    assert sorted(str(p.citation) for p in found) == sorted(loaded)


def test_an_export_that_has_grown_by_a_day_touches_that_day_alone(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[set[int]] = []

    def noted(writer: Writer, days: set[int], *more: Any) -> None:
        touched.append(set(days))
        relink(writer, days, *more)

    monkeypatch.setattr("knowledge.loading.load.relink", noted)
    path = tmp_path / "a.jsonl"
    talk = [(n * DAY, "u1", "海蓝", f"第{n}天：请问水温多少合适？", None) for n in range(30)]
    for days in (29, 30, 30):
        path.write_text(chatlab(talk[:days]), encoding="utf-8")
        load(database, [path], zone=ZONE)
    assert [len(days) for days in touched] == [29, 1], "the last load had nothing to do"
    fresh = tmp_path / "fresh.db"
    load(fresh, [path], zone=ZONE)
    assert content(database) == content(fresh)


def test_what_people_have_instead_of_an_export_is_named_with_what_to_do(
    tmp_path: Path, database: Path
) -> None:
    put(tmp_path / "水族", "2024-05-06", [("10:00:00", "海蓝", PUMP)])
    for name in ("聊天.docx", "聊天.html", "备份.bak", "导出.7z"):
        (tmp_path / "水族" / name).write_bytes(b"x")
    report = load(database, [tmp_path / "水族"])
    told = {Path(loss.path).name: loss.loss.what for loss in report.losses}
    assert set(told) == {"聊天.docx", "聊天.html", "备份.bak", "导出.7z"}
    assert "export it as text, CSV or JSON instead" in told["聊天.docx"]
    assert "unpack it" in told["导出.7z"]
    again = cli("load", tmp_path / "水族", "--db", database)
    assert "1 unchanged" in again.stderr and again.exit_code == 1
    assert "4 files could not be read, 1 could" in again.stderr


def test_names_that_may_be_private_remarks_are_said_to_be(tmp_path: Path, database: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.csv").write_text(
            "Time,SenderName,Sender,TalkerName,Talker,Content\n"
            f"2024-05-0{n + 1} 10:00:00,海蓝,wxid_a,水族,7@chatroom,水泵又响了\n",
            encoding="utf-8",
        )
    report = load(database, [tmp_path])
    assert report.messages == 3
    (told,) = (loss for loss in report.losses if "private remarks" in loss.loss.what)
    assert told.path.endswith("0.csv") and "(so in 3 files)" in told.loss.what
    assert cli("load", "--dry-run", tmp_path).stderr.count("private remarks") == 1


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_an_archive_of_several_files_swallows_no_other_beside_it(
    tmp_path: Path, database: Path, packed: bool
) -> None:
    folder = tmp_path / "导出"
    slack(folder / "slack", TALK)
    (folder / "草缸").mkdir()
    (folder / "草缸" / "1.jsonl").write_text(chatlab(TALK[:2], "草缸"), encoding="utf-8")
    path = folder
    if packed:
        path = tmp_path / "导出.zip"
        with zipfile.ZipFile(path, "w") as into:
            for file in sorted(folder.rglob("*.json*")):
                into.write(file, file.relative_to(folder).as_posix())
    load(database, [path], zone=ZONE)
    with closing(connect(database)) as conn:
        assert set(Store(conn).groups()) == {"水族", "草缸"}
        assert Store(conn).totals().messages == len(TALK) + 2


def test_it_is_read_again_at_once_when_another_file_tells_whose_ids_it_has(
    tmp_path: Path, database: Path
) -> None:
    """Who bears the name of somebody who is forgotten is known by his id then, and comes back."""
    folder = tmp_path / "水族"
    slack(folder, [(0, "wxid_b", "小王", "换水了", None), (60, "wxid_c", "石花", "早", None)])
    rules = [*of_contact("水族", "WXID_A", words=True), *of_names("水族", ["小王"], words=True)]
    rules.append(wishes.Rule("contact", "", wishes.hashed_contact("WXID_A")))
    wishes.keep(database, rules, datetime(2024, 6, 1, tzinfo=ZONE), "WXID_A")
    load(database, [folder], zone=ZONE)
    assert "换水了" not in str(content(database)["messages"])
    more = [(DAY, "WXID_A", "小王", "喂食了", None), (DAY + 60, "WXID_C", "石花", "早啊", None)]
    (tmp_path / "later.jsonl").write_text(chatlab(more), encoding="utf-8")
    load(database, [tmp_path / "later.jsonl"], zone=ZONE)
    left = str(content(database)["messages"])
    assert "换水了" in left and "喂食了" not in left


def test_what_two_files_of_a_zip_share_stands_once(tmp_path: Path, database: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as into:
        into.writestr("1.jsonl", chatlab(TALK[:4]))
        into.writestr("2.jsonl", chatlab(TALK))
    load(database, [tmp_path / "a.zip"], zone=ZONE)
    assert len(content(database)["messages"]) == len(TALK)


def test_another_zone_is_told_though_no_file_has_changed(tmp_path: Path, database: Path) -> None:
    (tmp_path / "a.jsonl").write_text(chatlab(TALK), encoding="utf-8")
    load(database, [tmp_path / "a.jsonl"], zone=ZONE)
    with pytest.raises(LoadError, match="was loaded in the zone Asia/Shanghai"):
        load(database, [tmp_path / "a.jsonl"], zone=ZoneInfo("Asia/Tokyo"))


def test_a_chat_of_two_tools_with_and_without_seconds_stands_once(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "水族"
    folder.mkdir()
    rough = "".join(
        f"[{datetime.fromtimestamp(START + after, ZONE):%H:%M}] <{name}> {text}\n"
        for after, _, name, text, _ in TALK[:2]
    )
    (folder / "2024-05-06.log").write_text(rough, encoding="utf-8")
    load(database, [folder], zone=ZONE)
    assert len(content(database)["messages"]) == 2
    later = [(after + 7, *more) for after, *more in TALK]
    (folder / "b.jsonl").write_text(chatlab(later), encoding="utf-8")  # type: ignore[arg-type]
    load(database, [folder], zone=ZONE)
    times = [row[2] for row in content(database)["messages"]]
    assert len(times) == len(TALK) and "10:00:07" in times and "10:00:00" not in times
