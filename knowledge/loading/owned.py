"""Finds what is set for the archive that a file belongs to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from knowledge.archive.contents import chats_of
from knowledge.archive.packed import Packed
from knowledge.archive.reading import ReadFile, ReadMessage
from knowledge.groups import group_name
from knowledge.language.names import ME
from knowledge.loading.own import Own
from knowledge.paths import written


class Owned:
    """Finds what is set for a file; what is given for all holds where nothing is."""

    def __init__(self, own: Sequence[Own], group: str | None, zone: tzinfo) -> None:
        """`group`, where it is given, goes before what is set."""
        self._group = group_name(group) if group else None
        self._zone = zone
        self._own = [(written(str(o.path.resolve())), o) for o in own]
        self._own.sort(key=lambda item: -len(item[0]))  # the nearest folder first
        self._of_group = {o.group: o.zone for o in own if o.group and o.zone}

    def group(self, path: str) -> str | None:
        """The group that all of a file belongs to, whatever it states; None: what it states."""
        return self._group or self._find(path).group

    def zone(self, path: str) -> tzinfo:
        """The zone that a file's moments are put into."""
        return self._find(path).zone or self._zone

    def settings(self, path: str) -> str:
        """What else than a file's content and zone decides what is known of it, as a text."""
        return repr((self.group(path), self._find(path).me))

    def zone_of_group(self, group: str) -> tzinfo:
        """The zone that a group's messages are cited by."""
        return self._of_group.get(group) or self._zone

    def chats(self, path: str, reading: ReadFile) -> dict[str, Sequence[ReadMessage]]:
        """The messages of a file by group. LoadError: as of `chats_of`."""
        chats = chats_of(path, reading, self.group(path))
        me = self._find(path).me
        if not me:
            return chats
        return {
            group: Packed(
                ReadMessage, (replace(m, speaker=me) if m.speaker == ME else m for m in messages)
            )
            for group, messages in chats.items()
        }

    def _find(self, path: str) -> Own:
        for top, own in self._own:
            if path == top or path.startswith(top.rstrip(os.sep) + os.sep):
                return own
        return _NOTHING


_NOTHING = Own(Path())
