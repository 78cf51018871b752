"""A bot over a folder of its own, to be talked to for a soak: real core, a clock moved by hand."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.core import PalouCore
from bot.decision import Decision
from bot.harness.group import contact
from bot.reload import InProcess, report
from bot.settings import Settings
from bot.terms import Incoming, Room
from knowledge.errors import LoadError
from knowledge.matching.embedder import WORDS
from knowledge.processes import python_command
from tests.group import ADMIN, settings

HOME = Room("1@chatroom", "测试群")
START = datetime(2024, 6, 1, 9, 0)

ASKED = "请问清算文件每天几点能下载？"
"""A question that the archive beside the dumps of old schemas answers."""


class Talking:
    """A bot, and what is said to it; `number` counts on over its restarts.

    It loads in this process or, with `apart`, in one of its own, whose memory is not counted here.
    """

    def __init__(
        self, folder: Path, *, live: bool = False, apart: bool = False, **changes: object
    ) -> None:
        self._apart = apart
        self.settings: Settings = replace(
            settings(folder),
            answers=folder / "answers",
            live=folder / "live" if live else None,
            **changes,  # type: ignore[arg-type]
        )
        self.now = START.replace(tzinfo=self.settings.zone)
        self.number = 0
        self.core = self._open()

    def _open(self) -> PalouCore:
        load = _apart if self._apart else report
        chosen = self.settings
        reloader = InProcess(lambda: load(chosen.database, chosen.sources, chosen.zone))
        return PalouCore(chosen, chosen.database, reloader, lambda: self.now)

    def incoming(self, who: str, text: str, *, room: Room | None = HOME) -> Incoming:
        """The next message, as it arrives now; one with the bot's name mentions it."""
        self.number += 1
        mentioned = room is not None and text.startswith("@爬楼")
        return Incoming(f"s{self.number}", room, contact(who), text, self.now, mentioned)

    def hear(
        self, incoming: Incoming, sent: Callable[[str], object] = lambda reply: None
    ) -> list[Decision]:
        """Receive a message, and let what is due be decided: all decisions, in their order.

        `sent` is called with each reply when it is decided: from then on it may be in the group.
        """
        decisions = [self.core.receive(incoming)]
        sent(said(decisions))
        for decision in self.core.due(self.now):
            decisions.append(decision)
            sent(said([decision]))
        return decisions

    def say(self, who: str, text: str, sent: Callable[[str], object] = lambda reply: None) -> str:
        """Somebody says something a minute and a second later; all that is said to it."""
        self.now += timedelta(seconds=61)
        return said(self.hear(self.incoming(who, text), sent))

    def command(self, text: str, sent: Callable[[str], object] = lambda reply: None) -> str:
        """An admin gives a command."""
        return self.say(ADMIN, text, sent)

    def restart(self) -> None:
        """Stop the bot in order, and start it again."""
        self.core.close()
        self.core = self._open()


def _apart(database: Path, sources: Sequence[Path], zone: tzinfo) -> str:
    """The report of a load that a process of its own makes, while this one waits."""
    given = str(database), str(zone), "[]", str(WORDS), *map(str, sources)
    command = python_command("bot.reload:main", *given)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = json.loads(done.stdout.splitlines()[-1])["report"]
    if done.returncode:
        raise LoadError(last)
    return str(last)


def said(decisions: list[Decision]) -> str:
    """All that some decisions send, as one text."""
    return "\n".join(s.text for d in decisions for s in d.sends)
