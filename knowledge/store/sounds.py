"""The sounds of characters, as a load notes them and as a misspelt text is read by them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from knowledge.language.sound import USUAL, sounding, sounds_of


def note(conn: sqlite3.Connection, terms: Iterable[str]) -> None:
    """Note the sounds of usual characters, and those of `terms`, that are not known yet.

    Done at load, as they take their time to be found out: more than an answer should take.
    """
    known = {c for (c,) in conn.execute("select character from sounds")}
    new = sounding(terms) - known
    if not known:
        new.update(USUAL)
    if new:
        conn.executemany("insert into sounds values (?, ?)", sounds_of(new))


def read(conn: sqlite3.Connection) -> dict[str, str]:
    """The sound of each character that is known."""
    return dict(conn.execute("select character, sound from sounds").fetchall())
