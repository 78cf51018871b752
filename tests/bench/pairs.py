"""Prints whether Palou tells apart questions that differ in one name, in archives loaded alone.

    python -m tests.bench.pairs [GROUP…] [--cases] [--semantic]

The archives are those of tests/data/pairs. For each, and for all, a line for the first and for the
second questions of its pairs, asked again in about the same words, for both in quite other words,
and for the questions about a third name, in both ways:

told       the answer of the question is quoted, without a doubt
hedged     the answer of the question is quoted with a doubt
both       the answer of the other of the pair is quoted beside it
swapped    only the answer of the other of the pair is quoted, without a doubt
doubted    the same with a doubt
foreign    something is quoted, but neither of these answers
offered    nothing is quoted, and the question is among those that are offered to choose from
nothing    nothing of that

For a third name: told and hedged, whatever is quoted; silent, where nothing is (questions may be
offered).

`--cases` prints each that is neither told nor hedged rightly, each third name that is told, and
what was quoted for it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge.matching.embedder import PACKAGED, WORDS
from tests.pairs import GROUPS, OUTCOMES, STRANGE, Reply, Stranger, loaded, opened
from tests.pairs import replies as replies_of
from tests.pairs import strangers as strangers_of

Table = Mapping[str, Sequence[Reply | Stranger]]
"""What was said, by the line it counts in."""


def table(group: str, database: Path, semantic: Path | None) -> Table:
    """Ask all of a group's questions."""
    with opened(database, semantic) as asking:
        asked = replies_of(asking, group, "asked")
        return {
            # A pair's two replies stand behind each other.
            "one": asked[::2],
            "two": asked[1::2],
            "other words": replies_of(asking, group, "other"),
            "third": strangers_of(asking, group, "asked"),
            "third other": strangers_of(asking, group, "other"),
        }


def row(group: str, kind: str, found: Sequence[Reply | Stranger]) -> str:
    """A line of the table."""
    came = [each.outcome for each in found]
    if kind.startswith("third"):
        cells = "  " + "  ".join(f"{name} {came.count(name)}" for name in STRANGE)
    else:
        cells = "".join(f"{came.count(name):9}" for name in OUTCOMES)
    return f"{group:10}{kind:13}{len(came):4}{cells}"


def failed(each: Reply | Stranger) -> bool:
    """Whether `--cases` prints it."""
    right = ("told", "hedged") if isinstance(each, Reply) else ("hedged", "silent")
    return each.outcome not in right


def case(kind: str, each: Reply | Stranger) -> str:
    """What was asked, what came of it, and what was quoted."""
    about = each.differs if isinstance(each, Reply) else each.pair.differs
    head = f"  {kind}, {about}: {each.text} {each.verdict.confidence:.2f} -> {each.outcome}"
    said = {
        str(answer.message.citation): answer.message.text
        for page in each.verdict.pages
        for answer in page.exchange.answers
    }
    return "\n".join([head, *(f"      {cited} {said.get(cited, '')}" for cited in each.shown)])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", default=GROUPS)
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--semantic", action="store_true", help="find by meaning, too")
    given = parser.parse_args()
    semantic = PACKAGED if given.semantic else WORDS
    heads = "".join(f"{name:>9}" for name in OUTCOMES)
    print(f"{'':23}   n{heads}")
    total: dict[str, list[Reply | Stranger]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for group in given.groups:
            for kind, found in table(
                group, loaded(group, Path(folder), semantic), semantic
            ).items():
                print(row(group, kind, found), flush=True)
                total.setdefault(kind, []).extend(found)
                if given.cases:
                    for each in filter(failed, found):
                        print(case(kind, each))
    for kind, found in total.items():
        print(row("all", kind, found))


if __name__ == "__main__":
    main()
