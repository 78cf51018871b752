"""Makes the vectors of archived exchanges: the likeliest to be looked up first, and to the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from knowledge.errors import StoreError
from knowledge.matching import vectors
from knowledge.matching.embedder import Embedder, Model
from knowledge.store.schema import connect
from knowledge.store.transaction import bring_up_to_date
from knowledge.store.vectors import Shelf, Wanted

QUESTION, SAID = 200, 160
"""Characters of a question, and of a question with its answers, that a vector is made of.

A model takes a millisecond a character: 40 minutes for 26,000 exchanges on one core.
"""

_OF_SAID = 100  # characters of the question in the latter
_ANSWERS = 60  # and of the answers, at least
_BLOCK = 64  # exchanges whose vectors are kept at once
_QUICK = 2048  # and by a model that takes seconds for all of them

Progress = Callable[[str, float, int], None]
"""Called with `embed`, how many vectors there are, and how many there will be."""


def embed(
    database: Path,
    model: Model,
    progress: Progress = lambda what, done, of: None,
) -> int:
    """Make the vectors that are missing, all questions' first; how many.

    Each block is kept at once: what is stopped goes on where it was.
    """
    bring_up_to_date(database)
    try:
        with closing(connect(database, read_only=False)) as conn:
            return _embed(Shelf(conn, model.shelf), model, progress)
    except sqlite3.OperationalError as e:
        raise StoreError(f"{database}: the vectors cannot be written: {e}") from e


def _embed(shelf: Shelf, model: Model, progress: Progress) -> int:
    shelf.begin(model.digest)
    size = _QUICK if model.quick else _BLOCK
    questions = shelf.without_question()
    of = 2 * len(questions) + len(shelf.without_said())
    done = 0
    for block in _blocks(questions, size):
        if rows := shelf.wanted(block, said=False):
            made = vectors.bytes_of(model.embedder.queries([w.question[:QUESTION] for w in rows]))
            shelf.put_question(zip(made, rows, strict=True))
        done += len(block)
        progress("embed", done, of)
    known = shelf.typical()
    if questions or known is None:
        # From here on they are of use. What was said is not before all of it is there: how near is
        # near is measured in the end.
        shelf.end(vectors.typical(shelf, vectors.QUESTION), known and known[1])
    lacking = shelf.without_said()
    for block in _blocks(lacking, size):
        if rows := shelf.wanted(block, said=True):
            shelf.put_said(zip(_said(model.embedder, rows), rows, strict=True))
        done += len(block)
        progress("embed", done, of)
    known = shelf.typical()
    if known and (done or known[1] is None):
        shelf.end(known[0], vectors.typical(shelf, vectors.SAID))
    return done


def _said(embedder: Embedder, rows: Sequence[Wanted]) -> list[bytes]:
    return vectors.bytes_of(embedder.passages([said(w.question, w.answers) for w in rows]))


def said(question: str, answers: str) -> str:
    """The text that the vector of a question with its answers is made of."""
    question = question[:_OF_SAID]
    return f"{question} {answers[: max(_ANSWERS, SAID - len(question))]}"[:SAID]


def _blocks(exchanges: Sequence[int], size: int) -> list[Sequence[int]]:
    return [exchanges[start : start + size] for start in range(0, len(exchanges), size)]
