"""What the measuring scripts say of the code is still true of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.bench.mutation import EQUIVALENT

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("line", EQUIVALENT)
def test_lines_of_which_a_mutant_does_the_same_stand_in_the_code(line: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mutated = [ROOT / path for path in settings["tool"]["mutmut"]["only_mutate"]]
    lines = [text.strip() for p in mutated for text in p.read_text(encoding="utf-8").splitlines()]
    assert line in lines
