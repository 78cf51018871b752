"""Puts together what several files hold of one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from knowledge.archive.reading import ReadMessage

Source = TypeVar("Source")

_Said = tuple[str, str, str]


def merged(
    parts: Iterable[tuple[Source, Sequence[ReadMessage]]],
) -> Iterator[tuple[Source, ReadMessage, int]]:
    """All messages of a day in the order of their times, each with the file that it is taken from.

    `parts` are files, in the order of their paths, with what each holds of the day. A day exported
    at noon and again at night stands in two files. What they share is the same id, where both have
    one (then the later file's words count), else the same time, speaker and text; as often as one
    file holds it, so often it was said. Who sent it is known where one of them tells. A file that
    tells no seconds shares with those that do what was said in the same minute. The number is the
    place of a message within its second, from 0: a citation's `n`.
    """
    rows: list[tuple[Source, ReadMessage]] = []
    places: dict[_Said, list[int]] = {}  # of rows that say the same
    by_id: dict[str, int] = {}
    exact: list[tuple[Source, Sequence[ReadMessage]]] = []
    rough: list[tuple[Source, Sequence[ReadMessage]]] = []
    for part in parts:
        (exact if any(m.seconds for m in part[1]) else rough).append(part)
    for source, messages in exact or rough:
        here: dict[_Said, int] = {}  # how many of them this file has passed
        for m in messages:
            said = (m.time, m.speaker, m.text)
            place = by_id.get(m.id) if m.id else None
            if place is None:
                same = places.setdefault(said, [])
                passed = here.get(said, 0)
                while passed < len(same) and m.id and rows[same[passed]][1].id:
                    passed += 1  # it has an id of its own: another message
                here[said] = passed + 1
                if passed < len(same):
                    place = same[passed]
                else:
                    place = len(rows)
                    same.append(place)
                    rows.append((source, m))
            if m.id:
                rows[place] = source, _sent_by(m, rows[place][1].sender_id)
                by_id[m.id] = place
            elif m.sender_id:
                there, kept = rows[place]
                rows[place] = there, _sent_by(kept, m.sender_id)
    if exact and rough:
        rows += _unheard(rows, rough)
    rows.sort(key=lambda row: row[1].time)
    time, n = "", 0
    for source, message in rows:
        n = n + 1 if message.time == time else 0
        time = message.time
        yield source, message, n


def _sent_by(message: ReadMessage, sender: str) -> ReadMessage:
    """A message with the id of its sender, where it has none."""
    return message if message.sender_id or not sender else replace(message, sender_id=sender)


def _unheard(
    rows: Sequence[tuple[Source, ReadMessage]],
    parts: Iterable[tuple[Source, Sequence[ReadMessage]]],
) -> list[tuple[Source, ReadMessage]]:
    """What files without seconds hold beyond the messages of files with them."""
    known = Counter((m.time[:5], m.speaker, m.text) for _, m in rows)
    found: list[tuple[Source, ReadMessage]] = []
    for source, messages in parts:
        here: Counter[_Said] = Counter()
        for m in messages:
            said = (m.time[:5], m.speaker, m.text)
            here[said] += 1
            if here[said] > known[said]:
                known[said] += 1
                found.append((source, m))
    return found
