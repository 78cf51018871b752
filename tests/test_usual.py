"""A small archive knows what is usual in any chat, and a large one knows it by itself."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

from knowledge.language.usual import usual_characters, usual_terms
from knowledge.store.vocabulary import SMALL, Vocabulary
from knowledge.train import usual
from tests.chats import ASKED, put


def weight(term: str, total: int, held: int = 1) -> float:
    """What a term weighs in an archive of so many exchanges, so many of which hold it."""
    return Vocabulary({}, total, {}).weight(term, held)


def test_what_any_chat_says_weighs_less_where_little_is_archived() -> None:
    assert weight("怎么", 60) < weight("几点", 60) < weight("蚯蚓", 60) == 1
    asked, plant = Vocabulary({}, 60, {}).weights(["怎么", "蚯蚓"])
    assert asked < plant
    asked, plant = Vocabulary({}, 60, {}).character_weights("怎蚓")
    assert asked < plant


def test_the_larger_an_archive_the_less_it_is_told_of_others() -> None:
    weights = [weight("怎么", total) for total in (1, 60, 600, 1500, SMALL)]
    assert weights == sorted(weights)
    assert weights[-1] == 1 == weight("蚯蚓", SMALL)


@pytest.mark.parametrize("held", [1, 7, 59])
def test_what_is_archived_counts_beside_what_is_usual(held: int) -> None:
    assert weight("怎么", 60, held) > weight("怎么", 60, held + 1)
    assert weight("蚯蚓", 60, held) > weight("蚯蚓", 60, held + 1)


def test_the_list_is_one_of_terms_in_order_with_shares() -> None:
    lines = (pkgutil.get_data("knowledge.language", "usual.txt") or b"").decode().splitlines()
    terms = [line.split("\t")[0] for line in lines]
    assert terms == sorted(set(terms)) == list(usual_terms())
    assert all(0 < share < 0.2 for share in usual_terms().values())
    assert usual_characters()["怎"] >= usual_terms()["怎么"]


def test_what_one_archive_alone_says_is_not_told(tmp_path: Path) -> None:
    put(tmp_path / "chat", "2024-03-01", [*ASKED, ("09:30:00", "林一一", "蓝墙纸怎么贴？")])
    out = tmp_path / "usual.txt"
    usual.main(str(tmp_path / "chat"), str(out))
    told = {line.split("\t")[0] for line in out.read_text("utf-8").splitlines()}
    assert "怎么" in told
    assert not told & {"蓝墙", "么贴"}
