"""Fixtures: sites of the sample archive, and of archives of a test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.settings import Settings
from knowledge.loading.load import load
from tests.conftest import SEEDS
from tests.web.client import Client, closed, settings


@pytest.fixture(scope="session")
def seeds_site(seeds_database: Path) -> Iterator[Client]:
    """The sample archive, open to anybody; for reading only."""
    with closing(Client(settings(seeds_database))) as client:
        yield client


@pytest.fixture(scope="session")
def closed_site(seeds_database: Path) -> Iterator[Client]:
    """The sample archive, whose two groups belong to rooms; for reading only."""
    with closing(Client(closed(seeds_database))) as client:
        yield client


@pytest.fixture
def serve() -> Iterator[Callable[[Settings], Client]]:
    """Serves what a test has set; it ends with the test."""
    with ExitStack() as stack:
        yield lambda chosen: stack.enter_context(closing(Client(chosen)))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A database of the sample archive in a folder of its own, so that it can be changed."""
    shutil.copytree(SEEDS, tmp_path / "archive")
    load(tmp_path / "palou.db", [tmp_path / "archive"])
    return tmp_path / "palou.db"
