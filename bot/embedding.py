"""Makes vectors beside a running bot, in a process of its own: it takes a core for many minutes."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

from knowledge.errors import PalouError
from knowledge.matching.embedder import takes_long
from knowledge.processes import python_command

_log = logging.getLogger("palou")


class Embedding:
    """The making of the vectors that one database lacks.

    Without a model there is nothing to do, nor for vectors of words: a load makes them itself.
    """

    def __init__(self, database: Path, semantic: Path | None) -> None:
        self._database = database
        self._semantic = semantic
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, or go on; while one is under way, it will see what is new itself."""
        running = self._process and self._process.poll() is None
        if running or not takes_long(self._semantic):
            return
        _log.info("making vectors in the background; questions are answered by words meanwhile")
        self._process = subprocess.Popen(
            python_command("bot.embedding:main", str(self._database), str(self._semantic)),
            stdin=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End what is under way; what was made stays, and the next one goes on from there."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def main(database: str, semantic: str) -> int:
    """Entry of the process: make vectors until none is missing."""
    from knowledge.matching.embedder import open_model
    from knowledge.matching.embedding import embed

    try:
        model = open_model(Path(semantic))
        while embed(Path(database), model):
            pass
    except PalouError as e:
        print(e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # The terminal sends it to all of its processes; the bot says what there is to say.
        return 130
    return 0
