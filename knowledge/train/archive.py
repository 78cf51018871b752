"""Reads an archive for training, without a database."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from knowledge.model import Citation, Message

_HEAD = re.compile(r"^> (\d\d:\d\d:\d\d)  (.*?)\s*$")


def read_archive(root: Path) -> Iterator[tuple[str, str, list[Message]]]:
    """Read day files: group, ISO date, messages."""
    for path in sorted(root.rglob("*.markdown")):
        group = next(p for p in reversed(path.parent.parts) if p != "_posts")
        day = ""
        rows: list[tuple[str, str, list[str]]] = []
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if m := _HEAD.match(line):
                rows.append((m[1], m[2], []))
            elif rows:
                rows[-1][2].append(line.strip())
            elif line.startswith("date:"):
                day = line.split()[1]
        seen: defaultdict[str, int] = defaultdict(int)
        messages = []
        for time, speaker, lines in rows:
            text = html.unescape("\n".join(x for x in lines if x))
            messages.append(Message(Citation(group, day, time, seen[time]), speaker, text))
            seen[time] += 1
        yield group, day, messages
