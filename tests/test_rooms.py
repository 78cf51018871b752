"""What holds in a room: by its settings, by what admins set, and for who speaks there privately."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.record.record import Record
from bot.record.states import RoomState
from bot.rooms import Rooms, Rules
from bot.settings import RoomSettings, Settings, Thresholds
from bot.terms import Room

TEA = Room("1@chatroom", "支付茶馆")
BOOKS = Room("2@chatroom", "账务小群")
NEW = Room("3@chatroom", "新 群")
SETTINGS = Settings(
    asked=0.5,
    overheard=0.7,
    private=("notices",),
    rooms=(
        RoomSettings(id=TEA.id, topic=TEA.topic, groups=("paytalk", "tea"), mode="ambient",
                     asked=0.0, overheard=0.6),
        RoomSettings(topic=BOOKS.topic, groups=("ledgerlab",), mode="off", hedged=0.3,
                     overheard=0.9),
        RoomSettings(topic=TEA.topic, groups=("another",)),
    ),
)  # fmt: skip


@pytest.fixture
def rooms(record: Record) -> Rooms:
    return Rooms(SETTINGS, record)


def test_a_room_is_as_its_settings_say_by_id_before_topic(rooms: Rooms) -> None:
    assert rooms.rules(TEA) == Rules(("paytalk", "tea"), "ambient", None, Thresholds(0.0, 0.0, 0.6))
    assert rooms.rules(BOOKS) == Rules(("ledgerlab",), "off", None, Thresholds(0.3, 0.5, 0.9))
    renamed = Room(TEA.id, "改名的茶馆")
    assert rooms.groups(renamed) == ("paytalk", "tea")
    assert rooms.groups(Room("9@chatroom", TEA.topic)) == ("another",)


def test_a_room_that_no_settings_name_answers_from_the_archive_of_its_name(rooms: Rooms) -> None:
    assert rooms.rules(NEW) == Rules(
        ("新_群", "3@chatroom"), "mention", None, Thresholds(0.3, 0.5, 0.7)
    )
    assert rooms.own_group(NEW) == "新_群"
    assert rooms.groups(Room("3@chatroom", "")) == ("3@chatroom",)
    assert rooms.groups(Room("paytalk", "paytalk")) == ("paytalk",)


def test_what_admins_set_goes_before_the_settings_and_is_kept(rooms: Rooms, record: Record) -> None:
    until = datetime(2024, 4, 1, 9, tzinfo=UTC)
    rooms.set_state(TEA.id, RoomState("mention", until, asked=0.1, overheard=1.0))
    rooms.set_state(BOOKS.id, RoomState(asked=0.0))
    for known in (rooms, Rooms(SETTINGS, record)):
        assert known.rules(TEA) == Rules(
            ("paytalk", "tea"), "mention", until, Thresholds(0.1, 0.1, 1.0)
        )
        assert known.rules(BOOKS) == Rules(("ledgerlab",), "off", None, Thresholds(0.0, 0.0, 0.9))
        assert known.state(NEW.id) == RoomState()


def test_privately_the_rooms_of_the_contact_answer_and_what_answers_anybody(
    rooms: Rooms, record: Record
) -> None:
    assert rooms.private_groups("wxid_lin") == ("notices",)
    for room in (BOOKS, TEA):
        rooms.meet(room)
        record.see(room.id, "wxid_lin", "林一一")
    record.see(NEW.id, "wxid_zhou", "周大山")
    assert rooms.private_groups("wxid_lin") == ("notices", "paytalk", "tea", "ledgerlab")
    assert rooms.private_groups("wxid_zhou") == ("notices", "3@chatroom"), "its topic is unknown"


def test_a_group_that_answers_twice_over_is_named_once(record: Record) -> None:
    record.see(TEA.id, "wxid_lin", "林一一")
    record.see(NEW.id, "wxid_lin", "林一一")
    both = (RoomSettings(id=TEA.id, groups=("tea",)), RoomSettings(id=NEW.id, groups=("tea",)))
    rooms = Rooms(Settings(private=("tea",), rooms=both), record)
    assert rooms.private_groups("wxid_lin") == ("tea",)


@pytest.mark.parametrize("name", ["1@chatroom", "支付茶馆"])
def test_admins_name_a_room_by_id_or_topic(rooms: Rooms, name: str) -> None:
    assert rooms.named(name) == TEA


def test_a_room_that_was_met_is_known_by_the_topic_that_it_has_now(rooms: Rooms) -> None:
    assert rooms.named(BOOKS.topic) is None, "the settings do not say which it is"
    rooms.meet(BOOKS)
    assert rooms.named(BOOKS.topic) == rooms.named(BOOKS.id) == BOOKS
    renamed = Room(BOOKS.id, "账务大群")
    rooms.meet(renamed)
    assert rooms.named("账务大群") == rooms.named(BOOKS.id) == renamed
    assert rooms.named(BOOKS.topic) is None
