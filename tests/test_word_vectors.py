"""Vectors of words: what Palou finds by meaning with nothing installed."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from knowledge.language.normal import normal
from knowledge.language.possible import possible_words
from knowledge.loading.load import load
from knowledge.matching.embedder import WORDS, open_model
from knowledge.matching.embedding import embed
from knowledge.matching.match import Matcher
from knowledge.matching.meaning import Meaning
from knowledge.store.schema import connect
from knowledge.store.vectors import WORDS as WORDS_SHELF
from knowledge.store.vectors import Shelf
from tests.chats import put

MODEL = open_model(WORDS)

DAY = [
    ("09:00:00", "周木", "电脑开机很慢怎么办？"),
    ("09:01:00", "吴溪", "@周木 换一块固态硬盘就好了"),
    ("12:00:00", "郑野", "中午吃什么？"),
    ("12:01:00", "周木", "@郑野 楼下新开的面馆"),
    ("15:00:00", "冯远", "孩子发烧要不要去医院？"),
    ("15:01:00", "郑野", "@冯远 超过三十九度再去"),
]


def alike(one: str, other: str) -> float:
    a, b = MODEL.embedder.queries([normal(one), normal(other)])
    return float(a @ b)


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("电脑开机很慢", "笔记本启动要好久", "中午吃什么"),
        ("小孩发热", "孩子发烧", "电脑开机很慢"),
        ("借记卡怎么办理", "储蓄卡如何申请", "发票抬头写什么"),
        ("房子装修多少钱", "家装费用", "跑步膝盖疼"),
    ],
)
def test_what_means_alike_is_nearer_than_what_does_not(one: str, near: str, far: str) -> None:
    assert alike(one, near) > alike(one, far) + 0.15


def test_a_text_of_unknown_words_is_near_to_nothing() -> None:
    assert not MODEL.embedder.queries(["", "zzqx"]).any()


@given(st.lists(st.text(max_size=40), max_size=5))
def test_each_text_has_its_vector_whatever_stands_beside_it(texts: list[str]) -> None:
    together = MODEL.embedder.queries(texts)
    assert together.shape == (len(texts), 128)
    for text, row in zip(texts, together, strict=True):
        assert np.allclose(row, MODEL.embedder.queries([text])[0], atol=1e-5)
        assert min(abs(np.linalg.norm(row) - 1), np.linalg.norm(row)) < 1e-5


def test_words_are_all_that_may_be_one() -> None:
    assert [*possible_words("开机 慢 ssd")] == ["开", "机", "开机", "慢", "ssd"]
    assert [*possible_words("甲乙丙丁戊")][-2:] == ["甲乙丙丁", "乙丙丁戊"]


def test_the_digest_is_that_of_what_is_shipped() -> None:
    held = np.load(Path("knowledge/language/word_vectors.npy"), allow_pickle=False)
    assert MODEL.digest == "words " + hashlib.sha256(held.tobytes()).hexdigest()[:16]


@pytest.fixture
def loaded(tmp_path: Path, database: Path) -> Path:
    put(tmp_path / "tea", "2024-03-01", DAY)
    load(database, [tmp_path / "tea"])
    return database


def test_what_shares_no_word_is_found(loaded: Path) -> None:
    assert embed(loaded, MODEL) == 6
    with closing(connect(loaded)) as conn:
        assert Matcher(conn).ask("笔记本启动要好久") == []
        best = Matcher(conn, None, Meaning(conn, MODEL)).ask("笔记本启动要好久")[0]
    assert (best.exchange.lead.text, best.by) == (DAY[0][2], "meaning")


def test_only_what_is_new_is_added_up(tmp_path: Path, loaded: Path) -> None:
    embed(loaded, MODEL)
    assert embed(loaded, MODEL) == 0
    put(tmp_path / "tea", "2024-06-01", DAY[:2])
    load(loaded, [tmp_path / "tea"])
    assert embed(loaded, MODEL) == 2
    with closing(connect(loaded)) as conn:
        assert Shelf(conn, WORDS_SHELF).progress() == (8, 8)


def test_a_kill_before_the_usual_cosines_were_noted_loses_nothing(
    loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    embed(loaded, MODEL)
    with closing(connect(loaded, read_only=False)) as conn, conn:
        conn.execute("update word_vectors_of set typical = null, typical_said = null")
    found = CliRunner().invoke(main, ["ask", "笔记本启动要好久", "--db", str(loaded)])
    assert "开机很慢" in found.output


def test_a_load_of_the_command_line_makes_them_and_says_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "seeds" / "tea", "2024-03-01", DAY)
    done = CliRunner().invoke(main, ["load"])
    assert (done.exit_code, "vectors" in done.output) == (0, False)
    found = CliRunner().invoke(main, ["ask", "笔记本启动要好久"])
    assert "固态硬盘" in found.output or "开机很慢" in found.output
    letters = CliRunner().invoke(main, ["ask", "笔记本启动要好久"], env={"PALOU_SEMANTIC": "false"})
    assert "固态硬盘" not in letters.output and "开机很慢" not in letters.output


def test_a_database_of_before_gets_them_when_it_is_asked(
    loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(main, ["ask", "笔记本启动要好久", "--db", str(loaded)])
    assert "开机很慢" in found.output
    with closing(connect(loaded)) as conn:
        assert Shelf(conn, WORDS_SHELF).made_by() == MODEL.digest


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_where_nothing_can_be_written_letters_have_to_do(
    loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    loaded.chmod(stat.S_IREAD)
    found = CliRunner().invoke(main, ["ask", DAY[0][2], "--db", str(loaded)])
    assert (found.exit_code, "固态硬盘" in found.output) == (0, True)
