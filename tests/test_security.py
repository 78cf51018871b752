"""SECURITY.md names tests that are there, and bounds that hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w./-]+?\.(?:py|md))(?:::(\w+))?`", TEXT)))
THREATS = TEXT.split("## Threats")[1].split("## Packages")[0]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    if name:
        found = ast.walk(ast.parse(source))
        assert name in {
            n.name for n in found if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
        }


def test_every_threat_has_a_test() -> None:
    rows = [line for line in THREATS.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith(("| what ", "| ---"))]
    assert len(rows) > 30
    assert [row for row in rows if "tests/" not in row.split("|")[3]] == []


def test_bounds_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    packages = TEXT.split("## Packages")[1]
    bounds = re.findall(r"^\| ([\w-]+) \| ([\d.]+) \|", packages, re.MULTILINE)
    assert len(bounds) > 5
    for package, least in bounds:
        assert any(w.partition(",")[0] == f"{package}>={least}" for w in wanted), package


def test_what_is_left_out_of_an_audit_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (known,) = re.findall(r"^KNOWN_HOLES := (.+)$", makefile, re.MULTILINE)
    assert [hole for hole in known.split() if hole not in TEXT] == []
