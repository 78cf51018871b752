"""Reads Mattermost's bulk export: JSON lines, a post a line, with what answers it inside.

Written by Mattermost (`mmctl export`, `mattermost export bulk`), since 2017; form known from its
guide to bulk loading. A post has no id there: an import knows it again by who wrote it and when,
and that is its id here. What answers a post is one conversation with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from knowledge.archive.decoding import Lines, text_of
from knowledge.archive.formats.media import kind_of_file
from knowledge.archive.objects import Fields, in_line, inner, listed, text
from knowledge.archive.reading import Chat, Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean, placeholder
from knowledge.archive.times import epoch, in_utc

_FIRST = '"version"'


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [MattermostReader()]


class MattermostReader:
    """Reader of all channels of a server; direct conversations are left out."""

    name = "mattermost-jsonl"
    written_by = "Mattermost"
    how = "服务器上运行 mmctl export create，下载后取其中的 jsonl 文件"
    suffixes = frozenset({".jsonl"})

    def recognises(self, head: bytes) -> bool:
        """The first line is the version of the form, and says so."""
        line = text_of(head[:4096]).lstrip("\ufeff \r\n\t").split("\n")[0]
        fields = in_line(line) if _FIRST in line else None
        return bool(fields and fields.get("type") == "version" and "version" in fields)

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; a line that is no JSON is a loss."""
        lines = Lines(stream)
        server = _Server()
        for number, line in lines:
            if not line.strip():
                continue
            fields = in_line(line)
            if fields is None:
                server.tally.lose(number, "a line that is no whole JSON was left out")
                continue
            server.take(number, fields)
        return ReadFile(tuple(server.chats()), (*server.tally.losses, *lines.losses))


class _Server:
    """People, channels, and what was said there, as lines come."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._people: dict[str, tuple[str, str]] = {}  # name that is shown, real name
        self._names: dict[tuple[str, str], str] = {}  # of channels, by team and name
        self._found: dict[tuple[str, str], list[ReadMessage]] = {}

    def take(self, number: int, fields: Fields) -> None:
        """A line: what is no person, channel or post says nothing."""
        kind = text(fields.get("type"))
        said = inner(fields.get(kind))
        if kind == "user":
            account = text(said.get("username"))
            real = f"{text(said.get('first_name'))} {text(said.get('last_name'))}"
            self._people[account] = (clean(text(said.get("nickname"))), clean(real))
        elif kind == "channel":
            place = (text(said.get("team")), text(said.get("name")))
            self._names[place] = clean(text(said.get("display_name")))
        elif kind == "post":
            place = (text(said.get("team")), text(said.get("channel")))
            if found := list(self._post(number, said)):
                self._found.setdefault(place, []).extend(found)
        elif kind == "direct_post":
            self.tally.lose(number, "a direct conversation's message was left out")

    def chats(self) -> Iterator[Chat]:
        """Each channel; with the name of its team, where several have one of that name."""
        named = {place: self._names.get(place) or clean(place[1]) for place in self._found}
        counted = Counter(named.values())
        for place, found in sorted(self._found.items()):
            twins = counted[named[place]] > 1
            group = f"{clean(place[0])}-{named[place]}" if twins else named[place]
            found.sort(key=lambda message: message.at or 0)
            yield Chat(group or None, tuple(found), "/".join(map(clean, place)))

    def _post(self, number: int, said: Fields) -> Iterator[ReadMessage]:
        root = self._message(number, said, "", "")
        answers = listed(said.get("replies"))
        if root is None:
            return
        thread = root.id if answers else ""
        yield root if not thread else self._message(number, said, "", thread) or root
        for answer in answers:
            message = self._message(number, answer, root.id, thread)
            if message is not None:
                yield message

    def _message(self, number: int, said: Fields, root: str, thread: str) -> ReadMessage | None:
        at = epoch(said.get("create_at"))
        if at is None:
            self.tally.lose(number, "a message without a time was left out")
            return None
        account = clean(text(said.get("user")))
        nickname, real = self._people.get(account, ("", ""))
        speaker = nickname or real or account or NAMELESS
        kind, words, attachment = _said(said)
        return ReadMessage(
            *in_utc(at),
            speaker,
            self.tally.cut(words, number),
            number,
            kind,
            id=f"{account}-{text(said.get('create_at'))}",
            sender_id=account,
            reply=root or None,
            thread=thread,
            alias=next((n for n in (real, account) if n and n != speaker), ""),
            attachment=attachment,
            edited=bool(said.get("edit_at")),
            at=at,
        )


def _said(said: Fields) -> tuple[str, str, str]:
    """Kind, words, and the name of the first file."""
    words = clean(text(said.get("message")))
    paths = [text(a.get("path")) for a in listed(said.get("attachments"))]
    attachment = next((clean(p.rpartition("/")[2]) for p in paths if p), "")
    if text(said.get("type")).startswith("system_"):
        return "system", words, ""
    if said.get("delete_at"):
        return "recall", "", ""
    if words or not attachment:
        return "text", words, attachment
    kind = kind_of_file(attachment)
    return kind, placeholder(kind, attachment if kind == "file" else ""), attachment
