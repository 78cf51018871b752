"""All that may be a word in a text: what vectors of words are added up of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import add

LONGEST = 4
"""Chinese characters of a word at most."""

FIRST, LAST = "\u4e00", "\u9fff"
"""Between which Chinese characters lie, both included."""

_OTHER = rf"[^\s{FIRST}-{LAST}]+"
OTHERS = re.compile(_OTHER)
"""What may be a word, but is no Chinese one."""

_RUNS = re.compile(rf"[{FIRST}-{LAST}]+|{_OTHER}")


def possible_words(norm: str) -> Iterator[str]:
    """All that may be a word in a text in its normal form, Chinese characters by themselves, too.

    Each as often as it stands there.
    """
    for run in _RUNS.findall(norm):
        if FIRST <= run[0] <= LAST:
            yield from run
            longer: Iterable[str] = run
            for length in range(1, min(LONGEST, len(run))):
                longer = [*map(add, longer, run[length:])]
                yield from longer
        else:
            yield run
