"""Finding the archived question that a new one repeats, with the probability that it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import index
from knowledge.features import Archived, Asked, Text, asked, features, likeness
from knowledge.index import Candidate, Vocabulary
from knowledge.normal import normal, terms

CANDIDATES = 200
"""Exchanges whose question is compared with the query."""

FINALISTS = 40
"""Exchanges that are compared with it in all their parts."""

_NEAR = 30
"""Messages between two that are taken to belong to one conversation."""

_CACHE = 20_000
"""Messages kept ready between questions: some 30 MB."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate with its texts and the figures of `features.NAMES`."""

    candidate: Candidate
    archived: Archived
    figures: tuple[float, ...]


class Finder:
    """Candidates with their figures, from a database opened for reading.

    Its caches follow the database: when another connection has written to it, they start anew.
    """

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
        self._version = -1
        self._vocabulary = Vocabulary({}, 1, {})
        self._texts: dict[int, Text] = {}

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def consider(
        self,
        text: str,
        groups: Collection[str] | None = None,
        without: Collection[int] = frozenset(),
    ) -> tuple[Asked, list[Considered]]:
        """The query, and the exchanges that may answer it, in the order of their weight.

        `without` leaves exchanges out, as if the archive did not hold them.
        """
        self._refresh()
        norm = normal(text)
        found = index.search(
            self._db, self._vocabulary, terms(norm), CANDIDATES + len(without), groups
        )
        if without:
            found = index.leave_out(found, without)
        query = asked(norm, found, self._vocabulary)
        questions = self._ready([c.id for c in found.candidates])
        likely = {
            c.id: likeness(query, c, q) for c in found.candidates if (q := questions.get(c.id))
        }
        best = max(likely.values(), default=0.0) or 1.0
        near = _neighbours(likely)
        ranked = sorted(
            (c for c in found.candidates if c.id in likely), key=lambda c: -likely[c.id]
        )
        finalists = ranked[:FINALISTS]
        archived = self._archived([c.id for c in finalists])
        considered = [
            Considered(
                c,
                a,
                features(
                    query, c, a, self._vocabulary, (likely[c.id] / best, near[c.id] / best)
                ),
            )
            for c in finalists
            if (a := archived.get(c.id))
        ]
        return query, considered

    def _refresh(self) -> None:
        version = self._db.execute("pragma data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self._vocabulary = Vocabulary.read(self._db)
            self._texts.clear()

    def _ready(self, messages: Sequence[int]) -> dict[int, Text]:
        """Messages made ready; an exchange has the id of the message that asks."""
        missing = [m for m in messages if m not in self._texts]
        if missing:
            if len(self._texts) > _CACHE:
                self._texts.clear()
                missing = list(messages)
            marks = ",".join("?" * len(missing))
            rows = self._db.execute(f"select id, text from messages where id in ({marks})", missing)
            self._texts.update((i, Text.of(normal(text))) for i, text in rows)
        return {m: self._texts[m] for m in messages if m in self._texts}

    def _archived(self, exchanges: Sequence[int]) -> dict[int, Archived]:
        marks = ",".join("?" * len(exchanges))
        rows = self._db.execute(
            "select exchange, role, probability, message from exchange_messages"
            f" where exchange in ({marks}) order by exchange, message",
            tuple(exchanges),
        ).fetchall()
        texts = self._ready([message for _, _, _, message in rows])
        parts: dict[int, tuple[list[Text], list[frozenset[str]], list[float]]] = {}
        for exchange, role, probability, message in rows:
            question, rest, probabilities = parts.setdefault(exchange, ([], [], []))
            if role == "question":
                question.append(texts[message])
            else:
                rest.append(texts[message].characters)
            if role == "answer":
                probabilities.append(probability)
        return {
            e: Archived(
                q[0] if len(q) == 1 else Text.of(" ".join(t.norm for t in q)),
                frozenset().union(*r),
                p,
            )
            for e, (q, r, p) in parts.items()
        }


def _neighbours(likely: dict[int, float]) -> dict[int, float]:
    """For each candidate, the likeness of the best other one within `_NEAR` messages."""
    ids = sorted(likely)
    out = dict.fromkeys(ids, 0.0)
    for place, here in enumerate(ids):
        for other in ids[place + 1 :]:
            if other - here > _NEAR:
                break
            out[here] = max(out[here], likely[other])
            out[other] = max(out[other], likely[here])
    return out
