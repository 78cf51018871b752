"""What else finds like questions: all of them compared, SQLite's full-text index alone, tantivy.

Each is given the questions of an archive, and asked for the five that are most like a query; what a
reply needs beyond, none of them does. The indexes hold the terms that Palou's holds, and rank by
BM25 any question that shares one.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from rapidfuzz import fuzz, process

from knowledge.language.normal import normal, terms

BEST = 5

COMPARED = 5
"""Queries that are compared with all questions: each takes so long as a hundred others."""

Find = Callable[[str], object]


def medians(questions: Sequence[str], queries: Sequence[str]) -> Iterator[float]:
    """Milliseconds of a query in the median: rapidfuzz over all, FTS5, tantivy (0: not installed).

    Making an index is not counted.
    """
    yield _median(lambda q: compared(questions, q), queries[:COMPARED])
    with closing(sqlite3.connect(":memory:")) as conn:
        yield _median(full_text(conn, questions), queries)
    find = tantivy(questions)
    yield _median(find, queries) if find else 0.0


def _median(find: Find, queries: Sequence[str]) -> float:
    times = []
    for query in queries:
        began = time.perf_counter()
        find(query)
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)


def compared(questions: Sequence[str], query: str) -> object:
    """The best of all questions by rapidfuzz."""
    return process.extract(query, questions, scorer=fuzz.ratio, limit=BEST)


def full_text(conn: sqlite3.Connection, questions: Sequence[str]) -> Find:
    """An FTS5 table of the questions' terms, ready to be asked."""
    conn.execute("create virtual table asked using fts5(terms, content='', tokenize='ascii')")
    rows = ((i, " ".join(_terms(q))) for i, q in enumerate(questions, 1))
    conn.executemany("insert into asked (rowid, terms) values (?, ?)", rows)
    conn.execute("insert into asked (asked) values ('optimize')")

    def find(query: str) -> object:
        any_of = " OR ".join(f'"{term}"' for term in dict.fromkeys(_terms(query)))
        found = "select rowid from asked where asked match ? order by rank limit ?"
        return conn.execute(found, (any_of, BEST)).fetchall() if any_of else []

    return find


def tantivy(questions: Sequence[str]) -> Find | None:
    """An index of tantivy's, in memory, ready to be asked; None: it is not installed."""
    try:
        from tantivy import Document, Index, Occur, Query, SchemaBuilder
    except ImportError:
        return None
    builder = SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = Index(schema)
    writer = index.writer(num_threads=1)
    for question in questions:
        writer.add_document(Document(terms=" ".join(_terms(question))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def find(query: str) -> object:
        each = dict.fromkeys(_terms(query))
        any_of = [(Occur.Should, Query.term_query(schema, "terms", term)) for term in each]
        return searcher.search(Query.boolean_query(any_of), BEST)

    return find


def _terms(text: str) -> list[str]:
    return [term for term in terms(normal(text)) if '"' not in term]
