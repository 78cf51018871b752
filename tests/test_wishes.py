"""Wishes to be forgotten, given in a chat: whose they are, where they hold, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.harness.group import Group, room
from bot.reply import texts
from bot.settings import Settings
from tests.chats import ASKED
from tests.group import said
from tests.tea import BOOKS, CLUB, QUESTION, UNKNOWN, ZHOU, Make, archived, command


@pytest.fixture
def group(make: Make) -> Group:
    return make()


@pytest.mark.parametrize(
    ("cited", "answer"),
    [
        ("", texts.USAGE.format(COMMANDS["forget"].usage)),
        ("昨天那句", texts.USAGE.format(COMMANDS["forget"].usage)),
        ("tea-20240301-235959", texts.NO_SUCH_MESSAGE),
        ("nowhere-20240301-090000", texts.NO_SUCH_MESSAGE),
        ("tea-20240301-090300", texts.FORGOTTEN.format("tea-20240301-090300")),
    ],
)
def test_what_is_said_to_a_wish_about_one_message(group: Group, cited: str, answer: str) -> None:
    assert command(group, f"/forget {cited}") == answer


def test_only_admins_and_who_said_it_have_a_message_forgotten(group: Group) -> None:
    wish = "/forget tea-20240301-090300"
    assert said(group.say("何小满", wish)) == texts.NOT_YOURS_TO_FORGET
    assert (ZHOU, ASKED[1][2]) in archived(group, "tea")
    group.say(ZHOU, "早")
    assert said(group.say(ZHOU, wish)) == texts.FORGOTTEN.format("tea-20240301-090300")
    assert ASKED[1][2] not in [text for _, text in archived(group, "tea")]
    assert ASKED[2][2] in [text for _, text in archived(group, "tea")]


def test_a_member_is_forgotten_where_he_was_seen_and_nowhere_else(group: Group) -> None:
    group.say(ZHOU, "早", room=CLUB)
    wish = group.say(ZHOU, "/forget-me", room=None)
    assert said(wish) == texts.FORGOTTEN_NAME.format("一位群友")
    names = {of: {name for name, _ in archived(group, of)} for of in ("tea", "books", CLUB)}
    assert ZHOU not in names[CLUB] and "一位群友" in names[CLUB]
    assert ZHOU in names["tea"] and ZHOU in names["books"]


def test_a_room_whose_name_is_not_known_any_more_is_known_by_its_id(group: Group) -> None:
    group.say(ZHOU, "早", room=CLUB)
    group.restart()
    group.say(ZHOU, "/forget-me", room=None)
    by_id = {name for name, _ in archived(group, room(CLUB).id)}
    assert ZHOU not in by_id and "一位群友" in by_id


def test_a_room_answers_from_all_its_groups_and_all_of_them_forget(group: Group) -> None:
    group.say(ZHOU, "早", room=BOOKS)
    group.say(ZHOU, "/forget-me", room=BOOKS)
    for of in ("tea", "books"):
        assert ZHOU not in {name for name, _ in archived(group, of)}


@pytest.mark.parametrize("all_of_it", ["all", "ALL", "全部"])
def test_with_all_his_words_are_forgotten_too(group: Group, all_of_it: str) -> None:
    group.say(ZHOU, "早")
    assert said(group.say(ZHOU, f"/forget-me {all_of_it}")) == texts.FORGOTTEN_ALL
    said_there = archived(group, "tea")
    assert ("一位群友", "") in said_there and ("林一一", QUESTION) in said_there
    assert ASKED[2][2] not in [text for _, text in said_there]


def test_what_he_asked_is_forgotten_and_what_others_asked_is_not(group: Group) -> None:
    group.ask(ZHOU, UNKNOWN)
    group.ask("何小满", "龙井要用几度的水泡？")
    assert UNKNOWN in command(group, "/unanswered")
    group.say(ZHOU, "/forget-me")
    listed = command(group, "/unanswered")
    assert UNKNOWN not in listed and "龙井" in listed


def test_two_of_one_name_are_not_forgotten_by_themselves(make: Make) -> None:
    group = make()
    group.say(ZHOU, "早")
    group.core.record.see(room(BOOKS).id, "id-冒名", ZHOU)
    before = archived(group, "tea")
    assert said(group.say(ZHOU, "/forget-me")) == texts.NAME_OF_ANOTHER
    assert said(group.say(ZHOU, "/forget tea-20240301-090300")) == texts.NOT_YOURS_TO_FORGET
    assert archived(group, "tea") == before
    assert command(group, "/forget tea-20240301-090300") != texts.NOT_YOURS_TO_FORGET


def test_who_is_forgotten_is_archived_as_somebody_from_then_on(make: Make) -> None:
    group = make(Settings(live=Path("live")))
    group.say(ZHOU, "记我的名字")
    group.say(ZHOU, "/forget-me")
    group.say(ZHOU, "不记我的名字")
    group.say("林一一", f"@{ZHOU}?早")
    (live,) = (group.folder / "live").rglob("*.md")
    text = live.read_text(encoding="utf-8")
    assert text.index(ZHOU) < text.index("不记我的名字") and text.count(ZHOU) == 1
    assert text.count("一位群友") == 2
    group.say(ZHOU, "/forget-me all")
    group.say(ZHOU, "这一句也不记")
    assert "这一句也不记" not in live.read_text(encoding="utf-8")
