"""Invented groups of thirty other fields, small archives like those of tests/small.py.

`tests/data/fields/NAME.jsonl` holds a group's conversations, one a line: `talk`, a list of
[speaker, text]; where a question is answered in it, the places of `question` and `answers`, three
other ways to ask it (`short`, `reworded`, `hurried`), and `near`, which looks alike and is not
answered there. Those who wrote them have habits of their own: in their hurried questions nearly all
words are the same, in their reworded ones nearly none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.learning import learn
from knowledge.matching.embedder import WORDS
from knowledge.train.fields import days, names
from knowledge.train.orphans import write_day
from tests.small import KINDS, Question

FIELDS = Path(__file__).parent / "data" / "fields"
NAMES = names(FIELDS)


def loaded(name: str, folder: Path, semantic: Path | None = WORDS) -> tuple[Path, list[Question]]:
    """Load a group alone, into a database below a folder; and its questions."""
    questions = []
    for talks in days(FIELDS, name):
        said = [m for talk in talks for m in talk.said]
        write_day(folder / name, said[0].citation.date, said)
        questions += [
            _question(row, [str(m.citation) for m in talk])
            for row, talk in talks
            if "question" in row
        ]
    database = folder / f"{name}.db"
    learn(database, [folder / name], semantic)
    return database, questions


def _question(row: dict[str, Any], cited: list[str]) -> Question:
    asked = row["question"]
    answers = frozenset(cited[i] for i in row["answers"])
    ways = {kind: row["talk"][asked][1] if kind == "verbatim" else row[kind] for kind in KINDS}
    belongs = frozenset(cited) - answers
    return Question(cited[asked], answers, answers, belongs, ways, row["near"])
