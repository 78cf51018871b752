"""The pytest plugin: collects conversations (`conversations/*.md`), and makes groups for tests.

def test_it(palou_group, expect_citation, expect_silence):
    group = palou_group(archive="seeds", mode="ambient")
    expect_citation(group.ask("小林", "备付金要放到网联吗"), "2024-03-01 00:49:33")
    group.clock.advance(3600)
    expect_silence(group.say("小林", "吃面去"), reason="not a question")

pytest loads it at its start wherever Palou is installed, also in a project that has a package `bot`
of its own. So it is installed at the top level, under a name that is nobody else's, and imports
nothing of ours before it is used; beside another `bot` it steps aside, and says so in one line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# A module of each of our packages, by which it is told from another of its name.
_OURS = {"bot": Path("harness", "script.py"), "knowledge": Path("store", "schema.py")}


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say that conversations are not collected here, and why."""
    return _other(config) or None


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Collect a conversation: a .md file in a folder `conversations`, less its README.md."""
    if (
        file_path.suffix == ".md"
        and file_path.parent.name == "conversations"
        and file_path.name != "README.md"
        and not _other(parent.config)
    ):
        return ConversationFile.from_parent(parent, path=file_path)
    return None


class ConversationFile(pytest.File):
    """A file with one conversation."""

    def collect(self) -> Iterator[pytest.Item]:
        """The one test in it."""
        yield ConversationItem.from_parent(self, name=self.path.stem)


class ConversationFailed(Exception):
    """Something expected did not happen; holds the conversation as a chat."""


class ConversationItem(pytest.Item):
    """Plays a conversation and fails when an expectation is not met."""

    def runtest(self) -> None:
        """Play it."""
        if other := _other(self.config, self.path):
            pytest.skip(other)
        from bot.harness.run import run
        from bot.harness.script import parse, source
        from bot.harness.show import failures_as_chat

        result = run(parse(source(self.path), self.path), self.config.rootpath)
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


def _other(config: pytest.Config, file: Path | None = None) -> str:
    """Why to step aside, in one line: a package of the project that is not ours; "" if none is.

    With a file, also a package that lies beside it or above it in the project.
    """
    near = [config.rootpath, config.rootpath / "src", config.invocation_params.dir]
    if file is not None:
        near += [folder for folder in file.parents if folder.is_relative_to(config.rootpath)]
    for name, module in _OURS.items():
        for place in _places(name, near):
            if not (place.parent / module).is_file():
                return f"palou: stepped aside, as `{name}` is another package here: {place}"
    return ""


def _places(name: str, near: Iterable[Path]) -> Iterator[Path]:
    """The files that a package's name may stand for: the one imported already, or those to come.

    pytest makes parts of a project importable when it comes to their tests: what would be imported
    now is not all there is to know. Nothing is imported to find out.
    """
    if loaded := sys.modules.get(name):
        yield Path(getattr(loaded, "__file__", None) or name)
        return
    for folder in near:
        yield from filter(Path.is_file, (folder / name / "__init__.py", folder / f"{name}.py"))
    if spec := find_spec(name):
        yield Path(spec.origin or name)


def _ours(config: pytest.Config) -> None:
    """Fail a test that asks for a fixture where we step aside."""
    if other := _other(config):
        pytest.fail(other, pytrace=False)


@pytest.fixture
def palou_group(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Makes groups (see `bot.harness.group.Group`); they are closed after the test."""
    _ours(request.config)
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


@pytest.fixture
def expect_citation(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`expect_citation(decision, "2024-03-01 00:49:33")`: the reply quotes that message."""
    _ours(request.config)
    from bot.harness.expect import expect_citation

    return expect_citation


@pytest.fixture
def expect_silence(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`expect_silence(decision, reason="cooldown")`: it kept silent, for that reason."""
    _ours(request.config)
    from bot.harness.expect import expect_silence

    return expect_silence


@pytest.fixture
def expect_reply(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`expect_reply(decision, "灰度")`: it replied, with these words."""
    _ours(request.config)
    from bot.harness.expect import expect_reply

    return expect_reply
