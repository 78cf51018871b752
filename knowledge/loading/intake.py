"""Takes files in: what is new in them becomes messages of days, in the load's transaction."""

from __future__ import annotations

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from knowledge.archive.contents import read
from knowledge.archive.files import FileLoss, Scan, Told
from knowledge.archive.packed import column, parted
from knowledge.archive.reading import Loss, ReadFile, ReadMessage
from knowledge.groups import group_of
from knowledge.loading.growth import Behind, Growth
from knowledge.loading.owned import Owned
from knowledge.loading.plan import plan
from knowledge.paths import actual
from knowledge.store import files, forget
from knowledge.store.contact_senders import Contacts
from knowledge.store.ids import DAY_BITS
from knowledge.store.read import Store
from knowledge.store.write import Part, Writer

HELD = 200_000
"""Messages of files that share days with others, kept in memory: a short file's take 450 bytes
each, a long one's are packed (`packed.Packed`)."""

MESSAGES = 1 << DAY_BITS
"""Messages that a day of a group can have."""

Progress = Callable[[str, float, int], None]
"""Called with what is being done (`read`, `link`), how much is done, and how much there is; of a
long file that is read, how much of it is done."""

_READING = 0.6
"""The share of a file's time that it takes to read it; the rest, to put it."""

_Days = dict[tuple[str, str], Sequence[ReadMessage]]
"""The messages of a file by group and date."""


def _size(days: _Days) -> int:
    return sum(map(len, days.values()))


class Intake:
    """What one load reads and puts, within its transaction."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        found: Scan,
        owned: Owned,
        progress: Progress,
        again: set[str],
        contacts: Contacts,
    ) -> None:
        self.writer = Writer(conn, contacts)
        self._contacts = contacts
        self.store = Store(conn)
        self.conn = conn
        self.plan = plan(files.known(conn), found, owned.group, again)
        self.owned = owned
        self.progress = progress
        self.losses: list[FileLoss] = []
        self._said = Told(self.losses)
        self.read = self.unread = self._done = 0
        self.touched: set[int] = set()
        """Days on which something else was said than before."""
        self._growth = Growth(conn, self.plan, owned, again, bool(self.writer.forgotten))
        self._open: set[int] = set()  # days whose files changed, and that are not put yet
        self._held: OrderedDict[str, _Days] = OrderedDict()  # files that were read again

    def read_all(self) -> None:
        """Note, read and drop files as planned; puts the messages of every touched day."""
        for path in [*self.plan.removed, *self.plan.changed]:
            if path not in self._growth.marks:
                self._drop(path)
        work = self.plan.to_read
        for self._done, path in enumerate(work):
            self._tell(0)
            self._note(path)
        self.progress("read", len(work), len(work))
        self._open |= self._told_apart_now()
        for day in sorted(self._open):
            holding = files.holding(self.conn, day)
            group, date = self.store.day_name(day)
            parts = [(path, self._again(file, path, group, date)) for file, path in holding]
            self._put(day, group, parts)

    def _told_apart_now(self) -> set[int]:
        """Days that were put when nobody knew that ids tell apart who stands in them."""
        conn, contacts = self.conn, self._contacts
        contacts.look()
        paths = contacts.later()
        for group in sorted(contacts.grown & forget.applied_groups(conn)):
            for path in sorted(contacts.in_doubt(group) - {*self.plan.to_read}):
                days = files.days_in(conn, path)
                beside = {p for day in days for _, p in files.holding(conn, day)}
                if not all(os.path.exists(actual(p)) for p in beside):
                    files.read_anew(conn, [path])
                    continue
                for (name, _), messages in self._days(path).items():
                    contacts.see_again(path, name, {m.sender_id for m in messages} - {""})
        paths += contacts.later()
        return {day for path in paths for day in files.days_in(conn, path)}

    def _put(self, day: int, group: str, parts: Sequence[tuple[str, Part]]) -> None:
        if self.writer.put_day(day, group, self._fitting(parts)):
            self.touched.add(day)

    def _drop(self, path: str) -> None:
        self._open.update(files.days_in(self.conn, path))
        self.writer.drop_file(path)

    def _note(self, path: str) -> None:
        same_as, sha256 = self.plan.same_as(path), self.plan.sha256[path]
        if same_as:
            self.read += 1
            group = self.owned.group(path) or group_of(Path(path))
            self.writer.file(path, sha256, {group: []}, same_as)
            return
        if path in self._growth.marks:
            if behind := self._growth.behind(path):
                self._note_grown(path, sha256, behind)
                return
            self._drop(path)
        reading = self._reading(path)
        if reading is None:
            self.unread += 1
            return
        self.read += 1
        chats = self.owned.chats(path, reading)
        self._note_zone(path, chats)
        file, days = self.writer.file(path, sha256, chats, "")
        self.writer.losses(file, reading.losses)
        self._growth.mark(file, path, sha256, reading)
        del reading, chats
        self._put_days(path, file, days)

    def _note_grown(self, path: str, sha256: str, behind: Behind) -> None:
        """Note a file of which only what stands behind its mark is another."""
        self.read += 1
        self._said.add(path, behind.reading.losses)
        self._note_zone(path, {behind.marked.group: behind.messages})
        before, days = self.writer.grown_file(
            behind.marked, sha256, behind.messages, behind.further
        )
        self._open |= before
        self._put_days(path, behind.marked.file, days)
        self._growth.mark(behind.marked.file, path, sha256, behind.reading, behind.marked)

    def _put_days(
        self, path: str, file: int, days: dict[int, tuple[str, Sequence[ReadMessage]]]
    ) -> None:
        """Put what a file holds of days; those of several files later."""
        for number, (day, (group, messages)) in enumerate(days.items()):
            self._tell(_READING + (1 - _READING) * number / len(days))
            if files.are_several(self.conn, day):
                self._open.add(day)
            else:
                self._open.discard(day)
                self._put(day, group, [(path, (file, [*messages]))])

    def _again(self, file: int, path: str, group: str, date: str) -> Part:
        """What a file holds of a group's day that it shares with others."""
        return file, [*self._days(path).get((group, date), ())]

    def _days(self, path: str) -> _Days:
        """What a file holds that was noted before, as it is read again."""
        if path not in self._held:
            reading = self._reading(path, again=True)
            days: _Days = {}
            for name, messages in self.owned.chats(path, reading).items() if reading else ():
                for date, found in parted(messages, "date").items():
                    days[name, date] = found
            self._held[path] = days
            while len(self._held) > 1 and sum(map(_size, self._held.values())) > HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(path)
        return self._held[path]

    def _note_zone(self, path: str, chats: Mapping[str, Sequence[ReadMessage]]) -> None:
        """Note the zone that the moments of groups are put into."""
        for group, messages in chats.items():
            if any(at is not None for at in column(messages, "at")):
                self.writer.note_zone(group, str(self.owned.zone(path)))

    def _fitting(self, parts: Sequence[tuple[str, Part]]) -> list[Part]:
        """What files hold of a day, as much of it as a day has ids for."""
        left = MESSAGES
        found: list[Part] = []
        for path, (file, messages) in parts:
            if len(messages) > left:
                self._lose(path, f"{len(messages) - left} messages more than a day can have: lost")
            found.append((file, messages[:left]))
            left -= min(left, len(messages))
        return found

    def _reading(self, path: str, again: bool = False) -> ReadFile | None:
        """A file as its reader read it; None, with a loss, when it cannot be read."""
        try:
            reading = read(
                path,
                self.owned.zone(path),
                lambda share: None if again else self._tell(_READING * share),
            )
        except OSError as e:
            self._lose(path, f"cannot be read: {e.strerror or e}")
            return None
        if reading is None:
            self._lose(path, "looks like no chat archive; it was left out")
            return None
        if not again:
            self._said.add(path, reading.losses)
        return reading

    def _tell(self, share: float) -> None:
        """Tell how much of the file that is being read is done."""
        self.progress("read", self._done + share, len(self.plan.to_read))

    def _lose(self, path: str, what: str) -> None:
        self.losses.append(FileLoss(path, Loss(0, what)))
