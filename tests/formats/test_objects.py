"""Objects out of JSON: one after the other, as far as a file is whole and not too deep."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.objects import Objects, first
from knowledge.archive.tame import DEPTH

# A name of over 1,000 bytes, as JSON escapes it, is damage.
names = st.text(max_size=80)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3),
    max_leaves=12,
)


class Slow(io.BytesIO):
    """Gives so many bytes at a time, however many are asked for."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self._size = size

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self._size if size is None or size < 0 else min(size, self._size))


@given(st.lists(st.dictionaries(names, values, max_size=4), max_size=4), st.integers(1, 9))
def test_all_objects_come_out_however_the_file_is_read(found: list[Any], size: int) -> None:
    content = json.dumps({"messages": found}, ensure_ascii=size % 2 == 0)
    objects = Objects(Slow(content.encode("utf-8", "replace"), size), "messages.item")
    wanted = [json.loads(json.dumps(x).encode("utf-8", "replace")) for x in found]
    assert [x for _, x in objects] == wanted and objects.losses == []


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert all(isinstance(x, dict) for _, x in Objects(io.BytesIO(content), "item"))
    first(io.BytesIO(content), "meta")


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'["\\\\",'])
def test_what_is_nested_deeper_than_any_chat_ends_there(opening: bytes) -> None:
    there = b'{"n": 1}, '
    objects = Objects(io.BytesIO(b"[" + there + opening * 100_000), "item")
    assert [x for _, x in objects] in ([{"n": 1}], [])
    (loss,) = objects.losses
    assert f"nested deeper than {DEPTH}" in loss.what


@pytest.mark.parametrize("size", [64, 1 << 16])
@pytest.mark.parametrize("number", [b"1" * 20_000, b"-1." + b"5" * 5000, b"1" * 301])
def test_an_endless_number_ends_the_file_and_not_the_process(number: bytes, size: int) -> None:
    objects = Objects(Slow(b'[{"n": 12, "t": "' + b"1" * 5000 + b'"}, ' + number, size), "item")
    assert [x["n"] for _, x in objects] in ([12], [])
    (loss,) = objects.losses
    assert "no whole JSON" in loss.what


def test_a_broken_tail_keeps_what_was_read() -> None:
    objects = Objects(io.BytesIO(b'[{"n": 1}, {"n": 2}, {"n": '), "item")
    assert [number for number, _ in objects] == [1, 2]
    assert "behind message 2" in objects.losses[0].what
