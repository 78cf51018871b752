"""Tries an installed Palou as an operator would on the first evening, in an empty folder.

    python -m tests.installed BIN

BIN is the folder of an environment with the wheel and pytest; nothing else of this clone is used.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.formats.exports import GROUP, Line, chatlab

CONVERSATION = """---
archive: ../export.json
---
> 09:00:00  小林

@爬楼 请问水泵半夜嗡嗡响是怎么回事？

palou: 回复
"""

SAID = [
    Line(0, 0, "请问水泵半夜嗡嗡响是怎么回事？"),
    Line(60, 1, "转子里卡了沙子，拆开洗洗就好", reply=0),
    Line(90, 2, "我家的也是，洗完就不响了"),
    Line(7200, 2, "明天谁去花鸟市场"),
]
"""A group's talk, exported by a tool; that of one day in May 2024."""

FIXTURES = """def test_it(palou_group, expect_reply):
    group = palou_group(archive="export.json")
    expect_reply(group.ask("小林", "请问水泵半夜嗡嗡响是怎么回事？"))
"""


def main() -> None:
    """Run each step; the first that fails ends it, with what it said."""
    binaries = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="palou-evening-") as folder:
        here = Path(folder)
        said = runner(binaries, here)
        print(said("palou", "--version", holds="palou"))
        said("palou", "demo", holds="原文：paytalk-20240301-004933")
        (here / "export.json").write_bytes(chatlab(SAID))
        said("palou", "load", "--dry-run", "export.json", holds=GROUP)
        said("palou", "init", "export.json", "--network", "wechat", "--yes", holds="palou run")
        said("palou", "ask", "水泵嗡嗡响", holds="转子里卡了沙子")
        said("palou", "chat", holds="转子里卡了沙子", stdin="水泵半夜嗡嗡响怎么办\n")
        said("palou", "doctor", holds="all is in order")
        said("palou", "stats", holds=GROUP)
        (here / "conversations").mkdir()
        (here / "conversations" / "pump.md").write_text(CONVERSATION, encoding="utf-8")
        said("palou", "test", holds="1 passed")
        (here / "test_group.py").write_text(FIXTURES, encoding="utf-8")
        said("pytest", "-q", holds="2 passed")
        said("palou", "demo", "--out", "seeds", holds="")
        days = ("--from", "2024-03-06", "--to", "2024-03-06")
        said("palou", "replay", "seeds", "--room", "paytalk", *days, holds="replies")
        said("palou", "label", "l.jsonl", "--archived", stdin="r\n", holds="1 of")
        said("palou", "tune", "l.jsonl", holds="[thresholds]")
        said("palou", "backup", "copy.db", "--text", holds="")
    print("all of it works")


def runner(binaries: Path, here: Path) -> Callable[..., str]:
    """What runs a command of an environment in a folder, and looks for words in what it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PALOU", "PYTHON"))}

    def said(command: str, *args: str, holds: str, stdin: str = "") -> str:
        done = subprocess.run(
            [str(binaries / command), *args],
            cwd=here,
            env=environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
        )
        line = " ".join([command, *args])
        print(f"{'ok' if done.returncode == 0 else done.returncode}  {line}", file=sys.stderr)
        if done.returncode or holds not in done.stdout:
            sys.exit(f"{line}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout.strip()

    return said


if __name__ == "__main__":
    main()
