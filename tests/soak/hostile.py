"""Gives hostile texts to all that takes text, and times it: nothing may raise, hang, or grow fast.

    python -m tests.soak.hostile                 1,000,000 inputs: twenty minutes
    python -m tests.soak.hostile --count 5000 --seed 7

They go to the reader of archives, to what reads a text's kind, to all that is made of a text, to
the bot that is asked, to its core and to the pages. One in 500 is grown from 2,000 to 16,000
characters: it may not take longer by more than the power 1.3 of that. Whatever raised or hung, and
the slowest of each, is kept in the folder soak-found.
"""

from __future__ import annotations

import gc
import signal
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path
from random import Random
from types import FrameType

from tests.soak.part import KEPT, Outcome, Part, Step, main
from tests.soak.targets import Target, targets
from tests.soak.texts import LONGEST, Texts, grown

ROOT = Path(__file__).parent.parent.parent

_STUCK_SECONDS = 10.0  # of a processor: a bot that is silent for so long hangs
_WAITING_SECONDS = 300.0  # by the clock, on a machine that is busy: then it waits for nothing
_GUARDED = 500  # inputs between two that are grown
_SHORTER = LONGEST // 8
_GROWTH = 1.3  # the power of the length by which time may grow
_SLOW_SECONDS = 0.1  # below, the clock tells too little
_LONGEST_SECONDS = 2.0  # of a processor, for one text: others wait for a reply meanwhile
_AGAIN = 3  # times that a slow one is timed, of which the fastest counts
_SHOWN = 20  # places of faults; with more, it ends
_WARM = 20  # texts to each target before the first that is timed
_MOST = 1_000  # faults, likewise


class Stuck(BaseException):
    """Something does not come to its end; no `except Exception` is to hide that."""


class Run:
    """What was found so far."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}
        self.times: Counter[str] = Counter()
        self.worst: dict[str, float] = defaultdict(float)
        self.given: Counter[str] = Counter()
        signal.signal(signal.SIGALRM, _ring)
        signal.signal(signal.SIGPROF, _ring)
        for old in (*KEPT.glob("fault-*.txt"), *KEPT.glob("slowest-*.txt")):
            old.unlink()

    def give(self, target: Target, said: str) -> float:
        """Give a text to a target; the seconds of a processor that it took."""
        self.given[target.name] += 1
        began = time.process_time()  # what others do on the machine counts for nothing
        signal.setitimer(signal.ITIMER_PROF, _STUCK_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, _WAITING_SECONDS)
        try:
            target.take(said)
        except (Exception, Stuck) as e:
            self.fault(target, f"{type(e).__name__}: {e}", _where(e), said, e)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.process_time() - began
        if seconds > _LONGEST_SECONDS:
            self.fault(target, f"took {seconds:.1f} s", "a text that takes long", said)
        if seconds > self.worst[target.name]:
            self.worst[target.name] = seconds
            keep(f"slowest-{target.name}", said)
        return seconds

    def fault(
        self, target: Target, what: str, where: str, said: str, error: BaseException | None = None
    ) -> None:
        """Note what went wrong; of one place, keep what made it go wrong first, and the trace."""
        place = f"{target.name} at {where or 'the target'}"
        self.times[place] += 1
        if place not in self._faults:
            name = f"fault-{len(self._faults)}-{target.name}"
            kept = keep(name, said)
            if error is not None:
                keep(f"{name}-trace", "".join(traceback.format_exception(error)))
            self._faults[place] = f"{what[:200]}, first by {kept}, {said[:40]!r}"

    def faults(self) -> tuple[str, ...]:
        """What went wrong, by its place, with how often it did."""
        return tuple(f"{p}, {self.times[p]} times: {what}" for p, what in self._faults.items())

    @property
    def ends(self) -> bool:
        """Whether so much goes wrong that there is no use in going on."""
        return len(self._faults) > _SHOWN or sum(self.times.values()) > _MOST

    def guard(self, target: Target, shape: tuple[str, str, str]) -> None:
        """See that time does not grow much faster than the text."""

        def fastest(length: int) -> float:
            return min(self.give(target, grown(shape, length)) for _ in range(_AGAIN))

        if self.give(target, grown(shape, LONGEST)) < _SLOW_SECONDS:
            return
        long, short = fastest(LONGEST), fastest(_SHORTER)
        if long > _SLOW_SECONDS and long > short * (LONGEST / _SHORTER) ** _GROWTH:
            what = f"{short * 1e3:.0f} ms grow to {long * 1e3:.0f} ms with eight times the text"
            self.fault(target, what, f"a growth of {shape!r}", grown(shape, LONGEST))


def _where(error: BaseException) -> str:
    """Where an error was raised: the innermost place of Palou's own."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ("bot", "knowledge"):
            return f"{path.relative_to(ROOT)}:{frame.lineno}"
    return ""


def _ring(number: int, frame: FrameType | None) -> None:
    raise Stuck(f"not ended after {_STUCK_SECONDS:.0f} s of a processor")


def keep(name: str, said: str) -> Path:
    """Keep an input in a file, to be given again."""
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{name}.txt"
    path.write_text(said, encoding="utf-8", errors="surrogatepass", newline="")
    return path


def run(count: int, seed: int, step: Step) -> Outcome:
    """Give so many texts to the targets, each its share."""
    chance = Random(seed)
    texts = Texts(chance)
    found = Run()
    with tempfile.TemporaryDirectory(prefix="palou-hostile-") as name, ExitStack() as ends:
        all_of_them = targets(Path(name).resolve(), chance, texts, ends)
        shares = [target.share for target in all_of_them]
        for target in all_of_them * _WARM:
            found.give(target, texts.text())
        found.worst.clear()
        gc.freeze()  # what is collected now and then is to be the targets', not what made them
        for number in range(count):
            target = chance.choices(all_of_them, shares)[0]
            found.give(target, texts.text())
            if number % _GUARDED == 0:
                found.guard(target, texts.shape())
            if found.ends:
                break
            step(number + 1)
    worst = ", ".join(f"{n} {found.worst[n] * 1e3:.0f} ms" for n in found.given)
    figures = (
        f"{sum(found.given.values()):,} hostile inputs, {sum(found.times.values())} faults, "
        f"slowest {worst}"
    )
    return Outcome(figures, found.faults())


PART = Part("hostile", "hostile inputs", 1_000_000, 3_000, run)

if __name__ == "__main__":
    main(PART, __doc__ or "")
