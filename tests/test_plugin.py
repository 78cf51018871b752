"""pytest with Palou installed, in projects that have nothing to do with it and in those that do."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent
TALK = "---\ndate: 2024-04-01\n---\n> 09:00:00  小林\n\n今天中午吃面\n\npalou: 沉默\n"
STARTS = {"pytest": ("-P", "-m", "pytest"), "python -m pytest": ("-m", "pytest")}
"""How Python starts: as the script `pytest` does, without the working folder, or with it."""

starts = pytest.mark.parametrize("start", STARTS)


class Project:
    """A project with a conversation, in a folder of its own."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pytester = pytester
        self._options: tuple[str, ...] = ()
        # Where Palou is not installed, its entry point does not load the plugin.
        if not any(e.value == "palou_pytest" for e in entry_points(group="pytest11")):
            path = [str(ROOT), str(ROOT / "bot/harness/entry")]
            monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))
            self._options = ("-p", "palou_pytest")
        # nonebug's plugin wants NoneBot for every test, as in pyproject.toml.
        monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:nonebug")
        self.put("pytest.ini", "[pytest]\n")
        self.put("conversations/quiet.md", TALK)

    def put(self, name: str, text: str) -> None:
        """Write a file."""
        path = self._pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test(self, start: str) -> pytest.RunResult:
        """Run its tests."""
        return self._pytester.run(sys.executable, *STARTS[start], *self._options)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(pytester, monkeypatch)


@starts
def test_a_conversation_is_collected_in_any_project(project: Project, start: str) -> None:
    result = project.test(start)
    result.assert_outcomes(passed=1)
    assert "stepped aside" not in result.stdout.str()


@starts
@pytest.mark.parametrize("file", ["bot/__init__.py", "bot.py", "knowledge/__init__.py"])
def test_a_project_with_such_a_package_has_its_own(project: Project, start: str, file: str) -> None:
    name = file.split("/")[0].removesuffix(".py")
    project.put(file, "NAME = 'theirs'\n")
    project.put("test_it.py", f"from {name} import NAME\n\ndef test_it():\n    assert NAME\n")
    result = project.test(start)
    result.assert_outcomes(passed=1)
    (said,) = [line for line in result.stdout.lines if "stepped aside" in line]
    assert said.startswith(f"palou: stepped aside, as `{name}` is another package here: ")
    assert said.endswith(file)


def test_a_package_deeper_down_is_left_alone_too(project: Project) -> None:
    project.put("one/bot/__init__.py", "NAME = 'theirs'\n")
    project.put("one/conversations/quiet.md", TALK)
    project.put("one/test_it.py", "def test_it():\n    from bot import NAME\n")
    (project._pytester.path / "conversations" / "quiet.md").unlink()
    result = project.test("pytest")
    result.assert_outcomes(passed=1, skipped=1)


def test_a_test_that_asks_for_a_group_there_fails_and_says_why(project: Project) -> None:
    project.put("bot/__init__.py", "")
    project.put("test_it.py", "def test_it(palou_group):\n    palou_group()\n")
    result = project.test("pytest")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["palou: stepped aside, as `bot` is another package here: *"])
