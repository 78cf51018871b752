"""Commands to the letter: what each says, to whom it applies, and what comes of it later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands import COMMANDS, help_for
from bot.decision import Verdict
from bot.harness.group import ADMIN, ROOM, Group, contact, room
from bot.reply import texts
from bot.settings import Settings
from bot.tokens import tokens
from tests.chats import ASKED, day
from tests.group import said
from tests.test_load import content

BOOKS = "账务群"
CLUB = "茶友群"
"""A room that no settings name."""

QUESTION = ASKED[0][2]
ZHOU = ASKED[1][1]
UNKNOWN = "请问紫砂壶开壶要煮几个小时？"


def elsewhere(at: str) -> str:
    """A day of another group, where Zhou speaks too."""
    asked = "请问日终报表谁来核对？"
    return day("2024-03-01", [(f"{at}:00", "何小满", asked), (f"{at}:40", ZHOU, "值班的人核对")])


FILES = {
    "tea/2024-03-01.md": day("2024-03-01", ASKED),
    "books/2024-03-01.md": elsewhere("10:00"),
    f"{CLUB}/2024-03-01.md": elsewhere("11:00"),
    f"{room(CLUB).id}/2024-03-01.md": elsewhere("12:00"),
}
ROOMS = {ROOM: ("tea",), BOOKS: ("books", "tea")}

Made = Callable[..., Group]


@pytest.fixture
def make() -> Iterator[Made]:
    """Groups with two rooms in the settings, that are closed when the test has ended."""
    made: list[Group] = []

    def one(settings: Settings | None = None, **options: object) -> Group:
        group = Group(files=FILES, rooms=ROOMS, settings=settings, **options)  # type: ignore[arg-type]
        made.append(group)
        return group

    yield one
    for group in made:
        group.close()


@pytest.fixture
def group(make: Made) -> Group:
    return make()


def command(group: Group, text: str, room: str | None = ROOM) -> str:
    """An admin gives a command; what the bot says."""
    return said(group.admin(text, room=room))


def archived(group: Group, of: str) -> list[tuple[str, str]]:
    """Who is archived as having said what in a group."""
    rows = content(group.settings.database)["messages"]
    return [(str(row[4]), str(row[5])) for row in rows if row[0] == of]


# Who may give a command.


def test_help_is_a_line_for_each_command(group: Group) -> None:
    assert command(group, "/help") == "\n".join([texts.HELP, *help_for(True)])
    assert said(group.say("林一一", "/help")) == "\n".join([texts.HELP, *help_for(False)])


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
    lines = command(group, "/status").splitlines()
    assert set(stats.values()) <= set(lines) and len(lines) == 7
    assert lines[4:] == [
        "本群：模式 mention，门槛 0.50 / 0.70，归档 tea",
        status(),
        "已运行 1.0 小时",
    ]
    there = command(group, "/status", BOOKS).splitlines()
    assert there[4] == "本群：模式 mention，门槛 0.50 / 0.70，归档 books、tea"
    assert len(command(group, "/status", None).splitlines()) == 6, "privately it is about no room"


def test_status_counts_what_came_of_the_days_questions(make: Made) -> None:
    group = make(mode="ambient")
    assert status() in command(group, "/status").splitlines()
    group.ask("林一一", QUESTION)
    assert str(group.ask("林一一", UNKNOWN).reason).startswith("not found")
    assert str(group.say("何小满", UNKNOWN).reason).startswith("silent")
    counted = status(answered=1, not_found=1, silent=1)
    assert counted in command(group, "/status").splitlines()


def test_status_counts_what_was_told_with_a_doubt_and_what_was_offered(make: Made) -> None:
    doubtful = make(Settings(hedged=0.0, asked=1.0, overheard=1.0))
    assert str(doubtful.ask("林一一", "对账文件几点").reason).startswith("hedged")
    assert status(hedged=1) in command(doubtful, "/status").splitlines()
    picky = make(Settings(hedged=1.0, asked=1.0, overheard=1.0))
    assert str(picky.ask("林一一", "对账文件几点").reason).startswith("offered")
    picky.ask("林一一", UNKNOWN)
    assert status(not_found=2) in command(picky, "/status").splitlines()


def test_the_day_of_status_begins_at_the_groups_midnight(make: Made) -> None:
    group = make(start=datetime(2024, 4, 1, 23, 58))
    group.ask("林一一", QUESTION)
    group.advance(240)
    assert status() in command(group, "/status").splitlines()
    group.ask("林一一", QUESTION)
    assert status(answered=1) in command(group, "/status").splitlines()


def test_status_counts_hours_and_says_that_a_load_is_under_way(make: Made) -> None:
    group = make(loading=30)
    group.advance(3_600_000)
    assert command(group, "/status").splitlines()[-1] == "已运行 1000.0 小时"
    group.admin("/reload")
    group.advance(10)
    assert command(group, "/status").splitlines()[-1] == "已运行 1000.0 小时，正在读归档"
    group.advance(20)
    assert command(group, "/status").splitlines()[-1] == "已运行 1000.0 小时"


def test_status_says_until_when_the_room_is_muted(group: Group) -> None:
    group.admin("/mute 30m")
    assert "静音到 04-01 09:30" in command(group, "/status").splitlines()
    assert "静音到" not in command(group, "/status", BOOKS)
    group.advance(1800)
    assert "静音到" not in command(group, "/status"), "the moment that it ends is not muted"


# Loads


def test_who_wanted_a_load_is_told_how_it_ended(make: Made) -> None:
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


def test_a_load_that_failed_is_told_so_and_changes_no_synonyms(make: Made, tmp_path: Path) -> None:
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


def test_what_is_wished_during_a_load_is_applied_by_one_more(make: Made) -> None:
    group = make(loading=30)
    group.admin("/reload")
    group.advance(10)
    group.admin("/forget tea-20240301-090330")
    assert (ZHOU, ASKED[2][2]) in archived(group, "tea"), "the load that is under way read it"
    (done,) = group.advance(20)
    assert str(done.reason) == "reload: done"
    assert group.core._loads.running
    assert group.advance(30) == [], "nobody asked for that one"
    assert ASKED[2][2] not in [text for _, text in archived(group, "tea")]
    assert not group.core._loads.running


def test_what_is_wished_else_is_applied_at_once_and_nobody_told(make: Made) -> None:
    group = make(loading=30)
    group.admin("/forget tea-20240301-090330")
    assert command(group, "/status").endswith(texts.STATUS_LOADING)
    assert group.advance(30) == []
    assert ASKED[2][2] not in [text for _, text in archived(group, "tea")]
    assert not command(group, "/status").endswith(texts.STATUS_LOADING)


# /forget and /forget-me


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


def test_two_of_one_name_are_not_forgotten_by_themselves(make: Made) -> None:
    group = make()
    group.say(ZHOU, "早")
    group.core.record.see(room(BOOKS).id, "id-冒名", ZHOU)
    before = archived(group, "tea")
    assert said(group.say(ZHOU, "/forget-me")) == texts.NAME_OF_ANOTHER
    assert said(group.say(ZHOU, "/forget tea-20240301-090300")) == texts.NOT_YOURS_TO_FORGET
    assert archived(group, "tea") == before
    assert command(group, "/forget tea-20240301-090300") != texts.NOT_YOURS_TO_FORGET


def test_who_is_forgotten_is_archived_as_somebody_from_then_on(make: Made) -> None:
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


# /mode, /mute, /unmute, /threshold


def test_a_room_is_named_at_the_end_of_each_command_in_private(group: Group) -> None:
    group.say("林一一", "早", room=CLUB)
    for text in ("/mode", "/mode off", "/mute", "/unmute", "/threshold", "/threshold 0.9"):
        assert command(group, text, None) == texts.IN_ROOM_ONLY
        assert command(group, f"{text} 没有的群", None) == texts.IN_ROOM_ONLY
    usage = COMMANDS["mode"].usage
    assert command(group, f"/mode {CLUB}", None) == texts.MODE.format("mention", usage)
    assert command(group, f"/mode ambient {CLUB}", None) == texts.MODE_SET.format("ambient")
    assert (group.mode(CLUB), group.mode()) == ("ambient", "mention")
    assert command(group, f"/mute 2h {CLUB}", None) == "好，静音到 04-01 11:00。"
    assert str(group.ask("林一一", QUESTION, room=CLUB).reason) == "silent: muted until 11:00"
    assert str(group.ask("林一一", QUESTION).reason) == "answered"
    assert command(group, f"/unmute {CLUB}", None) == texts.UNMUTED
    assert not str(group.ask("林一一", QUESTION, room=CLUB).reason).startswith("silent")
    assert command(group, f"/mute {CLUB}", None) == "好，静音到 04-01 10:00。"
    assert "旁听 0.90" in command(group, f"/threshold 0.9 {CLUB}", None)
    assert "旁听 0.90" in command(group, f"/threshold {CLUB}", None)
    assert "旁听 0.70" in command(group, "/threshold")


def test_mode_without_a_word_says_which_it_is(group: Group) -> None:
    usage = COMMANDS["mode"].usage
    assert command(group, "/mode") == texts.MODE.format("mention", usage)
    assert command(group, "/mode loud") == texts.NO_SUCH_MODE.format(usage)
    assert command(group, "/mode off") == texts.MODE_SET.format("off")
    assert command(group, "/mode") == texts.MODE.format("off", usage)


def test_what_is_set_by_one_command_is_left_by_the_next(group: Group) -> None:
    group.admin("/threshold 0.9")
    group.admin("/mode ambient")
    group.admin("/mute")
    for _ in range(2):
        assert group.mode() == "ambient"
        assert "旁听 0.90" in command(group, "/threshold")
        assert str(group.ask("林一一", QUESTION).reason) == "silent: muted until 10:00"
        group.restart()
    group.admin("/mode mention")
    group.admin("/threshold 0.8")
    assert str(group.ask("林一一", QUESTION).reason) == "silent: muted until 10:00"
    assert command(group, "/unmute") == texts.UNMUTED
    assert (group.mode(), "旁听 0.80" in command(group, "/threshold")) == ("mention", True)
    assert str(group.ask("林一一", QUESTION).reason) == "answered"
    assert group.mode(BOOKS) == "mention" and "旁听 0.70" in command(group, "/threshold", BOOKS)


def test_a_length_that_is_none_mutes_nothing(group: Group) -> None:
    assert command(group, "/mute bald") == texts.NO_SUCH_LENGTH.format(COMMANDS["mute"].usage)
    assert str(group.ask("林一一", QUESTION).reason) == "answered"


def thresholds(hedged: float, asked: float, overheard: float) -> str:
    return texts.THRESHOLDS_SET.format(hedged=hedged, asked=asked, overheard=overheard)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("1", thresholds(0.2, 0.5, 1)),
        ("overheard 0.5", thresholds(0.2, 0.5, 0.5)),
        ("overheard 0.49", texts.OVERHEARD_BELOW.format(asked=0.5, overheard=0.49)),
        ("asked 0.7", thresholds(0.2, 0.7, 0.7)),
        ("asked 0.71", texts.OVERHEARD_BELOW.format(asked=0.71, overheard=0.7)),
        ("asked 0.1", thresholds(0.1, 0.1, 0.7)),
        ("hedged 0", thresholds(0, 0.5, 0.7)),
        ("hedged 0.5", thresholds(0.5, 0.5, 0.7)),
        ("hedged 0.51", texts.HEDGED_ABOVE.format(asked=0.5, hedged=0.51)),
        *(
            (wrong, texts.NO_SUCH_THRESHOLD.format(COMMANDS["threshold"].usage))
            for wrong in ("1.01", "-0.01", "viel", "nan", "hedged", "asked much", "much 0.5")
        ),
    ],
)
def test_what_is_said_to_a_threshold(group: Group, given: str, answer: str) -> None:
    before = command(group, "/threshold")
    assert command(group, f"/threshold {given}") == answer
    if answer.startswith("好"):
        assert command(group, "/threshold") == answer.removeprefix("好，")
    else:
        assert command(group, "/threshold") == before


# /unanswered and /answer


def test_what_was_not_answered_is_listed_ten_at_most_and_cut(group: Group) -> None:
    assert command(group, "/unanswered") == texts.NONE_UNANSWERED
    long = "请问" + "紫砂壶" * 30
    for n, text in enumerate([*(f"{n}号紫砂壶要煮几小时" for n in range(10)), long, long]):
        group.ask(f"茶友{n}", text)
    first, *others, how = command(group, "/unanswered").splitlines()
    assert first == f"1. {long[:60]}（2 次）"
    assert len(others) == 9 and others[8].startswith("10. ")
    assert how == texts.HOW_TO_ANSWER.format(COMMANDS["answer"].usage)


def test_an_answer_is_archived_in_the_room_where_it_was_asked(group: Group) -> None:
    long = UNKNOWN + "新买的" * 20
    group.ask("林一一", long, room=BOOKS)
    group.admin("/unanswered")
    assert command(group, "/answer 1   小火煮 一小时 ") == texts.ANSWER_NOTED.format(long[:40])
    (file,) = (group.folder / "answers").rglob("*.md")
    assert file.relative_to(group.folder).as_posix() == "answers/books/2024-04-01-chat.md"
    assert f"> 09:00:00  {ADMIN}  \n   \nQ：{long}\nA：小火煮 一小时  \n" in file.read_text("utf-8")
    assert "小火煮 一小时" in said(group.ask("何小满", long, room=BOOKS)), "it is loaded at once"


def test_an_answer_to_a_room_that_is_known_by_its_id_alone(group: Group) -> None:
    group.ask("林一一", UNKNOWN, room=CLUB)
    group.restart()
    group.admin("/unanswered")
    group.admin("/answer 1 小火煮一小时")
    (folder,) = (group.folder / "answers").iterdir()
    assert folder.name == room(CLUB).id


def test_an_answer_to_a_room_by_the_name_it_has(group: Group) -> None:
    group.ask("林一一", UNKNOWN, room=CLUB)
    group.admin("/unanswered")
    group.admin("/answer 1 小火煮一小时")
    (folder,) = (group.folder / "answers").iterdir()
    assert folder.name == CLUB


def test_an_answer_that_was_delivered_late_is_archived_where_it_is_read(group: Group) -> None:
    group.ask("林一一", UNKNOWN)
    group.admin("/unanswered")
    yesterday = group.clock.now - timedelta(days=1)
    late = replace(group.last().incoming, id="late", text="/answer 1 小火", sent_at=yesterday)
    group.core.receive(late)
    (file,) = (group.folder / "answers").rglob("*.md")
    assert file.name == "2024-04-01-chat.md"


def test_answers_go_by_the_list_that_this_admin_saw(make: Made) -> None:
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
    assert command(group, "/answer 2 小火") == texts.ANSWER_NOTED.format(UNKNOWN)
    assert "小火" in said(group.ask("何小满", UNKNOWN))


# /desk and /why

SECRET = "nobody guesses this"
BASE = "https://chat.example.com"


@pytest.mark.parametrize("settings", [Settings(base_url=BASE), Settings(web_token=SECRET)])
def test_there_is_no_link_to_a_desk_that_is_not_open(make: Made, settings: Settings) -> None:
    group = make(settings)
    assert command(group, "/desk") == texts.PRIVATELY_ONLY
    assert command(group, "/desk", None) == texts.NO_DESK


def test_the_link_to_the_desk_holds_a_quarter_of_an_hour(make: Made) -> None:
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


def test_why_tells_the_last_decision_with_its_matches_and_those_before(make: Made) -> None:
    group = make()
    long = QUESTION + "在线等，" * 20
    group.ask("林一一", UNKNOWN)
    group.ask("林一一", QUESTION)
    group.ask("何小满", long)
    last, match, *before = command(group, "/why").splitlines()
    assert last.startswith(f"「{long[:40]}」：")
    assert " tea-20240301-090000 " + QUESTION in match and match[:2] in ("0.", "1.")
    assert before[0] == f"「{QUESTION}」：答了（门槛 0.50）"
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
