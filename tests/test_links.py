"""The weights of links fit the codes that they weigh, or say where they do not."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking import links
from knowledge.linking.answered import ANSWERED, answered
from knowledge.linking.company import Company
from knowledge.linking.evidence import Evidence
from knowledge.linking.figures import FIGURES, Figures
from knowledge.linking.links import read_weights, weights
from knowledge.linking.people import People
from knowledge.linking.scene import ALONE, CODES, LEAD, Scene, alone, lead_codes, note, pairs
from knowledge.model import Citation, Message

SHIPPED = Path(links.__file__).with_name("links_weights.json")


@pytest.fixture
def data() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(SHIPPED.read_text("utf-8"))
    return held


def test_the_shipped_weights_fit_the_codes() -> None:
    assert read_weights(SHIPPED) == weights()


@pytest.mark.parametrize(
    ("part", "table"),
    [
        ("pair", "gap"),
        ("pair", "yes"),
        ("lead", "asks"),
        ("answered", "next"),
    ],
)
def test_a_table_too_short_too_long_or_missing_is_named_with_its_file(
    tmp_path: Path, data: dict[str, Any], part: str, table: str
) -> None:
    file, tables = tmp_path / "other.json", data[part]["tables"]
    values = tables[table]
    for wrong in (values[:-1], [*values, 0.0], []):
        tables[table] = wrong
        file.write_text(json.dumps(data), encoding="utf-8")
        with pytest.raises(ValueError, match=f"^other.json, {part}: the table '{table}' has") as e:
            read_weights(file)
        assert "\n" not in str(e.value)
    del tables[table]
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match=f"^other.json, {part}: the table '{table}' has 0 values"):
        read_weights(file)


def test_trees_for_other_figures_are_named_with_their_file(
    tmp_path: Path, data: dict[str, Any]
) -> None:
    file = tmp_path / "other.json"
    data["trees"]["figures"].reverse()
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^other.json: the trees were made for other figures"):
        read_weights(file)


_TEXTS = st.sampled_from(
    [
        "请问几点出账？",
        "@甲 十点",
        "「乙：几点」 - - - - - 十点",
        "谢谢",
        "是的",
        "1、先看",
        "哈",
        "出账几点呢",
    ]
)
_SAID = st.lists(
    st.tuples(st.integers(0, 4 * 86400), st.sampled_from("甲乙丙丁"), _TEXTS),
    min_size=1,
    max_size=40,
)


@given(_SAID, st.floats(0, 1))
def test_every_code_that_a_day_can_have_has_its_value_in_the_tables(
    said: list[tuple[int, str, str]], start: float
) -> None:
    scene = scene_of(sorted(said), start)
    found = links.link(scene, weights())
    company = Company(scene, found)
    for i in range(scene.lo, scene.hi):
        within([lead_codes(scene, i)], LEAD.values())
        within([codes for _, codes in pairs(scene, i)], CODES.values())
        within([alone(scene.notes[i])], ALONE.values())
    for lead in found:
        if lead.links:
            within([answered(company, lead)], ANSWERED.values())
    figures = Figures(scene, company, Evidence(scene))
    for lead in links.first(scene, weights().pair, weights().lead):
        rows = figures.of(lead)
        assert [j for j, _ in rows] == list(lead.links)
        assert all(len(row) == len(FIGURES) and all(map(math.isfinite, row)) for _, row in rows)


def scene_of(said: Sequence[tuple[int, str, str]], start: float) -> Scene:
    """A scene of messages, by seconds, speaker and text, whose day begins somewhere in it."""
    messages = []
    for at, who, text in said:
        day, second = divmod(at, 86400)
        time = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        messages.append(Message(Citation("g", f"2024-05-{6 + day:02}", time), who, text))
    notes = [note(m, People({}), "2024-05-06") for m in messages]
    return Scene(notes, int(start * (len(notes) - 1)), len(notes))


def within(rows: Iterable[Sequence[int]], values: Iterable[int]) -> None:
    """Assert that each code is one of its values."""
    most = tuple(values)
    for row in rows:
        assert all(0 <= code < n for code, n in zip(row, most, strict=True)), row
