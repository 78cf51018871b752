"""Reads IRC logs with a file of links beside each: which line answers which, as people saw it.

The form of the corpus of jkkummerfeld/irc-disentanglement (2019): `NAME.raw.txt` or
`NAME.ascii.txt`, lines of a log, and `NAME.annotation.txt`, a link a line: `a b -`, lines counted
from 0, the later of which answers the earlier; `a a -` begins a conversation.
"""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.archive.decoding import Lines
from knowledge.archive.formats.irc import Parse
from knowledge.archive.reading import (
    Bundle,
    BundleReader,
    ReadFile,
    ReadMessage,
    hookimpl,
)
from knowledge.archive.tally import Tally

_LINKS = ".annotation.txt"
_LOGS = (".raw.txt", ".ascii.txt")
_LINK = re.compile(r"\s*(\d{1,9})\s+(\d{1,9})(?:\s+-)?\s*")


@hookimpl
def palou_bundle_readers() -> list[BundleReader]:
    """This module's reader, for the registry."""
    return [AnnotatedIrcReader()]


class AnnotatedIrcReader:
    """Reader of logs with links that were made by hand; each is a day, all are one group."""

    name = "irc-annotated"
    written_by = "irc-disentanglement"
    how = "每个日志旁放一个同名的 .annotation.txt，每行 `a b -`：第 b 行回答第 a 行（从 0 数）"

    def recognises_bundle(self, bundle: Bundle) -> bool:
        """A file of links, and a log of the same name."""
        names = set(bundle.names)
        stems = (name.removesuffix(_LINKS) for name in names if name.endswith(_LINKS))
        return any(stem + end in names for stem in stems for end in _LOGS)

    def read_bundle(self, bundle: Bundle) -> ReadFile:
        """Read all logs, those without links, too."""
        tally = Tally()
        messages: list[ReadMessage] = []
        names = set(bundle.names)
        stems = {n.removesuffix(end) for n in names for end in _LOGS if n.endswith(end)}
        for stem in sorted(stems):
            name = next(stem + end for end in _LOGS if stem + end in names)
            try:
                with bundle.open(name) as stream:
                    parse = Parse(name.rpartition("/")[2])
                    found = parse.run(lines := Lines(stream))
            except OSError as e:
                tally.lose(0, f"{name}: cannot be read: {e.strerror or e}")
                continue
            for loss in (*parse.tally.losses, *lines.losses):
                tally.lose(loss.line, f"{name}: {loss.what}")
            linked = stem + _LINKS in names
            links = _links(bundle, stem + _LINKS, tally) if linked else {}
            messages += _linked(found, stem, links)
        messages.sort(key=lambda message: message.date)
        return ReadFile.single(None, messages, tally.losses)


def _links(bundle: Bundle, name: str, tally: Tally) -> dict[int, int]:
    """Of each line, from 1, the nearest of those above that it answers."""
    links: dict[int, int] = {}
    try:
        with bundle.open(name) as stream:
            for number, line in Lines(stream):
                m = _LINK.fullmatch(line)
                if m is None:
                    if line.strip():
                        tally.lose(number, f"{name}: a line that is no link was left out")
                    continue
                earlier, later = sorted((int(m[1]) + 1, int(m[2]) + 1))
                if earlier != later:
                    links[later] = max(earlier, links.get(later, 0))
    except OSError as e:
        tally.lose(0, f"{name}: cannot be read: {e.strerror or e}")
    return links


def _linked(found: list[ReadMessage], stem: str, links: dict[int, int]) -> list[ReadMessage]:
    """Messages with ids, which are the numbers of their lines in that log, and their replies."""
    said = {message.line for message in found if message.kind != "system"}
    return [
        replace(
            message,
            id=f"{stem}:{message.line - 1}",
            reply=f"{stem}:{links[message.line] - 1}"
            if message.kind != "system" and links.get(message.line) in said
            else None,
        )
        for message in found
    ]
