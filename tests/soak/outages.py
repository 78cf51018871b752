"""Has the gateway fail again and again while a group asks: each question is answered once, at most.

    python -m tests.soak.outages                 100 outages: a quarter of an hour
    python -m tests.soak.outages --count 5 --seed 7

The bot is `palou run`, the gateway one in node over a mocked WeChat, which is killed, frozen and
restarted. A question that arrived is answered, or counted as in doubt where it may have been.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tests.gateway.conftest import PLACE, WORLD, lay_out
from tests.gateway.outages import play
from tests.gateway.processes import Gateway, Palou, missing
from tests.soak.part import KEPT, Outcome, Part, Step, main

_KINDS = ("kill", "freeze", "restart", "kill")
_PAUSE = 1.0  # seconds between two questions
_ASKERS = 60  # for each outage: it takes some seconds, and many on a machine that is busy
_MOST = 2_000  # of them: more do not fit where the gateway is told its world


def run(count: int, seed: int, step: Step) -> Outcome:
    """Have the gateway fail so often."""
    askers = [f"asker-{n}" for n in range(min(_MOST, _ASKERS * (count + 1)))]
    place = replace(PLACE, askers=askers)
    world: dict[str, Any] = WORLD | {"contacts": WORLD["contacts"] | {a: a for a in askers}}  # type: ignore[operator]
    kinds = tuple(islice(cycle(_KINDS), count))
    with (
        tempfile.TemporaryDirectory(prefix="palou-outages-") as name,
        closing(Gateway(world)) as gateway,
    ):
        lay_out(Path(name))
        since = gateway.events.mark()
        with closing(Palou(Path(name), gateway.port)) as bot:
            bot.log.wait("ready")
            gateway.events.wait("connected", since)
            try:
                counted = play(gateway, bot, kinds, seed, place, pause=_PAUSE, step=step)
            except AssertionError as e:
                KEPT.mkdir(exist_ok=True)
                (KEPT / "outages.txt").write_text(str(e), encoding="utf-8")
                fault = f"{str(e)[:300]} … (all of it in {KEPT}/outages.txt)"
                return Outcome("not all of the outages came to their end", (fault,))
            faults = counted.faults()
            if bot.end() != 0:
                faults.append("the bot did not end in order")
            (stopped,) = bot.log.all("stopped")
            if stopped.get("in_doubt", 0) != len(counted.doubtful):
                faults.append(f"{stopped.get('in_doubt', 0)} counted as in doubt")
    return Outcome(f"{counted}; {len(faults)} faults", tuple(faults))


PART = Part("outages", "outages of the gateway", 100, 3, run, missing)

if __name__ == "__main__":
    main(PART, __doc__ or "")
