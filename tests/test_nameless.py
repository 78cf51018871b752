"""All that somebody said goes, also what the bot archived itself after his name had gone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.harness.group import Group
from bot.reply import texts
from bot.settings import Settings
from knowledge.store.forget import in_force
from knowledge.store.schema import connect
from tests.chats import day
from tests.group import said
from tests.tea import DAY, WEEK, ZHOU, Make, archived, names, words

BEFORE, AFTER, OTHERS = "改名以前说的一句", "去掉名字以后说的一句", "别人说的一句"


@pytest.fixture
def nameless(make: Make) -> Group:
    """A group that archives what is said, in which two had their names forgotten long ago."""
    group = make(Settings(live=Path("live")), loading=1)
    for who in (ZHOU, "何小满"):
        group.say(who, "早")
    group.advance(WEEK)
    group.say(ZHOU, BEFORE)
    group.advance(60)
    group.say("何小满", OTHERS)
    group.advance(60)
    for who in (ZHOU, "何小满"):
        group.say(who, "/forget-me")
    group.advance(60)
    group.say(ZHOU, AFTER)
    group.advance(60)
    group.say("何小满", OTHERS)
    group.advance(DAY + 60)
    group.say("林一一", "早")
    assert not {ZHOU, "何小满"} & names(group, "tea") and ZHOU not in live(group)
    return group


def live(group: Group) -> str:
    return "".join(p.read_text(encoding="utf-8") for p in (group.folder / "live").rglob("*.md"))


def forget_all(group: Group) -> str:
    group.say(ZHOU, "/forget-me all")
    return said(group.say(ZHOU, "/forget-me all"))


def load(group: Group) -> None:
    group.admin("/reload")
    group.advance(5)


def test_what_the_bots_own_files_have_of_him_goes(nameless: Group) -> None:
    load(nameless)
    assert {BEFORE, AFTER} <= words(nameless)
    assert texts.FORGOTTEN_ALL in forget_all(nameless)
    load(nameless)
    assert not {BEFORE, AFTER} & words(nameless)
    nameless.advance(DAY)
    assert BEFORE not in live(nameless) and AFTER not in live(nameless)


def test_none_of_it_is_told_before_a_load_and_what_stays_is_after_it(nameless: Group) -> None:
    load(nameless)
    forget_all(nameless)

    def told(text: str) -> str:
        with closing(connect(nameless.settings.database)) as conn:
            return in_force(conn).masked("tea", "tea-20240409-090000", "一位群友", text)[1]

    assert told(BEFORE) == ""
    load(nameless)
    assert told("导出里有他的名字") == "导出里有他的名字"


def test_what_others_quoted_of_him_without_a_name_goes_too(nameless: Group) -> None:
    nameless.say("林一一", f"「{ZHOU}：{AFTER}」\n- - - - - - - - - - - - - - -\n说得对")
    assert f"「一位群友：{AFTER}」" in live(nameless)
    forget_all(nameless)
    load(nameless)
    assert not any(AFTER in text for text in words(nameless)) and "说得对" in words(nameless)
    nameless.advance(DAY)
    assert AFTER not in live(nameless) and "说得对" in live(nameless)


def test_what_another_says_without_a_name_later_stays(nameless: Group) -> None:
    """Of what was said before the wish, nobody knows whose it is."""
    forget_all(nameless)
    nameless.advance(60)
    nameless.say("何小满", "后来说的")
    load(nameless)
    nameless.advance(DAY)
    load(nameless)
    assert ("一位群友", "后来说的") in archived(nameless, "tea") and "后来说的" in live(nameless)


def test_what_an_export_tells_of_another_stays(nameless: Group) -> None:
    said_then = day("2024-04-09", [("09:00:00", "何小满", "导出里有我的名字")])
    (nameless.archive_folder / "tea" / "2024-04-09.md").write_text(said_then, encoding="utf-8")
    load(nameless)
    forget_all(nameless)
    load(nameless)
    assert ("一位群友", "导出里有我的名字") in archived(nameless, "tea")


def test_name_and_then_all_at_once_takes_nothing_of_others(make: Make) -> None:
    """The bot's files have his name still, for a day: his words are told by it."""
    group = make(Settings(live=Path("live")), loading=1)
    for who in (ZHOU, "何小满"):
        group.say(who, "早")
    group.advance(WEEK)
    group.say("何小满", "/forget-me")
    group.say("何小满", OTHERS)
    group.say(ZHOU, BEFORE)
    group.advance(3600)
    group.say(ZHOU, "/forget-me")
    group.say(ZHOU, AFTER)
    group.advance(60)
    assert texts.FORGOTTEN_ALL in forget_all(group)
    load(group)
    assert not {BEFORE, AFTER} & words(group) and ("一位群友", OTHERS) in archived(group, "tea")
    group.advance(DAY)
    assert OTHERS in live(group) and BEFORE not in live(group) and AFTER not in live(group)


def test_who_wants_all_forgotten_twice_takes_nothing_more_of_others(nameless: Group) -> None:
    forget_all(nameless)
    nameless.advance(60)
    nameless.say("何小满", "后来说的")
    nameless.advance(60)
    forget_all(nameless)
    load(nameless)
    assert ("一位群友", "后来说的") in archived(nameless, "tea")


def test_an_undo_brings_them_back(nameless: Group) -> None:
    load(nameless)
    before = archived(nameless, "tea")
    forget_all(nameless)
    load(nameless)
    nameless.say(ZHOU, "/forget-me undo")
    load(nameless)
    assert archived(nameless, "tea") == before
