"""Wishes to be forgotten, given in a chat: whose they are, where they hold, and what is said."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.harness.group import Group, contact, room
from bot.reasons import Why
from bot.reply import texts
from bot.settings import Settings
from bot.terms import Contact, Room
from knowledge.loading.load import load
from knowledge.store import wishes
from knowledge.store.copies import back_up
from knowledge.store.schema import connect
from tests.chats import ASKED
from tests.group import said
from tests.tea import (
    BOOKS,
    CLUB,
    DAY,
    MESSAGE,
    QUESTION,
    UNKNOWN,
    WEEK,
    ZHOU,
    Make,
    archived,
    as_another,
    command,
    names,
    words,
)


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
        (MESSAGE, texts.FORGOTTEN.format(MESSAGE)),
    ],
)
def test_what_is_said_to_a_wish_about_one_message(group: Group, cited: str, answer: str) -> None:
    assert command(group, f"/forget {cited}") == answer


def test_a_stranger_does_not_learn_whether_a_message_is_there(group: Group) -> None:
    for cited in (MESSAGE, "tea-20240301-235959", "nowhere-20240301-090000"):
        assert said(group.say("何小满", f"/forget {cited}")) == texts.NOT_YOURS_TO_FORGET
    assert (ZHOU, ASKED[1][2]) in archived(group, "tea")


def test_who_said_a_message_has_it_forgotten(known: Group) -> None:
    assert said(known.say(ZHOU, f"/forget {MESSAGE}")) == texts.FORGOTTEN.format(MESSAGE)
    assert ASKED[1][2] not in words(known) and ASKED[2][2] in words(known)


def test_a_member_is_forgotten_where_he_was_seen_and_nowhere_else(group: Group) -> None:
    group.say(ZHOU, "早", room=CLUB)
    group.advance(WEEK)
    wish = said(group.say(ZHOU, "/forget-me", room=None))
    assert wish.endswith(texts.FORGOTTEN_NAME.format("一位群友"))
    assert ZHOU not in names(group, CLUB) and "一位群友" in names(group, CLUB)
    assert ZHOU in names(group, "tea") and ZHOU in names(group, "books")


def test_a_room_is_known_by_its_topic_after_a_restart_too(group: Group) -> None:
    group.say(ZHOU, "早", room=CLUB)
    group.advance(WEEK)
    group.restart()
    group.say(ZHOU, "/forget-me", room=None)
    group.advance(1)
    for of in (CLUB, room(CLUB).id):
        assert ZHOU not in names(group, of) and "一位群友" in names(group, of)


def test_a_room_answers_from_all_its_groups_and_all_of_them_forget(group: Group) -> None:
    group.say(ZHOU, "早", room=BOOKS)
    group.advance(WEEK)
    group.say(ZHOU, "/forget-me", room=BOOKS)
    for of in ("tea", "books"):
        assert ZHOU not in names(group, of)


def test_a_room_does_not_learn_of_others_that_somebody_is_in(known: Group) -> None:
    known.say(ZHOU, "早", room=CLUB)
    in_the_room = said(known.say(ZHOU, "/forget-me all"))
    assert "tea" in in_the_room and CLUB not in in_the_room
    known.advance(3600)
    assert CLUB in said(known.say(ZHOU, "/forget-me all", room=None))


@pytest.mark.parametrize("all_of_it", ["all", "ALL", "全部"])
def test_all_is_erased_when_it_was_said_twice(known: Group, all_of_it: str) -> None:
    first = said(known.say(ZHOU, f"/forget-me {all_of_it}"))
    count = sum(name == ZHOU for name, _ in archived(known, "tea"))
    assert first == "\n".join([
        texts.YOU_SAID.format("tea", count, f"「{ZHOU}」"),
        texts.SURE_TO_FORGET,
    ])  # fmt: skip
    assert ASKED[2][2] in words(known)
    second = said(known.say(ZHOU, f"/forget-me {all_of_it}"))
    assert second.endswith(texts.FORGOTTEN_ALL)
    assert ("一位群友", "") in archived(known, "tea") and ("林一一", QUESTION) in archived(
        known, "tea"
    )
    assert ASKED[2][2] not in words(known)


def test_who_says_all_again_much_later_is_asked_anew(known: Group) -> None:
    known.say(ZHOU, "/forget-me all")
    known.advance(3600)
    assert texts.SURE_TO_FORGET in said(known.say(ZHOU, "/forget-me all"))
    assert ASKED[2][2] in words(known)


@pytest.mark.parametrize("where", ["测试群", None], ids=["in the room", "privately"])
def test_first_the_name_and_then_all_forgets_the_words_too(known: Group, where: str | None) -> None:
    known.say(ZHOU, "/forget-me", room=where)
    assert ZHOU not in names(known, "tea") and ASKED[2][2] in words(known)
    known.say(ZHOU, "/forget-me all", room=where)
    assert texts.FORGOTTEN_ALL in said(known.say(ZHOU, "/forget-me all", room=where))
    assert ASKED[2][2] not in words(known)


def test_who_speaks_first_while_a_load_holds_the_lock_is_known_all_the_same(make: Make) -> None:
    """That he was seen cannot be written then; what he wishes is kept, and applied afterwards."""
    group = make()
    with closing(sqlite3.connect(group.settings.database, isolation_level=None)) as loading:
        loading.execute("begin immediate")
        group.say(ZHOU, "早")
        asked = said(group.say(ZHOU, "/forget-me"))
        loading.execute("rollback")
    assert texts.NEVER_SEEN not in asked and texts.ADMIN_DECIDES not in asked
    group.advance(5)
    assert ZHOU in names(group, "tea"), "nothing was said to be gone, and an admin decides"
    group.say(ZHOU, "早上好")
    group.advance(5)
    group.say(ZHOU, "/forget-me")
    assert ZHOU in command(group, "/wishes", room=None)


def test_words_under_an_earlier_nickname_are_forgotten_as_well(known: Group) -> None:
    me = contact(ZHOU).id
    as_another(known, Contact(me, "大山出海"), "我改名了")
    for _ in range(2):
        reply = as_another(known, Contact(me, "大山出海"), "/forget-me all")
    assert texts.FORGOTTEN_ALL in said(reply)
    known.advance(1)
    assert ASKED[2][2] not in words(known)


def test_nothing_is_said_to_be_gone_that_was_not_there(group: Group) -> None:
    reply = said(group.say("李四方", "/forget-me"))
    assert reply == f"{texts.NOTHING_OF_YOU}\n{texts.FROM_NOW_ON}"


def test_a_wish_can_be_taken_back_for_a_day(known: Group) -> None:
    before = archived(known, "tea")
    for _ in range(2):
        known.say(ZHOU, "/forget-me all")
    assert archived(known, "tea") != before
    assert said(known.say("林一一", "/forget-me undo")) == texts.NOTHING_TO_UNDO
    known.advance(DAY - 60)
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.UNDONE
    assert archived(known, "tea") == before
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.NOTHING_TO_UNDO


@pytest.mark.parametrize("loaded", [0, 5], ids=["before a load", "after one"])
def test_an_undo_after_name_and_then_all_brings_back_both(known: Group, loaded: int) -> None:
    before = archived(known, "tea")
    for text in ("/forget-me", "/forget-me all", "/forget-me all"):
        known.say(ZHOU, text)
        known.advance(loaded)
    assert archived(known, "tea") != before
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.UNDONE
    known.advance(5)
    assert archived(known, "tea") == before
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.NOTHING_TO_UNDO


def test_a_name_that_went_more_than_a_day_before_stays_away_and_he_is_told(known: Group) -> None:
    known.say(ZHOU, "/forget-me")
    known.advance(DAY + 5)
    nameless = archived(known, "tea")
    for _ in range(2):
        known.say(ZHOU, "/forget-me all")
    known.advance(5)
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.UNDONE_LAST
    known.advance(5)
    assert archived(known, "tea") == nameless and ZHOU not in names(known, "tea")


def test_of_two_wishes_for_all_the_last_is_taken_back(known: Group) -> None:
    for _ in range(4):
        known.say(ZHOU, "/forget-me all")
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.UNDONE_LAST
    known.advance(5)
    assert ASKED[2][2] not in words(known)
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.UNDONE
    known.advance(5)
    assert ASKED[2][2] in words(known)


def test_after_a_day_it_cannot(known: Group) -> None:
    known.say(ZHOU, "/forget-me")
    known.advance(DAY + 1)
    assert said(known.say(ZHOU, "/forget-me undo")) == texts.NOTHING_TO_UNDO
    assert ZHOU not in names(known, "tea")


def test_an_admin_takes_back_a_message_that_he_had_forgotten(group: Group) -> None:
    command(group, f"/forget {MESSAGE}")
    assert ASKED[1][2] not in words(group)
    assert command(group, "/forget-me undo") == texts.UNDONE
    assert ASKED[1][2] in words(group)


def test_what_he_asked_is_forgotten_and_what_others_asked_is_not(group: Group) -> None:
    group.ask(ZHOU, UNKNOWN)
    group.ask("何小满", "龙井要用几度的水泡？")
    assert UNKNOWN in command(group, "/unanswered")
    group.say(ZHOU, "/forget-me")
    listed = command(group, "/unanswered")
    assert UNKNOWN not in listed and "龙井" in listed


def test_a_last_reply_shows_nothing_that_was_forgotten_since(known: Group) -> None:
    known.ask("林一一", QUESTION)
    command(known, f"/forget {MESSAGE}")
    for said_on in ("更多", "出处", "1"):
        assert ASKED[1][2] not in said(known.say("林一一", said_on, mentioned=True))


def test_a_held_question_is_not_answered_with_what_was_forgotten_since(make: Make) -> None:
    group = make(mode="ambient")
    held = group.say("林一一", QUESTION)
    assert str(held.reason).startswith("held")
    command(group, f"/forget {MESSAGE}")
    replies = [said(d) for d in group.advance(60)]
    assert all(ASKED[1][2] not in reply for reply in replies)


def test_a_wish_that_cannot_be_written_is_not_said_to_be_kept(
    known: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archived(known, "tea")
    full = Path(known.folder) / "nowhere" / "palou.db"
    monkeypatch.setattr("knowledge.store.wishes.beside", lambda database: Path(f"{full}.forgotten"))
    reply = said(known.say(ZHOU, "/forget-me"))
    assert reply.endswith(texts.NOT_KEPT) and "好，" not in reply
    assert archived(known, "tea") == before


def test_a_wish_holds_for_a_database_that_is_made_anew(known: Group) -> None:
    for _ in range(2):
        known.say(ZHOU, "/forget-me all")
    known.restart()
    known.settings.database.unlink()
    load(known.settings.database, [known.archive_folder])
    assert ASKED[2][2] not in words(known) and ZHOU not in names(known, "tea")


def test_who_is_forgotten_is_archived_as_somebody_from_then_on(make: Make) -> None:
    group = make(Settings(live=Path("live")))
    group.say(ZHOU, "记我的名字")
    group.say(ZHOU, "/forget-me")
    group.say(ZHOU, "不记我的名字")
    as_another(group, Contact(contact(ZHOU).id, "又一个名字"), "换了名字也不记")
    (live,) = (group.folder / "live").rglob("*.md")
    text = live.read_text(encoding="utf-8")
    assert text.index(ZHOU) < text.index("不记我的名字") and text.count(ZHOU) == 1
    assert text.count("一位群友") == 2 and "又一个名字" not in text
    for _ in range(2):
        group.say(ZHOU, "/forget-me all")
    group.say(ZHOU, "这一句也不记")
    assert "这一句也不记" not in live.read_text(encoding="utf-8")


def test_the_name_of_who_is_forgotten_is_not_written_down_again(known: Group) -> None:
    known.say(ZHOU, "/forget-me")
    known.say(ZHOU, "早上好")
    known.ask("林一一", f"@{ZHOU} {UNKNOWN}")
    known.restart()
    with closing(connect(known.settings.database)) as conn:
        written = conn.execute("select name from seen union select text from questions").fetchall()
    assert not any(ZHOU in text for (text,) in written)
    assert any("一位群友" in text for (text,) in written)


HALF = "\ud800"


def test_half_a_character_in_anything_stops_nothing(known: Group) -> None:
    command(known, f"/forget {MESSAGE}")
    for text in (
        f"@杨{HALF}楠 你好",
        f"「群主{HALF}：你好」\n- - - - - -\n是",
        "/forget-me",
        "/help",
    ):
        for who in (Contact("wxid_new", f"甲{HALF}"), Contact(f"wxid{HALF}", "甲")):
            for where in (None, Room(f"r{HALF}", "群"), Room("r@chatroom", f"群{HALF}")):
                incoming = replace(known.say("何小满", "……").incoming, sender=who, room=where)
                number = f"{len(known.spoken)}{text}{who}{where}"
                decision = known.core.receive(replace(incoming, id=number, text=text))
                assert decision.reason.why is not Why.FAILED
                if text.startswith("/"):
                    assert decision.sends or decision.reason.why is Why.FLOOD_PERSON


def test_a_file_of_wishes_tells_nobody_whom_it_is_about(known: Group) -> None:
    known.say(ZHOU, "/forget-me")
    content = wishes.beside(known.settings.database).read_text(encoding="utf-8")
    assert ZHOU not in content and contact(ZHOU).id not in content and "周" not in content


def test_a_wish_holds_for_a_database_that_a_link_leads_to(known: Group) -> None:
    known.core.close()
    database = known.settings.database
    (known.folder / "data").mkdir()
    database.rename(known.folder / "data" / "palou.db")
    database.symlink_to(known.folder / "data" / "palou.db")
    known.core = known._start()
    for _ in range(2):
        known.say(ZHOU, "/forget-me all")
    known.advance(1)
    assert ASKED[2][2] not in words(known)


def test_a_copy_that_is_brought_back_keeps_the_wishes_that_hold(known: Group) -> None:
    copy = known.folder / "offsite.db"
    back_up(known.settings.database, copy)
    for _ in range(2):
        known.say(ZHOU, "/forget-me all")
    known.core.close()
    known.settings.database.unlink()
    back_up(copy, known.settings.database)
    load(known.settings.database, [known.archive_folder])
    assert ASKED[2][2] not in words(known)
    known.core = known._start()


def test_a_load_that_failed_is_tried_again(known: Group) -> None:
    away = known.archive_folder.rename(known.folder / "away")
    for _ in range(2):
        known.say(ZHOU, "/forget-me all")
    known.advance(60)
    away.rename(known.archive_folder)
    known.advance(660)
    known.advance(1)
    assert ASKED[2][2] not in words(known)


def test_who_took_a_wish_back_can_have_it_again_without_an_admin(known: Group) -> None:
    for text in ("/forget-me all", "/forget-me all", "/forget-me undo", "/forget-me all"):
        known.say(ZHOU, text)
        known.advance(5)
    assert said(known.say(ZHOU, "/forget-me all")).endswith(texts.FORGOTTEN_ALL)
    known.advance(5)
    assert ASKED[2][2] not in words(known)
