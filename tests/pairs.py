"""Invented archives full of questions that differ in one name, and what Palou says to these.

`tests/data/pairs/GROUP/` holds a group's days, `GROUP.jsonl` beside it its pairs: two archived
questions that ask the same of two names (two banks, 3 and 5 millimetres, before and after) and
have different answers. Each is asked again in two ways; so is a third name, which the archive does
not have anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.asking import Asking
from bot.decision import Verdict
from bot.learning import learn
from bot.record.record import Record
from bot.settings import Settings
from knowledge.matching.embedder import WORDS

PAIRS = Path(__file__).parent / "data" / "pairs"
GROUPS = ("paydesk", "reno", "cloudops", "runners")
"""Who takes payments, who renovates a flat, who keeps servers running, and who runs."""

WAYS = ("asked", "other")
"""How a question is asked again: shorter or a little reworded, and in quite other words."""

OUTCOMES = ("told", "hedged", "both", "swapped", "doubted", "foreign", "offered", "nothing")
"""What may come of a question of a pair: see `Reply.outcome`."""

STRANGE = ("told", "hedged", "silent")
"""What may come of a question about the third name: see `Stranger.outcome`."""


@dataclass(frozen=True, slots=True)
class Side:
    """One question of a pair, by its citation, with those of its answers.

    `ways` are the words it is asked in again, by the way.
    """

    name: str
    cited: str
    answers: frozenset[str]
    ways: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two archived questions that differ in a name.

    `third` is the question about the name that the archive does not have, in both ways; `differs`
    says what kind of name it is (`bank`, `number`, `direction` …).
    """

    one: Side
    two: Side
    name: str
    third: dict[str, str]
    differs: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown first to a question of a pair; `twin` is the other question of the pair."""

    side: Side
    twin: Side
    differs: str
    way: str
    verdict: Verdict

    @property
    def text(self) -> str:
        """What was asked."""
        return self.side.ways[self.way]

    @property
    def shown(self) -> tuple[str, ...]:
        """The messages quoted as answers."""
        return tuple(map(str, self.verdict.shown))

    @property
    def right(self) -> bool:
        """Whether it quotes an answer of the question, with a doubt or without."""
        return not self.side.answers.isdisjoint(self.shown)

    @property
    def swapped(self) -> bool:
        """Whether it quotes an answer of the other question of the pair."""
        return not self.twin.answers.isdisjoint(self.shown)

    @property
    def offered(self) -> bool:
        """Whether the question is among those that are offered to choose from."""
        return self.side.cited in map(str, self.verdict.offered)

    @property
    def outcome(self) -> str:
        """One of `OUTCOMES`.

        told or hedged: its own answer is quoted, without a doubt or with one; both: that of the
        other of the pair, too; swapped or doubted: only that of the other, without a doubt or with
        one; foreign: neither; offered: nothing is quoted, but the question is offered.
        """
        if self.right:
            return "both" if self.swapped else "hedged" if self.verdict.hedged else "told"
        if self.swapped:
            return "doubted" if self.verdict.hedged else "swapped"
        if self.shown:
            return "foreign"
        return "offered" if self.offered else "nothing"


@dataclass(frozen=True, slots=True)
class Stranger:
    """What is shown first to a question about the third name of a pair."""

    pair: Pair
    way: str
    verdict: Verdict

    @property
    def text(self) -> str:
        """What was asked."""
        return self.pair.third[self.way]

    @property
    def shown(self) -> tuple[str, ...]:
        """The messages quoted as answers."""
        return tuple(map(str, self.verdict.shown))

    @property
    def outcome(self) -> str:
        """One of `STRANGE`: something is quoted without a doubt, with one, or nothing is."""
        if not self.shown:
            return "silent"
        return "hedged" if self.verdict.hedged else "told"


def pairs(group: str) -> list[Pair]:
    """The pairs of an archive."""
    lines = (PAIRS / f"{group}.jsonl").read_text("utf-8").splitlines()
    return [_pair(json.loads(line)) for line in lines]


def _pair(row: dict[str, Any]) -> Pair:
    one, two, third = row["names"]
    words = {"asked": row["third"], "other": row["third_other"]}
    return Pair(_side(one, row["one"]), _side(two, row["two"]), third, words, row["differs"])


def _side(name: str, row: dict[str, Any]) -> Side:
    words = {way: row[way] for way in WAYS}
    return Side(name, row["cited"], frozenset(row["answers"]), words)


def loaded(group: str, folder: Path, semantic: Path | None = WORDS) -> Path:
    """Load an archive alone, into a database in `folder`, with the vectors of a model."""
    database = folder / f"{group}.db"
    learn(database, [PAIRS / group], semantic)
    return database


@contextmanager
def opened(database: Path, semantic: Path | None = WORDS) -> Iterator[Asking]:
    """The knowledge of a database, ready to be asked."""
    record = Record(database)
    asking = Asking(database, Settings(semantic=semantic), record)
    try:
        yield asking
    finally:
        asking.close()
        record.close()


def replies(asking: Asking, group: str, way: str) -> list[Reply]:
    """What is said to both questions of each pair of an archive, asked again in one way."""
    return [
        Reply(side, twin, pair.differs, way, asking.ask(side.ways[way]))
        for pair in pairs(group)
        for side, twin in ((pair.one, pair.two), (pair.two, pair.one))
    ]


def strangers(asking: Asking, group: str, way: str) -> list[Stranger]:
    """What is said to the questions about the names that an archive does not have."""
    return [Stranger(pair, way, asking.ask(pair.third[way])) for pair in pairs(group)]
