"""A load in a process of its own runs our code, whatever lies where the operator stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.reload import Reloaded, Subprocess
from tests.chats import ASKED, put

PATIENCE = 60.0
"""Seconds until a load is given up that takes one: what a busy machine needs, many times."""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of an operator who has packages of the same names, and more."""
    folder = tmp_path / "project"
    for name in ("bot", "knowledge"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"raise ImportError('another {name}')\n")
    (folder / "json.py").write_text("raise ImportError('another json')\n")
    monkeypatch.chdir(folder)
    return folder


def reloaded(reloader: Subprocess) -> Reloaded:
    reloader.start()
    assert reloader._process is not None
    reloader._process.wait(PATIENCE)
    done = reloader.ended()
    assert done is not None
    return done


@pytest.mark.usefixtures("elsewhere")
def test_it_loads_where_other_packages_have_its_names(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    done = reloaded(Subprocess(database, lambda: [tmp_path / "g"]))
    assert done.report.startswith("归档已重新读入：新 1、") and not done.failed


def test_it_loads_where_these_stand_first_in_the_path(
    tmp_path: Path, database: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "json.py").unlink()
    monkeypatch.syspath_prepend(elsewhere)
    put(tmp_path / "g", "2024-05-06", ASKED)
    done = reloaded(Subprocess(database, lambda: [tmp_path / "g"]))
    assert done.report.startswith("归档已重新读入：新 1、") and not done.failed


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_what_went_wrong_is_said(
    tmp_path: Path, database: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = reloaded(Subprocess(database, lambda: [tmp_path / "没有"]))
    assert done.failed and "没有" in done.report


def test_a_damaged_database_is_said_to_be_one(tmp_path: Path, seeds_database: Path) -> None:
    damaged = tmp_path / "damaged.db"
    shutil.copy(seeds_database, damaged)
    with damaged.open("r+b") as stream:
        stream.seek(4096 * 4)
        stream.write(b"nonsense" * 4096)
    put(tmp_path / "g", "2024-05-06", ASKED)
    done = reloaded(Subprocess(damaged, lambda: [tmp_path / "g"]))
    assert done.failed and "palou backup" in done.report and "\n" not in done.report
