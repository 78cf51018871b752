"""The pytest plugin: collects conversations (`conversations/*.md`), and makes groups for tests.

def test_it(palou_group):
    group = palou_group(archive="seeds")
    group.ask("小林", "备付金要放到网联吗")
    expect_citation(group.last(), "2024-03-01 00:49:33")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Collect a conversation: a .md file in a folder `conversations`."""
    if file_path.suffix == ".md" and file_path.parent.name == "conversations":
        return ConversationFile.from_parent(parent, path=file_path)
    return None


class ConversationFile(pytest.File):
    """A file with one conversation."""

    def collect(self) -> Iterator[pytest.Item]:
        """The one test in it."""
        yield Conversation.from_parent(self, name=self.path.stem)


class ConversationFailed(Exception):
    """Something expected did not happen; holds the conversation as a chat."""


class Conversation(pytest.Item):
    """Plays a conversation and fails when an expectation is not met."""

    def runtest(self) -> None:
        """Play it."""
        from bot.harness.run import run
        from bot.harness.script import parse
        from bot.harness.show import failures_as_chat

        result = run(parse(self.path.read_text(encoding="utf-8"), self.path), self.config.rootpath)
        if result.failures:
            raise ConversationFailed(failures_as_chat(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The chat with what went wrong, or the parse error, without a traceback."""
        from knowledge.errors import PalouError

        if isinstance(excinfo.value, ConversationFailed | PalouError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, f"conversation {self.name}"


@pytest.fixture
def palou_group(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Makes groups (see `bot.harness.group.Group`); they are closed after the test."""
    from bot.harness.group import Group

    made: list[Group] = []

    def make(archive: Any = (), **options: Any) -> Group:
        paths = [archive] if isinstance(archive, str | Path) else list(archive)
        root = request.config.rootpath
        made.append(Group([(root / p).resolve() for p in paths], **options))
        return made[-1]

    yield make
    for group in made:
        group.close()
