"""What commands are given, and what they say when they refuse it."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result

CITED = "g-20240506-090000"
CONVERSATION = """---
archive: seeds
---
> 09:00:00  小林

@爬楼 请问对账文件每天几点能下载？

palou: 引用 2024-05-06 09:00:00
"""
DAYS = "--from 2024-05-06 --to 2024-05-06"

GOOD = {
    ".csv": f"question,answers\n几点能下载,{CITED}\n",
    ".md": CONVERSATION,
    ".toml": 'database = "palou.db"\n',
    ".txt": "对账文件, 账单\n",
}


def said(done: Result) -> list[str]:
    """The lines that say what is wrong, without warnings of what was read all the same."""
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert "Traceback" not in done.output and "fault of palou" not in done.output
    errors = [x for x in done.stderr.splitlines() if not x.startswith(("warning: ", "files: "))]
    return [*errors, *(x for x in done.stdout.splitlines() if x.startswith("ERROR "))]


def content(folder: Path) -> dict[str, object]:
    """All that lies in a folder, less what SQLite keeps beside a database that is open."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    }


def refused(done: Result, status: int, *words: str) -> str:
    """The one line by which something was refused."""
    lines = said(done)
    assert len(lines) == 1, done.output
    (line,) = lines
    assert done.exit_code == status, line
    assert line.startswith(("palou: ", "palou ", "ERROR ")), line
    assert all(word in line for word in words), line
    return line
