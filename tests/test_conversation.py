from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.loading.load import load
from knowledge.matching import match
from knowledge.matching.conversation import NEAR, lent, shares
from knowledge.matching.match import Matcher
from knowledge.matching.search import Depth
from knowledge.store.schema import connect
from tests.chats import TWO_QUESTIONS, Said, put

ELSEWHERE: list[Said] = [
    ("10:00:00", "林一一", "退款一般多久到账？"),
    ("10:01:00", "周大山", "@林一一?三天"),
]

answers = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 0.99), max_size=5)


def said(matches: list[match.Match]) -> list[str]:
    return [a.message.citation.time for a in matches[0].cited]


@pytest.fixture
def matcher(tmp_path: Path, database: Path) -> Matcher:
    put(tmp_path / "paytalk", "2024-03-01", TWO_QUESTIONS)
    put(tmp_path / "paytalk", "2024-03-02", ELSEWHERE)
    load(database, [tmp_path / "paytalk"])
    return Matcher(connect(database))


def test_who_may_mean_either_question_reads_the_answers_to_both(matcher: Matcher) -> None:
    found = matcher.ask("对账文件")
    assert said(found) == ["09:00:30", "09:02:40"]
    (other,) = found[0].nearby
    assert {found[0].exchange.lead.citation.time, other.lead.citation.time} == {
        "09:00:00",
        "09:02:00",
    }


def test_who_asks_one_of_them_reads_its_answer_first_of_all(matcher: Matcher) -> None:
    found = matcher.ask("请问对账文件在哪里下载？")
    best = max(found[0].exchange.answers, key=lambda a: a.probability)
    assert best.message.citation.time == "09:02:40"


def test_another_day_lends_nothing(matcher: Matcher) -> None:
    found = matcher.ask("退款一般多久到账？")
    assert said(found) == ["10:01:00"]
    assert not found[0].nearby


def test_what_a_glance_does_not_find_a_deeper_look_does(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Depth(postings=0, rare=0, candidates=0, finalists=1)
    monkeypatch.setattr(match, "GLANCE", nothing)
    assert said(matcher.ask("退款一般多久到账？")) == ["10:01:00"]
    monkeypatch.setattr(match, "DEEP", nothing)
    assert matcher.ask("退款一般多久到账？") == []


@given(
    st.lists(st.tuples(st.integers(0, 3 * NEAR), st.floats(-9, 9)), min_size=1, max_size=20),
    st.data(),
)
def test_shares_make_one_and_stay_in_the_conversation(
    found: list[tuple[int, float]], data: st.DataObject
) -> None:
    ids, scores = [i for i, _ in found], [score for _, score in found]
    place = data.draw(st.integers(0, len(ids) - 1))
    got = shares(ids, scores, place)
    assert next(iter(got)) == place
    assert sum(got.values()) == pytest.approx(1)
    assert all(abs(ids[other] - ids[place]) <= NEAR for other in got)


@given(st.lists(st.tuples(st.floats(0.01, 1), answers), min_size=1, max_size=5))
def test_what_is_lent_is_none_of_its_own_and_never_likelier_than_where_it_stands(
    talk: list[tuple[float, dict[str, float]]],
) -> None:
    total = sum(share for share, _ in talk)
    talk = [(share / total, said) for share, said in talk]
    got = lent(talk)
    assert not got.keys() & talk[0][1].keys()
    for key, p in got.items():
        assert p <= max(said[key] for _, said in talk if key in said) + 1e-9


def test_a_sure_answer_needs_no_other() -> None:
    assert lent([(0.9, {"own": 0.99}), (0.1, {"other": 0.5})]) == {}
    assert lent([(0.5, {"own": 0.4}), (0.5, {"other": 0.5})]) == {"other": 0.25}
