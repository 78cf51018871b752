"""A day of a small group in English: four questions, each answered once."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from knowledge.store.schema import connect

ASKED = "How long does it take until the money is on my account?"
REWORDED = "when will funds arrive"
DAY = [
    ("09:00:00", "Ann", ASKED),
    ("09:01:00", "Bob", "@Ann Two working days after settlement"),
    ("10:00:00", "Cleo", "Which documents does a new shop have to hand in?"),
    ("10:01:00", "Bob", "@Cleo A licence, and a photo of the front door"),
    ("11:00:00", "Dan", "Why was the refund of yesterday rejected?"),
    ("11:01:00", "Bob", "@Dan Because the balance was too low"),
    ("12:00:00", "Eve", "Who signs the contract with the bank?"),
    ("12:01:00", "Bob", "@Eve The finance director does"),
]


def count(database: Path) -> int:
    """How many exchanges have a vector."""
    with closing(connect(database)) as conn:
        return int(conn.execute("select count(*) from vectors").fetchone()[0])
