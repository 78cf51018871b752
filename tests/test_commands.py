"""Commands to the letter: status, answers, the desk and why; who may give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.commands import COMMANDS, help_for
from bot.decision import Verdict
from bot.harness.group import ADMIN, ROOM, Group, contact, room
from bot.reply import texts
from bot.settings import RoomSettings, Settings
from bot.terms import Room
from bot.tokens import tokens
from knowledge.matching.embedder import PACKAGED, Model
from tests.group import said
from tests.tea import BOOKS, CLUB, QUESTION, UNKNOWN, Make, command


@pytest.fixture
def group(make: Make) -> Group:
    return make()


# Who may give a command.


def test_help_is_a_line_for_each_command(group: Group) -> None:
    assert command(group, "/help") == "\n".join([texts.HELP, *help_for(True)])
    assert said(group.say("林一一", "/help")) == "\n".join([texts.HELP, *help_for(False)])


def test_anybody_is_told_the_ids_that_settings_want(group: Group) -> None:
    asker = contact("林一一").id
    assert said(group.say("林一一", "/id")) == f"这个群：{room(ROOM).id}\n你：{asker}"
    assert said(group.say("林一一", "/id", room=None)) == f"你：{asker}"


def test_who_is_no_admin_is_told_so_once_in_ten_minutes(group: Group) -> None:
    assert said(group.say("林一一", "/mute")) == texts.REFUSED
    group.advance(599)
    assert said(group.say("林一一", "/mute")) == ""
    assert said(group.say("何小满", "/mute")) == texts.REFUSED
    group.advance(600)
    refused = group.say("林一一", "/mode off")
    assert (str(refused.reason), said(refused)) == ("refused: not an admin", texts.REFUSED)


def test_a_command_is_logged_by_its_name(group: Group) -> None:
    assert str(group.admin("/mode").reason) == "command: /mode"


# /status


class OneForAll:
    """An embedder to which all texts mean the same."""

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)

    passages = queries


def status(
    *, answered: int = 0, hedged: int = 0, not_found: int = 0, silent: int = 0, dropped: int = 0
) -> str:
    return texts.STATUS_TODAY.format(answered, hedged, not_found, silent, dropped)


def test_status_line_by_line(group: Group) -> None:
    group.advance(3600)
    stats = {
        name: texts.STATUS_GROUP.format(name, *counts, "2024-03-01", "2024-03-01")
        for name, counts in {"books": (2, 1), "tea": (4, 1), CLUB: (2, 1)}.items()
    }
    assert command(group, "/status").splitlines() == [
        stats["tea"],
        "本群：模式 mention，门槛 0.80 / 0.90，归档 tea",
        status(),
        "已运行 1.0 小时",
    ]
    there = command(group, "/status", BOOKS).splitlines()
    assert there[:3] == [
        *(stats[name] for name in ("books", "tea")),
        "本群：模式 mention，门槛 0.80 / 0.90，归档 books、tea",
    ]
    lines = command(group, "/status", None).splitlines()
    assert set(stats.values()) <= set(lines) and len(lines) == 6, "privately it is about no room"


def test_status_counts_the_questions_of_its_room_and_privately_all(group: Group) -> None:
    group.ask("林一一", QUESTION)
    group.ask("林一一", UNKNOWN, room=BOOKS)
    group.ask("林一一", UNKNOWN, room=None)
    assert status(answered=1) in command(group, "/status").splitlines()
    assert status(not_found=1) in command(group, "/status", BOOKS).splitlines()
    assert status(answered=1, not_found=2) in command(group, "/status", None).splitlines()


def test_status_says_that_another_room_bears_the_topic_of_the_settings(make: Make) -> None:
    by_topic = RoomSettings(topic=CLUB, groups=("tea",))
    group = make(Settings(rooms=(by_topic,)))
    assert "归档 tea" in command(group, "/status", CLUB)
    group.core.rooms.meet(Room("9@chatroom", CLUB))
    said_ = command(group, "/status", CLUB)
    assert texts.STATUS_NAMESAKES.format(1, room(CLUB).id) in said_
    assert "tea" not in said_


def test_status_counts_what_came_of_the_days_questions(make: Make) -> None:
    group = make(mode="ambient")
    assert status() in command(group, "/status").splitlines()
    group.ask("林一一", QUESTION)
    assert str(group.ask("林一一", UNKNOWN).reason).startswith("not found")
    assert str(group.say("何小满", UNKNOWN).reason).startswith("silent")
    counted = status(answered=1, not_found=1, silent=1)
    assert counted in command(group, "/status").splitlines()


def test_status_counts_what_was_told_with_a_doubt_and_what_was_offered(make: Make) -> None:
    doubtful = make(Settings(hedged=0.0, asked=1.0, overheard=1.0))
    assert str(doubtful.ask("林一一", "对账文件几点").reason).startswith("hedged")
    assert status(hedged=1) in command(doubtful, "/status").splitlines()
    picky = make(Settings(hedged=1.0, asked=1.0, overheard=1.0))
    assert str(picky.ask("林一一", "对账文件几点").reason).startswith("offered")
    picky.ask("林一一", UNKNOWN)
    assert status(not_found=2) in command(picky, "/status").splitlines()


def test_the_day_of_status_begins_at_the_groups_midnight(make: Make) -> None:
    group = make(start=datetime(2024, 4, 1, 23, 58))
    group.ask("林一一", QUESTION)
    group.advance(240)
    assert status() in command(group, "/status").splitlines()
    group.ask("林一一", QUESTION)
    assert status(answered=1) in command(group, "/status").splitlines()


def test_status_counts_hours_and_says_that_a_load_is_under_way(make: Make) -> None:
    group = make(loading=30)
    group.advance(3_600_000)
    assert command(group, "/status").splitlines()[-1] == "已运行 1000.0 小时"
    group.admin("/reload")
    group.advance(10)
    assert command(group, "/status").splitlines()[-1] == "已运行 1000.0 小时，正在读归档"
    group.advance(20)
    assert command(group, "/status").splitlines()[-1] == "已运行 1000.0 小时"


def test_status_says_how_many_vectors_are_made_where_there_is_a_model(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "向量" not in command(make(), "/status")
    model = Model(OneForAll(), "one for all")
    monkeypatch.setattr("knowledge.matching.embedder.open_model", lambda *_: model)
    group = make(Settings(semantic=PACKAGED), loading=1)
    assert command(group, "/status").splitlines()[-2] == "向量：0 / 8"
    group.admin("/reload")
    group.advance(1)
    assert command(group, "/status").splitlines()[-2] == "向量：8 / 8"


def test_status_says_until_when_the_room_is_muted(group: Group) -> None:
    group.admin("/mute 30m")
    assert "静音到 04-01 09:30" in command(group, "/status").splitlines()
    assert "静音到" not in command(group, "/status", BOOKS)
    group.advance(1800)
    assert "静音到" not in command(group, "/status"), "the moment that it ends is not muted"


# /unanswered and /answer


def test_what_was_not_answered_is_listed_ten_at_most_and_cut(group: Group) -> None:
    assert command(group, "/unanswered") == texts.NONE_UNANSWERED
    long = "请问" + "紫砂壶" * 30
    for n, text in enumerate([*(f"{n}号紫砂壶要煮几小时" for n in range(10)), long, long]):
        group.ask(f"茶友{n}", text)
    first, *others, more, how = command(group, "/unanswered").splitlines()
    assert first == f"1. {long[:60]}（2 次）"
    assert len(others) == 9 and others[8].startswith("10. ")
    assert more == "还有 1 个：/unanswered 2"
    assert how == texts.HOW_TO_ANSWER.format(COMMANDS["answer"].usage, COMMANDS["dismiss"].usage)
    assert command(group, "/unanswered 2").splitlines() == ["11. 0号紫砂壶要煮几小时（1 次）", how]
    assert command(group, "/unanswered 99").splitlines()[0].startswith("11. ")
    assert "0号紫砂壶" in command(group, "/dismiss 11")


def test_an_answer_is_archived_in_the_room_where_it_was_asked(group: Group) -> None:
    long = UNKNOWN + "新买的" * 20
    group.ask("林一一", long, room=BOOKS)
    group.admin("/unanswered", room=BOOKS)
    group.admin("/answer 1 \n  小火煮 一小时 ", room=BOOKS)
    assert command(group, "1", BOOKS) == texts.ANSWER_NOTED.format(long[:40], ADMIN, "books")
    (file,) = (group.folder / "answers").rglob("*.md")
    assert file.relative_to(group.folder).as_posix() == "answers/books/2024-04-01-chat.md"
    assert f"> 09:00:00  {ADMIN}  \n   \nQ：{long}\nA：小火煮 一小时  \n" in file.read_text("utf-8")
    assert "小火煮 一小时" in said(group.ask("何小满", long, room=BOOKS)), "it is loaded at once"


def test_an_answer_to_a_room_that_is_known_by_its_id_alone(group: Group) -> None:
    group.ask("林一一", UNKNOWN, room=CLUB)
    group.restart()
    group.admin("/unanswered", room=None)
    group.admin("/answer 1 小火煮一小时", room=None)
    (folder,) = (group.folder / "answers").iterdir()
    assert folder.name == room(CLUB).id
    assert "小火煮一小时" in said(group.ask("何小满", UNKNOWN, room=CLUB))


def test_what_was_not_answered_is_listed_in_its_room_and_privately_with_its_place(
    group: Group,
) -> None:
    asked = {ROOM: "龙井要用几度的水泡？", BOOKS: UNKNOWN, None: "请问普洱能存几年？"}
    for where, text in asked.items():
        for _ in range(1 + (where is None)):
            group.ask("林一一", text, room=where)
    how = texts.HOW_TO_ANSWER.format(COMMANDS["answer"].usage, COMMANDS["dismiss"].usage)
    for where in (ROOM, BOOKS):
        listed = command(group, "/unanswered", where)
        assert listed.splitlines() == [texts.UNANSWERED.format(1, asked[where], 1), how]
    assert command(group, "/unanswered", None).splitlines() == [
        texts.UNANSWERED_IN.format(1, asked[None], 2, "私聊"),
        texts.UNANSWERED_IN.format(2, UNKNOWN, 1, BOOKS),
        texts.UNANSWERED_IN.format(3, asked[ROOM], 1, ROOM),
        how,
    ]
    group.admin("/unanswered")
    answered = command(group, "/answer 1 八十度")
    assert answered == texts.ANSWER_NOTED.format(asked[ROOM], ADMIN, "tea"), (
        "by the list of that room"
    )


def test_the_same_question_of_two_rooms_is_answered_in_each(group: Group) -> None:
    for where in (ROOM, BOOKS):
        group.ask("林一一", UNKNOWN, room=where)
    assert command(group, "/unanswered", None).count(UNKNOWN) == 2
    group.admin("/unanswered")
    group.admin("/answer 1 小火煮一小时")
    assert "小火煮一小时" in said(group.ask("何小满", UNKNOWN))
    assert command(group, "/unanswered") == texts.NONE_UNANSWERED
    assert UNKNOWN in command(group, "/unanswered", BOOKS)


def test_the_answer_to_a_private_question_is_found_privately_and_shown_to_no_group(
    make: Make,
) -> None:
    group = make(Settings(private=("tea", "faq")))
    group.say("林一一", "早")
    group.ask("林一一", UNKNOWN, room=None)
    group.admin("/unanswered", room=None)
    answered = command(group, "/answer 1 小火煮一小时", None)
    assert answered == texts.ANSWER_NOTED_PRIVATELY.format(UNKNOWN, ADMIN, "faq"), "tea is a room's"
    for who in ("林一一", "何小满"):
        assert "小火煮一小时" in said(group.ask(who, UNKNOWN, room=None))
    for where in (ROOM, BOOKS, CLUB, "faq"):
        assert "小火煮一小时" not in said(group.ask("林一一", UNKNOWN, room=where))


def test_without_a_group_for_private_questions_they_cannot_be_answered(make: Make) -> None:
    group = make(Settings(private=("tea",)))
    group.ask("林一一", UNKNOWN, room=None)
    group.admin("/unanswered", room=None)
    assert command(group, "/answer 1 小火煮一小时", None) == texts.NO_PRIVATE_GROUP
    assert not (group.folder / "answers").exists()


def test_an_answer_that_was_delivered_late_is_archived_where_it_is_read(group: Group) -> None:
    group.ask("林一一", UNKNOWN)
    group.admin("/unanswered")
    yesterday = group.clock.now - timedelta(days=1)
    late = replace(group.last().incoming, id="late", text="/answer 1 小火", sent_at=yesterday)
    group.core.receive(late)
    (file,) = (group.folder / "answers").rglob("*.md")
    assert file.name == "2024-04-01-chat.md"


def test_answers_go_by_the_list_that_this_admin_saw(make: Make) -> None:
    second = "副管理员"
    group = make(Settings(admins=(contact(second).id,)))
    group.ask("林一一", UNKNOWN)
    group.ask("林一一", "龙井要用几度的水泡？")
    list_first = texts.LIST_FIRST.format(COMMANDS["answer"].usage)
    assert command(group, "/answer 1 小火") == list_first
    assert "龙井" in command(group, "/unanswered").splitlines()[0]
    for wrong in ("", "1", "1 ", "0 小火", "3 小火", "-1 小火", "x 小火"):
        assert command(group, f"/answer {wrong}") == list_first
    assert said(group.say(second, "/answer 1 小火")) == list_first
    assert command(group, "/answer 2 小火") == texts.ANSWER_NOTED.format(UNKNOWN, ADMIN, "tea")
    assert "小火" in said(group.ask("何小满", UNKNOWN))


# /desk and /why

SECRET = "nobody guesses this"
BASE = "https://chat.example.com"


@pytest.mark.parametrize("settings", [Settings(base_url=BASE), Settings(web_token=SECRET)])
def test_there_is_no_link_to_a_desk_that_is_not_open(make: Make, settings: Settings) -> None:
    group = make(settings)
    assert command(group, "/desk") == texts.PRIVATELY_ONLY
    assert command(group, "/desk", None) == texts.NO_DESK


def test_the_link_to_the_desk_holds_a_quarter_of_an_hour(make: Make) -> None:
    group = make(Settings(base_url=BASE, web_token=SECRET))
    address, _, key = command(group, "/desk", None).partition("?k=")
    assert address == f"{BASE}/desk"
    until = (group.clock.now + timedelta(minutes=15)).timestamp()
    assert tokens(SECRET).holds("desk link", key, until - 1)
    assert not tokens(SECRET).holds("desk link", key, until)


def test_why_before_anything_was_decided(group: Group) -> None:
    assert command(group, "/why") == texts.NOTHING_DECIDED
    group.ask("林一一", QUESTION)
    assert command(group, "/why", BOOKS) == texts.NOTHING_DECIDED


def test_why_tells_the_last_decision_with_its_matches_and_those_before(make: Make) -> None:
    group = make()
    long = QUESTION + "在线等，" * 20
    group.ask("林一一", UNKNOWN)
    group.ask("林一一", QUESTION)
    group.ask("何小满", long)
    last, match, *before = command(group, "/why").splitlines()
    assert last.startswith(f"「{long[:40]}」：")
    assert " tea-20240301-090000 " + QUESTION in match and match[:2] in ("0.", "1.")
    assert before[0] == f"「{QUESTION}」：答了（门槛 0.80）"
    assert before[1].startswith(f"「{UNKNOWN}」：没找到")
    assert len(before) == 2


def test_why_says_that_the_meaning_brought_a_match(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = group.core.asking.ask

    def by_meaning(*args: Any, **options: Any) -> Verdict:
        verdict = ask(*args, **options)
        return replace(verdict, matches=tuple(replace(m, by="meaning") for m in verdict.matches))

    monkeypatch.setattr(group.core.asking, "ask", by_meaning)
    group.ask("林一一", QUESTION)
    _, match, *_ = command(group, "/why").splitlines()
    assert match.endswith(f"{QUESTION}（按意思）")
