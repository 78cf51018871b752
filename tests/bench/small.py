"""Prints how Palou fares in small archives of other fields, each loaded alone.

    python -m tests.bench.small [GROUP…] [--cases] [--semantic]
    python -m tests.bench.small --fields [--cases] [--semantic]

The archives are those of tests/data/small or, all thirty added up, of tests/data/fields. A line for
each and each way to ask its questions:

told       an answer of the question is quoted, without a doubt
wrong      something is quoted without a doubt, but no answer of the question
hedged     an answer of the question is quoted with a doubt
doubtful   something is quoted with a doubt, but no answer of the question
offered    the question is among those that are offered to choose from, and none is quoted
refused    nothing of that
foreign    lines quoted that answer another question, or none, of all lines that are quoted
unanswered questions that nobody answered, to which something foreign is told without a doubt
lure       questions that look alike and are not answered, to which the answer of the other is told

`--cases` prints each line that is foreign, too: with the question it was quoted for, the confidence
of the match, and the probability of the line.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from knowledge.matching.embedder import PACKAGED, WORDS
from tests import fields
from tests.small import GROUPS, KINDS, Reply, loaded, lures_of, questions, replies_to

COLUMNS = ("told", "wrong", "hedged", "doubtful", "offered", "refused")


def outcome(reply: Reply) -> str:
    """The column that a reply to an answered question counts in."""
    if reply.shown:
        right, wrong = ("hedged", "doubtful") if reply.verdict.hedged else ("told", "wrong")
        return right if reply.right else wrong
    return "offered" if reply.offered else "refused"


def row(group: str, kind: str, found: Sequence[Reply], lured: Sequence[Reply]) -> str:
    """A line of the table."""
    real = [outcome(r) for r in found if r.question.answers]
    open_ = [r for r in found if not r.question.answers]
    lines, foreign = sum(len(r.shown) for r in found), sum(len(r.foreign) for r in found)
    told = sum(bool(r.foreign) and not r.verdict.hedged for r in open_)
    cells = "".join(f"{real.count(name):9}" for name in COLUMNS)
    share = f"{foreign}/{lines} {foreign / max(lines, 1):.2f}"
    lure = ""
    if lured:
        right = [r for r in lured if r.right]
        doubted = sum(r.verdict.hedged for r in right)
        lure = f"  lure {len(right) - doubted}/{len(lured)}, hedged {doubted}"
    return f"{group:10}{kind:9}{len(real):4}{cells}  {share:>11}  {told:>6}/{len(open_)}{lure}"


def cases(kind: str, found: Sequence[Reply]) -> None:
    """Print the foreign lines."""
    for reply in found:
        said = {
            str(a.message.citation): a
            for page in reply.verdict.pages
            for a in page.exchange.answers
        }
        for cited in reply.foreign:
            line = said.get(cited)
            words = f"{line.probability:.2f} {line.message.text}" if line else ""
            print(
                f"  {kind}: {reply.question.ways[kind]} {reply.verdict.confidence:.2f}"
                f" -> {cited} {words}"
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", default=GROUPS)
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--semantic", action="store_true", help="find by meaning, too")
    parser.add_argument("--fields", action="store_true", help="thirty others, added up")
    given = parser.parse_args()
    semantic = PACKAGED if given.semantic else WORDS
    heads = "".join(f"{name:>9}" for name in COLUMNS)
    print(f"{'':19}   n{heads}      foreign  unanswered")
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        if given.fields:
            groups = {"fields": [fields.loaded(name, there, semantic) for name in fields.NAMES]}
        else:
            groups = {g: [(loaded(g, there, semantic), questions(g))] for g in given.groups}
        for group, archives in groups.items():
            for kind in KINDS:
                found = [r for db, own in archives for r in replies_to(db, own, kind, semantic)]
                lured = []
                if kind == "verbatim":
                    lured = [r for db, own in archives for r in lures_of(db, own, semantic)]
                print(row(group, kind, found, lured), flush=True)
                if given.cases:
                    cases(kind, found)


if __name__ == "__main__":
    main()
