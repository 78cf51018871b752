"""Prints how fast questions are matched in 10 thousand, 100 thousand and 1 million exchanges.

    python -m tests.bench.speed [SIZE…] [--seed N] [--semantic]
    python -m tests.bench.speed --archive FOLDER --asked QUESTIONS

With an archive, and questions one a line, those. Without, the exchanges are generated: words of
two and three characters with frequencies as Zipf (1949) has them, questions of 5 to 15 words (as
long as those of a real group: 23 characters in the median), up to three answers. Half of the
queries are archived questions with a third of their words replaced, half are made of words alone.

In the same run, others are asked the same of the same questions, see `others`. Each size is asked
in a process of its own, so that its memory is its own: the most that it had taken when further
queries had filled every cache. The index is the full-text one with its counts; the texts, the
normal forms that candidates are compared by, are counted apart.

The vectors of the exchanges, of words or with `--semantic` of the packaged model, as many
as there would be at most, are made up.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from bot.learning import learn
from knowledge.matching.embedder import PACKAGED, WORDS, Model, open_model
from knowledge.matching.match import Matcher
from knowledge.matching.meaning import Meaning
from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.store import index, migrations, schema, vectors
from tests.bench.others import medians

DRAWN = 60_000
QUERIES = 200
FILLING = 600
HOSTILE = ("账" * 100_000, "🙃" * 1000, '" OR question : *', "对\0账", "a b " * 25_000)


class Words:
    """Invented words, drawn as often as their rank says."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        chars = [chr(c) for c in range(0x4E00, 0x4E00 + 2500)]
        weights = [1 / (i + 10) for i in range(len(chars))]
        drawn = rng.choices(chars, weights, k=3 * DRAWN)
        self._words = [
            "".join(drawn[3 * i : 3 * i + rng.choice((2, 2, 2, 3))]) for i in range(DRAWN)
        ]
        self._cumulated = list(itertools.accumulate(1 / (i + 3) for i in range(DRAWN)))

    def draw(self, n: int) -> list[str]:
        """So many words."""
        return self._rng.choices(self._words, cum_weights=self._cumulated, k=n)


def exchanges(words: Words, rng: random.Random, size: int) -> Iterator[tuple[int, Exchange]]:
    """Generated exchanges with their ids."""

    def said(n: int) -> Message:
        at = Citation("bench", "2024-01-01", "00:00:00", 0)
        return Message(at, "林一一", "".join(words.draw(n)))

    for i in range(size):
        answers = tuple(Answer(said(rng.randint(3, 9)), 0.6) for _ in range(rng.randint(0, 3)))
        yield (1 << 26) + (i << 6), Exchange((said(rng.randint(5, 15)),), answers, sought=0.5)


def build(path: Path, size: int, seed: int) -> list[str]:
    """A database of generated exchanges; the questions to ask of it."""
    from sqlite_utils import Database

    rng = random.Random(seed)
    words = Words(rng)
    db = Database(path)
    migrations.create_or_migrate(db)
    db.conn.execute("insert into days values (1, 'bench', '2024-01-01')")
    db.conn.execute("insert into speakers values (1, 'bench', '林一一')")
    db.conn.execute("insert into messages values (1 << 20, 1, 1, '00:00:00', 0, 1, '如何')")
    parts = '[["question",1048576,1],["answer",1048576,0.6]]'
    made = exchanges(words, rng, size)
    while block := list(itertools.islice(made, 5000)):
        db.conn.executemany(
            "insert into exchanges values (?, ?, ?, ?)", ((i, x.sought, 0, parts) for i, x in block)
        )
        index.add(db.conn, index.rows(block))
    index.count(db.conn)
    db.conn.commit()
    ids = [rng.randrange(size) for _ in range((QUERIES + FILLING) // 2)]
    queries = []
    for i in ids:
        (text,) = db.conn.execute(
            "select question from exchange_texts where id = ?", ((1 << 26) + (i << 6),)
        ).fetchone()
        cut = [text[j : j + 2] for j in range(0, len(text), 2)]
        queries.append("".join(w if rng.random() > 1 / 3 else words.draw(1)[0] for w in cut))
    queries += ["".join(words.draw(rng.randint(3, 10))) for _ in ids]
    rng.shuffle(queries)
    db.conn.close()
    return queries


def make_up(path: Path, model: Model) -> None:
    """Vectors of nothing, for as many exchanges as get some at most."""
    made = np.random.default_rng(0)
    size = model.embedder.queries([""]).shape[1]
    with closing(sqlite3.connect(path)) as conn:
        shelf = vectors.Shelf(conn, model.shelf)
        shelf.begin(model.digest)
        ids = [i for (i,) in conn.execute("select id from exchange_texts")]
        ids = ids[:: -(-len(ids) // vectors.MOST)]
        for start in range(0, len(ids), 10_000):
            part = ids[start : start + 10_000]
            bytes_ = made.normal(0, 40, (2, len(part), size)).clip(-127, 127).astype(np.int8)
            rows = zip(part, map(bytes, bytes_[0]), map(bytes, bytes_[1]), strict=True)
            with conn:
                conn.executemany(f"insert into {shelf.name} values (?, ?, ?)", rows)
        shelf.end(0.1, 0.1)


def timed(
    path: Path,
    queries: list[str],
    semantic: bool,
    made_up: bool,
    out: multiprocessing.SimpleQueue[list[float]],
) -> None:
    """Ask every query in a process of its own; its times in ms, the hostile ones, its MB."""
    model = open_model(PACKAGED if semantic else WORDS)
    if made_up:
        make_up(path, model)
    conn = schema.connect(path)
    matcher = Matcher(conn, None, Meaning(conn, model))
    matcher.ask("热身")
    times = [_ms(matcher, q) for q in queries[:QUERIES]]
    worst = max(_ms(matcher, q) for q in HOSTILE)
    for query in queries[QUERIES:]:
        matcher.ask(query)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.put([*times, worst, megabytes])


def _ms(matcher: Matcher, query: str) -> float:
    began = time.perf_counter()
    matcher.ask(query)
    return (time.perf_counter() - began) * 1e3


def row(size: int, seed: int, semantic: bool) -> str:
    """The line of the table for a size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            queries = pool.apply(build, (path, size, seed))
        return measured(path, queries, semantic, made_up=True)


def row_of(archive: Path, asked: Path, semantic: bool) -> str:
    """The line of the table for an archive, and what is asked of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        learn(path, [archive], PACKAGED if semantic else WORDS)
        return measured(path, asked.read_text("utf-8").splitlines(), semantic, made_up=False)


def measured(path: Path, queries: list[str], semantic: bool, made_up: bool) -> str:
    """The line of the table for a database that stands."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.SimpleQueue[list[float]] = context.SimpleQueue()
    child = context.Process(target=timed, args=(path, queries, semantic, made_up, queue))
    child.start()
    *times, worst, megabytes = queue.get()
    child.join()
    with closing(sqlite3.connect(path)) as conn:
        index_bytes, text_bytes = conn.execute(
            "select sum(pgsize) filter (where name <> 'exchange_texts'),"
            " sum(pgsize) filter (where name = 'exchange_texts') from dbstat"
            " where name like 'exchange_index%' or name in ('common_terms', 'exchange_texts')"
        ).fetchone()
        texts = [t for (t,) in conn.execute("select question from exchange_texts")]
    ratio, full_text, tantivy = medians(texts, queries[:QUERIES])
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    size = len(texts)
    return (
        f"{size:>9} {median:8.2f} {p95:8.2f} {max(times):8.2f} {worst:8.2f} {ratio:10.1f}"
        f" {ratio / median:8.1f} {full_text:8.2f} {tantivy:8.2f}"
        f" {index_bytes / size:8.0f} {text_bytes / size:8.0f} {megabytes:6.0f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--semantic", action="store_true", help="read texts by meaning, too")
    parser.add_argument("--archive", type=Path, metavar="FOLDER", help="a real one instead")
    parser.add_argument("--asked", type=Path, metavar="QUESTIONS", help="what is asked of it")
    options = parser.parse_args()
    if bool(options.archive) != bool(options.asked):
        parser.error("--archive and --asked go together")
    print(
        "exchanges   median      p95      max  hostile    ratio() times as     FTS5  tantivy"
        "    index    texts     MB\n"
        "                ms       ms       ms       ms         ms     fast       ms       ms"
        "      B/x      B/x"
    )
    if options.archive:
        print(row_of(options.archive, options.asked, options.semantic), flush=True)
        return
    for size in options.sizes:
        print(row(size, options.seed, options.semantic), flush=True)


if __name__ == "__main__":
    main()
