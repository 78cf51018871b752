"""Makes word_vectors: learns vectors of words whose sums are as near as a large model has texts.

    python -m knowledge.train.words ARCHIVE WORDS TEXTS VECTORS OUT [MONTH]

ARCHIVE is a folder of day files, of which each exchange is a text twice: its question, and that
with its answers. WORDS is a list of words with how often they are used, as `dict.txt` of jieba has
it: a word, a number and a part of speech a line. TEXTS are sentences of other fields, one a line.
VECTORS is a file outside this repository in which the vectors of the packaged model are kept for
the next time; without it, 40 minutes more. OUT is knowledge/language/word_vectors, to which
suffixes are added. Days of a MONTH (2017-06) are left out, to see what the vectors are worth for
months that they were not made of. Needs numpy and scipy, and a quarter of an hour.

Nothing is looked at that anybody judged: no question asked again, no answer that was picked.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy import sparse

from knowledge.language.normal import CJK, normal
from knowledge.language.possible import LONGEST, possible_words
from knowledge.loading.load import load
from knowledge.matching.embedder import PACKAGED, open_model
from knowledge.matching.embedding import QUESTION, said
from knowledge.store.ids import EXCHANGE_DAY_BITS
from knowledge.store.schema import connect
from knowledge.store.vectors import WORDS, Shelf
from knowledge.train.archive import archive_files, read_archive
from knowledge.train.distilled import Array, distilled, started
from knowledge.train.remembered import Remembered

COMMON = 40_000
"""The words that are used most, of which each is a text by itself."""

SEEN, SEEN_LATIN = 3, 3
"""Texts that have to hold a character or a listed word; days on which a Latin word was asked about.

What no list knows as a word is none: most of it are names of people.
"""

SIZE = 128
"""Components of a vector. With 64, of a real group's questions asked in other words a twentieth
fewer are nearest to the right one."""

HELD = 0.02
"""Share of the texts that is only measured on."""

# Names of people: they are to be neither words nor parts of speech of Palou.
_NAMES = "nr"
_NUMBER = re.compile(r"\d{5,}")


def main(
    archive: str, listed: str, sentences: str, vectors: str, out: str, month: str | None = None
) -> None:
    """Learn, print how like the model the sums are, and write them."""
    teacher = Remembered(open_model(PACKAGED).embedder, Path(vectors))
    known = _listed(Path(listed))
    common = sorted(known, key=lambda w: (-known[w], w))[:COMMON]
    asked, answered, latin = _of_archive(Path(archive), month)
    general = Path(sentences).read_text("utf-8").splitlines()
    queries, passages = [*dict.fromkeys([*asked, *general])], [*dict.fromkeys(answered)]
    of_words = _centred(teacher.queries(common))
    made = np.concatenate(
        [_centred(teacher.queries(queries)), _centred(teacher.passages(passages)), of_words]
    )
    teacher.save()
    ordinary = [[*possible_words(normal(t))] for t in (*queries, *passages)]
    names = {name for messages in read_archive(Path(archive)).values() for m in messages
             for name in possible_words(normal(m.speaker))}  # fmt: skip
    latin = {word for word in latin if word not in names and not _NUMBER.fullmatch(word)}
    vocabulary = _vocabulary(ordinary, known, {*common, *latin})
    held = np.random.default_rng(1).random(len(made)) < HELD
    held[len(ordinary) :] = False
    counts = counted([*ordinary, *(list(possible_words(w)) for w in common)], vocabulary)
    print(f"{len(made)} texts, {len(vocabulary)} words")
    start = started(counts[~held], made[~held], SIZE)
    found = distilled(counts[~held], made[~held], start, len(ordinary) - int(held.sum()))
    figures = likeness(counts[held], made[held], found)
    print(figures)
    data = {Path(f).name: hashlib.sha256(Path(f).read_bytes()).hexdigest()[:16]
            for f in (listed, sentences)}  # fmt: skip
    _write(Path(out), vocabulary, found, {"texts": len(made), "sha256": data, "held_out": figures})


def _listed(file: Path) -> dict[str, int]:
    """The Chinese words of a list with how often they are used, without names of people."""
    out = {}
    for line in file.read_text("utf-8").splitlines():
        word, count, kind = line.split()
        if (
            2 <= len(word) <= LONGEST
            and [*possible_words(word)][-1] == word
            and not kind.startswith(_NAMES)
        ):
            out[word] = int(count)
    return out


def _of_archive(archive: Path, without: str | None) -> tuple[list[str], list[str], set[str]]:
    """What is asked in an archive, and that with its answers, as vectors are made of it.

    Also the Latin words that were asked about on several days.
    """
    files = [f for f in archive_files(archive) if not without or without not in Path(f).name]
    with TemporaryDirectory() as folder:
        database = Path(folder) / "all.db"
        load(database, [Path(f) for f in files])
        with closing(connect(database)) as conn:
            shelf = Shelf(conn, WORDS)
            rows = shelf.wanted(shelf.without_question(), said=False)
    days: dict[str, set[int]] = {}
    for exchange, question, _ in rows:
        for word in possible_words(question):
            if word[0] < CJK:
                days.setdefault(word, set()).add(exchange >> EXCHANGE_DAY_BITS)
    latin = {word for word, on in days.items() if len(on) >= SEEN_LATIN}
    return [q[:QUESTION] for _, q, _ in rows], [said(q, a) for _, q, a in rows], latin


def _centred(rows: Array) -> Array:
    """Vectors of length 1 with what all of them share taken out."""
    rows = rows - rows.mean(0)
    unit: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _vocabulary(
    texts: Iterable[Sequence[str]], known: dict[str, int], chosen: set[str]
) -> dict[str, int]:
    """The words that get a vector, with their rows: those that are `chosen`, and what was seen."""
    seen = Counter(word for text in texts for word in set(text) if word[0] > CJK)
    found = chosen | {c for word in chosen if word[0] > CJK for c in word}
    found |= {w for w, n in seen.items() if n >= SEEN and (w in known or len(w) == 1)}
    return {word: i for i, word in enumerate(sorted(found))}


def counted(texts: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> sparse.csr_matrix:
    """How often each text holds each word of a vocabulary."""
    indices: list[int] = []
    starts = [0]
    for text in texts:
        indices += [i for word in text if (i := vocabulary.get(word)) is not None]
        starts.append(len(indices))
    ones = np.ones(len(indices), np.float32)
    made = sparse.csr_matrix((ones, indices, starts), shape=(len(texts), len(vocabulary)))
    made.sum_duplicates()
    return made


def likeness(counts: sparse.csr_matrix, vectors: Array, found: Array) -> dict[str, float]:
    """How like the model's the sums are, of texts that nothing was learned from.

    `cosines`: the correlation of the cosines of all pairs; `nearest`: how often the nearest of
    these texts is among the ten nearest by their sums.
    """
    sums = counts @ found
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    ours, theirs = sums @ sums.T, vectors @ vectors.T
    apart = ~np.eye(len(ours), dtype=bool)
    np.fill_diagonal(ours, -2)
    np.fill_diagonal(theirs, -2)
    ten = np.argpartition(-ours, 10, axis=1)[:, :10]
    return {
        "cosines": round(float(np.corrcoef(ours[apart], theirs[apart])[0, 1]), 3),
        "nearest": round(float((ten == theirs.argmax(1)[:, None]).any(1).mean()), 3),
    }


def _write(out: Path, vocabulary: dict[str, int], found: Array, data: dict[str, Any]) -> None:
    scales = (np.abs(found).max(axis=1) / 127 + 1e-12).astype(np.float16)
    held = np.zeros(len(found), dtype=[("scale", "<f2"), ("row", "i1", (found.shape[1],))])
    held["scale"] = scales
    held["row"] = np.clip(np.rint(found / scales.astype(np.float32)[:, None]), -127, 127)
    np.save(out.with_suffix(".npy"), held)
    out.with_suffix(".txt").write_text("\n".join(vocabulary), encoding="utf-8")
    made = {
        "date": datetime.now(UTC).date().isoformat(),
        "by": "knowledge/train/words.py",
        "digest": "words " + hashlib.sha256(held.tobytes()).hexdigest()[:16],
        "data": data,
    }
    out.with_suffix(".json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (6, 7):
        sys.exit(__doc__)
    main(*sys.argv[1:])
