"""JSON that is nested deep, or in another encoding: read as far as it goes, in little memory."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.objects import Objects, first, places
from knowledge.archive.tame import DEPTH, Tame

NESTED = [b"[" * 200_000, b'{"a":' * 200_000, b'{"messages":[' + b"[" * 200_000]


@pytest.mark.parametrize("content", NESTED)
def test_deep_nesting_ends_the_reading_with_a_loss(content: bytes) -> None:
    found = Objects(io.BytesIO(content), "messages.item")
    assert list(found) == []
    assert [loss.what.split(": ")[1] for loss in found.losses] == ["it is nested deeper than 100"]
    assert first(io.BytesIO(content), "messages.item") is None
    assert len(places(content)) < 20


def test_brackets_within_texts_are_no_nesting() -> None:
    texts = ["[" * 5000, '\\"{' * 3000, '"[', "\\", "\\\\", "[]}{"]
    content = json.dumps({"messages": [{"text": text} for text in texts * 20]}).encode()
    found = Objects(io.BytesIO(content), "messages.item")
    assert [o["text"] for _, o in found] == texts * 20
    assert found.losses == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_json_in_any_encoding(encoding: str) -> None:
    content = json.dumps({"a": [{"text": "挂失要本人去"}] * 9}, ensure_ascii=False)
    found = Objects(io.BytesIO(content.encode(encoding)), "a.item")
    assert [o for _, o in found] == [{"text": "挂失要本人去"}] * 9
    assert "a.item.text" in places(content.encode(encoding))


VALUES = st.recursive(
    st.text('[]{}"\\a挂', max_size=6) | st.integers(-9, 9) | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
)


@given(VALUES, st.integers(1, 9))
def test_what_is_shallow_comes_through_as_it_is(value: object, size: int) -> None:
    content = json.dumps(value).encode()
    stream = Tame(io.BytesIO(content))
    assert b"".join(iter(lambda: stream.read(size), b"")) == content


@given(st.integers(1, 2 * DEPTH), st.integers(1, 70))
def test_the_limit_is_exact_wherever_chunks_end(depth: int, size: int) -> None:
    stream = Tame(io.BytesIO(b'["\\"[[[",' * depth))
    try:
        while stream.read(size):
            pass
        assert depth <= DEPTH
    except ValueError:
        assert depth > DEPTH


@pytest.mark.parametrize("name", ["a" * 50_000, '\\"' * 9_000, ("a" * 400 + "\\\\") * 90])
@pytest.mark.parametrize("blanks", ["", " " * 70_000])
def test_a_name_of_kilobytes_ends_the_reading_with_a_loss(name: str, blanks: str) -> None:
    found = Objects(io.BytesIO(f'[{{"a": 1}}, {{"{name}"{blanks}: 1}}]'.encode()), "item")
    assert [o for _, o in found] == [{"a": 1}]
    assert found.losses[0].what.endswith("a name in it is longer than 1000")


def test_long_texts_are_no_names() -> None:
    values = [":" * 5000, "a" * 70_000, [1] * 2000, ":)", {"k" * 900: ":" * 3000}, "\\" * 3000]
    content = json.dumps([{"v": value} for value in values * 9], indent=9).encode()
    found = Objects(io.BytesIO(content), "item")
    assert [o["v"] for _, o in found] == values * 9
    assert found.losses == []


@given(st.integers(990, 1010), st.integers(1, 70), st.text(' \\":', max_size=20))
def test_the_limit_of_names_is_nearly_exact_wherever_chunks_end(
    length: int, size: int, before: str
) -> None:
    stream = Tame(io.BytesIO(f'[{json.dumps(before)}, {{"{"n" * length}": 1}}]'.encode()))
    try:
        while stream.read(size):
            pass
        assert length <= 1000
    except ValueError:
        assert length > 1000
