"""A load that is killed at any moment leaves the old knowledge or the new."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from knowledge.loading.load import load
from knowledge.store.schema import connect
from tests.chats import Said, put

KILLS = 20


def days(archive: Path, count: int, marker: str) -> None:
    for number in range(count):
        said: list[Said] = [
            (f"{9 + i // 60:02}:{i % 60:02}:00", f"人{i % 7}", f"{marker}怎么对第{i}笔账？{number}")
            for i in range(120)
        ]
        put(archive, f"2024-05-{number + 1:02}", said)


def state(database: Path) -> tuple[int, int, str]:
    """How many messages and exchanges there are, and the markers that they bear."""
    conn = connect(database)
    try:
        messages = conn.execute("select count(*) from messages").fetchone()[0]
        exchanges = conn.execute("select count(*) from exchanges").fetchone()[0]
        marks = conn.execute("select distinct substr(text, 1, 1) from messages order by 1")
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
        return messages, exchanges, "".join(row[0] for row in marks)
    finally:
        conn.close()


def test_killed_twenty_times(tmp_path: Path) -> None:
    archive, database = tmp_path / "g", tmp_path / "killed.db"
    days(archive, 6, "旧")
    load(database, [archive])
    old = state(database)
    days(archive, 12, "新")
    load(tmp_path / "new.db", [archive])
    new = state(tmp_path / "new.db")
    assert old != new

    # The child prints a line at each step of its progress; it is killed after a random one.
    program = (
        "import sys; from pathlib import Path; from knowledge.loading.load import load\n"
        "load(Path(sys.argv[1]), [Path(sys.argv[2])],"
        " progress=lambda *a: print(*a, flush=True)); print('done', flush=True)"
    )
    steps = random.Random(20)
    outcomes = set()
    for _ in range(KILLS):
        copy = tmp_path / "copy.db"
        for leftover in tmp_path.glob("copy.db*"):
            leftover.unlink()
        copy.write_bytes(database.read_bytes())
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(copy), str(archive)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        assert child.stdout is not None
        for _ in range(steps.randint(1, 30)):
            child.stdout.readline()
        child.kill()
        child.communicate()
        outcomes.add(state(copy))
        load(copy, [archive])
        assert state(copy) == new
    assert outcomes <= {old, new}
    assert old in outcomes
