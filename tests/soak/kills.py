"""Kills loads, migrations and a bot that is talked to, and sees that nothing is lost or stuck.

    python -m tests.soak.kills                   1,000 kills: five minutes
    python -m tests.soak.kills --count 50 --seed 7

After each SIGKILL what was confirmed has to be there, the next run has to work, and a load has to
come to the same as one that nobody has killed. Six of ten kills come before a chosen event (a
statement, a file opened or renamed, half a write), the others at any moment.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.soak.killing import Tell, chosen, events, in_time, killed_after, killed_at
from tests.soak.part import Outcome, Part, Step, main
from tests.soak.tasks import State, Task, brought_up_to_date, state, tasks

_AT_EVENTS = 0.6  # of all kills
_SHOWN = 20  # faults that are told; the rest is counted


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A task with a copy of its folder as it was before, and how it goes when nobody kills it."""

    task: Task
    copy: Path
    kinds: list[str]
    seconds: float
    before: State
    after: State


def run(count: int, seed: int, step: Step) -> Outcome:
    """Kill so often, the tasks in turn."""
    chance = Random(seed)
    faults: list[str] = []
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="palou-kills-") as name:
        # A database knows its files by their paths: all are made and killed in one place.
        folder = Path(name).resolve()
        place = folder / "place"
        prepared = [_prepare(t, place, folder / t.name) for t in tasks()[: max(1, count)]]
        for number in range(count):
            here = prepared[number % len(prepared)]
            _lay(here.copy, place)
            kill = _choose(here, chance)
            kinds[kill.kind] += 1
            try:
                told = kill.done(partial(here.task.do, place))
                with in_time():
                    here.task.check(place, told, here.before, here.after)
            except Exception as e:
                faults.append(f"kill {number} of {here.task.name} {kill}: {type(e).__name__}: {e}")
            step(number + 1)
    at_events = count - kinds.pop("", 0)
    figures = (
        f"{count:,} kills over {len(prepared)} tasks, {at_events:,} of them before one of"
        f" {len(kinds)} kinds of events: {len(faults)} losses"
    )
    return Outcome(figures, tuple(faults[:_SHOWN]))


@dataclass(frozen=True, slots=True)
class _Kill:
    """When to kill: before the event of a number, which is of a kind, or after some seconds."""

    number: int = 0
    kind: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        if self.kind:
            return f"before event {self.number}, {self.kind!r}"
        return f"after {self.seconds * 1e3:.1f} ms"

    def done(self, work: Callable[[Tell], None]) -> list[str]:
        """Do some work until it is killed; what it told until then."""
        if self.kind:
            return killed_at(work, self.number)
        return killed_after(work, self.seconds)


def _choose(here: _Prepared, chance: Random) -> _Kill:
    if chance.random() < _AT_EVENTS:
        number = chosen(here.kinds, chance)
        return _Kill(number, here.kinds[number])
    return _Kill(seconds=chance.random() * here.seconds)


def _prepare(task: Task, place: Path, copy: Path) -> _Prepared:
    """Make a task's folder, and do the task once without a kill."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    task.prepare(place)
    shutil.copytree(place, copy)
    before = brought_up_to_date(place)
    _lay(copy, place)
    kinds, seconds = events(partial(task.do, place))
    after = state(place)
    assert after is not None
    return _Prepared(task, copy, kinds, seconds, before, after)


def _lay(copy: Path, place: Path) -> None:
    shutil.rmtree(place)
    shutil.copytree(copy, place)


PART = Part("kills", "kills", 1_000, 40, run)

if __name__ == "__main__":
    main(PART, __doc__ or "")
