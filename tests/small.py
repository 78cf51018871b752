"""Small invented archives of other fields: what was asked in each, and what Palou says to it.

`tests/data/small/GROUP/` holds a group's days, `GROUP.jsonl` beside it its questions: each with the
citations of what answers it (`best` among them; none where nobody answered) and of what merely
belongs to it, three other ways to ask it, and a question that looks alike and is not answered
there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bot.asking import Asking
from bot.decision import Verdict
from bot.learning import learn
from bot.record.record import Record
from bot.settings import Settings
from knowledge.matching.embedder import WORDS

SMALL = Path(__file__).parent / "data" / "small"
GROUPS = ("allotment", "choir", "paws")
"""A community garden, a choir, and the clients of a clinic for pets."""

KINDS = ("verbatim", "short", "reworded", "hurried")
"""How a question is asked: as it was, by its keywords, in other words, with a slip of the thumb."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an archive; messages by their citations.

    `ways` are its words, by the kind of asking; `near` looks alike and is not answered.
    """

    cited: str
    answers: frozenset[str]
    best: frozenset[str]
    belongs: frozenset[str]
    ways: dict[str, str]
    near: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown first to a question that was put to the bot, against what answers it."""

    question: Question
    verdict: Verdict

    @property
    def shown(self) -> tuple[str, ...]:
        """The messages quoted as answers."""
        return tuple(map(str, self.verdict.shown))

    @property
    def right(self) -> bool:
        """Whether it quotes an answer of the question, with a doubt or without."""
        return not self.question.answers.isdisjoint(self.shown)

    @property
    def offered(self) -> bool:
        """Whether the question is among those that are offered to choose from."""
        return self.question.cited in map(str, self.verdict.offered)

    @property
    def foreign(self) -> list[str]:
        """What it quotes that answers another question, or none."""
        own = self.question.answers | self.question.belongs
        return [cited for cited in self.shown if cited not in own]


def questions(group: str) -> list[Question]:
    """The questions of an archive, in its order."""
    lines = (SMALL / f"{group}.jsonl").read_text("utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines]


def _question(row: dict[str, str | list[str]]) -> Question:
    words = {k: v for k, v in row.items() if isinstance(v, str)}
    messages = {k: frozenset(v) for k, v in row.items() if not isinstance(v, str)}
    return Question(
        words["cited"],
        messages["answers"],
        messages["best"],
        messages["belongs"],
        {kind: words["question" if kind == "verbatim" else kind] for kind in KINDS},
        words["near"],
    )


def loaded(group: str, folder: Path, semantic: Path | None = WORDS) -> Path:
    """Load an archive alone, into a database in `folder`, with the vectors of a model."""
    database = folder / f"{group}.db"
    learn(database, [SMALL / group], semantic)
    return database


def asked(database: Path, texts: list[str], semantic: Path | None = WORDS) -> list[Verdict]:
    """What is said to each text by whoever is put it in a group."""
    record = Record(database)
    asking = Asking(database, Settings(semantic=semantic), record)
    verdicts = [asking.ask(text) for text in texts]
    asking.close()
    record.close()
    return verdicts


def replies(database: Path, group: str, kind: str, semantic: Path | None = WORDS) -> list[Reply]:
    """The replies to all questions of an archive, asked in one way."""
    return replies_to(database, questions(group), kind, semantic)


def replies_to(
    database: Path, own: list[Question], kind: str, semantic: Path | None = WORDS
) -> list[Reply]:
    """The replies to questions of an archive, asked in one way."""
    verdicts = asked(database, [question.ways[kind] for question in own], semantic)
    return [Reply(q, verdict) for q, verdict in zip(own, verdicts, strict=True)]


def lures(database: Path, group: str, semantic: Path | None = WORDS) -> list[Reply]:
    """The replies to what looks like the answered questions of an archive, and is not."""
    return lures_of(database, questions(group), semantic)


def lures_of(database: Path, own: list[Question], semantic: Path | None = WORDS) -> list[Reply]:
    """The replies to what looks like those of some questions that are answered, and is not."""
    answered = [question for question in own if question.answers]
    verdicts = asked(database, [question.near for question in answered], semantic)
    return [Reply(q, verdict) for q, verdict in zip(answered, verdicts, strict=True)]
