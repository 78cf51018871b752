"""Plays all parts of the soak, one after the other; exit status 1 when one of them found a fault.

python -m tests.soak                         the long form: forty minutes on two cores
python -m tests.soak --short                 a minute, as `.ci/run` does
python -m tests.soak kills day --seed 7      some parts, with other chance
"""

from __future__ import annotations

import argparse
import sys

from tests.soak import day, hostile, kills, outages
from tests.soak.part import SEED

PARTS = {part.name: part for part in (kills.PART, hostile.PART, outages.PART, day.PART)}


def main() -> None:
    """The command line of them all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (all)")
    parser.add_argument("--short", action="store_true", help="little of each")
    parser.add_argument("--seed", type=int, default=SEED, help="what chance begins with")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    chosen = [PARTS[name] for name in given.parts or PARTS]
    held = [part.play(part.short if given.short else part.long, given.seed) for part in chosen]
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
