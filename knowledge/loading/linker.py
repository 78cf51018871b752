"""Links days: here, or in processes of its own when there are many.

Linking is nearly all the work of a load, and a day needs nothing but its messages, those beside
them, and who is whom. So days are handed out as plain rows and come back as plain rows; only the
process that loads touches the database. A process at work is fed through a pipe: it ends with the
one that started it, however that ends.
"""

from __future__ import annotations

import gc
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from types import TracebackType
from typing import NamedTuple

from knowledge.linking import exchanges
from knowledge.linking.network import UNKNOWN, Network
from knowledge.linking.people import People
from knowledge.model import Citation
from knowledge.processes import python_command
from knowledge.store.read import Day
from knowledge.store.rows import Rows, rows

WORKERS = 4
"""Processes at most: with more, the one that writes is what they wait for."""

_AHEAD = 2  # runs for each worker that are under way at most


class Known(NamedTuple):
    """What the network knows of messages, by their ids; the parts of a `Network`."""

    replies: tuple[tuple[int, int], ...] = ()
    threads: Mapping[int, str] = {}
    roots: tuple[int, ...] = ()
    senders: Mapping[int, str] = {}
    addressed: Mapping[int, int] = {}

    def cited(self, citations: Mapping[int, Citation]) -> Network:
        """The same by citations, as far as the messages are there."""
        there = citations.keys()
        return Network(
            {citations[i]: citations[to] for i, to in self.replies if {i, to} <= there},
            {citations[i]: thread for i, thread in self.threads.items() if i in there},
            frozenset(citations[i] for i in self.roots if i in there),
            {citations[i]: key for i, key in self.senders.items() if i in there},
            {citations[i]: size for i, size in self.addressed.items() if i in there},
        )


NOTHING = Known()
"""Of messages of which the network knows nothing."""


class Job(NamedTuple):
    """A day to be linked, with as much of the days beside it as matters.

    `further` are messages that stand elsewhere and reply to one of the day, or belong to one of
    its threads, each as the only one of its day.
    """

    before: Day | None
    here: Day
    after: Day | None
    known: Known = NOTHING
    further: tuple[Day, ...] = ()


class Run(NamedTuple):
    """Days of one group to be linked together, and who is whom in it."""

    people: Mapping[str, str]
    jobs: list[Job]


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles seldom: a load makes much that stays, and next to nothing that is in cycles.

    It saves a sixteenth of its time.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def link(run: Run) -> list[Rows]:
    """Work out the exchanges of each day of a run."""
    people = People(run.people)
    out: list[Rows] = []
    for job in run.jobs:
        near = (job.before, job.here, job.after, *job.further)
        before, here, after, *further = (day.messages() if day else [] for day in near)
        ids = {
            message.citation: i
            for day, messages in zip(near, (before, here, after, *further), strict=True)
            for i, message in enumerate(messages, day.first if day else 0)
        }
        network = UNKNOWN
        if job.known != NOTHING:
            network = job.known.cited({i: citation for citation, i in ids.items()})
        more = sorted((m for messages in further for m in messages), key=lambda m: m.citation)
        out.append(rows(exchanges.build(here, before, after, people, network, more), ids))
    return out


class Linker:
    """Links days in so many processes, or right here when `workers` is 1; a context manager."""

    def __init__(self, workers: int) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._pool = ThreadPoolExecutor(max(1, workers))
        start = python_command("knowledge.loading.linker:_serve")
        for _ in range(workers if workers > 1 else 0):
            worker = subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.processes.append(worker)
            self._idle.put(worker)

    def __enter__(self) -> Linker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None
    ) -> None:
        """End the processes; whatever they are still at is lost."""
        for worker in self.processes:
            worker.kill()
        self._pool.shutdown(cancel_futures=True)
        for worker in self.processes:
            worker.communicate()

    def link(self, runs: Iterable[Run]) -> Iterator[Rows]:
        """The rows of each day of all runs, in their order."""
        if not self.processes:
            for run in runs:
                yield from link(run)
            return
        ahead: deque[Future[list[Rows]]] = deque()
        for run in runs:
            ahead.append(self._pool.submit(self._hand_over, run))
            if len(ahead) > _AHEAD * len(self.processes):
                yield from ahead.popleft().result()
        while ahead:
            yield from ahead.popleft().result()

    def _hand_over(self, run: Run) -> list[Rows]:
        """Have an idle process link a run; should it be gone, link it here."""
        worker = self._idle.get()
        assert worker.stdin is not None and worker.stdout is not None
        try:
            pickle.dump(run, worker.stdin, pickle.HIGHEST_PROTOCOL)
            worker.stdin.flush()
            found: list[Rows] = pickle.load(worker.stdout)
            return found
        except (OSError, EOFError, pickle.UnpicklingError):
            return link(run)
        finally:
            self._idle.put(worker)


def _serve() -> None:
    """Link what comes on standard input until it ends; the start of a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the one that loads
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    with seldom_collected(), suppress(EOFError, BrokenPipeError):
        while True:
            pickle.dump(link(pickle.load(source)), sink, pickle.HIGHEST_PROTOCOL)
            sink.flush()
