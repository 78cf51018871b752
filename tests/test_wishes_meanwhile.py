"""Wishes that are given, or taken back, while a load is under way, or while something breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from bot.asking import Asking
from bot.harness.group import Group
from bot.reply import texts
from knowledge.errors import StoreError
from knowledge.loading.load import load
from knowledge.loading.relink import relink
from knowledge.store.copies import back_up
from knowledge.store.outputs import BACKUP, note
from tests.chats import ASKED
from tests.group import said
from tests.tea import QUESTION, WEEK, ZHOU, Make, archived, names, words
from tests.test_load import content

WORDS = ASKED[2][2]


@pytest.fixture
def slow(make: Make) -> Group:
    """A group whose loads take ten seconds, in which Zhou is known."""
    group = make(loading=10)
    group.say(ZHOU, "早")
    group.advance(WEEK)
    return group


def forget_all(group: Group) -> str:
    group.say(ZHOU, "/forget-me all")
    return said(group.say(ZHOU, "/forget-me all"))


def within_a_load(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something when the next load has taken over all wishes and read all files."""
    done: list[str] = []

    def and_act(*given: Any) -> None:
        if not done:
            done.append("")
            act()
        relink(*given)

    monkeypatch.setattr("knowledge.loading.load.relink", and_act)


def test_a_wish_that_is_taken_back_before_the_load_for_it_ends_leaves_no_trace(
    slow: Group,
) -> None:
    before = archived(slow, "tea")
    assert texts.FORGOTTEN_ALL in forget_all(slow)
    slow.advance(5)
    assert said(slow.say(ZHOU, "/forget-me undo")) == texts.UNDONE
    assert WORDS in said(slow.ask("林一一", QUESTION))
    slow.advance(60)
    assert archived(slow, "tea") == before and WORDS in said(slow.ask("林一一", QUESTION))


def test_a_wish_that_is_taken_back_while_a_load_applies_it_comes_back_by_the_next(
    slow: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archived(slow, "tea")
    forget_all(slow)
    within_a_load(monkeypatch, lambda: slow.say(ZHOU, "/forget-me undo"))
    slow.advance(60)
    assert archived(slow, "tea") == before and WORDS in said(slow.ask("林一一", QUESTION))


def test_a_wish_that_comes_while_a_load_is_at_work_holds_at_once_and_after_it(
    slow: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow.admin("/reload")
    replies: list[str] = []

    def wish() -> None:
        replies.append(forget_all(slow))
        replies.append(said(slow.ask("林一一", QUESTION)))

    monkeypatch.setattr(
        "knowledge.loading.load.version", lambda: "another"
    )  # so that there is something to do
    within_a_load(monkeypatch, wish)
    slow.advance(10)
    assert texts.FORGOTTEN_ALL in replies[0] and WORDS not in replies[1]
    assert WORDS not in said(slow.ask("何小满", QUESTION))
    slow.advance(60)
    assert WORDS not in words(slow) and ZHOU not in names(slow, "tea")


def test_wished_taken_back_and_wished_again_within_one_load_is_forgotten(
    slow: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_all(slow)

    def waver() -> None:
        slow.say(ZHOU, "/forget-me undo")
        assert texts.FORGOTTEN_ALL in forget_all(slow)

    within_a_load(monkeypatch, waver)
    slow.advance(60)
    assert WORDS not in words(slow) and ZHOU not in names(slow, "tea")


def test_a_backup_that_lost_what_was_taken_back_has_it_again_with_its_archive(
    slow: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = slow.folder / "backup.db"
    back_up(slow.settings.database, backup)
    note(slow.settings.database, backup, BACKUP)
    forget_all(slow)
    within_a_load(monkeypatch, lambda: slow.say(ZHOU, "/forget-me undo"))
    slow.advance(60)
    load(backup, [slow.archive_folder])
    said_there = [(row[4], row[5]) for row in content(backup)["messages"] if row[0] == "tea"]
    assert said_there == archived(slow, "tea")


@pytest.mark.parametrize(
    "error", [StoreError("gone"), sqlite3.OperationalError("disk I/O error")], ids=str
)
def test_what_is_said_to_be_forgotten_is_though_the_knowledge_cannot_be_opened_anew(
    slow: Group, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    assert WORDS in said(slow.ask("林一一", QUESTION))

    def broken(asking: Asking) -> str:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Asking, "refresh", broken)
        assert texts.FORGOTTEN_ALL in forget_all(slow)
        for asked in (QUESTION, "更多"):
            assert WORDS not in said(slow.ask("林一一", asked))
        slow.say(ZHOU, "这句不记")
    slow.advance(60)
    assert WORDS not in words(slow) and ZHOU not in names(slow, "tea")
