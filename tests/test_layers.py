"""A cold start imports little."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("heavy", ["sqlite_utils", "rich", "opencc", "pluggy"])
def test_asking_does_not_import_what_only_loading_needs(heavy: str, seeds_database: Path) -> None:
    program = (
        "import sys; from bot.cli import main\n"
        f"main(['ask', '--db', {str(seeds_database)!r}, '备付金放哪'], standalone_mode=False)\n"
        f"sys.exit({heavy!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
