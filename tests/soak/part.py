"""What the parts of a soak share: their options, a bar as they go, a line of figures, the end."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli.common import bars

SEED = 15
"""What chance begins with, if nothing else is said: any number will do, but a known one."""

KEPT = Path("soak-found")
"""The folder, below the one it is started in, where inputs that broke something are kept."""

Step = Callable[[int], None]
"""Called with how much is done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a part as one line, and whatever was not as it has to be."""

    figures: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a soak: its name, how much of what it does, and what does it.

    `long` and `short` are how many of `unit` there are in either form. `run` is given how many,
    the seed, and whom to tell how many are done. `missing` says what it needs that is not here.
    """

    name: str
    unit: str
    long: int
    short: int
    run: Callable[[int, int, Step], Outcome]
    missing: Callable[[], str | None] = lambda: None

    def play(self, count: int, seed: int) -> bool:
        """Run, print the figures and all faults; whether there was none."""
        if reason := self.missing():
            print(f"{self.name}: left out, {reason}", flush=True)
            return True
        logging.disable(logging.CRITICAL)  # what is refused or dropped is meant to be
        try:
            with bars({self.name: f"{self.name}, {self.unit}"}) as progress:
                outcome = self.run(count, seed, lambda done: progress(self.name, done, count))
        finally:
            logging.disable(logging.NOTSET)
        print(f"{self.name}: {outcome.figures}; seed {seed}", flush=True)
        for fault in outcome.faults:
            print(f"  FAULT {fault}", flush=True)
        return not outcome.faults


def main(part: Part, doc: str, arguments: Sequence[str] | None = None) -> None:
    """The command line of one part; exit status 1 when something was not as it has to be."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=part.long, help=f"{part.unit} (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="what chance begins with")
    given = parser.parse_args(arguments)
    sys.exit(not part.play(given.count, given.seed))
