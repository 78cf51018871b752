"""Words typed by their sound: `备负金` for `备付金`.

Who types by pinyin picks the wrong word of the same sound at times. Where a text fails as typed,
its pairs of characters that the archive does not use are replaced by ones of the same sound that
it does use.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

_USUAL = bytes(
    b for row in range(0xB0, 0xD8) for at in range(0xA1, 0xFF) for b in (row, at)
).decode("gb2312", "ignore")
"""The first level of GB 2312: the 3,755 characters in most use."""


def note_sounds(conn: sqlite3.Connection, terms: Iterable[str]) -> None:
    """Note the sounds of usual characters, and those of `terms`, that are not known yet.

    Done at load, as pypinyin takes its time to start: more than an answer should take.
    """
    known = {c for (c,) in conn.execute("select character from sounds")}
    new = {c for term in terms for c in term if c >= "\u3400"} - known
    if not known:
        new.update(_USUAL)
    if not new:
        return
    # Its dictionary of phrases takes 0.2 s to read, and says nothing of single characters.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin

    conn.executemany("insert into sounds values (?, ?)", ((c, lazy_pinyin(c)[0]) for c in new))


@dataclass(frozen=True, slots=True)
class Homophones:
    """The sounds of characters, and for each pair of sounds the commonest term."""

    sounds: Mapping[str, str]
    terms: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, conn: sqlite3.Connection, exchanges: Mapping[str, int]) -> Homophones:
        """Read the sounds; `exchanges` counts the exchanges that hold each common term."""
        sounds: dict[str, str] = dict(conn.execute("select character, sound from sounds"))
        terms: dict[tuple[str, str], str] = {}
        for term in sorted(exchanges, key=exchanges.__getitem__):
            if len(term) == 2 and term[0] in sounds and term[1] in sounds:
                terms[sounds[term[0]], sounds[term[1]]] = term
        return cls(sounds, terms)

    def corrected(self, norm: str, unseen: Collection[str]) -> str:
        """A normal form with the pairs of `unseen` replaced; the same when there are none."""
        runs = norm.split(" ")
        for place, run in enumerate(runs):
            for i in range(len(run) - 1):
                pair = run[i : i + 2]
                if pair not in unseen:
                    continue
                sounds = self.sounds.get(pair[0]), self.sounds.get(pair[1])
                if sounds[0] is None or sounds[1] is None:
                    continue
                run = run[:i] + self.terms.get((sounds[0], sounds[1]), pair) + run[i + 2 :]
            runs[place] = run
        return " ".join(runs)
