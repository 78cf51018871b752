"""What a disk allows, where the system tells, and writing to it where it may be full."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def is_read_only(path: Path) -> bool:
    """Whether what stands at a path, or would stand there, lies on a disk that nobody can write."""
    there = path if path.exists() else path.parent
    try:
        return bool(os.statvfs(there).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):  # Windows does not tell
        return False


def append(path: Path, text: str) -> None:
    """Append the whole of a text to a file or, where the disk has no room for it, nothing.

    A new one is its owner's alone. OSError: it cannot be written.
    """
    content = text.encode("utf-8", "replace")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        before = os.fstat(descriptor).st_size
        if os.write(descriptor, content) < len(content):
            os.ftruncate(descriptor, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)
