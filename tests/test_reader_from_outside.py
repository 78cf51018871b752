"""A reader of somebody else's package is found by its entry point, and reads as ours do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

READER = """
from knowledge.archive.reading import Loss, ReadFile, ReadMessage, hookimpl


class Pipes:
    name = "pipes"
    written_by = "a tool of the house"
    how = "Export, then load."
    suffixes = frozenset({".pipes"})

    def recognises(self, head):
        return head.startswith(b"%pipes")

    def read(self, stream, filename):
        lines = stream.read().decode().splitlines()[1:]
        said = (line.split("|") for line in lines)
        messages = [ReadMessage(*fields, n) for n, fields in enumerate(said, 2)]
        return ReadFile.single("pipers", messages, [])


@hookimpl
def palou_readers():
    return [Pipes()]
"""

CHAT = """%pipes
2024-05-06|09:00:00|阿柒|请问清算文件几点能下载？
2024-05-06|09:01:00|harper_w|@阿柒 早上九点半以后，节假日会晚一点
"""


def test_a_reader_of_an_installed_package_is_found(tmp_path: Path) -> None:
    installed = tmp_path / "site"
    info = installed / "palou_pipes-1.0.dist-info"
    info.mkdir(parents=True)
    (installed / "palou_pipes.py").write_text(READER, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: palou-pipes\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[palou]\npipes = palou_pipes\n")
    chat = tmp_path / "day.pipes"
    chat.write_text(CHAT, "utf-8")

    def palou(*args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", *args],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(installed), "PALOU_SEMANTIC": "false"},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    database = str(tmp_path / "a.db")
    palou("load", str(chat), "--db", database)
    reply = palou("ask", "清算文件几点能下载", "--db", database)
    assert "九点半以后" in reply
    assert "pipers-20240506-090000" in reply
    assert "a tool of the house" in palou("formats")
