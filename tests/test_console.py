"""The group in the terminal: who speaks where, and why the bot does what it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.cli import main
from bot.harness.console import Console, Output
from bot.harness.group import Group
from bot.harness.terminal import talk
from bot.settings import RoomSettings, Settings

ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"


@pytest.fixture
def console(seeds_database: Path) -> Iterator[Console]:
    """The sample archive, with a room of the settings beside the usual one."""
    small = RoomSettings(id="9@chatroom", topic="账务小群", groups=("ledgerlab",))
    settings = Settings(asked=0.4, overheard=0.6, rooms=(small,))
    group = Group(settings=settings, database=seeds_database, mode="ambient")
    yield Console(group, rooms=["测试群", "账务小群"])
    group.close()


def texts(lines: list[Output], kind: str) -> str:
    return "\n".join(line.text for line in lines if line.kind == kind)


def test_what_is_typed_is_put_to_the_bot_and_the_reason_shown(console: Console) -> None:
    lines = console.enter(ASKED)
    assert "有人问过：网联成立以后" in texts(lines, "said")
    why = texts(lines, "why")
    assert why.startswith("答了，0.") and "≥ 0.40，paytalk-20240301-004933" in why
    assert not texts(console.enter("紫砂壶开壶煮几个小时"), "why").startswith("答了")


def test_several_speak_and_what_waited_is_shown_where_it_ends(console: Console) -> None:
    console.enter("/overhear")
    console.enter("/as 小王")
    assert console.where.endswith("小王")
    assert texts(console.enter(ASKED), "why").startswith("先等群友回答，20 秒，0.")
    lines = console.enter("/as 老周 不放网联，交到央行")
    assert "小王「网联成立以后" in texts(lines, "why")
    assert "已有群友回答" in texts(lines, "why")
    assert console.who == "小王"
    console.enter(ASKED)
    assert "有人问过" in texts(console.enter("/tick 20s"), "said")
    assert texts(console.enter("/tick 1h"), "why") == "没有在等的"
    assert console.group.clock.now.hour == 10


def test_rooms_have_their_own_archives_and_private_none(console: Console) -> None:
    console.enter("/room 账务小群")
    assert "paytalk" not in texts(console.enter(ASKED), "said")
    assert "待清算" in texts(
        console.enter("待清算科目为什么日终不是零？我以为清完了就该是零"), "said"
    )
    console.enter("/private")
    assert console.where.startswith("私聊")
    assert console.enter("/room")[0].text == "这些群：测试群、账务小群"


def test_an_admin_is_asked_where_an_answer_belongs(console: Console) -> None:
    console.enter("紫砂壶开壶煮几个小时")
    console.enter("/admin /unanswered")
    asked = texts(console.enter("/admin /answer 1 小火煮一小时"), "said")
    assert asked.endswith("记在哪个归档？回复数字：\n1. ledgerlab\n2. paytalk")
    assert "（管理员 答的，记在 paytalk）" in texts(console.enter("/admin 2"), "said")


def test_an_admin_can_do_what_others_cannot(console: Console) -> None:
    assert "只有管理员" in texts(console.enter("/reload"), "said")
    assert "模式改为 off" in texts(console.enter("/admin /mode off"), "said")
    assert texts(console.enter(ASKED), "why") == "本群已关"
    assert "本群不旁听" in console.enter("/overhear")[1].text
    console.enter("/restart")
    assert texts(console.enter(f"@爬楼 {ASKED}"), "why") == "本群已关"


def test_wrong_input_is_explained_and_a_broken_bot_does_not_end_it(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert console.enter("/tick soon")[0].text.startswith("/tick 10m")
    assert console.enter("/admin")[0].text.startswith("/admin /reload")
    assert any("/overhear" in line.text for line in console.enter("/?"))
    monkeypatch.setattr("bot.admin.parse", lambda text: 1 / 0)
    assert console.enter("早")[0].text.startswith("机器人出错了：ZeroDivisionError")


def test_completion_knows_commands_people_and_rooms(console: Console) -> None:
    console.enter("/as 小王 早")
    assert "/admin" in console.completions("/a") and "/reload" in console.completions("/re")
    assert console.completions("/as 小") == ["/as 小王"]
    assert console.completions("/room 账") == ["/room 账务小群"]
    assert console.completions("/admin /un") == ["/admin /unmute", "/admin /unanswered"]
    assert console.completions("更") == ["更多"]
    assert console.completions("") == []


def test_in_a_terminal_lines_are_read_until_the_end_and_remembered(
    console: Console, tmp_path: Path
) -> None:
    history = tmp_path / "state" / "history"
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        typed.send_text("/as 小王\r\r早\r/quit\r")
        talk(console, history)
    assert console.group.last().incoming.sender.name == "小王"
    assert "早" in history.read_text(encoding="utf-8")


def test_nothing_of_it_is_kept_in_the_database(seeds_database: Path) -> None:
    before = seeds_database.read_bytes()
    args = ["chat", "--db", str(seeds_database), "--ambient"]
    typed = f"{ASKED}\n/tick 20s\n/admin /threshold 1\n紫砂壶怎么开壶？\n\n再见\n"
    result = CliRunner().invoke(main, args, input=typed)
    assert result.exit_code == 0, result.output
    assert "有人问过：网联成立以后" in result.stdout
    assert "(先等群友回答，20 秒，0." in result.stderr and "再见" not in result.output
    assert seeds_database.read_bytes() == before


def test_time_goes_by_itself_and_an_empty_line_shows_what_came_due(seeds_database: Path) -> None:
    now = [datetime.fromisoformat("2024-04-01T09:00:00+08:00")]
    group = Group(settings=Settings(), database=seeds_database, mode="ambient", start=now[0])
    console = Console(group, overhear=True, clock=lambda: now[0])
    assert "按回车" in texts(console.enter(ASKED), "why")
    now[0] += timedelta(seconds=19)
    assert console.wait() == []
    now[0] += timedelta(seconds=2)
    assert "有人问过：网联成立以后" in texts(console.wait(), "said")
    console.enter("/tick 1h")
    assert "10:00:21" in console.where
    group.close()


def test_time_goes_by_with_lines_however_often_it_is_looked_at(seeds_database: Path) -> None:
    start = datetime.fromisoformat("2024-04-01T09:00:00+08:00")
    group = Group(settings=Settings(), database=seeds_database, start=start)
    console = Console(group, clock=lambda: start, pace=timedelta(seconds=20))
    for at in ("09:00:00", "09:00:20", "09:00:40"):
        assert at in console.where and at in console.where
        console.enter("备付金放哪里")
        assert f"{group.last().incoming.sent_at:%H:%M:%S}" == at
    group.close()


def test_a_command_that_is_none_is_said_to_be(console: Console) -> None:
    assert console.enter("/dance")[0].text == "没有 /dance 这个命令；/? 列出全部"
    assert "有这些" not in texts(console.enter("/help"), "note")


def test_many_lines_from_a_pipe_are_no_flood_unless_the_clock_stands(seeds_database: Path) -> None:
    args = ["chat", "--db", str(seeds_database)]
    typed = "备付金放哪里\n" * 8
    assert "太密" not in CliRunner().invoke(main, args, input=typed).stderr
    assert "太密" in CliRunner().invoke(main, [*args, "--clock", "frozen"], input=typed).stderr


def test_the_banner_says_in_three_lines_where_one_is(console: Console) -> None:
    where, who, what = console.banner
    assert "ledgerlab、paytalk" in where and "「我」" in who and "停着" in who and "/?" in what
