"""Slips of a typist are read by the sounds of characters."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.sound import USUAL, Homophones, near, sounds_of
from knowledge.loading.load import load
from knowledge.matching.match import Matcher
from knowledge.store.schema import connect
from tests.chats import put

SOUNDS = {c: near(sound) for c, sound in sounds_of(USUAL)}
HELD = {"押金": 9, "退押": 4, "金怎": 3, "银联": 50, "联收": 5, "牌照": 12, "的牌": 6, "对账": 8}


def counts(terms: Collection[str]) -> Mapping[str, int]:
    return {t: HELD[t] for t in terms if t in HELD}


def corrected(text: str) -> str:
    pairs = {a + b for a, b in itertools.pairwise(text)}
    return Homophones(SOUNDS).corrected(text, pairs - {*HELD, "单车", "怎么", "多少"}, counts)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("单车退鸭金怎么", "单车退押金怎么"),
        ("的牌造多少", "的牌照多少"),  # zh and z
        ("银连收款", "银联收款"),
        ("对帐", "对账"),
        ("单车怎么", "单车怎么"),
        ("", ""),
    ],
)
def test_a_slip_is_read_as_what_the_archive_has(typed: str, read: str) -> None:
    assert corrected(typed) == read


def test_sounds_that_many_mix_up_are_one() -> None:
    assert near("zhang") == near("zan") and near("shi") == near("si")
    assert near("li") == near("ni") and near("ma") != near("ba")


@given(st.text(alphabet=USUAL[:400] + "押金退银联牌照 ab1", max_size=20))
def test_nothing_changes_but_characters_that_sound_alike(text: str) -> None:
    read = corrected(text)
    assert len(read) == len(text)
    for typed, heard in zip(text, read, strict=True):
        assert typed == heard or SOUNDS[typed] == SOUNDS[heard]


def test_a_small_archive_reads_a_slip_too(tmp_path: Path, database: Path) -> None:
    said = [
        ("09:00:00", "周一", "共享单车退押金要几天到账？"),
        ("09:01:00", "周二", "@周一 三到五个工作日，押金原路退"),
        ("10:00:00", "周三", "合同盖章找谁？"),
        ("10:01:00", "周二", "@周三 找行政"),
    ]
    put(tmp_path / "shop", "2024-03-01", said)
    load(database, [tmp_path / "shop"])
    with closing(connect(database)) as conn:
        best = Matcher(conn).ask("单车鸭金几天退")[0]
    assert best.exchange.lead.text == said[0][2]
