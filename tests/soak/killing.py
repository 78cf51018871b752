"""Runs something in a forked process and ends it by SIGKILL: at a moment, or before a chosen event.

An event is a statement of SQL about to be executed, a file about to be opened, renamed, cut or
removed, or a write to a file, of which the first half is still done.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from types import FrameType
from typing import Any

_FILES = frozenset({"open", "os.rename", "os.remove", "os.truncate", "os.link", "os.mkdir"})
_WORDS = 3  # of a statement, by which its kind is told
_STUCK_SECONDS = 60  # what a quarter of a second is enough for, on a machine that is busy

Tell = Callable[[str], None]
"""Called with a line that outlives the process."""


_Each = Callable[[str, Callable[[], object]], None]
# Called before an event with its kind, and with what of it is done even if it is the last one.


class _Events:
    """Tells `each` of every event of this process before it happens."""

    def __init__(self, each: _Each) -> None:
        self._each = each
        self._connect: Callable[..., sqlite3.Connection] = sqlite3.connect
        self._write: Callable[[int, bytes], int] = os.write
        # The process is a fork that ends soon: nobody puts them back.
        sqlite3.connect = self._traced  # type: ignore[assignment]
        os.write = self._halved  # type: ignore[assignment]
        sys.addaudithook(self._audited)

    def _traced(self, *args: Any, **how: Any) -> sqlite3.Connection:
        conn = self._connect(*args, **how)
        conn.set_trace_callback(lambda sql: self._each(" ".join(sql.split()[:_WORDS]), _nothing))
        return conn

    def _audited(self, event: str, args: tuple[Any, ...]) -> None:
        # What is opened to be read changes nothing.
        if event in _FILES and not (event == "open" and not _writes(args)):
            self._each(event, _nothing)

    def _halved(self, descriptor: int, data: bytes) -> int:
        self._each("write", lambda: self._write(descriptor, data[: len(data) // 2]))
        return self._write(descriptor, data)


def _nothing() -> None:
    """Nothing is done."""


def _writes(args: tuple[Any, ...]) -> bool:
    return bool(args[2] & (os.O_WRONLY | os.O_RDWR)) if isinstance(args[2], int) else False


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _forked(work: Callable[[Tell], None]) -> tuple[int, int]:
    """Start work in a process of its own: its id, and where to read what it tells."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    # The child: it never returns, and leaves nothing of its parent's to be closed.
    status = 1
    os.close(reading)
    signal.setitimer(signal.ITIMER_REAL, 0)
    tell = os.fdopen(writing, "w", encoding="utf-8", errors="replace", buffering=1)
    try:
        work(lambda line: print(line, file=tell))
        status = 0
    except BaseException as e:
        print(f"raised {type(e).__name__}: {e}", file=tell)
    finally:
        os._exit(status)


def _told(child: int, reading: int) -> tuple[list[str], int]:
    """What a process told until it ended, and how it ended (-9: by SIGKILL)."""
    with os.fdopen(reading, encoding="utf-8", errors="replace") as stream:
        lines = stream.read().splitlines()
    return lines, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def events(work: Callable[[Tell], None]) -> tuple[list[str], float]:
    """The kinds of all events of some work that nobody disturbs, and the seconds it takes."""

    def counted(tell: Tell) -> None:
        _Events(lambda kind, last: tell(f"event {kind}"))
        work(lambda line: None)

    began = time.monotonic()
    lines, status = _told(*_forked(counted))
    assert status == 0, f"undisturbed, it does not come to its end: {lines[-1:]}"
    found = [line.removeprefix("event ") for line in lines if line.startswith("event ")]
    return found, time.monotonic() - began


def killed_at(work: Callable[[Tell], None], number: int) -> list[str]:
    """Do some work, and be ended before its event of a number; what it told until then."""

    def counted(tell: Tell) -> None:
        left = number

        def each(kind: str, last: Callable[[], object]) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                last()
                os.kill(os.getpid(), signal.SIGKILL)

        _Events(each)
        work(tell)

    return _told(*_forked(counted))[0]


def killed_after(work: Callable[[Tell], None], seconds: float) -> list[str]:
    """Do some work, and be ended at a moment; what it told until then."""
    child, reading = _forked(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return _told(child, reading)[0]


def chosen(kinds: Sequence[str], chance: Random) -> int:
    """The number of an event: of a kind by chance, so that the rare ones get their turn."""
    kind = chance.choice(sorted(set(kinds)))
    return chance.choice([n for n, found in enumerate(kinds) if found == kind])


@contextmanager
def in_time() -> Iterator[None]:
    """TimeoutError when what is done within does not come to its end: it is stuck."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"stuck for {_STUCK_SECONDS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, _STUCK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
