"""Archive files on disk: which there are, what they hash to, what a reader makes of each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.archive.reading import HEAD_BYTES, Loss, Losses, Reader, ReadFile
from knowledge.errors import LoadError
from knowledge.groups import group_name, group_of
from knowledge.paths import actual, written
from knowledge.regular import opened


@dataclass(frozen=True, slots=True)
class FileLoss:
    """A Loss with the file that it happened in."""

    path: str
    loss: Loss

    def __str__(self) -> str:
        where = f"{self.path}:{self.loss.line}" if self.loss.line else self.path
        return f"{where}: {self.loss.what}"


@dataclass(frozen=True, slots=True)
class Scan:
    """Files found below some paths, with the folders whose content is now known to be complete.

    Paths are as `written` has them: a name that is no Unicode is escaped.

    `unread` are the folders and files that could not be looked into: nothing is known of them.
    """

    files: dict[str, str]
    """Path -> sha256 of the content."""
    folders: tuple[str, ...]
    unread: tuple[str, ...]
    losses: tuple[FileLoss, ...]

    def covers(self, path: str) -> bool:
        """Whether a file that is not in `files` is known to be gone."""

        def below(folders: Iterable[str]) -> bool:
            return any(path == f or path.startswith(f.rstrip(os.sep) + os.sep) for f in folders)

        return below(self.folders) and not below(self.unread)


def scan(paths: Iterable[Path], suffixes: Collection[str]) -> Scan:
    """Find and hash all files with one of the suffixes; LoadError for a path that is not there."""
    files: dict[str, str] = {}
    folders: list[str] = []
    unread: list[str] = []
    losses: list[FileLoss] = []

    def lose(path: str, error: OSError) -> None:
        unread.append(written(path))
        losses.append(
            FileLoss(written(path), Loss(0, f"cannot be read: {error.strerror or error}"))
        )

    for top in paths:
        try:
            resolved = top.resolve(strict=True)
            is_folder = resolved.is_dir()
            if is_folder:
                os.scandir(resolved).close()
        except (OSError, RuntimeError) as e:
            where = written(str(top))
            raise LoadError(f"{where}: cannot be read: {getattr(e, 'strerror', None) or e}") from e
        if is_folder:
            folders.append(written(str(resolved)))
        for path in _walk(resolved, suffixes, lose) if is_folder else (str(resolved),):
            known = written(path)
            if known in files:
                if actual(known) != path:
                    lose(path, OSError("another file bears this name to the letter"))
                continue
            try:
                with opened(path) as stream:
                    files[known] = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as e:
                lose(path, e)
    return Scan(files, tuple(folders), tuple(unread), tuple(losses))


def _walk(
    top: Path, suffixes: Collection[str], lose: Callable[[str, OSError], None]
) -> Iterator[str]:
    """Files below a folder in a fixed order, each once, also through links that make a loop."""
    seen: set[tuple[int, int]] = set()
    walk = os.walk(top, followlinks=True, onerror=lambda e: lose(str(e.filename), e))
    for folder, below, names in walk:
        try:
            info = Path(folder).stat()
        except OSError as e:
            lose(folder, e)
            continue
        if (info.st_dev, info.st_ino) in seen:
            below.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in suffixes:
                yield os.path.realpath(os.path.join(folder, name))


def recognise(path: str, readers: Iterable[Reader]) -> Reader | None:
    """The first reader that knows the format of a file; OSError when it cannot be read."""
    suffix = os.path.splitext(path)[1].lower()
    with opened(actual(path)) as stream:
        head = stream.read(HEAD_BYTES)
    return next((r for r in readers if suffix in r.suffixes and r.recognises(head)), None)


def read(path: str, readers: Iterable[Reader]) -> ReadFile | None:
    """A file as the first reader that knows it reads it; None when none does, OSError as above."""
    reader = recognise(path, readers)
    if reader is None:
        return None
    with opened(actual(path)) as stream:
        reading = reader.read(stream, Path(path).name)
    return replace(reading, losses=Losses(reading.losses).all())


def group_in(path: str, reading: ReadFile) -> str:
    """The group that a file belongs to: the one that it states, else its folder's."""
    return group_name(reading.group) if reading.group else group_of(Path(path))
