"""Questions with known answers, asked of archives of several sizes: what the ranker learns from.

An archive is asked whole, and again in pieces of a few days to a few weeks: a small archive has
other rare words and other rivals, and what is learned has to hold there, too.
"""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from knowledge.loading.load import load
from knowledge.matching.embedder import Model
from knowledge.matching.embedding import embed
from knowledge.matching.finder import Considered, Finder
from knowledge.matching.meaning import Meaning, Meant
from knowledge.matching.search import DEEP
from knowledge.model import Message
from knowledge.store import samples
from knowledge.store.ids import DAY_BITS, EXCHANGE_BITS, EXCHANGE_DAY_BITS
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.store.vocabulary import Vocabulary
from knowledge.train.archive import archive_files, read_archive
from knowledge.train.gold import NOBODY, REASKED, Gold, Key, swapped
from knowledge.train.orphans import orphaned, write_day
from knowledge.train.twins import Twins, twins

Array = np.ndarray[Any, Any]

NEAR = "near"
"""The kind of a question that looks like an archived one whose answers do not answer it."""

SWAPPED = "swapped"
"""The same, of a wording in which another word of the archive stands in the place of one."""

LEFT_OUT = "-"
"""What the kind of a case begins with that was asked with the day of its question left out."""

SMALL = "small "
"""What the kind of a case begins with that was asked of a piece of the archive."""

ORPHANED = "vain "
"""The same for one asked of an archive in which nobody answers the question."""

TWIN = "twin "
"""The same for one asked of an archive in which a question has a twin; see `twins`."""

THIRD = "third "
"""What the rest of its kind begins with when it names neither's word but a third one."""

PIECES = ((1, 3, 6, 12, 24, 48), (12, 24, 48))
"""Days of the pieces, one after the other, in each of the ways to cut the archive."""

TINY, HELD, BEHIND = 200, 6, 60
"""Archives of a few exchanges: how many are made, of how many questions, and how many messages
behind a question are looked at for its answers."""

PAIRED = 150
"""Archives in which questions have twins."""

SAMPLES = 800
"""Archived questions, and messages, that are asked with their day left out."""

LEFT_OUT_TOO = 0.5
"""How probably a question of a piece is also asked with its day left out."""

STRANGE = 25
"""Questions asked of each piece that it cannot answer, of the archive and of other fields each."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query with its finalists; `right` are those that cite an answer, or ask the very question.

    `figures` has a row for each of the finalists, which hold none themselves. `said` are the
    messages that each cites, with their probabilities; `wanted` are the answers that people picked:
    of the question that is asked again or, of a `lure`, of the one that it looks like. `fold` names
    the cases that are held out together: a month, or for what has none a number made of the text.
    """

    kind: str
    fold: str
    finalists: Sequence[Considered]
    figures: Array
    right: tuple[bool, ...]
    said: tuple[Mapping[Key, float], ...] = ()
    wanted: frozenset[Key] = frozenset()
    lure: bool = False


def _table(figures: Collection[Sequence[float]]) -> Array:
    return np.array([*figures], np.float32)


class Asker:
    """Asks queries of a database and keeps what was considered."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        glance: Sequence[float],
        prefix: str = "",
        common: Mapping[str, int] | None = None,
        model: Model | None = None,
    ) -> None:
        self.conn, self.prefix = conn, prefix
        self.meaning = Meaning(conn, model) if model else None
        self.finder = Finder(conn)
        self.glance = tuple(glance)
        self.cases: list[Case] = []
        self.common = common or Vocabulary.read(conn).exchanges
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
            for kind in REASKED:
                if kind not in g.texts:
                    continue
                meant = self._meant(g.texts[kind])
                if self.meaning and not meant:
                    continue
                _, _, glances = self.finder.glance(g.texts[kind], DEEP, meant=meant)
                considered = [Considered(i, "", ()) for i in glances]
                right = tuple(self._answers(i, g) for i in glances)
                out.append(Case(kind, g.month, considered, _table(glances.values()), right))
        return out

    def again(self, g: Gold, kinds: Collection[str]) -> None:
        """Ask a question in wordings of some kinds, as far as there are any."""
        for kind in kinds:
            if kind in g.texts:
                self._ask(kind, g.texts[kind], g.month, g)

    def near(self, g: Gold) -> None:
        """Ask what looks like a question and is not answered there."""
        if g.near:
            self._ask(NEAR, g.near, g.month, lure=g)

    def swapped(self, g: Gold, kind: str, rng: random.Random) -> None:
        """Ask a wording with another word of the archive in the place of one of its rarest."""
        text = swapped(g.texts[kind], self.common, rng)
        if text:
            self._ask(SWAPPED, text, g.month, lure=g)

    def third(self, g: Gold, kind: str, text: str) -> None:
        """Ask a wording that names another thing than its question does."""
        self._ask(THIRD + kind, text, g.month, lure=g)

    def left_out(self, g: Gold, kind: str) -> None:
        """Ask a question with its day left out."""
        without = self.days.get(g.question[:2], -1)
        self._ask(LEFT_OUT + kind, g.texts[kind], g.month, without=without)

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
        self,
        kind: str,
        text: str,
        fold: str,
        gold: Gold | None = None,
        lure: Gold | None = None,
        without: int = -1,
    ) -> None:
        left_out = self._by_day.get(without, set())
        meant = self._meant(text, left_out)
        if self.meaning and not meant:
            return
        _, found = self.finder.consider(text, self.glance, DEEP, without=left_out, meant=meant)
        case = Case(
            kind=self.prefix + kind,
            fold=fold,
            finalists=[Considered(f.id, f.question, ()) for f in found],
            figures=_table([f.figures for f in found]),
            right=tuple(self._answers(f.id, gold) for f in found),
            said=tuple(self._said.get(f.id, {}) for f in found),
            wanted=(gold or lure or NOBODY).answers,
            lure=lure is not None,
        )
        self.cases.append(case)

    def _meant(self, text: str, without: Collection[int] = frozenset()) -> Meant | None:
        return self.meaning.read(text, without=without) if self.meaning else None

    def _answers(self, exchange: int, gold: Gold | None) -> bool:
        """Whether an exchange cites an answer that was picked, or is what was asked."""
        if gold is None:
            return False
        cited = self._said.get(exchange, {})
        return not gold.answers.isdisjoint(cited) or gold.question in self._asks[exchange]


def loaded(files: Sequence[str], folder: str, model: Model | None = None) -> sqlite3.Connection:
    """Load day files into a database of its own below `folder`, with the vectors of a model."""
    database = Path(folder) / f"{len(list(Path(folder).iterdir()))}.db"
    load(database, [Path(f) for f in files])
    if model:
        embed(database, model)
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
    archive: Path,
    gold: Sequence[Gold],
    learn_glance: Callable[[list[Case]], Array],
    model: Model | None = None,
) -> tuple[Array, list[Case]]:
    """The weights for a glance, and all cases that there is to learn from.

    With a `model`, the archives have its vectors, and the cases the figures of what is meant.
    """
    files = archive_files(archive)
    elsewhere = Path(__file__).with_name("elsewhere.txt").read_text("utf-8").splitlines()
    rng = random.Random(0)
    with TemporaryDirectory() as folder, closing(loaded(files, folder, model)) as conn:
        glance = learn_glance(Asker(conn, (), model=model).glances(gold))
        whole = Asker(conn, glance.tolist(), model=model)
        for g in gold:
            whole.again(g, g.texts)
            whole.near(g)
            whole.swapped(g, rng.choice([*g.texts]), rng)
            whole.left_out(g, rng.choice([*g.texts]))
        whole.sample("archive", [i >> EXCHANGE_BITS for i in samples.sought(conn, 0.1)], rng)
        whole.sample("talk", samples.longer(conn, 2), rng)
        for text in elsewhere:
            whole.strange("elsewhere", text)
        days = read_archive(archive)
        cases = whole.cases + _of_orphans(days, folder, gold, glance, rng, model)
        for _ in range(TINY):
            held = rng.sample(gold, HELD)
            with closing(loaded(_tiny(days, folder, held, rng), folder, model)) as small:
                asker = Asker(small, glance.tolist(), SMALL, whole.common, model)
                cases += _of_piece(asker, held, [], rng)
        for _ in range(PAIRED):
            held = rng.sample(gold, HELD)
            made = Path(folder) / f"twins{rng.random()}"
            paired = twins(days, made, held, whole.common, rng)
            with closing(loaded(archive_files(made), folder, model)) as small:
                asker = Asker(small, glance.tolist(), TWIN, whole.common, model)
                cases += _of_twins(asker, paired, rng)
        for piece in pieces(files):
            with closing(loaded(piece, folder, model)) as small:
                asker = Asker(small, glance.tolist(), SMALL, whole.common, model)
                cases += _of_piece(asker, gold, elsewhere, rng)
    return glance, cases


def _of_twins(asker: Asker, paired: Sequence[Twins], rng: random.Random) -> list[Case]:
    """What is asked about the one, about the other, and about neither."""
    for pair in paired:
        kinds = [*pair.third]
        for g in (pair.one, pair.other):
            asker.again(g, rng.sample(kinds, min(2, len(kinds))))
        kind = rng.choice(kinds)
        both = replace(pair.one, answers=pair.one.answers | pair.other.answers)
        asker.third(both, kind, pair.third[kind])
    return asker.cases


def _of_orphans(
    days: Mapping[tuple[str, str], list[Message]],
    folder: str,
    gold: Sequence[Gold],
    glance: Array,
    rng: random.Random,
    model: Model | None,
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
    with closing(loaded(archive_files(changed), folder, model)) as conn:
        asker = Asker(conn, glance.tolist(), ORPHANED, model=model)
        for g in asked:
            asker.again(g, rng.sample([*g.texts], min(2, len(g.texts))))
        return asker.cases


def _tiny(
    days: Mapping[tuple[str, str], list[Message]],
    folder: str,
    gold: Sequence[Gold],
    rng: random.Random,
) -> list[str]:
    """The files of an archive that holds some questions with their answers and little else."""
    kept: dict[tuple[str, str], set[int]] = {}
    for g in gold:
        messages = days[g.question[:2]]
        at = next(i for i, m in enumerate(messages) if m.citation.time == g.question[2])
        answered = {time for _, date, time in g.answers if date == g.question[1]}
        behind = [
            i
            for i, m in enumerate(messages[at : at + BEHIND], at)
            if m.citation.time in answered
        ]  # fmt: skip
        kept.setdefault(g.question[:2], set()).update(range(at, max([at, *behind]) + 2))
    made = Path(folder) / f"tiny{rng.random()}"
    for (group, day), places in kept.items():
        messages = days[group, day]
        write_day(made / group, day, [messages[i] for i in sorted(places) if i < len(messages)])
    return archive_files(made)


def _of_piece(
    small: Asker, gold: Sequence[Gold], elsewhere: Sequence[str], rng: random.Random
) -> list[Case]:
    """The cases of a small archive: its own questions, those of other pieces, and strange ones."""
    own = [g for g in gold if g.question[:2] in small.days]
    if not own:
        return []
    for g in own:
        small.again(g, rng.sample([*g.texts], min(2, len(g.texts))))
        small.near(g)
        small.swapped(g, rng.choice([*g.texts]), rng)
        if rng.random() < LEFT_OUT_TOO:
            small.left_out(g, rng.choice([*g.texts]))
    others = [g for g in gold if g.question[:2] not in small.days]
    for g in rng.sample(others, min(STRANGE, len(others))):
        small.strange("other", g.texts[rng.choice([*g.texts])], g.month)
    for text in rng.sample(elsewhere, min(STRANGE, len(elsewhere))):
        small.strange("elsewhere", text)
    return small.cases
