"""Invented groups of thirty other fields, small archives like those of tests/small.py.

`tests/data/fields/NAME.jsonl` holds a group's conversations, one a line: `talk`, a list of
[speaker, text]; where a question is answered in it, the places of `question` and `answers`, three
other ways to ask it (`short`, `reworded`, `hurried`), and `near`, which looks alike and is not
answered there. Those who wrote them have habits of their own: in their hurried questions nearly all
words are the same, in their reworded ones nearly none.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.learning import learn
from knowledge.matching.embedder import WORDS
from knowledge.model import Citation, Message
from knowledge.train.orphans import write_day
from tests.small import KINDS, Question

FIELDS = Path(__file__).parent / "data" / "fields"
NAMES = sorted(path.stem for path in FIELDS.glob("*.jsonl"))

_A_DAY = 12  # conversations
_FIRST = datetime(2025, 3, 3, 9, 0)
_WITHIN, _BETWEEN = (15, 75), (240, 1500)  # seconds from one message to the next


def loaded(name: str, folder: Path, semantic: Path | None = WORDS) -> tuple[Path, list[Question]]:
    """Load a group alone, into a database below a folder; and its questions."""
    rows = [json.loads(line) for line in (FIELDS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    rng = random.Random(name)
    questions = []
    for day in range(0, len(rows), _A_DAY):
        at = _FIRST + timedelta(days=day // _A_DAY)
        said: list[Message] = []
        for row in rows[day : day + _A_DAY]:
            talk = list(_said(name, row["talk"], at, rng))
            last = talk[-1].citation
            at = datetime.fromisoformat(f"{last.date} {last.time}")
            at += timedelta(seconds=rng.randint(*_BETWEEN))
            said += talk
            if "question" in row:
                questions.append(_question(row, [str(m.citation) for m in talk]))
        write_day(folder / name, said[0].citation.date, said)
    database = folder / f"{name}.db"
    learn(database, [folder / name], semantic)
    return database, questions


def _said(name: str, talk: list[list[str]], at: datetime, rng: random.Random) -> Iterator[Message]:
    for speaker, text in talk:
        yield Message(Citation(name, f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"), speaker, text)
        at += timedelta(seconds=rng.randint(*_WITHIN))


def _question(row: dict[str, Any], cited: list[str]) -> Question:
    asked = row["question"]
    answers = frozenset(cited[i] for i in row["answers"])
    ways = {kind: row["talk"][asked][1] if kind == "verbatim" else row[kind] for kind in KINDS}
    belongs = frozenset(cited) - answers
    return Question(cited[asked], answers, answers, belongs, ways, row["near"])
