"""Wishes about words that stand in the live archive alone, as no load has read them yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.harness.group import ADMIN, Group, contact
from bot.reply import texts
from bot.settings import Settings
from bot.terms import Contact
from tests.group import said
from tests.tea import Make, archived, as_another, command, words

NAME = "沈知渔"
OWN = "我的号码是群公告里那个"
OTHERS = "我也叫这个名字"
TWIN = Contact("wxid_twin", NAME)


@pytest.fixture
def live(make: Make) -> Group:
    """A group that archives what is said, in which somebody speaks who is in no archive yet."""
    group = make(Settings(live=Path("live")))
    group.say(NAME, OWN)
    group.say(NAME, "还有一句")
    return group


def forget_all(group: Group, room: str | None = "测试群") -> list[str]:
    return [said(group.say(NAME, "/forget-me all", room=room)) for _ in range(2)]


def test_he_is_told_of_them_and_they_never_come_into_the_archive(live: Group) -> None:
    asked, done = forget_all(live)
    assert texts.YOU_SAID.format("tea", 2, f"「{NAME}」") in asked
    assert texts.FORGOTTEN_ALL in done
    live.admin("/reload")
    live.advance(5)
    assert OWN not in words(live) and ("一位群友", "") in archived(live, "tea")


def test_of_two_of_one_name_an_admin_decides_before_they_are_loaded(live: Group) -> None:
    as_another(live, TWIN, OTHERS)
    asked, done = forget_all(live)
    assert texts.YOU_SAID.format("tea", 3, f"「{NAME}」") in asked
    assert texts.ADMIN_DECIDES in done and texts.FORGOTTEN_ALL not in done
    notice = live.last().decision.sends[-1]
    assert notice.to.id == contact(ADMIN).id and NAME in notice.text
    assert f"tea 里 3 条，以「{NAME}」之名" in command(live, "/wishes", room=None)
    command(live, "/wishes 1 yes", room=None)
    live.advance(5)
    assert OWN not in words(live)


def test_who_is_refused_finds_them_in_the_archive(live: Group) -> None:
    as_another(live, TWIN, OTHERS)
    forget_all(live)
    command(live, "/wishes 1 no", room=None)
    live.admin("/reload")
    live.advance(5)
    assert (NAME, OWN) in archived(live, "tea") and (NAME, OTHERS) in archived(live, "tea")


def test_what_was_loaded_and_what_was_not_are_counted_once_each(live: Group) -> None:
    live.admin("/reload")
    live.advance(5)
    live.say(NAME, "读入以后说的")
    asked, _ = forget_all(live)
    assert texts.YOU_SAID.format("tea", 3, f"「{NAME}」") in asked


def test_a_stranger_has_an_admin_decide_on_them_too(make: Make) -> None:
    group = make(Settings(live=Path("live")))
    as_another(group, TWIN, OTHERS)
    assert forget_all(group, room=None)[1].startswith(texts.NEVER_SEEN)
    assert f"tea 里 1 条，以「{NAME}」之名" in command(group, "/wishes", room=None)
