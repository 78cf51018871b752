"""Where a newcomer starts: a small archive, a question every few minutes, then days of chatter.

What is known to fall short is marked, and each mark has to go as soon as it holds no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from knowledge.model import Citation
from knowledge.store.read import Store
from knowledge.store.schema import connect
from tests.small import GROUPS, KINDS, Question, Reply, loaded, questions, replies

Replies = Mapping[str, Reply]
"""The replies to an archive's questions, as they were asked, by the citations of these."""

FOREIGN = 0.05
"""Share of the lines quoted in an archive that may answer another question, or none."""

NOT_TOLD = {
    "allotment-20250413-092438": "its only answer is thought unlikely, so nobody seems to answer",
    "paws-20250308-085239": "the second message of the answer is quoted without the first",
    "paws-20250309-090533": "its only answer is thought unlikely, so nobody seems to answer",
}
"""Questions that are not told with their own answer, and why."""

NEIGHBOURS = "half of the lines quoted belong to the questions beside"
SIDE_TALK = "what is said after a question that nobody answered is quoted"


def _params(wanted: Callable[[Question], bool], known: Mapping[str, str]) -> list[object]:
    """Each wanted question of each archive; of some it is known why they fail."""
    return [
        pytest.param(
            group,
            question,
            id=question.cited,
            marks=[pytest.mark.xfail(strict=True, reason=known[question.cited])]
            if question.cited in known
            else [],
        )
        for group in GROUPS
        for question in questions(group)
        if wanted(question)
    ]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Replies]:
    """By archive, each loaded alone, what is said to its questions."""
    folder = tmp_path_factory.mktemp("small")
    return {
        group: {r.question.cited: r for r in replies(loaded(group, folder), group, "verbatim")}
        for group in GROUPS
    }


@pytest.mark.parametrize(("group", "question"), _params(lambda q: bool(q.answers), NOT_TOLD))
def test_a_question_is_told_with_its_own_best_answer(
    told: Mapping[str, Replies], group: str, question: Question
) -> None:
    reply = told[group][question.cited]
    assert reply.right, reply.verdict.reply
    assert not question.best.isdisjoint(reply.shown), reply.verdict.reply


@pytest.mark.parametrize(
    "group",
    [pytest.param(g, marks=pytest.mark.xfail(strict=True, reason=NEIGHBOURS)) for g in GROUPS],
)
def test_hardly_a_line_is_quoted_that_answers_another_question(
    told: Mapping[str, Replies], group: str
) -> None:
    found = told[group].values()
    lines, foreign = sum(len(r.shown) for r in found), sum(len(r.foreign) for r in found)
    assert lines >= len(found) / 2
    assert foreign <= FOREIGN * lines, [cited for r in found for cited in r.foreign]


@pytest.mark.parametrize(
    ("group", "question"),
    _params(
        lambda q: not q.answers,
        {q.cited: SIDE_TALK for group in GROUPS for q in questions(group) if not q.answers},
    ),
)
def test_what_nobody_answered_is_not_told_as_if_it_were(
    told: Mapping[str, Replies], group: str, question: Question
) -> None:
    reply = told[group][question.cited]
    assert reply.verdict.hedged or not reply.foreign, reply.verdict.reply


@pytest.mark.parametrize("group", GROUPS)
def test_the_labels_are_those_of_the_archive(
    tmp_path_factory: pytest.TempPathFactory, group: str
) -> None:
    conn = connect(loaded(group, tmp_path_factory.mktemp("labels")))
    store = Store(conn)

    def text(cited: str) -> str:
        at = store.message_id(Citation.parse(cited))
        assert at is not None, cited
        return store.messages([at])[at].text

    for question in questions(group):
        assert text(question.cited) == question.ways["verbatim"]
        assert question.best <= question.answers and not question.answers & question.belongs
        assert all(cited > question.cited and text(cited) for cited in question.answers)
        assert all(text(cited) for cited in question.belongs)
        assert len({*question.ways.values(), question.near}) == len(KINDS) + 1
    conn.close()
