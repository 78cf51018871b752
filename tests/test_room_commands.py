"""Commands about a room: what is set for which, what is said, and what is left as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.harness.group import Group
from bot.reply import texts
from bot.terms import Room
from tests.tea import BOOKS, CLUB, QUESTION, Make, command


@pytest.fixture
def group(make: Make) -> Group:
    return make()


def test_a_room_is_named_at_the_end_of_each_command_in_private(group: Group) -> None:
    group.say("林一一", "早", room=CLUB)
    for text in ("/mode", "/mode off", "/mute", "/unmute", "/threshold", "/threshold 0.95"):
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
    assert "旁听 0.95" in command(group, f"/threshold 0.95 {CLUB}", None)
    assert "旁听 0.95" in command(group, f"/threshold {CLUB}", None)
    assert "旁听 0.90" in command(group, "/threshold")


def test_a_topic_that_two_rooms_bear_is_asked_which(group: Group) -> None:
    for id in ("7@chatroom", "8@chatroom"):
        where = Room(id, "同名群")
        group.core.receive(replace(group.admin("早").incoming, id=id, room=where))
    which = texts.WHICH_ROOM.format(2, "同名群", "7@chatroom、8@chatroom")
    for text in ("/mode off", "/mute 2h", "/unmute", "/threshold 0.95"):
        assert command(group, f"{text} 同名群", None) == which
    assert group.core.rooms.rules(Room("7@chatroom", "同名群")).mode == "mention"
    assert command(group, "/mode off 8@chatroom", None) == texts.MODE_SET.format("off")
    assert group.core.rooms.rules(Room("7@chatroom", "同名群")).mode == "mention"
    assert group.core.rooms.rules(Room("8@chatroom", "同名群")).mode == "off"


def test_mode_without_a_word_says_which_it_is(group: Group) -> None:
    usage = COMMANDS["mode"].usage
    assert command(group, "/mode") == texts.MODE.format("mention", usage)
    assert command(group, "/mode loud") == texts.NO_SUCH_MODE.format(usage)
    assert command(group, "/mode off") == texts.MODE_SET.format("off")
    assert command(group, "/mode") == texts.MODE.format("off", usage)


def test_what_is_set_by_one_command_is_left_by_the_next(group: Group) -> None:
    group.admin("/threshold 0.95")
    group.admin("/mode ambient")
    group.admin("/mute")
    for _ in range(2):
        assert group.mode() == "ambient"
        assert "旁听 0.95" in command(group, "/threshold")
        assert str(group.ask("林一一", QUESTION).reason) == "silent: muted until 10:00"
        group.restart()
    group.admin("/mode mention")
    group.admin("/threshold 0.8")
    assert str(group.ask("林一一", QUESTION).reason) == "silent: muted until 10:00"
    assert command(group, "/unmute") == texts.UNMUTED
    assert (group.mode(), "旁听 0.80" in command(group, "/threshold")) == ("mention", True)
    assert str(group.ask("林一一", QUESTION).reason) == "answered"
    assert group.mode(BOOKS) == "mention" and "旁听 0.90" in command(group, "/threshold", BOOKS)


def test_a_length_that_is_none_mutes_nothing(group: Group) -> None:
    assert command(group, "/mute 一会儿") == texts.NO_SUCH_LENGTH.format(COMMANDS["mute"].usage)
    assert str(group.ask("林一一", QUESTION).reason) == "answered"


def thresholds(hedged: float, asked: float, overheard: float) -> str:
    return texts.THRESHOLDS_SET.format(hedged=hedged, asked=asked, overheard=overheard)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("1", thresholds(0.3, 0.8, 1)),
        ("overheard 0.8", thresholds(0.3, 0.8, 0.8)),
        ("overheard 0.79", texts.OVERHEARD_BELOW.format(asked=0.8, overheard=0.79)),
        ("asked 0.9", thresholds(0.3, 0.9, 0.9)),
        ("asked 0.91", texts.OVERHEARD_BELOW.format(asked=0.91, overheard=0.9)),
        ("asked 0.1", thresholds(0.1, 0.1, 0.9)),
        ("hedged 0", thresholds(0, 0.8, 0.9)),
        ("hedged 0.8", thresholds(0.8, 0.8, 0.9)),
        ("hedged 0.81", texts.HEDGED_ABOVE.format(asked=0.8, hedged=0.81)),
        *(
            (wrong, texts.NO_SUCH_THRESHOLD.format(COMMANDS["threshold"].usage))
            for wrong in ("1.01", "-0.01", "很高", "nan", "hedged", "asked much", "much 0.5")
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
