"""Loads in the background, in a process of its own, while the old knowledge goes on answering.

Where a model is set, the vectors that a load leaves missing are made afterwards, likewise.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from bot.embedding import Embedding
from bot.settings import ArchiveSettings, zone_named
from knowledge.errors import PalouError
from knowledge.loading.own import Own
from knowledge.matching.embedder import WORDS
from knowledge.processes import python_command
from knowledge.store.schema import unusable


@dataclass(frozen=True, slots=True)
class Reloaded:
    """How a reload ended: a report for the chat, and whether it failed."""

    report: str
    failed: bool


class Reloader(Protocol):
    """Loads in the background, one load at a time."""

    @property
    def running(self) -> bool:
        """Whether a load is under way."""

    def start(self) -> None:
        """Begin a load; call it only when none is running."""

    def ended(self) -> Reloaded | None:
        """How the load ended, once, when it has; else None."""

    def stop(self) -> None:
        """End a load that is under way; the database stays as it was."""


class InProcess:
    """Loads at once, when `ended` is asked; for tests, the harness and the console."""

    def __init__(self, load: Callable[[], str]) -> None:
        self._load = load
        self.running = False

    def start(self) -> None:
        """Begin a load."""
        self.running = True

    def ended(self) -> Reloaded | None:
        """Load, and say how it ended."""
        if not self.running:
            return None
        self.running = False
        try:
            return Reloaded(self._load(), False)
        except PalouError as e:
            return Reloaded(str(e), True)

    def stop(self) -> None:
        """Nothing is ever under way between two calls."""


class Subprocess:
    """Loads in a process of its own: a load is busy for seconds; a thread would slow replies."""

    def __init__(
        self,
        database: Path,
        sources: Callable[[], Sequence[Path]],
        semantic: Path | None = None,
        zone: str = "Asia/Shanghai",
        own: Sequence[ArchiveSettings] = (),
    ) -> None:
        self._database = database
        self._own = json.dumps([[str(o.path), o.group, o.timezone, o.me] for o in own])
        self._zone = zone
        self._sources = sources
        self._semantic = semantic
        self._embedding = Embedding(database, semantic)
        self._process: subprocess.Popen[str] | None = None

    @property
    def running(self) -> bool:
        """Whether a load is under way."""
        return self._process is not None

    def embed(self) -> None:
        """Make the vectors that are missing, in yet another process."""
        self._embedding.start()

    def start(self) -> None:
        """Begin a load."""
        self._process = subprocess.Popen(
            python_command(
                "bot.reload:main",
                str(self._database),
                self._zone,
                self._own,
                str(WORDS) if self._semantic else "",
                *map(str, self._sources()),
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",  # what is not ours may print in the machine's encoding
        )

    def ended(self) -> Reloaded | None:
        """How the load ended, once, when it has."""
        if self._process is None or self._process.poll() is None:
            return None
        out, _ = self._process.communicate()
        status, self._process = self._process.returncode, None
        last = out.strip().splitlines()[-1] if out.strip() else f"exit status {status}"
        if status == 0:
            self.embed()
        return Reloaded(_said(last), status != 0)

    def stop(self) -> None:
        """Kill the load that is under way, and what makes vectors."""
        self._embedding.stop()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _said(last: str) -> str:
    """The report or error in the last line of a load; the line itself, where Python broke."""
    try:
        return str(json.loads(last)["report"])
    except (ValueError, KeyError, TypeError):
        return last


def report(
    database: Path,
    paths: Sequence[Path],
    zone: tzinfo,
    semantic: Path | None = None,
    own: Sequence[Own] = (),
) -> str:
    """Load, and say for the chat what was done; all else is as the settings have it."""
    from bot.learning import learn

    done = asdict(learn(database, paths, semantic, zone=zone, own=own, workers=1))
    text = (
        "归档已重新读入：新 {new}、变 {changed}、删 {removed}、未变 {unchanged} 个文件，"
        "共 {messages} 条消息、{exchanges} 组问答，{warnings} 处警告，用时 {seconds:.1f} 秒"
    )
    warnings = [f"{Path(x['path']).name}: {x['loss']['what']}" for x in done["losses"][:3]]
    return "\n".join([text.format(warnings=len(done["losses"]), **done), *warnings])


def main(database: str, zone: str, own: str, words: str, *paths: str) -> int:
    """Entry of the process: load, print the report or the error as JSON in the last line.

    `own` is JSON as `Subprocess` has it; `words` stands for vectors that are made at once
    (`embedder.WORDS`), or is empty.
    """
    status = 0
    try:
        settings = [ArchiveSettings(Path(path), *rest) for path, *rest in json.loads(own)]
        said = report(
            Path(database),
            [Path(p) for p in paths],
            zone_named(zone),
            Path(words) if words else None,
            own=[o.own for o in settings],
        )
    except PalouError as e:
        said, status = str(e), 1
    except sqlite3.Error as e:
        said, status = str(unusable(Path(database), e)), 1
    print(json.dumps({"report": said}))
    return status
