"""Archive files on disk: which there are, what they hash to, what a reader makes of each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.archive.bundles import Folder
from knowledge.archive.contents import ZIP, bundled, marks
from knowledge.archive.formats import readers
from knowledge.archive.reading import Loss
from knowledge.errors import LoadError
from knowledge.paths import actual, written
from knowledge.regular import opened

_TEXT = "export it as text, CSV or JSON instead; palou formats says how"
INSTEAD = {
    **dict.fromkeys((".docx", ".doc", ".pdf", ".xlsx"), f"this is for people to read; {_TEXT}"),
    **dict.fromkeys((".html", ".htm", ".mht"), f"a page to look at is not read; {_TEXT}"),
    **dict.fromkeys((".bak", ".crypt14", ".crypt15"), f"an encrypted backup is not read; {_TEXT}"),
    **dict.fromkeys((".rar", ".7z", ".gz", ".tar"), "unpack it, and load the folder"),
}
"""Files that people have instead of an export, by their suffixes, and what to do."""


@dataclass(frozen=True, slots=True)
class FileLoss:
    """A Loss with the file that it happened in."""

    path: str
    loss: Loss

    def __str__(self) -> str:
        where = f"{self.path}:{self.loss.line}" if self.loss.line else self.path
        return f"{where}: {self.loss.what}"


class Told:
    """Adds losses of files to a list; what holds of a whole format is told once, with how many."""

    def __init__(self, losses: list[FileLoss]) -> None:
        self._losses = losses
        self._places: dict[str, tuple[int, int]] = {}  # of a caveat: its place, and its files
        self._caveats = {getattr(reader, "caveat", "") for reader in readers()}

    def add(self, path: str, losses: Iterable[Loss]) -> None:
        """Add what a file lost."""
        for loss in losses:
            what = next((c for c in self._caveats if c and loss.what.endswith(c)), "")
            if loss.line or not what:
                self._losses.append(FileLoss(path, loss))
            elif what not in self._places:
                self._places[what] = len(self._losses), 1
                self._losses.append(FileLoss(path, loss))
            else:
                place, files = self._places[what]
                self._places[what] = place, files + 1
                first = self._losses[place]
                said = f"{what} (so in {files + 1} files)"
                self._losses[place] = FileLoss(first.path, Loss(0, said))


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


def scan(paths: Iterable[Path]) -> Scan:
    """Find and hash all that may be an archive; LoadError for a path that is not there.

    Files of one archive together, as a folder of Slack's, are one: the folder stands for them.
    """
    suffixes = frozenset({ZIP}).union(*(reader.suffixes for reader in readers()))
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
                files[known] = _digest(path)
            except OSError as e:
                lose(path, e)
    return Scan(files, tuple(folders), tuple(unread), tuple(losses))


def _digest(path: str) -> str:
    """The hash of a file, or of all files of a folder, with their names."""
    if not os.path.isdir(path):
        with opened(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    whole = hashlib.sha256()
    folder = Folder(Path(path))
    for name in folder.names:
        with opened(os.path.join(path, name)) as stream:
            inside = hashlib.file_digest(stream, "sha256").hexdigest()
        whole.update(f"{name}\0{inside}\0".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


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
        if _is_archive(folder, names):
            below.clear()
            yield os.path.realpath(folder)
            continue
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            suffix = os.path.splitext(name)[1].lower()
            if suffix in suffixes:
                yield os.path.realpath(os.path.join(folder, name))
            elif suffix in INSTEAD:
                lose(os.path.join(folder, name), OSError(INSTEAD[suffix]))


def _is_archive(folder: str, names: Sequence[str]) -> bool:
    """Whether the files of a folder are one archive together; a look at its own files is cheap."""
    if not any(map(marks, names)):
        return False
    try:
        return bundled(Folder(Path(folder))) is not None
    except OSError:
        return False
