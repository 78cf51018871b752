"""All that may be a word in a text: what vectors of words are added up of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import add

LONGEST = 4
"""Chinese characters of a word at most."""

_RUNS = re.compile(r"[\u4e00-\u9fff]+|[^\s\u4e00-\u9fff]+")


def possible_words(norm: str) -> Iterator[str]:
    """All that may be a word in a text in its normal form, Chinese characters by themselves, too.

    Each as often as it stands there.
    """
    for run in _RUNS.findall(norm):
        if "\u4e00" <= run[0] <= "\u9fff":
            yield from run
            longer: Iterable[str] = run
            for length in range(1, min(LONGEST, len(run))):
                longer = [*map(add, longer, run[length:])]
                yield from longer
        else:
            yield run
