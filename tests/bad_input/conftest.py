"""A working folder in which every command can run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.learning import learn
from knowledge.matching.embedder import WORDS
from tests.bad_input.refusal import CONVERSATION, GOOD
from tests.chats import ASKED, put


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with an archive, its database, questions and a conversation."""
    made = tmp_path_factory.mktemp("prepared")
    put(made / "seeds" / "g", "2024-05-06", ASKED)
    learn(made / "palou.db", [made / "seeds"], WORDS)
    (made / "questions.csv").write_text(GOOD[".csv"], encoding="utf-8")
    (made / "conversation.md").write_text(CONVERSATION, encoding="utf-8")
    return made


@pytest.fixture
def here(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in which nothing is served and no gateway is reached."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", "127.0.0.1:18788")
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "token")
    monkeypatch.setattr("bot.wire.wechat.start.connector", lambda environment: None)
    monkeypatch.setattr("bot.cli.run.asyncio.run", lambda main: main.close())
    monkeypatch.setattr("bot.web.app.run", lambda *_, **__: None)
    return tmp_path
