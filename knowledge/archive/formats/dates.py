"""Days as people and programs write them into the names of files."""

from __future__ import annotations

import re
from datetime import date as Date

_WRITTEN = (
    re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    re.compile(r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})([-._])(\d{1,2})\2(\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"),
)


def day_in(name: str) -> str | None:
    """The day in the name of a file, as an ISO date; None when there is none of the calendar.

    `2025-02-01`, `20250201`, `2025年3月10日`, `2025.04.03`, `2025_05_04`, `2025-6-5`.
    """
    for written in _WRITTEN:
        for m in written.finditer(name):
            year, month, day = (int(part) for part in m.groups() if part.isdecimal())
            try:
                return Date(year, month, day).isoformat()
            except ValueError:
                continue
    return None
