"""The two processes of these tests: the gateway, and Palou; each tells what happens as JSON."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOKEN = "a-token-for-tests"
PATIENCE = 120.0
"""Seconds until an event that should come is missed: what a busy machine needs, many times."""

_PROGRAM = "from bot.cli import main; main(prog_name='palou')"

Event = dict[str, Any]


def missing() -> str | None:
    """What these tests need and this machine has not, or None."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (HERE / "node_modules" / "wechaty-puppet-service").is_dir():
        return "the gateway's packages are not installed; run: make test-gateway"
    if importlib.util.find_spec("wechaty") is None:
        return "palou[wechat] is not installed; run: make test-gateway"
    return None


class Events:
    """Lines of JSON from a process as they come, kept for all to search."""

    def __init__(self) -> None:
        self._all: list[Event] = []
        self._news = threading.Condition()

    def read(self, stream: IO[str]) -> None:
        """Take over a process's output; other lines than JSON count as `noise`."""
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if not isinstance(event, dict):
                event = {"event": "noise", "line": line.rstrip()}
            with self._news:
                self._all.append(event)
                self._news.notify_all()

    def clear(self) -> None:
        """Forget what was so far."""
        with self._news:
            self._all.clear()

    def mark(self) -> int:
        """Where the events to come begin."""
        with self._news:
            return len(self._all)

    def all(self, name: str, since: int = 0, **fields: Any) -> list[Event]:
        """The events of a name so far, with these fields."""
        with self._news:
            return [e for e in self._all[since:] if _fits(e, name, fields)]

    def wait(
        self,
        name: str,
        since: int = 0,
        *,
        where: Callable[[Event], bool] = lambda event: True,
        **fields: Any,
    ) -> Event:
        """The first such event, when it comes."""

        def found() -> Event | None:
            fit = (e for e in self._all[since:] if _fits(e, name, fields) and where(e))
            return next(fit, None)

        with self._news:
            event = self._news.wait_for(found, PATIENCE)
            assert event is not None, f"no {name} {fields} within {PATIENCE} s: {self._all[since:]}"
            return event


def _fits(event: Event, name: str, fields: Mapping[str, Any]) -> bool:
    return event.get("event") == name and all(event.get(k) == v for k, v in fields.items())


class Gateway:
    """The gateway; what the bot sent outlives it, as it would in WeChat.

    `command` is its program, by default WeChat's; `variables` are further ones for it.
    """

    def __init__(
        self,
        world: Mapping[str, Any],
        command: Sequence[str] = ("node", "gateway.mjs"),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.events = Events()
        self.port = free_port()
        self._world = json.dumps(world)
        self._command = list(command)
        self._variables = dict(variables or {})
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self.start()

    def start(self) -> None:
        """Start, and wait until it can be reached."""
        since = self.events.mark()
        variables = {"PORT": str(self.port), "TOKEN": TOKEN, "WORLD": self._world}
        variables |= self._variables
        process = subprocess.Popen(
            self._command,
            cwd=HERE,
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        self.events.read(process.stdout)
        self.events.wait("listening", since)
        with self._lock:
            self._process = process

    def do(self, what: str, **fields: Any) -> bool:
        """Give a command; False when there is nobody to take it."""
        with self._lock:
            if self._process is None or self._process.stdin is None:
                return False
            try:
                self._process.stdin.write(json.dumps({"do": what} | fields) + "\n")
                self._process.stdin.flush()
            except OSError:
                return False
            return True

    def say(self, by: str, text: str, room: str | None = None, **fields: Any) -> str:
        """Say something in a room, else privately to the bot; the message's id."""
        since = self.events.mark()
        assert self.do("say", by=by, text=text, room=room, **fields)
        message_id: str = self.events.wait("said", since)["id"]
        return message_id

    def signal(self, which: signal.Signals) -> None:
        """Send a signal to it; SIGKILL and SIGTERM are waited for."""
        process = self._process
        assert process is not None
        if which in (signal.SIGKILL, signal.SIGTERM):
            with self._lock:
                self._process = None
            process.send_signal(which)
            process.wait(PATIENCE)
        else:
            process.send_signal(which)

    def lives(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End it, also when it is frozen."""
        if self._process is not None:
            self.signal(signal.SIGKILL)


class Palou:
    """`palou run` in a folder with its settings and archives.

    `port` is that of WeChat's gateway; `variables` are further ones for it.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        options: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.log = Events()
        given = {
            "WECHATY_PUPPET_SERVICE_ENDPOINT": f"127.0.0.1:{port}",
            "WECHATY_PUPPET_SERVICE_TOKEN": TOKEN,
            "PYTHONPATH": str(ROOT),
        }
        given |= variables or {}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, "run", *options],
            cwd=folder,
            env=os.environ | given,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        self.log.read(self._process.stderr)

    def reason(self, message_id: str) -> str:
        """Why it did what it did with a message, once that is decided for good."""
        decided = self.log.wait(
            "decided", message=message_id, where=lambda e: not e["reason"].startswith("held")
        )
        reason: str = decided["reason"]
        return reason

    def lives(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def open_files(self) -> int | None:
        """How many files and sockets it has open, where the system tells."""
        folder = Path(f"/proc/{self.pid}/fd")
        return len(list(folder.iterdir())) if folder.is_dir() else None

    def end(self, which: signal.Signals = signal.SIGTERM) -> int:
        """End it as an operator would; its exit status."""
        self._process.send_signal(which)
        return self.status()

    def status(self) -> int:
        """The exit status, once it has ended by itself."""
        return self._process.wait(PATIENCE)

    def close(self) -> None:
        """End it if it still runs."""
        if self.lives():
            self._process.kill()
            self._process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port
