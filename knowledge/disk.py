"""What a disk allows, where the system tells."""

from __future__ import annotations

import os
from pathlib import Path


def is_read_only(path: Path) -> bool:
    """Whether what stands at a path, or would stand there, lies on a disk that nobody can write."""
    there = path if path.exists() else path.parent
    try:
        return bool(os.statvfs(there).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):  # Windows does not tell
        return False
