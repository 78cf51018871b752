"""Long sequences of messages: what goes in comes out, in a fraction of the memory."""

import tracemalloc
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive import packed
from knowledge.archive.packed import Packed, column, parted
from knowledge.archive.reading import Quoted, ReadMessage

texts = st.text(st.characters(), max_size=6)
messages = st.builds(
    ReadMessage,
    date=st.sampled_from(["2024-05-06", "2024-05-07", "2024-05-08"]),
    time=st.just("09:00:00"),
    speaker=texts,
    text=texts,
    line=st.integers(0, 9),
    reply=st.none() | texts | st.builds(Quoted, texts, texts),
    at=st.none() | st.integers(0, 2**40),
)


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "BLOCK", 3)


@given(st.lists(messages, max_size=20), st.integers(-25, 25), st.slices(20))
def test_it_holds_what_was_put_into_it_in_order(
    held: list[ReadMessage], at: int, some: slice
) -> None:
    found = Packed(ReadMessage, held)
    assert [*found] == held
    assert found == tuple(held)
    assert len(found) == len(held)
    assert [*column(found, "text")] == [m.text for m in held]
    assert found[some] == tuple(held[some])
    if -len(held) <= at < len(held):
        assert found[at] == held[at]
    else:
        with pytest.raises(IndexError):
            found[at]
    found.append(ReadMessage("2024-05-09", "10:00:00", "甲", "乙", 1))
    assert [*found][:-1] == held


@given(st.lists(messages, max_size=20))
def test_it_is_another_when_one_message_is(held: list[ReadMessage]) -> None:
    more = ReadMessage("2024-05-09", "10:00:00", "甲", "乙", 1)
    assert Packed(ReadMessage, [*held, more]) != tuple(held)
    assert Packed(ReadMessage, [more, *held]) != (*held, ReadMessage("", "", "", "", 0))


@given(st.lists(messages, max_size=40), st.booleans())
def test_its_days_are_those_of_its_messages(held: list[ReadMessage], long: bool) -> None:
    days = parted(Packed(ReadMessage, held) if long else held, "date")
    assert [*days] == [*dict.fromkeys(m.date for m in held)]
    for date, found in days.items():
        assert [*found] == [m for m in held if m.date == date]
        assert found[1:] == tuple(found)[1:]
        assert len(found) == len([*found])


@dataclass(frozen=True)
class Counted:
    """A record that counts how often one is made."""

    day: int
    made: list[int]

    def __post_init__(self) -> None:
        self.made.append(1)


@pytest.mark.parametrize("step", [1, 7, 50])
def test_days_that_lie_all_over_a_file_are_not_unpacked_again_and_again(step: int) -> None:
    count = 300
    held = Packed(Counted, (Counted(i * step % 60, []) for i in range(count)))
    made: list[int] = []
    held._of = lambda day, _: Counted(day, made)  # type: ignore[assignment]
    days = parted(held, "day")
    assert sum(len([*found]) for found in days.values()) == count
    assert len(made) <= 6 * count


def test_many_messages_take_a_fraction_of_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "BLOCK", 1024)
    count = 20 * 1024

    def said() -> list[ReadMessage]:
        return [
            ReadMessage("2024-05-06", f"{i:08}", "甲", f"第{i}箱鱼几点到码头", i, id=f"m{i}")
            for i in range(count)
        ]

    tracemalloc.start()
    try:
        found = Packed(ReadMessage, said())
        packed_size, _ = tracemalloc.get_traced_memory()
        whole = said()
        both, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [*found] == whole
    assert packed_size < (both - packed_size) / 4
