"""Says how many mutants the tests kill, module by module, and shows those that survive.

python -m tests.bench.mutation        of what `mutmut run` left in mutants/ (see `make mutation`)

A survivor that does the same as the code is not counted: one of SQL in capitals, and EQUIVALENT
(`tests/test_bench.py` sees to it that those lines are there).
mutmut changes what stands in functions, without f-strings and the conditions of comprehensions.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

MUTMUT = Path(sys.executable).with_name("mutmut")
LEAST = 0.9
"""The share that should be killed in every module."""

EQUIVALENT = {
    'return Room(room, self._now.get(room, ""))': (
        "return Room(room, self._now.get(room, None))",
        "no topic is as good as an empty one",
    ),
    "return forgotten.said_by(group, contact, name, text) if forgotten else (name, text)": (
        "return forgotten.said_by(group, contact, name, text)"
        " if (forgotten) or True else (name, text)",
        "no rules mask nothing",
    ),
    "message = store.messages([number]).get(number) if number is not None else None": (
        "message = store.messages([number]).get(number) if (number is not None) or True else None",
        "no message has no number",
    ),
    "value = -1.0": ("value = -2.0", "any number below the bounds will do"),
}
"""Lines of the code, what a mutant makes of each, and why that does the same."""

SAME = frozenset(mutant for mutant, _ in EQUIVALENT.values())

_RESULT = re.compile(r"\s+(?P<mutant>(?P<module>.+)\.\S+__mutmut_\d+): (?P<status>.+)")
_SQL = re.compile(r"\b(select|insert|update|delete|from|where)\b", re.IGNORECASE)


def mutmut(*arguments: str) -> str:
    done = subprocess.run([MUTMUT, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def change(mutant: str) -> tuple[str, str]:
    """What a mutant takes out of the code, and what it puts in."""
    lines = [x for x in mutmut("show", mutant).splitlines() if x[:3] not in ("---", "+++")]
    taken, put = (
        "\n".join(x[1:].strip() for x in lines if x.startswith(sign)) for sign in ("-", "+")
    )
    return taken, put


def equivalent(taken: str, put: str) -> bool:
    """Whether a change changes nothing."""
    in_capitals = taken.lower() == put.lower() and _SQL.search(taken) is not None
    return in_capitals or put in SAME


def main() -> int:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in mutmut("results", "--all", "true").splitlines():
        found = _RESULT.match(line)
        if found is None:
            continue
        status = found["status"]
        if status == "survived":
            taken, put = change(found["mutant"])
            if equivalent(taken, put):
                status = "equivalent"
            else:
                print(f"{found['mutant']}\n  - {taken}\n  + {put}")
        counts[found["module"]][status] += 1
    enough = True
    for module, by in sorted(counts.items()):
        counted = by.total() - by["equivalent"]
        share = (by["killed"] + by["timeout"]) / counted if counted else 1.0
        enough &= share >= LEAST
        rest = ", ".join(f"{n} {what}" for what, n in by.most_common())
        print(f"{module}: {share:.1%} of {counted} mutants killed ({rest})")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
