"""Questions with known answers, asked of archives of several sizes: what the ranker learns from.

An archive is asked whole, and again in pieces of a few days to a few weeks: a small archive has
other rare words and other rivals, and what is learned has to hold there, too.
"""

from __future__ import annotations

import json
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from knowledge.loading.load import load
from knowledge.matching.compare import GLANCE
from knowledge.matching.finder import Considered, Finder
from knowledge.matching.search import DEEP
from knowledge.model import Message
from knowledge.store import samples
from knowledge.store.ids import DAY_BITS, EXCHANGE_BITS, EXCHANGE_DAY_BITS
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.train.archive import archive_files, read_archive
from knowledge.train.orphans import orphaned, write_day

Array = np.ndarray[Any, Any]
Key = tuple[str, str, str]
"""Group, date and time of a message."""

SMALL = "small "
"""What the kind of a case begins with that was asked of a piece of the archive."""

ORPHANED = "vain "
"""The same for one asked of an archive in which nobody answers the question."""

VAIN = 3
"""How often such an archive is made; each time of some half of the questions."""

PIECES = ((3, 6, 12, 24, 48), (12, 24, 48, 3, 6), (48, 3, 6, 12, 24))
"""Days of the pieces, one after the other, in each of the ways to cut the archive."""

SAMPLES = 1200
"""Archived questions, and messages, that are asked with their day left out."""

STRANGE = 25
"""Questions asked of each piece that it cannot answer, of the archive and of other fields each."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query with its finalists; `right` are those that cite an answer, or ask the very question.

    `said` are the messages that each cites, with their probabilities; `wanted` are the answers
    that people picked. `fold` names the cases that are held out together: a month, or for what
    has none a number made of the text.
    """

    kind: str
    fold: str
    text: str
    finalists: Sequence[Considered]
    right: tuple[bool, ...]
    said: tuple[Mapping[Key, float], ...] = ()
    wanted: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Gold:
    """A question that people picked with its answers, and how it was asked again.

    `question` and `answers` are keys: group, date and time.
    """

    question: Key
    answers: frozenset[Key]
    texts: dict[str, str]

    @property
    def month(self) -> str:
        """The month of the question."""
        return self.question[1][:7]


def read_gold(gold: Path, paraphrases: Path) -> list[Gold]:
    """Read what was asked again out of the files that `knowledge.train.rank` takes."""
    by_id = {g["id"]: g for g in json.loads(gold.read_text("utf-8"))}
    out = []
    for p in json.loads(paraphrases.read_text("utf-8")):
        g = by_id[p["id"]]
        texts = {"verbatim": g["question"], "short": p["short"], "reworded": p["reworded"]}
        answers = frozenset((a[0], a[1], a[2]) for a in g["answer_keys"])
        group, date, time = g["question_key"]
        out.append(Gold((group, date, time), answers, texts))
    return out


class Asker:
    """Asks queries of a database and keeps what was considered."""

    def __init__(self, conn: sqlite3.Connection, glance: Sequence[float], prefix: str = "") -> None:
        self.conn, self.prefix = conn, prefix
        self.finder = Finder(conn, tuple(glance))
        self.cases: list[Case] = []
        days = Store(conn).days()
        self.days = {day: i for i, day in days.items()}
        self._month = {i: date[:7] for i, (_, date) in days.items()}
        self._asks: dict[int, set[Key]] = {}
        self._said: dict[int, dict[Key, float]] = {}
        self._by_day: dict[int, set[int]] = {}
        for x in samples.parts(conn):
            key = x.group, x.date, x.time
            if x.role == "question":
                self._asks.setdefault(x.exchange, set()).add(key)
            elif x.role == "answer":
                self._said.setdefault(x.exchange, {})[key] = x.probability
            self._by_day.setdefault(x.exchange >> EXCHANGE_DAY_BITS, set()).add(x.exchange)

    def glances(self, gold: Iterable[Gold]) -> list[Case]:
        """All candidates of what was asked in other words, with the figures of a glance."""
        out = []
        for g in gold:
            for kind in ("short", "reworded"):
                _, _, glances = self.finder.glance(g.texts[kind], DEEP)
                considered = [Considered(i, "", figures) for i, figures in glances.items()]
                right = tuple(self._answers(i, g) for i in glances)
                out.append(Case(kind, g.month, g.texts[kind], considered, right))
        return out

    def again(self, g: Gold, left_out: bool = True) -> None:
        """Ask a question in all its wordings, and once more with its day left out."""
        for kind, text in g.texts.items():
            self._ask(kind, text, g.month, g)
            if left_out:
                self._ask("-" + kind, text, g.month, without=self.days.get(g.question[:2], -1))

    def strange(self, kind: str, text: str, fold: str = "") -> None:
        """Ask what nothing answers."""
        self._ask(kind, text, fold or str(zlib.crc32(text.encode()) % 7))

    def sample(self, kind: str, messages: Sequence[int], rng: random.Random) -> None:
        """Ask a sample of archived messages, by their ids, with their day left out."""
        drawn = rng.sample(messages, min(SAMPLES, len(messages)))
        found = Store(self.conn).messages(drawn)
        for i in drawn:
            day = i >> DAY_BITS
            self._ask(kind, found[i].text, self._month[day], without=day)

    def _ask(
        self, kind: str, text: str, fold: str, gold: Gold | None = None, without: int = -1
    ) -> None:
        _, finalists = self.finder.consider(text, DEEP, without=self._by_day.get(without, set()))
        right = tuple(self._answers(f.id, gold) for f in finalists)
        said = tuple(self._said.get(f.id, {}) for f in finalists)
        wanted = gold.answers if gold else frozenset()
        self.cases.append(Case(self.prefix + kind, fold, text, finalists, right, said, wanted))

    def _answers(self, exchange: int, gold: Gold | None) -> bool:
        """Whether an exchange cites an answer that was picked, or is what was asked."""
        if gold is None:
            return False
        cited = self._said.get(exchange, {})
        return not gold.answers.isdisjoint(cited) or gold.question in self._asks[exchange]


def loaded(files: Sequence[str], folder: str) -> sqlite3.Connection:
    """Load day files into a database of its own below `folder`."""
    database = Path(folder) / f"{len(list(Path(folder).iterdir()))}.db"
    load(database, [Path(f) for f in files])
    return connect(database)


def pieces(files: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut the day files of an archive into small archives, in several ways."""
    for sizes in PIECES:
        at = piece = 0
        while at < len(files):
            yield files[at : at + sizes[piece % len(sizes)]]
            at += sizes[piece % len(sizes)]
            piece += 1


def gather(
    archive: Path, gold: Sequence[Gold], learn_glance: Callable[[list[Case]], Array]
) -> tuple[Array, list[Case]]:
    """The weights for a glance, and all cases that there is to learn from."""
    files = archive_files(archive)
    elsewhere = Path(__file__).with_name("elsewhere.txt").read_text("utf-8").splitlines()
    rng = random.Random(0)
    with TemporaryDirectory() as folder, closing(loaded(files, folder)) as conn:
        glance = learn_glance(Asker(conn, (0.0,) * len(GLANCE)).glances(gold))
        whole = Asker(conn, glance.tolist())
        for g in gold:
            whole.again(g)
        whole.sample("archive", [i >> EXCHANGE_BITS for i in samples.sought(conn, 0.1)], rng)
        whole.sample("talk", samples.longer(conn, 2), rng)
        for text in elsewhere:
            whole.strange("elsewhere", text)
        cases = whole.cases
        days = read_archive(archive)
        for _ in range(VAIN):
            cases += _of_orphans(days, folder, gold, glance, rng)
        for piece in pieces(files):
            cases += _of_piece(piece, folder, gold, elsewhere, glance, rng)
    return glance, cases


def _of_orphans(
    days: Mapping[tuple[str, str], list[Message]],
    folder: str,
    gold: Sequence[Gold],
    glance: Array,
    rng: random.Random,
) -> list[Case]:
    """What is asked in vain, though the archive holds the question: nobody answers it there."""
    changed = Path(folder) / f"orphans{rng.random()}"
    asked: list[Gold] = []
    for (group, day), messages in days.items():
        place = {m.citation.time: k for k, m in reversed(list(enumerate(messages)))}
        mine = {place[g.question[2]]: g for g in gold if g.question[:2] == (group, day)}
        answers = {
            i: {place[time] for _, date, time in g.answers if date == day and time in place}
            for i, g in mine.items()
        }
        messages, orphans = orphaned(messages, answers, rng)
        write_day(changed / group, day, messages)
        texts = {messages[k].text for k in orphans}
        asked += (g for i, g in mine.items() if days[group, day][i].text in texts)
    with closing(loaded(archive_files(changed), folder)) as conn:
        asker = Asker(conn, glance.tolist(), ORPHANED)
        for g in asked:
            asker.again(g, left_out=False)
        return asker.cases


def _of_piece(
    piece: Sequence[str],
    folder: str,
    gold: Sequence[Gold],
    elsewhere: Sequence[str],
    glance: Array,
    rng: random.Random,
) -> list[Case]:
    """The cases of a small archive: its own questions, those of other pieces, and strange ones."""
    with closing(loaded(piece, folder)) as conn:
        small = Asker(conn, glance.tolist(), SMALL)
        own = [g for g in gold if g.question[:2] in small.days]
        if not own:
            return []
        for g in own:
            small.again(g)
        others = [g for g in gold if g.question[:2] not in small.days]
        for g in rng.sample(others, min(STRANGE, len(others))):
            small.strange("other", g.texts[rng.choice(("short", "reworded"))], g.month)
        for text in rng.sample(elsewhere, STRANGE):
            small.strange("elsewhere", text)
        return small.cases
