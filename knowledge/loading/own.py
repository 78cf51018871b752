"""What is set for an archive by itself: its group, the group's zone, and who exported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Own:
    """A file or folder with what is set for it; None and empty: nothing is.

    `group` is that of all of it, `zone` the one that moments are put into, `me` who speaks where an
    exporter wrote 我.
    """

    path: Path
    group: str | None = None
    zone: tzinfo | None = None
    me: str = ""
