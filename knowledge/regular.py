"""Opens regular files only: a pipe may never begin, a device never end, and either may do harm."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

from knowledge.errors import PalouError

_FLAGS = (
    os.O_RDONLY
    # Another program may have put a pipe in the file's place since it was looked at.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def opened(path: str | Path) -> BufferedReader:
    """A file, opened for reading; OSError when it cannot be, or is none but a pipe or a device."""
    # A device is not even opened: that alone can rewind a tape.
    _check(os.stat(path), path)
    descriptor = os.open(path, _FLAGS)
    try:
        _check(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def content(path: str | Path, most: int) -> bytes:
    """All bytes of a file; OSError as above, and when there are more than `most`."""
    with opened(path) as stream:
        found = stream.read(most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes", str(path))
    return found


def text(path: str | Path, most: int) -> str:
    """The text of a file in UTF-8, its lines ended by newlines, without a byte-order mark.

    UnicodeDecodeError, of which `no_utf8` tells more; OSError as of `content`.
    """
    return content(path, most).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def text_or(error: type[PalouError], path: Path, most: int) -> str:
    """The same, but what is wrong with it is raised as an error that names the file."""
    try:
        return text(path, most)
    except UnicodeDecodeError as e:
        raise error(f"{path}: {no_utf8(e)}") from e
    except OSError as e:
        raise error(f"{path}: cannot be read: {e.strerror or e}") from e


def no_utf8(error: UnicodeDecodeError) -> str:
    """What to say of a text that is no UTF-8: where, and what to do."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return f"line {line} is no UTF-8; save the file as UTF-8"


def _check(info: os.stat_result, path: str | Path) -> None:
    if stat.S_ISDIR(info.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(info.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
