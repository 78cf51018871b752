"""Linking in processes of its own: the same as here, whatever becomes of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.loading.linker import Job, Linker, Run, link
from knowledge.loading.load import FEW, load
from knowledge.store.read import Day
from knowledge.store.rows import Rows
from tests.chats import Said, put
from tests.test_load import content

RUNS = 9


def said(day: int) -> list[Said]:
    return [
        (f"{9 + i // 60:02}:{i % 60:02}:00", f"人{i % 5}", ("请问第几笔？", "看对账文件")[i % 2])
        for i in range(day, 60)
    ]


def days(count: int) -> list[Job]:
    made = [
        Day(
            "g",
            f"2024-05-{n + 1:02}",
            n << 20,
            tuple((t, 0, who, text) for t, who, text in said(n)),
        )
        for n in range(count)
    ]
    return [
        Job(None, made[0], made[1]),
        *(Job(a, b, None) for a, b in pairwise(made)),
    ]


@pytest.fixture
def runs() -> list[Run]:
    return [Run({}, [one]) for one in days(RUNS)]


def test_processes_find_what_is_found_here_in_the_same_order(runs: list[Run]) -> None:
    with Linker(2) as linker:
        assert list(linker.link(runs)) == [rows for run in runs for rows in link(run)]


def test_days_are_linked_even_when_a_process_is_gone(runs: list[Run]) -> None:
    with Linker(2) as linker:
        found: list[Rows] = []
        for rows in linker.link(runs):
            if not found:
                linker.processes[0].kill()
            found.append(rows)
    assert found == [rows for run in runs for rows in link(run)]


def test_processes_link_where_another_package_has_our_name(
    runs: list[Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "__init__.py").write_text("raise ImportError('another one')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with Linker(2) as linker:
        found = list(linker.link(runs))
        assert [process.poll() for process in linker.processes] == [None, None]
    assert found == [rows for run in runs for rows in link(run)]


def test_no_process_outlives_its_linker(runs: list[Run]) -> None:
    with Linker(2) as linker:
        next(linker.link(runs))
        processes = list(linker.processes)
        assert [process.poll() for process in processes] == [None, None]
    assert None not in [process.poll() for process in processes]


def test_a_load_knows_the_same_with_and_without_processes(tmp_path: Path) -> None:
    for n in range(FEW + 2):
        put(tmp_path / "g", f"2024-05-{n + 1:02}", said(n))
    for workers in (1, 2):
        load(tmp_path / f"{workers}.db", [tmp_path / "g"], workers=workers)
    assert content(tmp_path / "1.db") == content(tmp_path / "2.db")
    assert content(tmp_path / "1.db")["exchanges"]
