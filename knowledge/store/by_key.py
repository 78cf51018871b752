"""Reads all rows of the view of exchanges' messages some at a time, by a key that the view has not.

A table is read on from a key, and a view by skipping the rows before, each time more of them. Here
it is read by the exchanges that its rows are of.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.store.tables import of_groups_by_row

VIEW = "exchange_messages"

AT_ONCE = 250
"""Exchanges that are read at once: some thousand rows, in a hundredth of a second."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, and the last exchange that was looked at; None: there are no more."""

    rows: Sequence[tuple[object, ...]]
    last: int | None


NOTHING = Part((), -1)
"""What is read on from first."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the view: some columns, in SQL, of those that conditions leave, with their values."""

    columns: Sequence[str]
    conditions: Sequence[str] = ()
    values: Mapping[str, object] | None = None

    def after(self, conn: sqlite3.Connection, part: Part, groups: Sequence[str]) -> Part:
        """The next rows behind some, of some groups; sqlite3.Error: a condition makes no sense."""
        given = {"after": part.last, "groups": json.dumps(groups)}
        (last,) = conn.execute(
            "select max(id) from (select id from exchanges where id > :after"
            f" and {of_groups_by_row('exchanges', 'groups')} order by id limit {AT_ONCE})",
            given,
        ).fetchone()
        if last is None:
            return Part((), None)
        conditions = [of_groups_by_row(VIEW, "groups"), *(f"({c})" for c in self.conditions)]
        rows = conn.execute(
            f"select {', '.join(self.columns)} from {VIEW}"
            f" where exchange > :after and exchange <= :last and {' and '.join(conditions)}",
            {**(self.values or {}), **given, "last": last},
        )
        return Part(rows.fetchall(), last)
