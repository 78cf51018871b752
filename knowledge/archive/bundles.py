"""Files that are one archive together, in a folder or a zip, which is not unpacked to the disk."""

from __future__ import annotations

import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from knowledge.archive.reading import Loss
from knowledge.archive.tally import Tally
from knowledge.regular import opened

FILE_BYTES = 2 << 30
"""A file of a zip that is larger unpacked is not read: 32 times the largest export seen."""

ZIP_BYTES = 8 << 30
"""What all files of a zip that are read may be together, each counted as often as it is opened."""

RATIO = 200
"""A file that unpacks to more than so many times its size is a bomb; chats in JSON reach 30."""

SMALL = 16 << 20
"""Bytes unpacked from which on RATIO counts: a small file of one line repeated is no bomb."""

FILES = 100_000
"""Files of a bundle beyond that are not looked at: a Slack workspace of 270 channel years."""

_UTF8_NAME = 0x800  # flag of a file in a zip: its name is UTF-8
_ENCRYPTED = 0x1
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, OSError),
)


class Folder:
    """The files below a folder, through links, too; hidden ones are none of an archive."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tally = Tally()

    @property
    def name(self) -> str:
        """What the folder is called."""
        return self._path.resolve().name

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Folders that could not be looked into, and files beyond the limit."""
        return self._tally.losses

    @cached_property
    def names(self) -> Sequence[str]:
        """The files in it, by their paths below it, sorted; each once, whatever links there are."""
        found: list[str] = []
        seen: set[tuple[int, int]] = set()
        walk = os.walk(self._path, followlinks=True, onerror=self._unread)
        for folder, below, files in walk:
            try:
                info = os.stat(folder)
            except OSError as e:
                self._unread(e)
                continue
            if (info.st_dev, info.st_ino) in seen:
                below.clear()
                continue
            seen.add((info.st_dev, info.st_ino))
            below[:] = sorted(name for name in below if not name.startswith("."))
            within = Path(folder).relative_to(self._path)
            found += [(within / name).as_posix() for name in files if not name.startswith(".")]
        return _bounded(sorted(found), self._tally)

    def open(self, name: str) -> BinaryIO:
        """Open one of them; OSError when it cannot be read."""
        return opened(self._path / name)

    def _unread(self, error: OSError) -> None:
        path = os.path.relpath(str(error.filename), self._path)
        self._tally.lose(0, f"{path}: cannot be read: {error.strerror or error}")


class Zip:
    """The files in a zip, read where they lie; OSError when it is none, or cannot be read.

    `losses` are what is not read of it and why, and grow while files are.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tally = Tally()
        self._read = 0  # bytes unpacked so far
        try:
            self._zip = zipfile.ZipFile(path)
            self._files = self._readable(self._zip.infolist())
        except FileNotFoundError:
            raise
        except _DAMAGED as e:
            raise OSError(f"is no whole zip: {e}") from e
        self._names = _bounded(sorted(self._files), self._tally)

    def close(self) -> None:
        """Close the file; nothing can be opened then."""
        self._zip.close()

    @property
    def name(self) -> str:
        """What the zip is called, without its suffix."""
        return self._path.stem

    @property
    def names(self) -> Sequence[str]:
        """The files in it that can be read, by their paths, sorted."""
        return self._names

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Each file that was not read, or not to its end, and why."""
        return self._tally.losses

    def open(self, name: str) -> BinaryIO:
        """Open one of them; OSError when it is not there or the limits are reached.

        One that is damaged further down ends there, which is a loss.
        """
        if (info := self._files.get(name)) is None:
            raise FileNotFoundError(2, "is not in the zip", name)
        try:
            stream = self._zip.open(info)
        except _DAMAGED as e:
            raise OSError(5, f"cannot be unpacked: {e}", name) from e
        return io.BufferedReader(_Unpacked(stream, self, name), 1 << 16)

    def unpacked(self, size: int) -> bool:
        """Count what was unpacked; whether that is still within the limit."""
        self._read += size
        return self._read <= ZIP_BYTES

    def lose(self, what: str) -> None:
        """Say that something of it is lost."""
        self._tally.lose(0, what)

    def _readable(self, infos: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = _name(info)
            if name.endswith("/") or _hidden(name):
                continue
            if why := _unreadable(name, info) or ("has a name twice" if name in found else ""):
                self._tally.lose(0, f"{name[:200]!r} {why}; it was left out")
            else:
                found[str(PurePosixPath(name))] = info
        return found


class _Unpacked(io.RawIOBase):
    """A file of a zip, which ends where it is damaged or where the zip's limit is reached."""

    def __init__(self, stream: IO[bytes], zipped: Zip, name: str) -> None:
        self._stream, self._zip, self._name = stream, zipped, name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._stream.seek(offset, whence)
        except _DAMAGED as e:
            raise OSError(5, f"cannot be unpacked: {e}", self._name) from e

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            found = self._stream.read(len(buffer))
        except _DAMAGED as e:
            self._zip.lose(f"{self._name}: damaged: {e}; what stands before was read")
            return 0
        if not self._zip.unpacked(len(found)):
            self._zip.lose(f"more than {ZIP_BYTES >> 30} GiB unpacked; the rest was left out")
            return 0
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; those of Windows in Chinese are GBK and do not say so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _hidden(name: str) -> bool:
    """Whether a file is none of the archive: what Macs add to zips, too."""
    return any(
        (p.startswith(".") and p not in ("..", ".")) or p == "__MACOSX" for p in name.split("/")
    )


def _unreadable(name: str, info: zipfile.ZipInfo) -> str:
    """Why a file of a zip is not read; empty when it is."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or "\0" in name:
        return "lies outside of the zip"
    if ".." in path.parts or ":" in path.parts[0]:
        return "lies outside of the zip"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted: unpack it with its password, and load the folder"
    if info.file_size > FILE_BYTES:
        return f"unpacks to {info.file_size >> 20} MiB, more than {FILE_BYTES >> 20}"
    if info.file_size > max(SMALL, RATIO * info.compress_size):
        return f"unpacks to {RATIO} times its size and more"
    return ""


def _bounded(names: list[str], tally: Tally) -> tuple[str, ...]:
    if len(names) > FILES:
        tally.lose(0, f"{len(names) - FILES} of {len(names)} files are too many; not looked at")
    return tuple(names[:FILES])
