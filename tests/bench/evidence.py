"""What the chat itself says of who answers whom, counted: is it in the exchanges?

    python -m tests.bench.evidence ARCHIVE [READ]

ARCHIVE is a folder of day files; READ a JSON list of {id, asked, answers, question, same}, in
which people named the messages around a question, by group, date and time.

quotes     replies that quote a question, of which its exchange cites the reply
named      replies that name the one who asked last, and that a reader calls an answer (with READ)
yes        bare yes or no right behind a question that can be answered so
questions  messages cited that are another person's question and are not handed back to the asker
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.language.questions import expects_yes
from knowledge.linking.exchanges import build, scene_of
from knowledge.linking.people import People, people_of
from knowledge.linking.scene import Note
from knowledge.model import Citation, Exchange
from knowledge.train.archive import Days, read_archive

_QUICK = 180  # seconds in which a bare yes is counted
_AROUND = 90  # messages before a quote among which the quoted one is looked for
_REACH = 40  # messages behind a question in which its asker can be named
_HEAD = 12  # characters of a quote that are compared

Key = tuple[str, str, str]
"""Group, date and time of a message."""


class Counts:
    """How many there are of each figure, and of how many it holds."""

    def __init__(self) -> None:
        self.all: defaultdict[str, int] = defaultdict(int)
        self.held: defaultdict[str, int] = defaultdict(int)

    def add(self, figure: str, holds: bool) -> None:
        """Count one more."""
        self.all[figure] += 1
        self.held[figure] += holds


def key(c: Citation) -> Key:
    """Name a message as readers do."""
    return c.group, c.date, c.time


def days(archive: Days) -> Iterator[tuple[Sequence[Note], Sequence[Exchange]]]:
    """The messages of each day as notes, and its exchanges."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for group, day in archive:
        groups[group].append(day)
    for group, mine in groups.items():
        people: People = people_of(archive[group, day] for day in mine)
        for day in mine:
            ordinal = date.fromisoformat(day).toordinal()
            before, after = (
                archive.get((group, date.fromordinal(ordinal + k).isoformat()), []) for k in (-1, 1)
            )
            here = archive[group, day]
            scene = scene_of(here, before, after, people)
            yield scene.notes[scene.lo : scene.hi], build(here, before, after, people)


def count(
    notes: Sequence[Note],
    exchanges: Sequence[Exchange],
    answers: Mapping[Key, set[Key]],
    to: Counts,
) -> None:
    """Count one day."""
    cites: defaultdict[Citation, set[Citation]] = defaultdict(set)
    for e in exchanges:
        for m in e.question:
            cites[m.citation] |= {a.message.citation for a in e.answers}
    place = {x.message.citation: k for k, x in enumerate(notes)}
    for j, x in enumerate(notes):
        c = x.message.citation
        if (k := quoted(notes, j)) is not None and notes[k].asks >= 2 and replies(x, notes[k]):
            to.add("quotes", c in cites[notes[k].message.citation])
        if j and x.yes and agrees(x, notes[j - 1]):
            to.add("yes", c in cites[notes[j - 1].message.citation])
        for name in x.mentions:
            k = asked_last(notes, j, name)
            if k is not None and key(c) in answers.get(key(notes[k].message.citation), ()):
                to.add("named", c in cites[notes[k].message.citation])
    for e in exchanges:
        asker = notes[place[e.lead.citation]]
        for a in () if e.retold else e.answers:
            said = place.get(a.message.citation)
            if said is not None and (x := notes[said]).who != asker.who:
                to.add("questions", x.asks >= 2 and asker.who not in {*x.mentions, x.quoted})


def quoted(notes: Sequence[Note], j: int) -> int | None:
    """The message that another quotes: the nearest before it that begins with those words."""
    quote = notes[j].reading.quote
    head = "".join(quote.words.split())[:_HEAD] if quote else ""
    for k in range(j - 1, max(-1, j - _AROUND), -1):
        if head and "".join(notes[k].message.text.split()).startswith(head):
            return k
    return None


def replies(x: Note, q: Note) -> bool:
    """Whether a message that quotes a question says something, and neither asks nor thanks."""
    return x.says and x.asks < 2 and not x.thanks and x.who != q.who


def agrees(x: Note, q: Note) -> bool:
    """Whether a bare yes or no stands behind somebody else's question that it can answer."""
    soon = x.at - q.at <= _QUICK
    return q.asks >= 2 and q.who != x.who and soon and expects_yes(q.reading.plain)


def asked_last(notes: Sequence[Note], j: int, who: str) -> int | None:
    """The last question that somebody asked before a message."""
    for k in range(j - 1, max(-1, j - _REACH), -1):
        if notes[k].who == who and notes[k].asks >= 2:
            return k
    return None


def main() -> None:
    """Count all days and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("read", type=Path, nargs="?")
    o = parser.parse_args()
    read: list[dict[str, Any]] = json.loads(o.read.read_text(encoding="utf-8")) if o.read else []
    answers = {
        (q[0], q[1], q[2]): {(a[0], a[1], a[2]) for a in x["answers"]}
        for x in read
        if x["asked"]
        for q in x["question"]
    }
    counts = Counts()
    for notes, exchanges in days(read_archive(o.archive)):
        count(notes, exchanges, answers, counts)
    for figure, n in counts.all.items():
        print(f"{figure:10s} {counts.held[figure]:6d} of {n:6d}  {counts.held[figure] / n:.3f}")


if __name__ == "__main__":
    main()
