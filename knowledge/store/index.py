"""The full-text index over exchanges, and the candidates that it finds for a query.

An FTS5 table without content, sizes or positions: 'detail=column' says which of question, context
and answers holds a term, which is all that candidates need, in a third of the space. Such a table
has no usable bm25, so the sum of the weights of the terms found is made here, rare terms first,
and stops when a query has read its share of postings: the work has a bound, whatever the words.

`common_terms` holds the terms of `COMMON` exchanges or more, counted when the index had `counted`
exchanges. `exchange_texts` holds the normal forms that were indexed: what candidates are compared
by, and what FTS5 asks to be told when an exchange is taken out.
"""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from knowledge.language import sound as homophones
from knowledge.language.normal import normal, terms
from knowledge.matching.postings import Postings
from knowledge.model import Exchange, Message

COMMON = 32
"""Terms of fewer exchanges are not counted beforehand: reading their postings costs less."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a query looks, which bounds the work for it whatever its words.

    It reads so many `postings` at most, and those in context and answers only of terms that
    `rare` exchanges hold or fewer. The best `candidates` are compared at a glance, the best
    `finalists` of these in all their parts.
    """

    postings: int
    rare: int
    candidates: int
    finalists: int


GLANCE = Depth(postings=3_000, rare=200, candidates=64, finalists=14)
"""Where a query looks first: some 4 ms, in a million exchanges, too."""

DEEP = Depth(postings=12_000, rare=500, candidates=1000, finalists=40)
"""Where it looks when that finds nothing sure: some 15 ms.

A question in quite other words is among the finalists more often by then: 86 of 100 instead of 80,
measured on questions of a real group that were asked again.
"""

_SMALL = 2000
"""Exchanges that an archive is taken to have at least: in a small one, no word is rare."""

_ELSEWHERE = 0.45
"""What a term in the context or the answers counts, against 1 in the question."""

TERMS = 32
"""Terms of a query that are looked for at most, the rarest."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The distinct terms of a query, the rarest first, with what the archive knows of them.

    `exchanges[i]` is the number of exchanges that hold `terms[i]` (0: the archive has never seen
    it); of a term of fewer than `COMMON` that was not looked for it is 0 too. `scores` has the
    weight of the terms that each candidate was found by, the best first; `held[i]` are the
    exchanges found by `terms[i]`.
    """

    terms: tuple[str, ...]
    exchanges: tuple[int, ...]
    scores: dict[int, float]
    held: tuple[Sequence[int], ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How common the terms of the archive are: the exchanges that hold each common one.

    `characters` estimates the same for a CJK character by the common terms that begin with it.
    """

    exchanges: dict[str, int]
    total: int
    characters: dict[str, int]
    _by_count: _Weights = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_count", _Weights(max(self.total, _SMALL)))

    @classmethod
    def read(cls, conn: sqlite3.Connection) -> Vocabulary:
        """The vocabulary as counted last; some 3 ms for 10,000 exchanges."""
        total = conn.execute("select counted from index_size").fetchone()[0]
        exchanges = dict(conn.execute("select term, exchanges from common_terms"))
        characters: dict[str, int] = {}
        for term, n in exchanges.items():
            characters[term[0]] = characters.get(term[0], 0) + n
        return cls(exchanges, max(1, total), characters)

    def weight(self, term: str, exchanges: int = 0) -> float:
        """Inverse document frequency as BM25 has it (Robertson and Spärck Jones 1976), of 1.

        1 is a term that one exchange holds, whatever the size of the archive, so that what was
        learned on one archive holds for another.
        `exchanges` is used for a term that is not common; at least one is assumed.
        """
        return self._by_count[self.exchanges.get(term, exchanges)]

    def weights(self, terms: Iterable[str]) -> Iterator[float]:
        """The weight of each term; one that is not common is taken to be rare."""
        counts = map(self.exchanges.get, terms, repeat(COMMON // 4))
        return map(self._by_count.__getitem__, counts)

    def character(self, character: str) -> float:
        """The same for a character."""
        return self._by_count[self.characters.get(character, COMMON // 2)]

    def character_weights(self, characters: Iterable[str]) -> Iterator[float]:
        """The same for each of some characters."""
        counts = map(self.characters.get, characters, repeat(COMMON // 2))
        return map(self._by_count.__getitem__, counts)


class _Weights(dict[int, float]):
    """The weight of a term by the number of exchanges that hold it, made when first needed."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def __missing__(self, n: int) -> float:
        total = self._total
        held = min(max(n, 1), total)
        rarest = math.log(1 + (total - 0.5) / 1.5)
        weight = math.log(1 + (total - held + 0.5) / (held + 0.5)) / rarest
        self[n] = weight
        return weight


class Row(NamedTuple):
    """An exchange as the index keeps it: its row of `exchange_texts`, and its terms by column."""

    text: tuple[int, str, str, str, str, float, int, float]
    terms: tuple[str, str, str]


def rows(exchanges: Iterable[tuple[int, Exchange]]) -> list[Row]:
    """What is to be indexed of the exchanges of a day under their ids."""
    known: dict[str, tuple[str, str]] = {}

    def norm(messages: Iterable[Message]) -> tuple[str, str]:
        """The normal form of messages, and its terms; a message is in several exchanges."""
        norms, tokens = [], []
        for m in messages:
            found = known.get(m.text)
            if found is None:
                said = normal(m.text)
                found = known[m.text] = said, " ".join(terms(said))
            if found[0]:
                norms.append(found[0])
                tokens.append(found[1])
        return " ".join(norms), " ".join(tokens)

    out = []
    for i, x in exchanges:
        group = x.lead.citation.group
        (question, q), (context, c) = norm(x.question), norm(x.context)
        answers, a = norm([a.message for a in x.answers])
        text = (i, group, question, context, answers, x.sought, len(x.answers), x.sureness)
        out.append(Row(text, (q, f"{c} {group_token(group)}", a)))
    return out


def hold(conn: sqlite3.Connection) -> None:
    """Prepare for many `add`: hold postings in memory, which spares writing and merging them.

    With 16 MB instead of 1, filling the index takes 0.6 of the time, and it gets 0.16 smaller.
    """
    conn.execute(
        "insert into exchange_index(exchange_index, rank) values ('hashsize', ?)", (16 << 20,)
    )


def add(conn: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Index exchanges; call `count` after the last of a load."""
    conn.executemany(
        "insert into exchange_texts values (?, ?, ?, ?, ?, ?, ?, ?)", [row.text for row in rows]
    )
    conn.executemany(
        "insert into exchange_index(rowid, question, context, answers) values (?, ?, ?, ?)",
        [(row.text[0], *row.terms) for row in rows],
    )
    # With its rowid, SQLite needs no savepoint for it, which would make FTS5 write what it holds.
    conn.execute("update index_size set exchanges = exchanges + ? where rowid = 1", (len(rows),))


def delete(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Drop the exchanges with ids from first to last."""
    rows = conn.execute(
        "select id, grp, question, context, answers from exchange_texts where id between ? and ?",
        (first, last),
    ).fetchall()
    conn.executemany(
        "insert into exchange_index(exchange_index, rowid, question, context, answers)"
        " values ('delete', ?, ?, ?, ?)",
        (_indexed(*row) for row in rows),
    )
    conn.execute("delete from exchange_texts where id between ? and ?", (first, last))
    conn.execute("delete from vectors where exchange between ? and ?", (first, last))
    conn.execute("update index_size set exchanges = exchanges - ? where rowid = 1", (len(rows),))


def _indexed(
    exchange: int, group: str, question: str, context: str, answers: str
) -> tuple[int, str, str, str]:
    q, c, a = (" ".join(terms(norm)) for norm in (question, context, answers))
    return exchange, q, f"{c} {group_token(group)}", a


def count(conn: sqlite3.Connection, anew: bool = False) -> None:
    """Count the common terms `anew`, or if the index has grown or shrunk by a tenth since.

    Frequencies steer which terms are looked for first and what they weigh; a tenth is no matter.
    The parts that the index was written in are made one: a term is then looked for once, and the
    terms that many parts held take less space.
    """
    exchanges, counted = conn.execute("select exchanges, counted from index_size").fetchone()
    if not anew and abs(exchanges - counted) * 10 <= counted:
        return
    conn.execute("insert into exchange_index(exchange_index) values ('optimize')")
    conn.execute("delete from common_terms")
    conn.execute(
        "insert into common_terms select term, doc from exchange_terms where doc >= ?", (COMMON,)
    )
    conn.execute("update index_size set counted = exchanges")
    homophones.note_sounds(conn, (t for (t,) in conn.execute("select term from common_terms")))


def group_token(group: str) -> str:
    """The token that stands in the context of every exchange of a group."""
    return "§" + group.encode().hex()


def search(
    postings: Postings,
    vocabulary: Vocabulary,
    words: Iterable[str],
    depth: Depth,
    groups: Iterable[str] | None = None,
    more: int = 0,
) -> Lookup:
    """What the archive knows of the terms `words`, and the exchanges that share most.

    Those are the candidates of that depth, and so many `more`. `groups` narrows the search to
    exchanges of these groups.
    """
    common = vocabulary.exchanges
    distinct = [t for t in dict.fromkeys(words) if '"' not in t and "\0" not in t]
    exchanges = [common.get(t, 0) for t in distinct]
    ordered = sorted(zip(exchanges, distinct, strict=True), key=itemgetter(0))
    distinct = [t for _, t in ordered]
    exchanges = [n for n, _ in ordered]
    within = "" if groups is None else _within(groups)
    left = depth.postings
    rare = list(_affordable(distinct, exchanges, depth))
    anywhere = postings.anywhere(rare, within)
    scores: defaultdict[int, float] = defaultdict(float)
    held: list[Sequence[int]] = []
    for place, term in enumerate(distinct[:TERMS]):
        n = exchanges[place]
        if scores and n > left:
            break
        weight = vocabulary.weight(term, n or 1)
        if term in anywhere:
            asked, said = anywhere[term]
            asked, said = asked[:left], said[: depth.rare]
        else:
            asked, said = postings.in_questions(term, left, within), ()
        for i in asked:
            scores[i] += weight
        elsewhere = weight * _ELSEWHERE
        for i in said:
            scores[i] += elsewhere
        left -= len(asked) + len(said)
        held.append([*asked, *said] if said else asked)
        exchanges[place] = n or len(set(held[-1]))
    best = _best(scores, depth.candidates + more)
    return Lookup(tuple(distinct), tuple(exchanges), {i: scores[i] for i in best}, tuple(held))


def _affordable(terms: Sequence[str], exchanges: Sequence[int], depth: Depth) -> Iterator[str]:
    """The rare terms among the rarest that can all be read to the end."""
    left = depth.postings
    for term, n in zip(terms[:TERMS], exchanges, strict=False):
        left -= n or COMMON // 2
        if n > depth.rare or left < 0:
            break
        yield term


def leave_out(found: Lookup, exchanges: Collection[int]) -> Lookup:
    """`found` as if the archive did not hold `exchanges`, as far as it was looked at.

    A term that only they hold counts as never seen.
    """
    counts = list(found.exchanges)
    for place, ids in enumerate(found.held):
        counts[place] = max(0, counts[place] - len(set(ids).intersection(exchanges)))
    scores = {i: score for i, score in found.scores.items() if i not in exchanges}
    return Lookup(found.terms, tuple(counts), scores, found.held)


def _best(scores: Mapping[int, float], limit: int) -> list[int]:
    """The exchanges of the highest scores, the best first.

    Most score little, and need not be sorted.
    """
    enough = max(scores.values(), default=0.0) / 2
    high = [i for i, score in scores.items() if score >= enough]
    if len(high) < limit:
        high = [i for i, score in scores.items() if score >= enough / 2]
    if len(high) < limit:
        high = list(scores)
    return sorted(high, key=scores.__getitem__, reverse=True)[:limit]


def _within(groups: Iterable[str]) -> str:
    names = " OR ".join(f'"{group_token(g)}"' for g in groups)
    return f" AND context : ({names or '§'})"
