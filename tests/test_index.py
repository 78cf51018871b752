from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlite_utils import Database

from knowledge.language.normal import tokens
from knowledge.matching.postings import Postings
from knowledge.matching.search import GLANCE, leave_out, search
from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.store import index
from knowledge.store.migrations import create_or_migrate
from knowledge.store.vocabulary import Vocabulary


def exchange(question: str, *answers: str, group: str = "g", at: int = 0) -> Exchange:
    def said(text: str, second: int) -> Message:
        return Message(Citation(group, "2024-01-01", f"09:{at:02}:{second:02}"), "林一一", text)

    return Exchange(
        question=(said(question, 0),),
        answers=tuple(Answer(said(a, i), 0.8) for i, a in enumerate(answers, 1)),
        sought=0.9,
    )


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    create_or_migrate(Database(conn))
    yield conn
    conn.close()


def found(conn: sqlite3.Connection, text: str, groups: list[str] | None = None) -> list[int]:
    words = tokens(text)
    return list(search(Postings(conn), Vocabulary.read(conn), words, GLANCE, groups).scores)


def test_the_question_counts_more_than_its_answers(conn: sqlite3.Connection) -> None:
    index.add(
        conn, index.rows([(1, exchange("退款多久", "看对账文件")), (2, exchange("对账文件几点出"))])
    )
    assert found(conn, "对账文件") == [2, 1]


def test_a_deleted_exchange_is_gone_and_others_stay(conn: sqlite3.Connection) -> None:
    index.add(conn, index.rows([(i, exchange(f"对账文件{i}", "十点")) for i in range(1, 9)]))
    index.delete(conn, 3, 6)
    assert sorted(found(conn, "对账文件")) == [1, 2, 7, 8]
    conn.execute("insert into exchange_index(exchange_index) values ('integrity-check')")


def test_an_exchange_can_come_back_with_other_words(conn: sqlite3.Connection) -> None:
    index.add(conn, index.rows([(1, exchange("对账文件"))]))
    index.delete(conn, 1, 1)
    index.add(conn, index.rows([(1, exchange("退款多久"))]))
    assert found(conn, "对账文件") == []
    assert found(conn, "退款多久") == [1]


def test_groups_narrow_the_search(conn: sqlite3.Connection) -> None:
    in_two = [(1, exchange("对账文件", group="甲群")), (2, exchange("对账文件", group='b\'s "2"'))]
    index.add(conn, index.rows(in_two))
    assert found(conn, "对账文件", ["甲群"]) == [1]
    assert found(conn, "对账文件", ['b\'s "2"']) == [2]
    assert found(conn, "对账文件", []) == []


def test_frequencies_are_counted_when_the_index_has_grown(conn: sqlite3.Connection) -> None:
    index.add(conn, index.rows([(i, exchange("对账文件", at=i % 60)) for i in range(100)]))
    assert Vocabulary.read(conn).exchanges == {}
    index.count(conn)
    assert Vocabulary.read(conn).exchanges["对账"] == 100
    assert Vocabulary.read(conn).weight("对账") < Vocabulary.read(conn).weight("退款")


def test_a_query_of_common_words_reads_its_share_and_no_more(conn: sqlite3.Connection) -> None:
    depth = replace(GLANCE, postings=50, candidates=1000)
    index.add(conn, index.rows([(i, exchange("对账文件怎么下载", "十点")) for i in range(400)]))
    index.count(conn)
    result = search(Postings(conn), Vocabulary.read(conn), tokens("对账文件怎么下载"), depth)
    assert 0 < len(result.scores) <= 50
    assert max(result.scores) == 399  # the newest


def test_leaving_out_makes_terms_unseen(conn: sqlite3.Connection) -> None:
    index.add(conn, index.rows([(1, exchange("对账文件")), (2, exchange("退款文件"))]))
    result = search(Postings(conn), Vocabulary.read(conn), tokens("对账文件"), GLANCE)
    left = leave_out(result, {1})
    seen = dict(zip(left.terms, left.exchanges, strict=True))
    assert list(left.scores) == [2]
    assert seen["对账"] == 0
    assert seen["文件"] == 1


def test_kept_postings_are_as_those_read_afresh(conn: sqlite3.Connection) -> None:
    found = [(i, exchange(f"对账文件{i}", "退款", at=i)) for i in range(1, 9)]
    index.add(conn, index.rows(found))
    postings = Postings(conn)
    first = postings.anywhere(["对账", "退款", "没有"])
    assert first["对账"] == ([8, 7, 6, 5, 4, 3, 2, 1], [])
    assert first["退款"] == ([], [8, 7, 6, 5, 4, 3, 2, 1])
    assert first["没有"] == ([], [])
    assert postings.anywhere(["退款", "对账"]) == {t: first[t] for t in ("退款", "对账")}
    assert list(postings.in_questions("文件", 3)) == [8, 7, 6]
    assert list(postings.in_questions("文件", 100)) == [8, 7, 6, 5, 4, 3, 2, 1]


def test_a_lone_character_weighs_the_same_whatever_was_looked_up_before() -> None:
    vocabulary = Vocabulary({"费": 40}, 5000, {"费": 900})
    as_character = vocabulary.character("费")
    (as_term,) = vocabulary.weights(["费"])
    assert as_term == vocabulary.weight("费") > as_character
    assert [*vocabulary.character_weights("费")] == [as_character]
