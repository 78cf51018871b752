"""Archived questions that were answered, for who tries or judges a bot."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection

from knowledge.language.display import shown
from knowledge.store.activity import ANSWERED
from knowledge.store.read import Store

_LOOKED_AT = 400  # exchanges that are looked at for a sample, the most sought first
_SHORT, _LONG = 8, 60  # characters of a question that stands by itself


def answered_questions(
    conn: sqlite3.Connection, count: int, *, groups: Collection[str] = (), seed: int | None = None
) -> list[str]:
    """Texts of archived questions with an answer; the most sought, or (`seed`) any of these.

    `groups`: of these alone, if any are named.
    """
    ids = [
        i
        for (i,) in conn.execute(
            "select id from exchanges where not retold order by sought desc, id limit ?",
            [_LOOKED_AT * (1 if seed is None else 10)],
        )
    ]
    if seed is not None:
        random.Random(seed).shuffle(ids)
    found: dict[str, None] = {}
    store = Store(conn)
    for start in range(0, len(ids), 100):
        some = ids[start : start + 100]
        exchanges = store.exchanges(some)
        for exchange in (exchanges[i] for i in some if i in exchanges):
            text = shown(exchange.lead.text)
            sure = max((a.probability for a in exchange.answers), default=0.0)
            here = not groups or exchange.lead.citation.group in groups
            if here and sure >= ANSWERED and _SHORT <= len(text) <= _LONG:
                found[text] = None
            if len(found) >= count:
                return list(found)
    return list(found)
