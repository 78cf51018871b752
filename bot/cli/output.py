"""Files that a command is told to write: looked at before the work, written as a whole or not."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from knowledge.disk import is_read_only
from knowledge.errors import PalouError


def check_file(path: Path) -> None:
    """PalouError when a file cannot be written here, before minutes of work come to nothing."""
    # The one way to know that a disk takes a file of this name: it is gone at once.
    descriptor, made = _beside(path)
    os.close(descriptor)
    os.unlink(made)


def made_folder(path: Path) -> Path:
    """A folder to write into, made if it is not there; PalouError: it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as e:
        raise PalouError(f"{path} cannot be made: {e.filename} is no folder") from e
    except OSError as e:
        raise PalouError(f"{path} cannot be made: {e.strerror or e}") from e
    _check_inside(path, path)
    return path


def write(path: Path, text: str) -> None:
    """Write a text: the whole of it, or what stood there stays; PalouError when it cannot be."""
    descriptor, made = _beside(path)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(made, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(made, path)
    except OSError as e:
        with suppress(OSError):
            os.unlink(made)
        raise PalouError(f"{path} cannot be written: {e.strerror or e}") from e


def _beside(path: Path) -> tuple[int, str]:
    """A new file, open, beside one that may be written; PalouError: it may not, or cannot, be."""
    if path.is_dir():
        raise PalouError(f"{path} is a folder; name a file to write")
    if os.path.lexists(path) and not path.is_file():
        raise PalouError(f"{path} is no regular file; name another file to write")
    if path.exists() and not os.access(path, os.W_OK):
        raise PalouError(f"{path} cannot be written: {_why(path)}")
    _check_inside(path.parent, path)
    try:
        return tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as e:
        raise PalouError(f"{path} cannot be written: {e.strerror or e}") from e


def _check_inside(folder: Path, path: Path) -> None:
    if not folder.is_dir():
        raise PalouError(f"{path} cannot be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise PalouError(f"{path} cannot be written: {_why(folder)}")


def _why(path: Path) -> str:
    if is_read_only(path):
        return "its disk is read-only; name a file on another"
    return "you may not; name another place, or ask who owns it"


def _umask() -> int:
    """What new files are not allowed; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
