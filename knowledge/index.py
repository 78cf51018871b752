"""The full-text index over exchanges, and the candidates that it finds for a query.

An FTS5 table without content, sizes or positions: 'detail=column' says which of question, context
and answers holds a term, which is all that candidates need, in a third of the space. Such a table
has no usable bm25, so the sum of the weights of the terms found is made here, rare terms first,
and stops when a query has read its share of postings: the work has a bound, whatever the words.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

SCHEMA = """
create virtual table exchange_index using fts5(
    question, context, answers, content='', columnsize=0, detail=column, tokenize='ascii');
create virtual table exchange_terms using fts5vocab(exchange_index, row);
create table common_terms(term text primary key, exchanges integer not null) without rowid;
create table index_size(exchanges integer not null, counted integer not null);
insert into index_size values (0, 0);
"""
"""Tables of the index. `common_terms` holds the terms of `COMMON` exchanges or more, counted when
the index had `counted` exchanges."""

COMMON = 32
"""Terms of fewer exchanges are not counted beforehand: reading their postings costs less."""

POSTINGS = 4_000
"""Postings that a query reads at most, which takes some 2 ms."""

TERMS = 32
"""Terms of a query that are looked for at most, the rarest."""

_ELSEWHERE = 0.45
"""What a term in the context or the answers counts, against 1 in the question."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of an exchange: its id, the tokens of its parts, its group."""

    id: int
    question: Sequence[str]
    context: Sequence[str]
    answers: Sequence[str]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An exchange that shares terms with the query.

    `question` and `anywhere` are bit sets of the query's terms (by their place in `Found.terms`)
    that stand in the question, and in any part; `score` is their weight.
    """

    id: int
    score: float
    question: int
    anywhere: int


@dataclass(frozen=True, slots=True)
class Found:
    """The distinct terms of a query, the rarest first, with what the archive knows of them.

    `exchanges[i]` is the number of exchanges that hold `terms[i]` (0: the archive has never seen
    it); of a term of fewer than `COMMON` that was not looked for it is 0 too.
    """

    terms: tuple[str, ...]
    exchanges: tuple[int, ...]
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How common the terms of the archive are: the exchanges that hold each common one.

    `characters` estimates the same for a CJK character by the common terms that begin with it.
    """

    exchanges: dict[str, int]
    total: int
    characters: dict[str, int]

    @classmethod
    def read(cls, db: sqlite3.Connection) -> Vocabulary:
        """The vocabulary as counted last; some 3 ms for 10,000 exchanges."""
        total = db.execute("select counted from index_size").fetchone()[0]
        exchanges = dict(db.execute("select term, exchanges from common_terms"))
        characters: dict[str, int] = {}
        for term, n in exchanges.items():
            characters[term[0]] = characters.get(term[0], 0) + n
        return cls(exchanges, max(1, total), characters)

    def weight(self, term: str, exchanges: int = 0) -> float:
        """Inverse document frequency as BM25 has it (Robertson and Spärck Jones 1976), above 0.

        `exchanges` is used for a term that is not common; at least one is assumed.
        """
        return self._idf(self.exchanges.get(term, exchanges))

    def character(self, character: str) -> float:
        """The same for a character."""
        return self._idf(self.characters.get(character, COMMON // 2))

    def _idf(self, n: int) -> float:
        n = min(max(n, 1), self.total)
        return math.log(1 + (self.total - n + 0.5) / (n + 0.5))


def add(db: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Put exchanges into the index; call `count` after the last of a load."""
    rows = [_row(d) for d in documents]
    db.executemany(
        "insert into exchange_index(rowid, question, context, answers) values (?, ?, ?, ?)", rows
    )
    db.execute("update index_size set exchanges = exchanges + ?", (len(rows),))


def delete(db: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Take exchanges out again; `documents` must be what was added, as nothing else knows it."""
    rows = [_row(d) for d in documents]
    db.executemany(
        "insert into exchange_index(exchange_index, rowid, question, context, answers)"
        " values ('delete', ?, ?, ?, ?)",
        rows,
    )
    db.execute("update index_size set exchanges = exchanges - ?", (len(rows),))


def clear(db: sqlite3.Connection) -> None:
    """Empty the index."""
    db.execute("insert into exchange_index(exchange_index) values ('delete-all')")
    db.execute("delete from common_terms")
    db.execute("update index_size set exchanges = 0, counted = 0")


def count(db: sqlite3.Connection) -> None:
    """Count the common terms anew, if the index has grown or shrunk by a tenth since.

    Frequencies steer which terms are looked for first and what they weigh; a tenth is no matter.
    """
    exchanges, counted = db.execute("select exchanges, counted from index_size").fetchone()
    if abs(exchanges - counted) * 10 <= counted:
        return
    db.execute("delete from common_terms")
    db.execute(
        "insert into common_terms select term, doc from exchange_terms where doc >= ?", (COMMON,)
    )
    db.execute("update index_size set counted = exchanges")


def group_token(group: str) -> str:
    """The token that stands in the context of every exchange of a group."""
    return "§" + group.encode().hex()


def search(
    db: sqlite3.Connection,
    vocabulary: Vocabulary,
    terms: Iterable[str],
    limit: int,
    groups: Iterable[str] | None = None,
) -> Found:
    """What the archive knows of `terms`, and up to `limit` exchanges that share most of them.

    `groups` narrows the search to exchanges of these groups.
    """
    distinct = [t for t in dict.fromkeys(terms) if '"' not in t and "\0" not in t]
    distinct.sort(key=lambda t: vocabulary.exchanges.get(t, 0))
    within = "" if groups is None else _within(groups)
    left = POSTINGS
    scores: dict[int, float] = {}
    exchanges = [vocabulary.exchanges.get(t, 0) for t in distinct]
    hits: list[tuple[int, set[int], set[int]]] = []
    for place, term in enumerate(distinct[:TERMS]):
        if exchanges[place] > left and scores:
            break
        anywhere = _postings(db, f'"{term}"{within}', left)
        exchanges[place] = exchanges[place] or len(anywhere)
        if not anywhere:
            continue
        question = _postings(db, f'question : "{term}"{within}', left)
        left = max(0, left - len(anywhere) - len(question))
        hits.append((1 << place, set(question), set(anywhere)))
        weight = vocabulary.weight(term, len(anywhere))
        for ids, gain in ((anywhere, weight * _ELSEWHERE), (question, weight * (1 - _ELSEWHERE))):
            for i in ids:
                scores[i] = scores.get(i, 0.0) + gain
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:limit]
    candidates = tuple(
        Candidate(
            i,
            scores[i],
            sum(bit for bit, question, _ in hits if i in question),
            sum(bit for bit, _, anywhere in hits if i in anywhere),
        )
        for i in best
    )
    return Found(tuple(distinct), tuple(exchanges), candidates)


def leave_out(found: Found, exchanges: Collection[int]) -> Found:
    """`found` as if the archive did not hold `exchanges`, as far as candidates are concerned.

    A term that only they hold counts as never seen.
    """
    left = tuple(c for c in found.candidates if c.id not in exchanges)
    out = [c for c in found.candidates if c.id in exchanges]
    counts = tuple(
        max(0, n - sum(c.anywhere >> i & 1 for c in out)) for i, n in enumerate(found.exchanges)
    )
    return Found(found.terms, counts, left)


def _within(groups: Iterable[str]) -> str:
    names = " OR ".join(f'"{group_token(g)}"' for g in groups)
    return f' AND context : ({names or "§"})'


def _postings(db: sqlite3.Connection, match: str, limit: int) -> list[int]:
    """The newest `limit` exchanges that match."""
    rows = db.execute(
        "select rowid from exchange_index where exchange_index match ?"
        " order by rowid desc limit ?",
        (match, limit),
    )
    return [r for (r,) in rows]


def _row(d: Document) -> tuple[int, str, str, str]:
    context = [*d.context, group_token(d.group)] if d.group else d.context
    return d.id, " ".join(d.question), " ".join(context), " ".join(d.answers)
