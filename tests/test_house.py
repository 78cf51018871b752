"""The modules keep to their rooms: each imports only from rooms below, and SQL stands in two."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ROOMS = (
    ("knowledge",),  # errors, the model, groups
    ("knowledge.archive",),
    ("knowledge.language",),
    ("knowledge.store",),
    ("knowledge.linking",),
    ("knowledge.loading",),
    ("knowledge.matching",),
    ("knowledge.train",),
    ("bot.networks", "bot.settings", "bot.settings_file", "bot.settings_values", "bot.tokens"),
    ("bot.terms", "bot.reasons"),
    ("bot.record",),
    ("bot.reply",),
    ("bot",),  # asking, deciding, the core and its commands
    ("bot.wire",),
    ("bot.harness",),
    ("bot.reports",),
    ("bot.web",),
    ("bot.cli",),
)
"""All rooms, each above those before it; a module is in the room of its longest prefix."""

SQL = ("knowledge.store", "bot.record")
"""The rooms with SQL, where another database could be put."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours by its name, parsed."""
    found = {}
    for path in sorted([*ROOT.glob("knowledge/**/*.py"), *ROOT.glob("bot/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(name: str) -> set[str]:
    """The modules of ours that one imports: at once, later, or for its types alone."""
    ours = modules()

    def named() -> Iterator[str]:
        for node in ast.walk(ours[name]):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 and node.module, f"{name}: a relative import"
                for alias in node.names:
                    below = f"{node.module}.{alias.name}"
                    yield below if below in ours else node.module

    return {found for found in named() if found in ours}


def room(name: str) -> int:
    """The number of a module's room."""
    within = [
        (len(prefix), number)
        for number, prefixes in enumerate(ROOMS)
        for prefix in prefixes
        if name == prefix or name.startswith(prefix + ".")
    ]
    return max(within)[1]


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_from_its_room_and_those_below(name: str) -> None:
    assert [other for other in sorted(imported(name)) if room(other) > room(name)] == []


@pytest.mark.parametrize("package", ["knowledge", "bot"])
def test_no_modules_import_one_another_in_a_circle(package: str) -> None:
    within = [name for name in modules() if name.split(".")[0] == package]
    try:
        TopologicalSorter({name: imported(name) for name in within}).prepare()
    except CycleError as e:
        pytest.fail(" <- ".join(e.args[1]))


def test_sql_stands_in_the_rooms_for_it() -> None:
    elsewhere = {
        name
        for name, tree in modules().items()
        if not name.startswith(tuple(f"{room}." for room in SQL))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("execute", "executemany", "executescript")
    }
    assert elsewhere == set()
