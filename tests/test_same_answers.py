"""The same archive gives the same knowledge and the same answers, in whatever order sets stand."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.test_load import content

ROOT = Path(__file__).parent.parent
QUESTIONS = 200
SEEDS = "012"


@pytest.fixture(scope="module")
def of_seeds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, bytes]]:
    """A database of the sample and what 200 questions were answered, for each seed of hashes."""
    folder = tmp_path_factory.mktemp("seeds")
    found: list[tuple[Path, bytes]] = []
    for seed in SEEDS:
        database = folder / f"{seed}.db"

        def palou(*args: str, asked: str = "", seed: str = seed) -> bytes:
            return subprocess.run(
                [sys.executable, "-c", "from bot.cli import main; main()", *args],
                cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, input=asked.encode(),
                capture_output=True, check=True,
            ).stdout  # fmt: skip

        palou("load", "tests/data/paytalk", "seeds", "--db", str(database))
        found.append(
            (database, palou("ask", "--jsonl", "--db", str(database), asked=questions(database)))
        )
    return found


def questions(database: Path) -> str:
    """What people said, shortened by its first character or its last."""
    with closing(sqlite3.connect(database)) as conn:
        rows = conn.execute("select text from messages where length(text) > 6 order by id")
        texts = [" ".join(text.split()) for (text,) in rows]
    asked = [text[1:] for text in texts] + [text[:-1] for text in texts]
    return "".join(f"{text}\n" for text in islice(cycle(asked), QUESTIONS))


def test_messages_exchanges_and_index_are_the_same(of_seeds: list[tuple[Path, bytes]]) -> None:
    first, *others = [content(database) for database, _ in of_seeds]
    assert all(other == first for other in others)


def test_answers_are_the_same_to_the_byte(of_seeds: list[tuple[Path, bytes]]) -> None:
    first, *others = [said for _, said in of_seeds]
    assert len(first.splitlines()) == QUESTIONS
    assert any(json.loads(line)["reply"] for line in first.splitlines())
    assert others == [first] * len(others)
