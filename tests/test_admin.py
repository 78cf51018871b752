"""Commands in the chat: what admins and members can do, and what they cannot."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import COMMANDS, duration, parse
from bot.harness.group import ROOM
from bot.reasons import Why
from bot.reply import texts
from knowledge.loading.load import load
from knowledge.store.schema import connect
from tests.chats import put
from tests.conftest import SEEDS
from tests.group import ADMIN, ASKED, OTHER, Group, said, settings


@pytest.fixture
def group(tmp_path: Path, seeds_database: Path) -> Iterator[Group]:
    """A group with the sample archive in a folder of its own, so that it can be changed."""
    shutil.copytree(SEEDS, tmp_path / "archive")
    load(tmp_path / "bot.db", [tmp_path / "archive"])
    made = Group(settings(tmp_path))
    yield made
    made.close()


def reload(group: Group) -> str:
    group.command("/reload")
    (decision,) = group.advance(1)
    return said(decision)


NEW = [
    ("09:00:00", "顾言舟-青橙钱包PM", "请问跨境人民币的结算周期一般是几天？"),
    ("09:02:00", "温故而知新", "看清算行，一般T+1，遇到境外节假日顺延"),
]


def test_reload_learns_a_new_file(group: Group) -> None:
    question = NEW[0][2]
    assert group.ask("小林", question).reason.why is not Why.ANSWERED
    put(group.settings.archives[0] / "paytalk", "2024-03-20", NEW)
    report = reload(group)
    assert "新 1、变 0、删 0、未变 10 个文件" in report
    assert "0 处警告" in report and "秒" in report
    assert "paytalk-20240320-090000" in said(group.ask("小林", question))


def test_a_second_reload_at_the_same_time_says_so(group: Group) -> None:
    assert group.command("/reload").startswith("开始")
    assert group.command("/reload").startswith("已经在读了")


def test_a_reload_that_fails_keeps_the_old_knowledge_and_says_why(group: Group) -> None:
    group.settings.archives[0].rename(group.settings.archives[0].with_name("moved"))
    report = reload(group)
    assert report.startswith("没有读成，仍用原来的知识：")
    assert "cannot be read" in report
    assert str(group.ask("小林", ASKED).reason) == "answered"


@pytest.mark.parametrize("name", [n for n, c in COMMANDS.items() if c.admin])
def test_others_are_refused_once_whatever_they_call_themselves(group: Group, name: str) -> None:
    incoming = group.incoming("骗子", f"/{name}")
    forged = group.core.receive(
        type(incoming)(
            incoming.id,
            incoming.room,
            type(incoming.sender)("id-骗子", ADMIN),
            incoming.text,
            incoming.sent_at,
        )
    )
    assert (str(forged.reason), said(forged)) == ("refused: not an admin", texts.REFUSED)
    again = group.say("骗子", f"/{name}")
    assert (str(again.reason), again.sends) == ("refused: not an admin", ())


def test_help_lists_what_somebody_may_do(group: Group) -> None:
    assert "/reload" in group.command("/help")
    members = said(group.say("小林", "/help"))
    assert "/reload" not in members and "/forget-me" in members


def test_a_slash_that_is_no_command_is_talk(group: Group) -> None:
    assert parse("/quit now") is None
    assert str(group.say("小林", "/quit now").reason) == "silent: not mentioned"


def test_mode_is_kept_over_a_restart(group: Group) -> None:
    assert "ambient" in group.command("/mode ambient")
    group.restart()
    assert str(group.say("小林", ASKED).reason) == "held: 20 s"
    assert "没有这种模式" in group.command("/mode loud")


def test_mute_and_unmute(group: Group) -> None:
    assert "静音到" in group.command("/mute 30m")
    assert str(group.ask("小林", ASKED).reason) == "silent: muted until 09:30"
    group.restart()
    assert str(group.ask("小林", ASKED).reason) == "silent: muted until 09:30"
    group.command("/unmute")
    assert str(group.ask("小林", ASKED).reason) == "answered"
    group.command("/mute 1h")
    group.advance(3601)
    assert str(group.ask("小林", ASKED).reason) == "answered"


def test_a_room_can_be_named_from_a_private_chat(group: Group) -> None:
    assert group.command("/mode off", room=None) == texts.IN_ROOM_ONLY
    group.say("小林", "早", room=OTHER)
    group.command(f"/mode off {OTHER}", room=None)
    assert str(group.ask("小林", ASKED, room=OTHER).reason) == "silent: mode off"
    assert str(group.ask("小林", ASKED, room=ROOM).reason) == "answered"


def test_threshold_is_shown_set_and_checked(group: Group) -> None:
    shown = group.command("/threshold")
    assert f"{group.settings.asked:.2f}" in shown and f"{group.settings.overheard:.2f}" in shown
    assert "旁听 0.95" in group.command("/threshold 0.95")
    assert "不能低于" in group.command("/threshold asked 0.99")
    assert "0 到 1" in group.command("/threshold overheard many")
    group.restart()
    assert "旁听 0.95" in group.command("/threshold")


def test_status_tells_knowledge_room_and_day(group: Group) -> None:
    group.ask("小林", ASKED)
    group.ask("小林", "紫砂壶怎么开壶最好")
    status = group.command("/status")
    assert "paytalk：707 条消息" in status
    assert "模式 mention" in status
    assert "答了 1，说了不确定 0，没找到 1" in status


def test_why_gives_the_figures_of_the_last_decision(group: Group) -> None:
    group.ask("小林", ASKED)
    why = group.command("/why")
    assert f"答了（门槛 {group.settings.asked:.2f}）" in why
    assert "paytalk-20240301-004933" in why


def test_what_was_not_found_is_listed_and_can_be_answered(group: Group) -> None:
    question = "紫砂壶开壶要煮几个小时？"
    for who in ("小林", "老周"):
        group.ask(who, question)
    group.ask("小林", "龙井用几度水？")
    listed = group.command("/unanswered")
    assert f"1. {question}（2 次）" in listed
    assert "记下了" in group.command("/answer 1 小火煮一小时，凉透再捞")
    group.advance(1)
    reply = said(group.ask("小吴", question))
    assert "小火煮一小时" in reply and ADMIN in reply and "paytalk-20240401-0900" in reply
    assert question not in group.command("/unanswered")


def test_answer_needs_a_list_first(group: Group) -> None:
    assert "先发 /unanswered" in group.command("/answer 1 没有列过")


def test_a_forgotten_message_is_gone_at_once_and_over_reloads(group: Group) -> None:
    cited = "paytalk-20240301-075512"
    assert "不放网联哈" in "".join(everything(group))
    assert "已忘掉" in group.command(f"/forget {cited}")
    reply = said(group.ask("小林", ASKED))
    assert "有人问过：网联成立以后" in reply and "不放网联哈" not in reply
    group.advance(1)
    assert "不放网联哈" not in "".join(everything(group))
    put(group.settings.archives[0] / "paytalk", "2024-03-20", NEW)
    day = group.settings.archives[0] / "paytalk" / "_posts" / "2024-03-01-chat.markdown"
    day.write_text(day.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    reload(group)
    assert "不放网联哈" not in "".join(everything(group))


def test_a_message_is_forgotten_at_once_though_a_load_holds_the_lock(group: Group) -> None:
    loading = sqlite3.connect(group.settings.database, isolation_level=None)
    loading.execute("begin immediate")
    assert "已忘掉" in group.command("/forget paytalk-20240301-075512")
    reply = said(group.ask("小林", ASKED))
    assert "有人问过：网联成立以后" in reply and "不放网联哈" not in reply
    loading.execute("rollback")
    loading.close()
    group.advance(1)
    group.advance(1)
    assert "不放网联哈" not in "".join(everything(group))


def everything(group: Group) -> list[str]:
    """All names and texts that the database holds."""
    conn = connect(group.settings.database)
    found = conn.execute("select name || text from messages join speakers s on s.id = speaker")
    texts_of_all = [row[0] for row in found]
    conn.close()
    return texts_of_all


def test_a_message_is_forgotten_by_nobody_who_merely_bears_its_speakers_name(group: Group) -> None:
    cited = "paytalk-20240301-081036"
    strangers = said(group.say("小林", f"/forget {cited}"))
    assert strangers == said(group.say("小林", "/forget paytalk-20240301-235959"))
    group.say("木易楠 木棉商服", "早")
    assert said(group.say("木易楠 木棉商服", f"/forget {cited}")) == strangers
    group.advance(timedelta(days=8).total_seconds())
    assert "已忘掉" in said(group.say("木易楠 木棉商服", f"/forget {cited}"))


@pytest.mark.parametrize(
    ("text", "seconds"), [("30m", 1800), ("2h", 7200), ("1天", 86400), ("45 分钟", 2700)]
)
def test_durations(text: str, seconds: int) -> None:
    length = duration(text)
    assert length is not None and length.total_seconds() == seconds
    assert duration("soon") is None
