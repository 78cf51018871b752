"""Reads PyWxDump's CSV and JSON, with the names in `users.json` where the whole folder is there.

PyWxDump wrote it from 2023 until it was taken down in October 2025, for WeChat 3.9, as its source
says (export_csv, export_json); WeClone still reads it. A file holds 5000 messages.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from knowledge.archive.decoding import text_of
from knowledge.archive.formats.csv_records import header_of
from knowledge.archive.formats.wxdump_rows import id_of, moment, rows, said
from knowledge.archive.objects import Fields, Objects, first, text
from knowledge.archive.reading import (
    HEAD_BYTES,
    UNSAID,
    Bundle,
    BundleReader,
    Chat,
    Loss,
    Reader,
    ReadFile,
    ReadMessage,
    hookimpl,
)
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean

_BEGIN = ("id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name")
_HEADERS = (
    (*_BEGIN, "msg", "src", "CreateTime"),
    (*_BEGIN, "msg", "src", "extra", "CreateTime"),
    (*_BEGIN, "content", "CreateTime"),
)
_JSON = re.compile(r'\s*\[\s*\{[^{}]{0,2000}"MsgSvrID"\s*:')
_PART = re.compile(r"(.*?)_(\d+)_(\d+)\.(csv|json)", re.IGNORECASE)
_USERS = "users.json"
_OWN = "我"  # PyWxDump's name for whoever exported


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's readers of single files, for the registry."""
    return [PyWxDumpCsvReader(), PyWxDumpJsonReader()]


@hookimpl
def palou_bundle_readers() -> list[BundleReader]:
    """This module's reader of folders, for the registry."""
    return [PyWxDumpReader()]


class _Export:
    """Messages of an export as they come, by the room that they name, and the names of people."""

    def __init__(self, users: Fields) -> None:
        self._users = users
        self._rooms: dict[str, list[ReadMessage]] = {}
        self.losses = Tally()

    def take(self, line: int, row: Mapping[str, Any]) -> None:
        """Add the message of a row."""
        when = moment(text(row.get("CreateTime")), self.losses, line)
        if when is None:
            return
        words, src = text(row.get("msg")), text(row.get("src"))
        if "content" in row:
            words, src = _content(row["content"])
        told = said(text(row.get("type_name")), words, src)
        silent = told.kind in UNSAID
        talker = clean(text(row.get("talker")))
        speaker, sender_id = ("", "") if silent else self._speaker(line, talker)
        date, time, at = when
        self._rooms.setdefault(clean(text(row.get("room_name"))), []).append(
            ReadMessage(
                *(date, time, speaker, self.losses.cut(told.text, line), line),
                kind=told.kind,
                id=id_of(text(row.get("MsgSvrID")), self.losses, line),
                sender_id=sender_id,
                reply=told.quoted,
                attachment=told.attachment,
                at=at,
            )
        )

    def _speaker(self, line: int, talker: str) -> tuple[str, str]:
        """Nickname and id of who spoke; a remark only where there is no nickname."""
        if talker in ("", _OWN):
            return talker or NAMELESS, ""
        user = self._users.get(talker)
        user = user if isinstance(user, dict) else {}
        if name := clean(text(user.get("nickname"))):
            return name, talker
        if name := clean(text(user.get("remark"))):
            what = "names may be your own remarks; export with group nicknames"
            self.losses.lose(line, what)
            return name, talker
        what = f"people have ids for names: their names stand in {_USERS}; load its whole folder"
        self.losses.lose(line, what)
        return talker, talker

    def chats(self) -> tuple[Chat, ...]:
        """A chat for each room; what two people said outside of any is left out."""
        found = []
        for room, messages in self._rooms.items():
            if not room and len({m.speaker for m in messages} - {""}) <= 2:
                self.losses.lose(0, "messages of no group were left out", len(messages))
                continue
            user = self._users.get(room)
            named = clean(text(user.get("nickname"))) if isinstance(user, dict) else ""
            group = named or ("" if room.endswith("@chatroom") else room)
            found.append(Chat(group or None, tuple(messages), room if group != room else ""))
        return tuple(found)


class PyWxDumpCsvReader:
    """Reader of one CSV file of PyWxDump."""

    name = "pywxdump-csv"
    written_by = "PyWxDump"
    how = "PyWxDump 已下架：已导出的 CSV 可以加载，最好连同 users.json 整个文件夹"
    suffixes = frozenset({".csv"})

    def recognises(self, head: bytes) -> bool:
        """Its header row, of today or of old versions."""
        return header_of(head) in _HEADERS

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file, without the names that stand in another one."""
        export = _Export({})
        losses = _read_csv(export, stream)
        return _single(export, losses)


class PyWxDumpJsonReader:
    """Reader of one JSON file of PyWxDump."""

    name = "pywxdump-json"
    written_by = "PyWxDump"
    how = "PyWxDump 已下架：已导出的 JSON 可以加载，最好连同 users.json 整个文件夹"
    suffixes = frozenset({".json"})

    def recognises(self, head: bytes) -> bool:
        """A bare array of rows with PyWxDump's fields."""
        begun = text_of(head)
        return bool(_JSON.match(begun)) and '"type_name"' in begun and '"is_sender"' in begun

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a file, without the names that stand in another one."""
        export = _Export({})
        losses = _read_json(export, stream)
        return _single(export, losses)


class PyWxDumpReader:
    """Reader of a folder of PyWxDump's files with the names beside them."""

    name = "pywxdump"
    written_by = "PyWxDump"
    how = "PyWxDump 已下架：把已导出的整个文件夹（CSV 或 JSON，连同 users.json）交给 palou load"

    def recognises_bundle(self, bundle: Bundle) -> bool:
        """`users.json`, and beside it a file of rows."""
        return any(True for _ in _folders(bundle))

    def read_bundle(self, bundle: Bundle) -> ReadFile:
        """Read all files of rows, in the order of the numbers in their names."""
        chats: list[Chat] = []
        losses: list[Loss] = []
        for folder, names in _folders(bundle):
            users = _opened(bundle, posixpath.join(folder, _USERS), _read_users, losses)
            export = _Export(users if isinstance(users, dict) else {})
            for name in names:
                read = partial(_read_csv if _is_csv(name) else _read_json, export)
                damage = _opened(bundle, name, read, losses) or []
                losses += [Loss(0, f"{name}:{d.line}: {d.what}") for d in damage]
            chats += export.chats()
            losses += export.losses.losses
        return ReadFile(tuple(chats), tuple(losses))


def _single(export: _Export, losses: list[Loss]) -> ReadFile:
    chats = export.chats()
    return ReadFile(chats, (*losses, *export.losses.losses))


def _read_csv(export: _Export, stream: BinaryIO) -> list[Loss]:
    for line, row in rows(stream, export.losses):
        export.take(line, row)
    return []


def _read_json(export: _Export, stream: BinaryIO) -> list[Loss]:
    objects = Objects(stream, "item")
    for number, row in objects:
        export.take(number, row)
    return objects.losses


def _read_users(stream: BinaryIO) -> Any:
    return first(stream, "")


def _content(value: Any) -> tuple[str, str]:
    """Words and file in the one field of old versions: an object, or JSON of one."""
    if isinstance(value, str) and value[:1] in '{"':
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value, ""
    if isinstance(value, dict):
        return text(value.get("msg")), text(value.get("src"))
    return text(value), ""


def _folders(bundle: Bundle) -> Iterator[tuple[str, list[str]]]:
    """The folders with names of people, each with its files of rows in order.

    Where a part is there as CSV and as JSON, the CSV is read.
    """
    below: dict[str, list[str]] = {}
    for name in bundle.names:
        below.setdefault(posixpath.dirname(name), []).append(posixpath.basename(name))
    for folder, files in below.items():
        if _USERS not in files:
            continue
        parts: dict[tuple[str, int], str] = {}
        for file in files:
            m = _PART.fullmatch(file)
            if m and len(m[2]) < 19:  # names are sorted: .csv comes before .json
                parts.setdefault((m[1], int(m[2])), posixpath.join(folder, file))
        names = [parts[key] for key in sorted(parts)]
        if names and _is_one(bundle, names[0]):
            yield folder, names


def _is_one(bundle: Bundle, name: str) -> bool:
    try:
        with bundle.open(name) as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return False
    return (PyWxDumpCsvReader() if _is_csv(name) else PyWxDumpJsonReader()).recognises(head)


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _opened(bundle: Bundle, name: str, read: Callable[[BinaryIO], Any], losses: list[Loss]) -> Any:
    """What is read of a file; None, with a loss, when it cannot be opened."""
    try:
        with bundle.open(name) as stream:
            return read(stream)
    except OSError as e:
        losses.append(Loss(0, f"{name}: cannot be read: {e.strerror or e}"))
        return None
