"""Measures the harness: steps of a conversation against the bare core, and a replay of real days.

python -m tests.bench.harness                              conversation against bare core
python -m tests.bench.harness ARCHIVE FIRST LAST [MODE]    a replay: messages a second, memory
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core import PalouCore
from bot.harness.days import days
from bot.harness.replay import replay
from bot.harness.run import run
from bot.harness.script import parse
from bot.reload import InProcess
from bot.settings import RoomSettings, Settings
from bot.terms import Contact, Incoming, Room
from knowledge.loading.load import load

SEEDS = Path(__file__).parent.parent.parent / "seeds"
STEPS = 1_000
LEAST = 10
"""How many times as long as the bare core a conversation may take at most."""


def messages() -> list[tuple[str, str]]:
    """Who says what: the sample archive's own messages, every tenth put to the bot."""
    found = [
        (said.speaker, said.text)
        for group in ("paytalk", "ledgerlab")
        for said in days(SEEDS, "2024-03-01", "2024-03-31", group).messages
        if said.text and not said.text.startswith(("#", "admin", "room"))
    ]
    return [(who, f"@爬楼 {text}" if n % 10 == 0 else text) for n, (who, text) in enumerate(found)][
        :STEPS
    ]


def conversation(said: Sequence[tuple[str, str]], mode: str) -> str:
    """The same as a script, in which every message expects something that holds of any reply."""
    at = datetime(2024, 4, 1, tzinfo=UTC)
    lines = [f"---\ndate: 2024-04-01\narchive: {SEEDS}\nmode: {mode}\n---"]
    for n, (who, text) in enumerate(said):
        moment = at + timedelta(seconds=20 * n)
        lines += [f"> {moment:%H:%M:%S}  {who}", "", text, "", "palou: 不含 紫砂壶", ""]
    return "\n".join(lines)


def bare(said: Sequence[tuple[str, str]], mode: str) -> float:
    """Seconds that the core takes for the messages, with an archive that is loaded already."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        load(database, [shutil.copytree(SEEDS, Path(folder) / "seeds")])
        room = RoomSettings(id="1@chatroom", groups=("ledgerlab", "paytalk"), mode=mode)
        now = [datetime(2024, 4, 1, tzinfo=UTC)]
        chosen = replace(Settings(), database=database, rooms=(room,))
        core = PalouCore(chosen, database, InProcess(lambda: ""), lambda: now[0])
        began = time.perf_counter()
        for n, (who, text) in enumerate(said):
            now[0] += timedelta(seconds=20)
            core.receive(Incoming(f"m{n}", Room(room.id, "r"), Contact(who, who), text, now[0]))
            core.due(now[0])
        seconds = time.perf_counter() - began
        core.close()
    return seconds


def compare() -> bool:
    """Print both times in each mode; whether the harness stays below LEAST times the core's."""
    said = messages()
    fast = True
    for mode in ("mention", "ambient"):
        text = conversation(said, mode)
        run(parse("\n".join(text.split("\n")[:12]), Path("warm.md")), SEEDS)  # loads the archive
        core = min(bare(said, mode) for _ in range(3))
        times = []
        for _ in range(3):
            began = time.perf_counter()
            result = run(parse(text, Path("bench.md")), SEEDS)
            times.append(time.perf_counter() - began)
            assert len(result.played) == len(said)
        ratio = min(times) / core
        fast &= ratio < LEAST
        print(
            f"{mode:8} {len(said):,} steps: core {core:.2f} s, conversation {min(times):.2f} s,"
            f" {ratio:.2f} times",
            flush=True,
        )
    return fast


def real_days(archive: Path, first: str, last: str, mode: str = "ambient") -> None:
    """Print messages a second and peak memory of a replay, apart from loading what came before."""
    began = [0.0]

    def progress(what: str, done: float, of: int) -> None:
        if what == "play" and done == 0:
            began[0] = time.perf_counter()

    with tempfile.TemporaryDirectory() as folder:
        played = days(archive, first, last)
        done = replay(played, Settings(), Path(folder) / "r.db", mode=mode, progress=progress)
        seconds = time.perf_counter() - began[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    spoke = sum(m.spoke for m in done.moments)
    print(
        f"{mode}: {done.messages:,} messages over {done.known:,} known, {spoke} replies:"
        f" {seconds:.1f} s, {done.messages / seconds:,.0f} messages a second, peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        real_days(Path(sys.argv[1]), *sys.argv[2:])
    else:
        sys.exit(not compare())
