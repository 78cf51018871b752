"""Both READMEs against the code: every setting, every command once, extras that there are."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.cli import COMMANDS
from bot.commands import COMMANDS as IN_CHAT
from bot.settings import Settings
from bot.settings_file import _ARCHIVE_KEYS, _KEYS, _ROOM_KEYS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    return (ROOT / str(request.param)).read_text(encoding="utf-8")


def settings(readme: str) -> dict[str, Any]:
    """The keys of all blocks of settings with their values; those of rooms and archives as such."""
    found: dict[str, Any] = {}
    for block in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL):
        for key, value in tomllib.loads(block).items():
            if isinstance(value, dict):
                found.update({f"{key}.{name}": v for name, v in value.items()})
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                names = (f"{key}: {name}" for table in value for name in table)
                found.update(dict.fromkeys(names))
            else:
                found[key] = value
    return found


def test_every_setting_is_there(readme: str) -> None:
    rooms = {f"rooms: {key}" for key in _ROOM_KEYS if key not in ("topic", "hedged", "asked")}
    archives = {f"archives: {key}" for key in _ARCHIVE_KEYS}
    named = settings(readme).keys() | {
        "archives"
    }  # which is a list in one block, tables in another
    assert named == _KEYS.keys() | archives | rooms
    assert 'topic = "' in readme and "hedged" in readme


def test_the_figures_that_are_said_to_be_defaults_are(readme: str) -> None:
    defaults = Settings()
    for key, value in settings(readme).items():
        table, _, name = key.partition(".")
        if table == "thresholds":
            assert value == getattr(defaults, name)
        elif table == "speaking":
            assert value == getattr(defaults.speaking, name)


def test_every_command_has_one_row(readme: str) -> None:
    rows = Counter(re.findall(r"^\| `palou (\w+)", readme, re.MULTILINE))
    assert rows == dict.fromkeys(COMMANDS, 1)


def test_every_command_in_the_chat_is_there(readme: str) -> None:
    for name in IN_CHAT:
        assert f"`/{name}" in readme, name


def test_extras_are_named_that_there_are(readme: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert set(re.findall(r"palou\[(\w+)\]", readme)) <= extras.keys()
    # Before a release there is nothing to be had from an index by that name.
    assert "-e '.[web]'" in readme


def test_files_that_are_linked_are_there(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"", readme):
        assert (ROOT / "".join(target)).exists(), target
