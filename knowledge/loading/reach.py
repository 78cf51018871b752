"""Brings wishes to be forgotten to files that Palou wrote elsewhere: reports, labels, backups."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.archive.files import FileLoss
from knowledge.archive.reading import Loss
from knowledge.errors import PalouError
from knowledge.store import forget, outputs, wishes
from knowledge.store.outputs import BACKUP, LABELS, Output, keep_lines

_WORDS = re.compile(r"\w{5,}")
"""Words without a gap; fewer characters could be anybody's: no report is removed for an `好的`."""

_BEGIN = 8  # characters of them that are looked for

Forget = Callable[[Path, frozenset[Path]], object]
"""Applies the wishes beside a database to it, and to what it reaches but for some databases."""


class Reach:
    """What a load is about to take out, and the files that may hold it, too.

    `nameless` are groups of which words are to go that nobody knows any more who said. `before` are
    databases that they went out of already: two may be copies of each other. Files that an earlier
    load could not change are reached by each until one can.
    """

    def __init__(
        self, conn: sqlite3.Connection, database: Path, before: frozenset[Path] = frozenset()
    ) -> None:
        self._database = database
        self._before = before | {database.resolve()}
        pending = forget.pending(conn)
        self._files = [
            output
            for output in outputs.noted(database)
            if output.path not in self._before and (pending or output.missed)
        ]
        self._before |= {output.path for output in self._files}
        self.nameless = forget.nameless_groups(conn)
        self._any = bool(self.nameless) or forget.was_cut_short(conn)
        # It is a pass over all messages, and finds nothing where no load has anything to take out.
        self._traces = set(_traces(conn)) if pending and self._files else set()

    def out(self, apply: Forget) -> list[FileLoss]:
        """Reach the files, after the load; what the operator has to be told of them."""
        told, gone, missed = [], [], set[Output]()
        for output in self._files:
            if not output.path.is_file():
                if output.path.parent.is_dir():
                    gone.append(output)
                else:  # what stood on a disk that is not there now may come back with it
                    missed.add(output)
                continue
            try:
                if output.kind == BACKUP:
                    said = self._backup(output, apply)
                elif output.kind == LABELS:
                    said = self._labels(output)
                else:
                    said = self._report(output)
            except (OSError, UnicodeError, PalouError) as e:
                said = f"may hold what members want forgotten, and cannot be changed: {e}"
                missed.add(output)
            if said:
                told.append(FileLoss(str(output.path), Loss(0, said)))
            if not output.path.is_file():
                gone.append(output)
        outputs.drop(self._database, gone)
        reached = [o for o in self._files if o.missed and o not in missed]
        wishes.note_reached(self._database, (str(o.path) for o in reached))
        wishes.note_missed(self._database, (str(o.path) for o in missed if not o.missed))
        return told

    def _report(self, output: Output) -> str:
        content = output.path.read_text(encoding="utf-8", errors="replace")
        if not self._may_hold(output, content):
            return ""
        output.path.unlink()
        return "held what a member wants forgotten, and was removed; make it again"

    def _labels(self, output: Output) -> str:
        if not keep_lines(output.path, lambda line: not line or not self._may_hold(output, line)):
            return ""
        return "lacks the labels now that held what a member wants forgotten"

    def _may_hold(self, output: Output, text: str) -> bool:
        """Whether a text in a file may be about what goes.

        Of a file that was missed, nobody knows any more what it should lack.
        """
        if self._any or output.missed:
            return True
        return any(trace in text for trace in self._traces)

    def _backup(self, output: Output, apply: Forget) -> str:
        wishes.copy(self._database, output.path)
        apply(output.path, self._before)
        return ""


def _traces(conn: sqlite3.Connection) -> Iterator[str]:
    """The names and words that are about to go, as a report would hold them."""
    for name, text in forget.about_to_go(conn):
        if name:
            yield from (name, html.escape(name), json.dumps(name, ensure_ascii=False)[1:-1])
        # They shorten texts, leave out mentions and set punctuation: the words stay.
        for words in _WORDS.findall(text):
            yield words[:_BEGIN]
