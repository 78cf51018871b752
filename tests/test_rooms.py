"""What holds in a room: by its settings, by what admins set, and for who speaks there privately."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.record.record import Record
from bot.record.states import RoomState
from bot.rooms import Rooms, Rules
from bot.settings import RoomSettings, Settings, Thresholds
from bot.terms import Room
from bot.topics import MOST

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

NOW = datetime(2024, 4, 1, 9, tzinfo=UTC)


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
        ("3@chatroom", "新_群"), "mention", None, Thresholds(0.3, 0.5, 0.7)
    )
    assert rooms.own_group(NEW) == "3@chatroom", "nobody else can have that"
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


def test_what_another_process_sets_holds_and_what_waits_to_be_written_is_kept(
    rooms: Rooms, record: Record, database: Path
) -> None:
    assert rooms.rules(TEA).thresholds.asked == 0.0
    with closing(Record(database)) as desk:
        desk.set_room_state(TEA.id, RoomState(asked=0.4))
        desk.flush()
        assert rooms.rules(TEA).thresholds.asked == 0.4
        with closing(sqlite3.connect(database)) as load:
            load.execute("insert into rooms(room, topic) values ('x', 'y')")
            load.commit()
            load.execute("begin immediate")  # as a load holds the lock
            rooms.set_state(TEA.id, RoomState(asked=0.5))
            assert rooms.rules(TEA).thresholds.asked == 0.5, "it was promised"
        assert rooms.rules(TEA).thresholds.asked == 0.5
        assert desk.room_state(TEA.id).asked == 0.5


def test_privately_the_rooms_of_the_contact_answer_and_what_answers_anybody(
    rooms: Rooms, record: Record
) -> None:
    assert rooms.private_groups("wxid_lin") == ("notices",)
    for room in (BOOKS, TEA):
        rooms.meet(room)
        record.see(room.id, "wxid_lin", "林一一", NOW)
    record.see(NEW.id, "wxid_zhou", "周大山", NOW)
    assert rooms.private_groups("wxid_lin") == ("notices", "paytalk", "tea", "ledgerlab")
    assert rooms.private_groups("wxid_zhou") == ("notices", "3@chatroom"), "its topic is unknown"


def test_a_group_that_answers_twice_over_is_named_once(record: Record) -> None:
    record.see(TEA.id, "wxid_lin", "林一一", NOW)
    record.see(NEW.id, "wxid_lin", "林一一", NOW)
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


# A topic that another room bears.

NAMES = Settings(
    private=("notices",),
    rooms=(
        RoomSettings(id="1@chatroom", groups=("paytalk",)),
        RoomSettings(topic="账务群", groups=("ledgerlab", "shared"), mode="ambient"),
        RoomSettings(id="2@chatroom", topic="茶友群"),
        RoomSettings(id="4@chatroom"),
    ),
)
BOOKS_ROOM = Room("5@chatroom", "账务群")
TAKEN = ("paytalk", "ledgerlab", "shared", "茶友群", "notices", "1@chatroom", "4@chatroom")


@pytest.fixture
def named(record: Record) -> Rooms:
    """Rooms of which one, set by its topic, was met."""
    rooms = Rooms(NAMES, record)
    rooms.meet(BOOKS_ROOM)
    return rooms


@pytest.mark.parametrize("topic", [*TAKEN, "账务群", " 茶友群 ", "paytalk/"])
@pytest.mark.parametrize("met", [False, True])
def test_a_room_gets_nothing_by_bearing_the_name_of_what_others_have(
    named: Rooms, record: Record, topic: str, met: bool
) -> None:
    stranger = Room("9@chatroom", topic)
    if met:
        named.meet(stranger)
        record.see(stranger.id, "wxid_stranger", "骗子", NOW)
        assert named.private_groups("wxid_stranger") == ("notices", "9@chatroom")
    assert named.groups(stranger) == ("9@chatroom",)
    assert named.own_group(stranger) == "9@chatroom"
    assert named.rules(stranger).mode == "mention"


def test_no_room_gets_what_is_anothers_by_that_ones_id(named: Rooms) -> None:
    named.meet(Room("6@chatroom", "路过的群"))
    assert named.groups(Room("9@chatroom", "6@chatroom")) == ("9@chatroom",)
    named.meet(Room("9@chatroom", "6@chatroom"))
    assert [r.id for r in named.bearing("6@chatroom")] == ["6@chatroom"]


def test_a_topic_in_the_settings_that_two_rooms_were_met_under_is_nobodys(
    named: Rooms, caplog: pytest.LogCaptureFixture
) -> None:
    assert named.groups(BOOKS_ROOM) == ("ledgerlab", "shared")
    assert not named.namesakes(BOOKS_ROOM)
    named.meet(Room("9@chatroom", "账务群"))
    assert named.groups(BOOKS_ROOM) == ("5@chatroom",)
    assert named.rules(BOOKS_ROOM).mode == "mention"
    assert named.namesakes(BOOKS_ROOM) == {"9@chatroom"}
    assert "5@chatroom, 9@chatroom" in caplog.text and "write the id" in caplog.text
    named.meet(Room("9@chatroom", "别的名字"))
    assert named.groups(BOOKS_ROOM) == ("5@chatroom",), "it may have been the right one"


def test_a_room_set_by_its_topic_keeps_its_settings_when_it_is_renamed(named: Rooms) -> None:
    for topic in ("账务大群", "茶友群", "paytalk"):
        renamed = Room(BOOKS_ROOM.id, topic)
        named.meet(renamed)
        assert named.groups(renamed) == ("ledgerlab", "shared")
    assert named.groups(Room("9@chatroom", "账务群")) == ("9@chatroom",)


def test_who_was_met_under_a_topic_is_known_after_a_restart(named: Rooms, record: Record) -> None:
    named.meet(Room(BOOKS_ROOM.id, "账务大群"))
    named.meet(Room("6@chatroom", "读书会"))
    again = Rooms(NAMES, record)
    assert again.groups(Room("9@chatroom", "账务群")) == ("9@chatroom",), "it was another's"
    assert again.groups(Room("9@chatroom", "读书会")) == ("9@chatroom",)
    assert again.groups(Room(BOOKS_ROOM.id, "新名")) == ("ledgerlab", "shared")
    record.see(BOOKS_ROOM.id, "wxid_lin", "林一一", NOW)
    record.see("6@chatroom", "wxid_zhou", "周大山", NOW)
    assert again.private_groups("wxid_lin") == ("notices", "ledgerlab", "shared")
    assert again.private_groups("wxid_zhou") == ("notices", "6@chatroom", "读书会")
    assert again.named("账务大群") == Room(BOOKS_ROOM.id, "账务大群")
    again.meet(Room("9@chatroom", "账务群"))
    assert Rooms(NAMES, record).namesakes(BOOKS_ROOM) == {"9@chatroom"}


def test_a_listed_room_takes_no_other_rooms_settings_by_its_new_name(record: Record) -> None:
    both = (
        RoomSettings(topic="账务群", groups=("ledgerlab",)),
        RoomSettings(topic="支付群", groups=("paytalk",)),
    )
    rooms = Rooms(Settings(rooms=both), record)
    rooms.meet(BOOKS_ROOM)
    rooms.meet(Room(BOOKS_ROOM.id, "支付群"))
    pay = Room("6@chatroom", "支付群")
    rooms.meet(pay)
    assert rooms.groups(Room(BOOKS_ROOM.id, "支付群")) == ("ledgerlab",)
    assert rooms.groups(pay) == ("paytalk",)


def test_a_room_set_by_its_id_keeps_its_settings_whoever_bears_its_topic(named: Rooms) -> None:
    tea = Room("2@chatroom", "茶友群")
    named.meet(tea)
    named.meet(Room("9@chatroom", "茶友群"))
    assert named.groups(tea) == ("茶友群", "2@chatroom")
    unnamed = Room("4@chatroom", "新群")
    named.meet(unnamed)
    named.meet(Room("9@chatroom", "新群"))
    assert named.groups(unnamed) == ("4@chatroom", "新群")
    assert named.groups(Room("9@chatroom", "新群")) == ("9@chatroom",)


def test_an_archive_that_no_room_has_is_given_to_the_only_room_of_its_name(named: Rooms) -> None:
    one = Room("6@chatroom", "读书会")
    named.meet(one)
    assert named.groups(one) == ("6@chatroom", "读书会")
    named.meet(Room("9@chatroom", "读书会"))
    assert named.groups(one) == ("6@chatroom",)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["5@chatroom", "8@chatroom", "9@chatroom"]),
            st.sampled_from([*TAKEN, "账务群", "读书会", "8@chatroom", ""]),
        ),
        max_size=12,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_rooms_are_called_no_two_strangers_share_a_group(
    record: Record, met: list[tuple[str, str]]
) -> None:
    rooms = Rooms(NAMES, record)
    for room, topic in met:
        rooms.meet(Room(room, topic))
    groups = {room: set(rooms.groups(Room(room, topic))) for room, topic in dict(met).items()}
    private = set(NAMES.private)
    for room, own in groups.items():
        assert not own & ({"paytalk", "茶友群", "1@chatroom", "4@chatroom"} | private)
        assert not any(own & other for r, other in groups.items() if r != room)


def test_who_renames_his_room_all_day_is_not_kept_in_mind_for_that(named: Rooms) -> None:
    for n in range(3 * MOST):
        named.meet(Room("9@chatroom", f"群{n}"))
    named.meet(Room("9@chatroom", "账务群"))
    assert len(named._topics.of(Room("9@chatroom", ""))) <= MOST + 1
    assert named.groups(Room("9@chatroom", "账务群")) == ("9@chatroom",)
    assert named.groups(BOOKS_ROOM) == ("ledgerlab", "shared"), "it had the topic first"
    assert named.named("账务群") is None and len(named.bearing("账务群")) == 2
