"""Prints how fast `/m/…` is beside a bare Datasette's row page, and a search of words; and a crowd.

    python -m tests.bench.web ARCHIVE [--rate 200] [--seconds 20] [--seed N]

ARCHIVE is loaded into a database of its own, which `palou serve` and a bare Datasette serve in the
same run, each in a process of its own. First both are asked for the same random messages, in turn,
one request at a time; then `palou serve` alone gets requests at a steady rate over connections that
are kept alive, whether the ones before were answered or not, so that a queue shows as waiting time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from knowledge.loading.load import load
from knowledge.store.read import Store
from knowledge.store.schema import connect
from tests.web.browser import free_port

MESSAGES = 400
SEARCHES = 200
WARM = 30
CONNECTIONS = 16


class Connection:
    """An HTTP connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, int]:
        """Status and size of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if "transfer-encoding: chunked" in head:
            size = 0
            while length := int((await reader.readline()).strip(), 16):
                await reader.readexactly(length + 2)
                size += length
            await reader.readline()
        else:
            size = int(head.split("content-length:")[1].split("\r\n")[0])
            await reader.readexactly(size)
        return int(head.split()[1]), size


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


async def ready(port: int, path: str) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        try:
            await Connection(port).get(path)
            return
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.1)
    raise SystemExit(f"nobody answers on port {port}")


async def in_turn(ports: Sequence[int], paths: Sequence[Sequence[str]]) -> list[list[float]]:
    """Seconds of each request, one after the other, a server at a time for each message."""
    connections = [Connection(port) for port in ports]
    taken: list[list[float]] = [[] for _ in ports]
    for n, each in enumerate(zip(*paths, strict=True)):
        for connection, path, times in zip(connections, each, taken, strict=True):
            began = time.perf_counter()
            status, _ = await connection.get(path)
            if status not in (200, 302):  # a name that is searched for has a page of its own
                raise SystemExit(f"{path}: {status}")
            if n >= WARM:
                times.append(time.perf_counter() - began)
    return taken


async def steadily(
    port: int, paths: Sequence[str], rate: float, seconds: float
) -> tuple[list[float], int, list[int]]:
    """Waiting times from when each request was due, errors, and sizes of pages."""
    due: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
    times: list[float] = []
    sizes: list[int] = []
    errors = 0

    async def ask() -> None:
        nonlocal errors
        connection = Connection(port)
        while True:
            at, path = await due.get()
            try:
                status, size = await connection.get(path)
                errors += status != 200
                sizes.append(size)
            except (OSError, asyncio.IncompleteReadError):
                errors += 1
                connection = Connection(port)
            times.append(time.perf_counter() - at)
            due.task_done()

    workers = [asyncio.create_task(ask()) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for n in range(int(rate * seconds)):
        at = began + n / rate
        if (wait := at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        due.put_nowait((at, paths[n % len(paths)]))
    await due.join()
    for worker in workers:
        worker.cancel()
    return times, errors, sizes


def sample(database: Path, rng: random.Random) -> tuple[list[str], list[str]]:
    """Addresses of random messages: our pages, and rows of a bare Datasette."""
    with connect(database) as conn:
        ids = rng.sample([i for (i,) in conn.execute("select id from messages")], MESSAGES)
        found = Store(conn).messages(ids)
    return (
        [f"/m/{found[i].citation}" for i in ids],
        [f"/{database.stem}/messages/{i}" for i in ids],
    )


def sought(database: Path, rng: random.Random) -> list[str]:
    """Addresses that search for two to four characters in a row of random messages."""
    with connect(database) as conn:
        texts = [t for (t,) in conn.execute("select text from messages where length(text) > 8")]
    found = []
    for text in rng.sample(texts, SEARCHES + WARM):
        at, size = rng.randrange(len(text) - 4), rng.randint(2, 4)
        found.append("/?in=words&q=" + quote(text[at : at + size]))
    return found


async def measure(database: Path, rate: float, seconds: float, rng: random.Random) -> None:
    """Run both servers and print the figures."""
    ours, rows = sample(database, rng)
    own, bare = free_port(), free_port()
    commands = [
        [
            sys.executable,
            "-c",
            "from bot.cli import main; main()",
            "serve",
            "--db",
            str(database),
            "--port",
            str(own),
        ],
        [sys.executable, "-m", "datasette", "serve", str(database), "--port", str(bare)],
    ]
    servers = [
        subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for c in commands
    ]
    try:
        await ready(own, ours[0])
        await ready(bare, rows[0])
        page, row = await in_turn([own, bare], [ours, rows])
        (words,) = await in_turn([own], [sought(database, rng)])
        for name, times in (("/m/…", page), ("row page", row), ("words", words)):
            middle, high = statistics.median(times) * 1e3, p95(times) * 1e3
            print(f"{name:9} p50 {middle:6.1f} ms, p95 {high:6.1f} ms")
        print(
            f"p95 of /m/… is {p95(page) / p95(row):.2f} times that of a bare Datasette's row page"
        )
        times, errors, sizes = await steadily(own, ours, rate, seconds)
        print(
            f"{rate:.0f} requests a second for {seconds:.0f} s: {errors} errors, waiting p50 "
            f"{statistics.median(times) * 1e3:.1f} ms, p95 {p95(times) * 1e3:.1f} ms, most "
            f"{max(times) * 1e3:.0f} ms; pages of {max(sizes) / 1e3:.1f} kB at most"
        )
    finally:
        for server in servers:
            server.terminate()
            server.wait()


def main() -> None:
    """Load, serve, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palou-web-") as folder:
        database = Path(folder) / "bench.db"
        report = load(database, [given.archive])
        print(f"{report.messages:,} messages, SQLite {sqlite3.sqlite_version}")
        rng = random.Random(given.seed)
        asyncio.run(measure(database, given.rate, given.seconds, rng))


if __name__ == "__main__":
    main()
