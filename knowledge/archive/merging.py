"""Puts together what several files hold of one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from knowledge.archive.reading import ReadMessage

Source = TypeVar("Source")


def merged(
    parts: Iterable[tuple[Source, Sequence[ReadMessage]]],
) -> Iterator[tuple[Source, ReadMessage, int]]:
    """All messages of a day in the order of their times, each with the file that it is taken from.

    `parts` are files, in the order of their paths, with what each holds of the day. A day exported
    at noon and again at night stands in two files. What they share is the same time, speaker and
    text; as often as one file holds it, so often it was said. The number is the place of a message
    within its second, from 0: a citation's `n`.
    """
    rows: list[tuple[Source, ReadMessage]] = []
    counted = Counter[tuple[str, str, str]]()
    for source, messages in parts:
        here = Counter[tuple[str, str, str]]()
        for m in messages:
            key = (m.time, m.speaker, m.text)
            here[key] += 1
            if here[key] > counted[key]:
                counted[key] += 1
                rows.append((source, m))
    rows.sort(key=lambda row: row[1].time)
    time, n = "", 0
    for source, message in rows:
        n = n + 1 if message.time == time else 0
        time = message.time
        yield source, message, n
