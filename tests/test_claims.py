"""Whose words a wish is about: of what is not proven, an admin decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.decision import Decision
from bot.harness.group import Group, contact, room
from bot.reply import texts
from bot.terms import Contact
from tests.chats import ASKED, day
from tests.group import said
from tests.tea import (
    CLUB,
    MESSAGE,
    WEEK,
    ZHOU,
    Make,
    as_another,
    command,
    names,
    words,
)


@pytest.fixture
def group(make: Make) -> Group:
    return make()


IMPOSTORS: dict[str, Callable[[Group], Contact]] = {
    "never seen before": lambda group: Contact("wxid_new", ZHOU),
    "seen a moment ago": lambda group: _seen(group, Contact("wxid_new", ZHOU)),
    "seen under another name": lambda group: _renamed(group, Contact("wxid_new", ZHOU)),
    "another spelling": lambda group: _beside(group, Contact("wxid_new", f" {ZHOU.upper()}  ")),
    "while the other is here": lambda group: _beside(group, Contact("wxid_new", ZHOU)),
}


def _seen(group: Group, who: Contact) -> Contact:
    as_another(group, who, "早")
    return who


def _renamed(group: Group, who: Contact) -> Contact:
    as_another(group, Contact(who.id, "阿新"), "早")
    group.advance(WEEK)
    as_another(group, who, "换个名字")
    group.advance(WEEK)
    return who


def _beside(group: Group, who: Contact) -> Contact:
    as_another(group, who, "早")
    group.say(ZHOU, "我才是")
    group.advance(WEEK)
    return who


@pytest.mark.parametrize("how", IMPOSTORS)
def test_who_bears_anothers_name_has_to_ask_an_admin(group: Group, how: str) -> None:
    impostor = IMPOSTORS[how](group)
    as_another(group, impostor, "/forget-me all")
    reply = said(as_another(group, impostor, "/forget-me all"))
    as_another(group, impostor, f"/forget {MESSAGE}")
    group.advance(1)
    assert texts.ADMIN_DECIDES in reply and texts.FORGOTTEN_ALL not in reply
    assert ASKED[2][2] in words(group) and ZHOU in names(group, "tea")


def test_of_two_of_one_name_neither_has_the_words_of_both_forgotten(known: Group) -> None:
    as_another(known, Contact("wxid_new", ZHOU), "早")
    known.say(ZHOU, "/forget-me all")
    assert texts.ADMIN_DECIDES in said(known.say(ZHOU, "/forget-me all"))
    assert said(known.say(ZHOU, f"/forget {MESSAGE}")) == texts.NOT_YOURS_TO_FORGET
    assert ASKED[2][2] in words(known)


def ask_admin(group: Group) -> Decision:
    group.say(ZHOU, "/forget-me all")
    return group.say(ZHOU, "/forget-me all")


def test_an_admin_is_told_and_has_a_wish_fulfilled(group: Group) -> None:
    asked = ask_admin(group)
    (told,) = (s for s in asked.sends if s.to.id == contact("管理员").id)
    assert told.room is None and ZHOU in told.text and "/wishes" in told.text
    listed = command(group, "/wishes", room=None)
    assert "tea" in listed and ZHOU in listed and listed.startswith("1. ")
    decided = group.admin("/wishes 1 yes", room=None)
    assert [(s.to.id, s.room.id if s.room else "", s.text) for s in decided.sends[1:]] == [
        (contact(ZHOU).id, room("测试群").id, texts.WISH_GRANTED)
    ]
    assert ASKED[2][2] not in words(group) and ZHOU not in names(group, "tea")
    assert command(group, "/wishes", room=None) == texts.NO_WISHES


def test_the_list_says_what_is_wanted_where_and_under_which_names(group: Group) -> None:
    ask_admin(group)
    books, *_ = (texts.SAID_THERE.format("books", 1, f"「{ZHOU}」"),)
    tea = texts.SAID_THERE.format("tea", 2, f"「{ZHOU}」")
    (wish, usage) = command(group, "/wishes", room=None).splitlines()
    assert wish in {
        texts.WANTS_WORDS.format(1, ZHOU, group.clock.now, what)
        for what in (tea, f"{books}；{tea}")
    }
    assert usage == texts.USAGE.format(COMMANDS["wishes"].usage)
    group.advance(61)
    group.say(ZHOU, "/forget-me")
    wish, _ = command(group, "/wishes", room=None).splitlines()
    assert "想去掉名字" in wish and "删掉" not in wish


def test_what_an_admin_granted_holds_for_later_exports_and_is_his_to_take_back(
    group: Group,
) -> None:
    before = words(group)
    ask_admin(group)
    command(group, "/wishes 1 yes", room=None)
    path = group.archive_folder / "tea" / "2024-04-20.md"
    path.write_text(day("2024-04-20", [("09:00:00", ZHOU, "改到下午三点了")]), encoding="utf-8")
    command(group, "/reload")
    assert "改到下午三点了" not in words(group), "nobody else bears the name"
    group.advance(3600)
    assert said(group.say(ZHOU, "/forget-me undo")) in (texts.UNDONE, texts.UNDONE_LAST)
    group.advance(1)
    assert words(group) == {*before, "改到下午三点了"}


def test_an_admin_refuses_and_nothing_is_forgotten(group: Group) -> None:
    ask_admin(group)
    decided = group.admin("/wishes 1 no", room=None)
    assert decided.sends[-1].text == texts.WISH_REFUSED
    assert ASKED[2][2] in words(group)
    assert command(group, "/wishes", room=None) == texts.NO_WISHES


@pytest.mark.parametrize("rest", ["2 yes", "0 yes", "一 yes", "1", "1 maybe", "² yes"])
def test_what_decides_on_no_wish_says_how(group: Group, rest: str) -> None:
    ask_admin(group)
    usage = texts.USAGE.format(COMMANDS["wishes"].usage)
    assert command(group, f"/wishes {rest}", room=None) == usage
    assert ASKED[2][2] in words(group)


def test_a_wish_keeps_its_number_when_another_was_decided_on(group: Group) -> None:
    ask_admin(group)
    for _ in range(2):
        as_another(group, Contact("wxid_new", "林一一"), "/forget-me all")
    first, second = command(group, "/wishes", room=None).splitlines()[:2]
    assert (
        "（04-01 09:00）" in first
        and first.startswith("1. ")
        and second.startswith("2. ")
        and "林一一" in second
    )
    command(group, "/wishes 1 no", room=None)
    assert command(group, "/wishes", room=None).startswith("2. ")
    assert command(group, "/wishes 1 yes", room=None).startswith("用法")
    command(group, "/wishes 2 no", room=None)
    group.advance(61)
    ask_admin(group)
    assert command(group, "/wishes", room=None).startswith("3. "), "no number stands for two"
    assert ASKED[2][2] in words(group)


def test_nobody_but_an_admin_decides(group: Group) -> None:
    ask_admin(group)
    assert said(group.say(ZHOU, "/wishes 1 yes")) == texts.REFUSED
    assert ASKED[2][2] in words(group)


def test_a_wish_for_an_admin_outlives_a_restart(group: Group) -> None:
    ask_admin(group)
    group.restart()
    command(group, "/wishes 1 yes", room=None)
    assert ASKED[2][2] not in words(group)


def test_a_stranger_who_writes_privately_learns_nothing_of_the_archive(group: Group) -> None:
    there, nowhere = (
        [said(group.say(who, "/forget-me all", room=None)) for _ in range(2)]
        for who in (ZHOU, "李四方")
    )
    assert there[0] == nowhere[0] == f"{texts.NEVER_SEEN}\n{texts.SURE_TO_FORGET}"
    assert texts.NEVER_SEEN in there[1] and "tea" not in "".join(there)
    assert ASKED[2][2] in words(group)
    command(group, "/wishes 1 yes", room=None)
    assert ASKED[2][2] not in words(group)


def test_nobody_forgets_a_message_of_a_group_that_he_was_not_seen_in(group: Group) -> None:
    who = Contact("wxid_new", ZHOU)
    incoming = replace(group.say("何小满", "……").incoming, sender=who, room=room(CLUB))
    group.core.receive(replace(incoming, id="x1", text="早"))
    group.advance(WEEK)
    later = day("2024-04-20", [("10:00:00", ZHOU, "后来说的")])
    (group.archive_folder / "tea" / "2024-04-20.md").write_text(later, encoding="utf-8")
    group.admin("/reload")
    group.advance(1)
    asked = replace(incoming, id="x2", text="/forget tea-20240420-100000")
    assert said(group.core.receive(asked)) == texts.NOT_YOURS_TO_FORGET
    assert "后来说的" in words(group)


def test_a_wish_makes_nobody_a_newcomer(group: Group) -> None:
    """Who took a name lately cannot have it forgotten that he was here before under another."""
    for text in ("早", "/forget-me", "/forget-me undo"):
        as_another(group, Contact("wxid_new", "阿新"), text)
    as_another(group, Contact("wxid_new", ZHOU), "改名了")
    group.advance(WEEK)
    for _ in range(2):
        reply = said(as_another(group, Contact("wxid_new", ZHOU), "/forget-me all"))
    group.advance(1)
    assert texts.ADMIN_DECIDES in reply and ASKED[2][2] in words(group)


def test_the_name_of_who_was_forgotten_is_not_free_for_others(known: Group) -> None:
    known.say(ZHOU, "/forget-me")
    known.say(ZHOU, "/forget-me undo")
    as_another(known, Contact("wxid_new", ZHOU), "早")
    known.advance(WEEK)
    for _ in range(2):
        reply = said(as_another(known, Contact("wxid_new", ZHOU), "/forget-me all"))
    known.advance(1)
    assert texts.ADMIN_DECIDES in reply and ASKED[2][2] in words(known)
