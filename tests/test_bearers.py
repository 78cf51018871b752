"""A name is forgotten as somebody's: not as that of who bears it after him, or bore it before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bot.harness.group import Group
from bot.reply import texts
from bot.settings import Settings
from bot.terms import Contact
from knowledge.loading.load import load
from knowledge.store import wishes
from knowledge.store.copies import back_up
from tests.chats import ASKED, Said, day
from tests.group import said
from tests.tea import CLUB, DAY, WEEK, ZHOU, Make, archived, as_another, command, names, words
from tests.test_load import content

HEIR = Contact("wxid_heir", ZHOU)
"""Another who bears Zhou's name when he is gone."""

SAID = "我是新来的，也姓周"


def forget_all(group: Group, who: str = ZHOU) -> str:
    group.say(who, "/forget-me all")
    reply = said(group.say(who, "/forget-me all"))
    group.advance(1)
    return reply


def export(group: Group, date: str, messages: list[Said]) -> None:
    """Load an export that tells names and no contacts."""
    path = group.archive_folder / "tea" / f"{date}.md"
    path.write_text(day(date, messages), encoding="utf-8")
    group.admin("/reload")
    group.advance(1)


def inherit(group: Group) -> None:
    """Long after Zhou had all forgotten, another takes his name."""
    assert texts.FORGOTTEN_ALL in forget_all(group)
    group.advance(30 * DAY)
    as_another(group, HEIR, SAID)
    group.advance(1)


def test_who_bears_a_forgotten_name_later_is_known_by_it(known: Group) -> None:
    inherit(known)
    export(
        known,
        "2024-05-20",
        [
            ("09:00:00", ZHOU, "对账文件改到下午三点了"),
            ("09:01:00", "林一一", f"@{ZHOU}?多谢周师傅"),
        ],
    )
    assert (ZHOU, "对账文件改到下午三点了") in archived(known, "tea")
    assert ("林一一", f"@{ZHOU}?多谢周师傅") in archived(known, "tea")
    assert ASKED[1][2] not in words(known) and ASKED[2][2] not in words(known)


def test_he_is_archived_as_he_speaks_and_who_was_forgotten_is_not(make: Make) -> None:
    group = make(Settings(live=Path("live")))
    group.say(ZHOU, "早")
    group.advance(WEEK)
    inherit(group)
    group.say(ZHOU, "这一句也不记")
    (live,) = (group.folder / "live").rglob("2024-05-*.md")
    text = live.read_text(encoding="utf-8")
    assert ZHOU in text and SAID in text and "这一句也不记" not in text


def test_what_the_forgotten_says_later_stays_out_of_exports(known: Group) -> None:
    forget_all(known)
    known.advance(30 * DAY)
    known.say(ZHOU, "我还在")
    export(known, "2024-05-05", [("09:00:00", ZHOU, "出差回来了")])
    assert "出差回来了" not in words(known) and ZHOU not in names(known, "tea")


def test_what_was_said_before_another_took_the_name_stays_forgotten(known: Group) -> None:
    inherit(known)
    export(known, "2024-04-20", [("09:00:00", ZHOU, "这句是老周说的")])
    assert "这句是老周说的" not in words(known)


def test_an_undo_brings_back_the_words_of_who_bore_the_name_before(known: Group) -> None:
    before = archived(known, "tea")
    forget_all(known)
    as_another(known, HEIR, SAID)
    known.advance(5)
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.UNDONE
    known.advance(5)
    assert archived(known, "tea") == before


def test_of_a_name_that_two_bear_an_admin_has_no_more_forgotten_than_was_wished(
    known: Group,
) -> None:
    as_another(known, HEIR, "早")
    known.advance(5)
    forget_all(known)
    known.advance(DAY)
    command(known, "/wishes 1 yes", room=None)
    export(known, "2024-05-20", [("09:00:00", ZHOU, SAID)])
    assert (ZHOU, SAID) in archived(known, "tea") and ASKED[1][2] not in words(known)


def test_what_no_archive_has_yet_is_forgotten_since_the_name_was_his(make: Make) -> None:
    """An export of the month comes after the wish, and before him another bore the name."""
    group = make()
    group.say("沈知渔", "大家好")
    group.advance(WEEK)
    assert texts.FROM_NOW_ON in forget_all(group, "沈知渔")
    export(
        group,
        "2024-04-05",
        [("09:00:00", "沈知渔", "我的电话写在群公告里"), ("09:01:00", "林一一", "@沈知渔?好的")],
    )
    export(group, "2024-02-01", [("09:00:00", "沈知渔", "另一个人更早说的")])
    assert "我的电话写在群公告里" not in words(group)
    assert ("林一一", "@沈知渔?好的") not in archived(group, "tea")
    assert ("沈知渔", "另一个人更早说的") in archived(group, "tea")


def test_a_wish_that_an_older_palou_wrote_ends_likewise(known: Group) -> None:
    forget_all(known)
    file = wishes.beside(known.settings.database)
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert {len(rule) for rule in json.loads(line)["rules"]} == {3}, "as it was always written"
    known.restart()
    known.advance(DAY)
    as_another(known, HEIR, SAID)
    export(known, "2024-05-20", [("09:00:00", ZHOU, SAID)])
    assert (ZHOU, SAID) in archived(known, "tea")


def test_a_name_in_another_room_ends_nothing_here(known: Group) -> None:
    forget_all(known)
    incoming = known.say("何小满", "……", room=CLUB).incoming
    known.core.receive(replace(incoming, id="far", sender=HEIR, text="大家好"))
    export(known, "2024-05-20", [("09:00:00", ZHOU, "老周还在说")])
    assert "老周还在说" not in words(known)


def test_a_copy_of_the_database_knows_when_a_name_was_anothers(known: Group) -> None:
    backup, database = known.folder / "backup.db", known.settings.database
    forget_all(known)
    back_up(database, backup)
    as_another(known, HEIR, SAID)
    known.advance(5)
    back_up(database, backup, replace=True)
    assert wishes.read(backup) == wishes.read(database)
    export(known, "2024-05-20", [("09:00:00", ZHOU, SAID)])
    load(backup, [known.archive_folder])
    rows = content(backup)["messages"]
    assert {SAID} == {row[5] for row in rows if (row[0], row[4]) == ("tea", ZHOU)}


def test_a_wish_that_was_taken_back_comes_with_no_copy_of_a_copy(known: Group) -> None:
    database = known.settings.database
    first, second = known.folder / "first.db", known.folder / "second.db"
    forget_all(known)
    back_up(database, first)
    known.say(ZHOU, "/forget-me undo")
    back_up(database, second)
    back_up(first, second, replace=True)
    assert wishes.read(second).held == ()


def test_a_wish_that_was_taken_back_does_not_come_again_with_a_copy(known: Group) -> None:
    backup, database = known.folder / "backup.db", known.settings.database
    forget_all(known)
    back_up(database, backup)
    known.say(ZHOU, "/forget-me undo")
    known.core.close()
    back_up(backup, database, replace=True)
    load(database, [known.archive_folder])
    assert ASKED[2][2] in words(known)
    known.core = known._start()
