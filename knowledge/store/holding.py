"""Finds the messages that hold some words, letter by letter, all of them.

They are read through: 53,000 messages take some 15 ms, a million a third of a second. SQLite's
index of letters (trigrams) knows no word of two characters, as most Chinese ones are.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import NamedTuple

from knowledge.store.ids import DAY_BITS

WORDS = 8
"""Words that are looked for at most."""

# BM25's constants (Robertson and Zaragoza 2009), and the characters of a usual message.
_K1, _B, _LENGTH = 1.2, 0.75, 24


class Held(NamedTuple):
    """A message that holds the words, by its id; `nearness` is how much of it these are."""

    id: int
    group: str
    date: str
    time: str
    speaker: str
    nearness: float


def holding(
    conn: sqlite3.Connection, words: Sequence[str], groups: Collection[str], speakers: str = ""
) -> list[Held]:
    """The messages of some groups that hold all of some words, oldest first.

    `speakers`: only those of whoever has these letters in a nickname. Without words, all of theirs.
    """
    wanted = [w.lower() for w in words[:WORDS]]
    days = {
        i: (group, date)
        for i, group, date in conn.execute(
            "select id, grp, date from days where grp in (select value from json_each(?))",
            [json.dumps(sorted(groups))],
        )
    }
    names = dict(conn.execute("select id, name from speakers"))
    given: list[object] = []
    conditions: list[str] = []
    if speakers:
        folded = speakers.casefold()
        conditions.append("speaker in (select value from json_each(?))")
        given.append(json.dumps([i for i, name in names.items() if folded in name.casefold()]))
    for word in wanted:
        folded_text = "lower(text)" if word.isascii() or word != word.upper() else "text"
        conditions.append(f"instr({folded_text}, ?)")
        given.append(word)
    if not conditions:
        return []
    rows = conn.execute(
        f"select id, time, speaker, text from messages where {' and '.join(conditions)}", given
    )
    found = []
    for i, time, speaker, text in rows:
        day = days.get(i >> DAY_BITS)
        if day is not None:
            found.append(Held(i, *day, time, names[speaker], _nearness(text, wanted)))
    found.sort(key=lambda held: (held.date, held.time, held.id))
    return found


def _nearness(text: str, words: Sequence[str]) -> float:
    """How much of a text the words are, by its length as in BM25."""
    lowered = text.lower()
    norm = _K1 * (1 - _B + _B * len(text) / _LENGTH)
    return sum(n * (_K1 + 1) / (n + norm) for n in (lowered.count(w) for w in words))
