"""Fixtures: the sample archive loaded once, and databases to write into."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.harness.group import Group
from bot.learning import learn
from bot.record.record import Record
from bot.settings import Settings
from knowledge.matching.embedder import WORDS
from knowledge.store.schema import connect
from knowledge.store.transaction import create
from tests.tea import WEEK, ZHOU, Make, tea_group

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def seeds_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample archive; for reading only."""
    path = tmp_path_factory.mktemp("seeds") / "seeds.db"
    learn(path, [SEEDS], WORDS)
    return path


@pytest.fixture
def seeds(seeds_database: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the sample archive."""
    conn = connect(seeds_database)
    yield conn
    conn.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a test may make a database."""
    return tmp_path / "test.db"


@pytest.fixture
def record(database: Path) -> Iterator[Record]:
    """The record of a bot that knows nothing yet."""
    create(database)
    made = Record(database)
    yield made
    made.close()


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    """Ends what a test has started."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes small groups for commands, which are closed when the test has ended."""
    made: list[Group] = []

    def one(settings: Settings | None = None, **options: object) -> Group:
        made.append(tea_group(settings, **options))
        return made[-1]

    yield one
    for group in made:
        group.close()


@pytest.fixture
def known(make: Make) -> Group:
    """A small group in which Zhou has been seen for more than a week."""
    group = make()
    group.say(ZHOU, "早")
    group.advance(WEEK)
    return group
