"""What is waited for goes by time that passes, whatever the clock of the machine is set to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core import PalouCore, steady_clock
from bot.decision import Decision
from bot.harness.group import contact, room
from bot.reload import InProcess
from bot.reply import texts
from bot.settings import RoomSettings, Settings, Speaking
from bot.terms import Incoming
from knowledge.store.copies import back_up
from tests.group import ADMIN, ASKED, said

TWO_HOURS = timedelta(hours=2)
HERE = room("测试群")


class Bot:
    """A bot in a room, with a clock that can be set; time passes by `advance` alone."""

    def __init__(self, database: Path, mode: str) -> None:
        self.now = self.steady = datetime(2024, 4, 1, 9, 0, tzinfo=UTC)
        rooms = (RoomSettings(id=HERE.id, groups=("paytalk",), mode=mode),)
        settings = Settings(
            admins=(contact(ADMIN).id,),
            rooms=rooms,
            speaking=Speaking(person=3),
            private=("paytalk",),
        )
        self.core = PalouCore(
            settings, database, InProcess(str), lambda: self.now, lambda: self.steady
        )
        self._number = 0

    def set_by(self, by: timedelta) -> None:
        self.now += by

    def advance(self, seconds: float) -> list[str]:
        self.now += timedelta(seconds=seconds)
        self.steady += timedelta(seconds=seconds)
        return [str(d.reason) for d in self.core.due(self.now)]

    def say(self, who: str, text: str, *, asked: bool = True) -> Decision:
        self._number += 1
        said_now = Incoming(f"m{self._number}", HERE, contact(who), text, self.now, asked)
        return self.core.receive(said_now)

    def reason(self, who: str, text: str, *, asked: bool = True) -> str:
        return str(self.say(who, text, asked=asked).reason)


@pytest.fixture(params=[-TWO_HOURS, TWO_HOURS], ids=["back", "forward"])
def by(request: pytest.FixtureRequest) -> timedelta:
    """By how much the clock is set."""
    found: timedelta = request.param
    return found


@pytest.fixture
def bot(tmp_path: Path, seeds_database: Path) -> Iterator[Bot]:
    back_up(seeds_database, tmp_path / "bot.db")
    made = Bot(tmp_path / "bot.db", "ambient")
    yield made
    made.core.close()


def test_a_flood_ends_after_a_minute_and_not_before(bot: Bot, by: timedelta) -> None:
    assert [bot.reason("小林", ASKED) for _ in range(4)][2:] == [
        "answered",
        "silent: flood, this person",
    ]
    bot.set_by(by)
    assert bot.reason("小林", ASKED) == "silent: flood, this person"
    bot.advance(61)
    assert bot.reason("小林", ASKED) == "answered"


def test_a_held_question_is_answered_when_its_seconds_have_passed(bot: Bot, by: timedelta) -> None:
    assert bot.reason("小林", ASKED, asked=False) == "held: 20 s"
    bot.set_by(by)
    assert bot.core.next_due() == bot.now + timedelta(seconds=20)
    assert bot.advance(19) == []
    assert bot.advance(1) == ["answered"]
    bot.set_by(-by)
    assert bot.reason("老周", ASKED, asked=False) == "silent: cooldown 60 s"
    bot.advance(60)
    assert bot.reason("老周", ASKED, asked=False) == "held: 20 s"


def test_a_reply_can_be_talked_about_for_ten_minutes(bot: Bot, by: timedelta) -> None:
    bot.say("小林", ASKED)
    bot.set_by(by)
    assert "paytalk-20240301-004933" in said(bot.say("小林", "出处"))
    bot.advance(601)
    assert said(bot.say("小林", "出处")) == texts.NO_SOURCE


def test_a_refusal_is_said_again_after_ten_minutes(bot: Bot, by: timedelta) -> None:
    assert said(bot.say("小林", "/mute")) == texts.REFUSED
    bot.set_by(by)
    assert said(bot.say("小林", "/mute")) == ""
    bot.advance(600)
    assert said(bot.say("小林", "/mute")) == texts.REFUSED


def test_how_long_it_runs_is_what_passed(bot: Bot, by: timedelta) -> None:
    bot.advance(3600)
    bot.set_by(by)
    assert "已运行 1.0 小时" in said(bot.say(ADMIN, "/status"))


def test_a_mute_ends_when_the_clock_says_so(bot: Bot) -> None:
    """It was set to a time of day, and is kept over a restart."""
    bot.say(ADMIN, "/mute 1h")
    assert bot.reason("小林", ASKED) == "silent: muted until 10:00"
    bot.set_by(TWO_HOURS)
    assert bot.reason("小林", ASKED) == "answered"


def test_the_steady_clock_shows_the_time_and_goes_on() -> None:
    clock = steady_clock()
    first = clock()
    assert abs(datetime.now(UTC) - first) < timedelta(minutes=1)
    assert clock() >= first


# Commands are replies, too.


def test_commands_of_members_end_with_the_replies_of_a_minute(bot: Bot) -> None:
    reasons = [bot.reason("小林", "/help") for _ in range(500)]
    assert reasons == ["command: /help"] * 3 + ["silent: flood, this person"] * 497
    assert bot.reason("小林", ASKED) == "silent: flood, this person"
    assert "防刷丢弃 498" in said(bot.say(ADMIN, "/status"))
    bot.advance(61)
    assert bot.reason("小林", "/help") == "command: /help"


def test_many_who_are_refused_are_a_flood_of_the_room(bot: Bot) -> None:
    reasons = [bot.reason(f"人{n}", "/mute") for n in range(30)]
    assert reasons[19:21] == ["refused: not an admin", "silent: flood, this room"]


def test_nobody_probes_for_messages_without_an_end(bot: Bot) -> None:
    heard = [bot.reason("小林", f"/forget paytalk-20240301-00{n:04}") for n in range(500)]
    assert heard == ["command: /forget"] * 3 + ["silent: flood, this person"] * 497


@pytest.mark.parametrize("given", ["/mode off", "/mute 1h"])
def test_where_it_is_to_be_silent_members_commands_are_not_answered_but_wishes_are(
    bot: Bot, given: str
) -> None:
    bot.say(ADMIN, given)
    assert bot.reason("小林", "/help").startswith("silent: m")
    assert bot.reason("小林", "/mute 1h").startswith("silent: m")
    assert bot.reason("小林", "/forget-me") == "command: /forget-me"
    assert bot.reason(ADMIN, "/help") == "command: /help"
    bot.say(ADMIN, "/unmute")
    bot.say(ADMIN, "/mode mention")
    assert bot.reason("小林", "/help") == "command: /help"


def test_a_wish_is_heard_in_the_midst_of_a_flood(bot: Bot) -> None:
    for who in ("小林", "老周", "小吴", "小何", "小许", "小郑", "小王", "小李"):
        for _ in range(3):
            bot.say(who, ASKED)
    assert bot.reason("小林", ASKED).startswith("silent: flood")
    assert bot.reason("小林", "/forget-me all") == "command: /forget-me"


def test_an_admin_is_always_heard(bot: Bot) -> None:
    assert {bot.reason(ADMIN, "/mute 1h") for _ in range(30)} == {"command: /mute"}
    assert bot.reason(ADMIN, "/unmute") == "command: /unmute"
    refused = bot.say("小林", "/unmute")
    forged = replace(refused.incoming, id="x", sender=replace(contact("小林"), name=ADMIN))
    assert not str(bot.core.receive(forged).reason).startswith("command")
