"""Reads chunked exports of QQ Chat Exporter: a manifest, and files of a message a line.

QQ Chat Exporter 5 and 6 (2025 and 2026) write them for large groups, into a folder whose name ends
in `_chunked_jsonl`, as its source and the files in its issues say.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from knowledge.archive.decoding import Lines
from knowledge.archive.formats.qce_chat import Gathered, info
from knowledge.archive.objects import Fields, first, in_line, text
from knowledge.archive.reading import (
    HEAD_BYTES,
    Bundle,
    BundleReader,
    Chat,
    Loss,
    ReadFile,
    hookimpl,
)
from knowledge.archive.tally import Tally

_MANIFEST = "manifest.json"


@hookimpl
def palou_bundle_readers() -> list[BundleReader]:
    """This module's reader, for the registry."""
    return [QQChunksReader()]


class QQChunksReader:
    """Reader of a folder of chunks."""

    name = "qce-chunks"
    written_by = "QQ Chat Exporter 5, 6 (NapCat)"
    how = (
        "QQ Chat Exporter：大群导出选“分块 JSONL”；把整个文件夹（含 manifest.json）交给 palou load"
    )

    def recognises_bundle(self, bundle: Bundle) -> bool:
        """A manifest, at the top or in the one folder there, that says so."""
        return _manifest(bundle) is not None

    def read_bundle(self, bundle: Bundle) -> ReadFile:
        """Read all chunks, as the manifest orders them; lines are counted through all of them."""
        found = _manifest(bundle)
        if found is None:
            return ReadFile((), (Loss(0, f"{_MANIFEST}: cannot be read"),))
        folder, manifest = found
        losses, damage = Tally(), list[Loss]()
        group, id, private = info(manifest.get("chatInfo"))
        if private:
            losses.lose(0, "a chat that is no group was left out")
            return ReadFile.single(group, (), losses.losses, id)
        gathered, number = Gathered(losses), 0
        for name in _chunks(bundle, folder, manifest, losses):
            try:
                with bundle.open(name) as stream:
                    lines = Lines(stream)
                    for line, raw in lines:
                        number += 1
                        _take(gathered, losses, f"{name}:{line}", number, raw)
            except OSError as e:
                losses.lose(0, f"{name}: cannot be read: {e.strerror or e}")
            else:
                damage += [Loss(0, f"{name}:{loss.line}: {loss.what}") for loss in lines.losses]
        return ReadFile((Chat(group, gathered.messages(), id),), (*damage, *losses.losses))


def _take(gathered: Gathered, losses: Tally, where: str, number: int, raw: str) -> None:
    """Add the message of a line."""
    if not raw.strip():
        return
    if (found := in_line(raw)) is not None:
        gathered.take(number, found)
    else:
        name = where.rpartition(":")[0]
        losses.lose(number, f"{name}: a line that is no whole JSON object was left out")


def _manifest(bundle: Bundle) -> tuple[str, Fields] | None:
    """The manifest, and the folder that it stands in."""
    tops = {name.split("/")[0] for name in bundle.names}
    folders = ("", *(tops if len(tops) == 1 else ()))
    for folder in folders:
        name = posixpath.join(folder, _MANIFEST)
        if name in bundle.names and (found := _parsed(bundle, name)):
            return folder, found
    return None


def _parsed(bundle: Bundle, name: str) -> Fields | None:
    """A manifest of the exporter's; None when it is another program's."""
    try:
        with bundle.open(name) as stream:
            head = stream.read(HEAD_BYTES)
            if b'"QQChatExporter' not in head:
                return None
            stream.seek(0)
            found = first(stream, "")
    except OSError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("chunked"), dict) else None


def _chunks(bundle: Bundle, folder: str, manifest: Fields, losses: Tally) -> Iterator[str]:
    """The names of the chunks in order; what is listed and missing, or there and not listed."""
    there = set(bundle.names)
    listed = [name for entry in _entries(manifest) if (name := _name(folder, entry))]
    for name in dict.fromkeys(listed):
        if name in there:
            yield name
        else:
            losses.lose(0, f"{name}: the manifest lists it, and it is not there")
    beside = {posixpath.dirname(n) for n in listed} or {posixpath.join(folder, "chunks")}
    rest = sorted(
        n for n in there - set(listed) if n.endswith(".jsonl") and posixpath.dirname(n) in beside
    )
    if rest and listed:
        losses.lose(0, f"{rest[0]}: the manifest does not list it; read all the same", len(rest))
    yield from rest


def _entries(manifest: Fields) -> list[Any]:
    entries = manifest["chunked"].get("chunks")
    return entries if isinstance(entries, list) else []


def _name(folder: str, entry: Any) -> str:
    """The name of a chunk in the bundle: by its path below the manifest."""
    if not isinstance(entry, dict):
        return ""
    path = text(entry.get("relativePath")) or text(entry.get("file"))
    if not path:
        path = posixpath.join("chunks", text(entry.get("fileName")))
    return posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))
