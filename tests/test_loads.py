"""Loads that are wanted while the bot runs: who is told what, and what is applied when."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.reply import texts
from bot.settings import Settings
from tests.chats import ASKED
from tests.group import said
from tests.tea import ZHOU, Make, archived, command


def test_who_wanted_a_load_is_told_how_it_ended(make: Make) -> None:
    group = make(loading=30)
    assert command(group, "/reload") == texts.RELOADING
    assert command(group, "/reload") == texts.ALREADY_RELOADING
    assert group.advance(29) == []
    (done,) = group.advance(1)
    assert str(done.reason) == "reload: done"
    assert said(done).startswith("归档已重新读入：新 0、变 0、删 0、未变 4 个文件")
    assert len(said(done).splitlines()) == 1
    assert group.advance(300) == [], "it is said once"
    assert command(group, "/reload") == texts.RELOADING
    assert [str(d.reason) for d in group.advance(30)] == ["reload: done"]


def test_a_load_that_failed_is_told_so_and_changes_no_synonyms(make: Make, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("拉流水的钟点 => 对账文件每天几点能下载\n", encoding="utf-8")
    group = make(Settings(synonyms=words))
    words.write_text("没有规则\n", encoding="utf-8")
    group.archive_folder.rename(group.folder / "moved")
    group.admin("/reload")
    _, failed = group.last().decisions
    assert str(failed.reason) == "reload: failed"
    (line,) = said(failed).splitlines()
    assert line.startswith(texts.NOT_RELOADED.format("")) and "cannot be read" in line
    (group.folder / "moved").rename(group.archive_folder)
    group.admin("/reload")
    _, done = group.last().decisions
    report, trouble = said(done).splitlines()
    assert report.startswith("归档已重新读入")
    assert trouble.startswith(texts.NO_SYNONYMS.format("")) and "words.txt, line 1" in trouble
    assert str(group.ask("林一一", "拉流水的钟点").reason) == "answered"


def test_what_is_wished_during_a_load_is_applied_by_one_more(make: Make) -> None:
    group = make(loading=30)
    group.admin("/reload")
    group.advance(10)
    group.admin("/forget tea-20240301-090330")
    assert (ZHOU, ASKED[2][2]) in archived(group, "tea"), "the load that is under way read it"
    (done,) = group.advance(20)
    assert str(done.reason) == "reload: done"
    assert command(group, "/status").endswith(texts.STATUS_LOADING)
    assert group.advance(30) == [], "nobody asked for that one"
    assert ASKED[2][2] not in [text for _, text in archived(group, "tea")]
    assert not command(group, "/status").endswith(texts.STATUS_LOADING)


def test_what_is_wished_else_is_applied_at_once_and_nobody_told(make: Make) -> None:
    group = make(loading=30)
    group.admin("/forget tea-20240301-090330")
    assert command(group, "/status").endswith(texts.STATUS_LOADING)
    assert group.advance(30) == []
    assert ASKED[2][2] not in [text for _, text in archived(group, "tea")]
    assert not command(group, "/status").endswith(texts.STATUS_LOADING)


def test_who_wants_a_load_while_a_wish_is_applied_is_told_too(make: Make) -> None:
    group = make(loading=30)
    group.admin("/forget tea-20240301-090330")
    assert command(group, "/reload") == texts.ALREADY_RELOADING
    (done,) = group.advance(30)
    assert said(done).startswith("归档已重新读入")


def test_a_database_that_cannot_be_opened_after_a_load_leaves_the_old_knowledge(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make(loading=30)
    database = group.settings.database

    def load() -> str:
        database.with_name("garbage").write_bytes(b"garbage" * 999)
        os.replace(database.with_name("garbage"), database)
        return "read"

    monkeypatch.setattr(group._reloader, "_load", load)
    group.admin("/reload")
    (failed,) = group.advance(30)
    assert str(failed.reason) == "reload: failed" and "palou backup" in said(failed)
    assert str(group.ask("林一一", ASKED[0][2]).reason) == "answered"
