"""Measures the bot's core: messages a second, memory, and decisions while an archive is loaded.

    python -m tests.bench.core [ARCHIVE]        default: the sample archive in seeds/

Prints a table. The ordinary talk is the archive's own messages, in order, again and again.
"""

from __future__ import annotations

import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from bot.core import PalouCore
from bot.reload import Subprocess
from bot.settings import RoomSettings, Settings
from bot.terms import Contact, Incoming, Room
from knowledge.loading.load import load
from knowledge.store.schema import connect

SEEDS = Path(__file__).parent.parent.parent / "seeds"
MESSAGES = 200_000
ROOM = Room("1@chatroom", "bench")


def talk(database: Path) -> Iterator[Incoming]:
    """The archive's messages for ever, one a second."""
    conn = connect(database)
    rows = conn.execute(
        "select s.name, m.text from messages m join speakers s on s.id = m.speaker order by m.id"
    ).fetchall()
    conn.close()
    at = datetime(2024, 4, 1, tzinfo=UTC)
    for number, (name, text) in enumerate(itertools.cycle(rows)):
        at += timedelta(seconds=1)
        yield Incoming(f"m{number}", ROOM, Contact(name, name), text, at)


def memory() -> float:
    """Resident memory in MB, now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def settings(database: Path, archive: Path, groups: tuple[str, ...], mode: str) -> Settings:
    room = RoomSettings(id=ROOM.id, groups=groups, mode=mode)
    return replace(Settings(), database=database, archives=(archive,), rooms=(room,))


def run(core: PalouCore, messages: Iterator[Incoming], count: int) -> list[float]:
    """Seconds of each decision."""
    times = []
    for incoming in itertools.islice(messages, count):
        began = time.perf_counter()
        core.receive(incoming)
        times.append(time.perf_counter() - began)
        if len(times) % 20 == 0:
            core.due(incoming.sent_at)
    return times


def row(name: str, times: list[float]) -> None:
    p95 = quantiles(times, n=20)[18] * 1e3
    print(
        f"{name:34} {len(times):8,} {len(times) / sum(times):10,.0f}/s"
        f" {median(times) * 1e3:9.3f} ms {p95:9.3f} ms {memory():8.1f} MB",
        flush=True,
    )


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        load(database, [archive])
        conn = connect(database)
        groups = tuple(g for (g,) in conn.execute("select distinct grp from days"))
        conn.close()
        print(f"{'':34} {'messages':>8} {'rate':>12} {'median':>12} {'p95':>12} {'memory':>11}")
        for mode in ("mention", "ambient"):
            now = [datetime(2024, 4, 1, tzinfo=UTC)]

            def clock(now: list[datetime] = now) -> datetime:
                now[0] += timedelta(seconds=1)
                return now[0]

            reloader = Subprocess(Path(folder) / "other.db", lambda: [archive])
            chosen = settings(database, archive, groups, mode)
            core = PalouCore(chosen, database, reloader, clock)
            messages = talk(database)
            if mode == "mention":
                for part in range(4):
                    row(f"talk, mention, quarter {part + 1}", run(core, messages, MESSAGES // 4))
            else:
                row("talk, ambient", run(core, messages, 4_000))
                asked = (replace(m, mentioned=True) for m in messages if len(m.text) > 8)
                quiet = run(core, asked, 400)
                row("asked", quiet)
                reloader.start()
                busy: list[float] = []
                while reloader.running and reloader.ended() is None:
                    busy += run(core, asked, 20)
                row("asked, while all is loaded anew", busy)
            core.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
