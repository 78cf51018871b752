"""Finds what stands behind the marks of files that have but grown, and marks them anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from knowledge.archive import grown
from knowledge.archive.reading import ReadFile, ReadMessage
from knowledge.loading.owned import Owned
from knowledge.loading.plan import Plan
from knowledge.store import files, marks, message_ids
from knowledge.store.marks import Marked


class Behind(NamedTuple):
    """What stands behind a file's mark, as that is now: the reading, and its messages.

    The numbers of what stands before it are `further` now by so much.
    """

    marked: Marked
    further: int
    reading: ReadFile
    messages: Sequence[ReadMessage]


class Growth:
    """The marks of a database's files during a load.

    Where somebody wants to be forgotten there are none: all of a file tells what is about him.
    """

    def __init__(
        self, conn: sqlite3.Connection, plan: Plan, owned: Owned, again: set[str], wishes: bool
    ) -> None:
        """The files `again` are to be read whole in any case; `wishes`: there are some."""
        self._conn = conn
        self._owned = owned
        self._wishes = wishes
        if wishes:
            marks.drop_all(conn)
        known = marks.known(conn)
        paths = [p for p in plan.changed if p not in again and not plan.same_as(p)]
        self.marks = {path: known[path] for path in paths if path in known}
        """Those of changed files, by path."""

    def behind(self, path: str) -> Behind | None:
        """What stands behind a file's mark; None: it has to be read whole."""
        marked, senders = self.marks[path], None
        if not files.are_shared(self._conn, marked.file):
            senders = {i for i, _ in message_ids.speakers(self._conn, marked.group)}
        zone, settings = self._owned.zone(path), self._owned.settings(path)
        try:
            found = grown.behind(path, zone, settings, marked.mark, senders)
        except OSError:
            return None
        if found is None:
            return None
        reading, now = found
        chats = self._owned.chats(path, reading)
        if [*chats] != [marked.group]:
            return None
        further = now.first - marked.mark.first
        return Behind(marked._replace(mark=now), further, reading, chats[marked.group])

    def mark(
        self, file: int, path: str, sha256: str, reading: ReadFile, before: Marked | None = None
    ) -> None:
        """Keep how much of a file need not be read again when it will have grown.

        `reading` is of all of it, or of what stands behind a mark that was made `before`, which
        stays where there is no better one.
        """
        if self._wishes:
            return
        zone, settings = self._owned.zone(path), self._owned.settings(path)
        was = before and before.mark
        with suppress(OSError):
            found = grown.mark(path, sha256, zone, settings, reading, was) or was
            if found:
                marks.put(self._conn, file, found)
