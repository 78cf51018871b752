"""Runs a command as an operator would, in this process."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import main


def palou(*args: str | Path, stdin: str | bytes = "") -> Result:
    """`palou` with some arguments; what it said, and how it ended."""
    return CliRunner().invoke(main, [str(a) for a in args], input=stdin)
