"""The packages keep their places: `knowledge` never imports `bot`; a cold start imports little."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "knowledge").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_knowledge_never_imports_bot(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert not [n for n in names if n.split(".")[0] == "bot"]


@pytest.mark.parametrize("heavy", ["sqlite_utils", "rich", "opencc", "pluggy", "numpy"])
def test_asking_does_not_import_what_only_loading_needs(heavy: str, seeds_database: Path) -> None:
    program = (
        "import sys; from bot.cli import main\n"
        f"main(['ask', '--db', {str(seeds_database)!r}, '备付金放哪'], standalone_mode=False)\n"
        f"sys.exit({heavy!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
