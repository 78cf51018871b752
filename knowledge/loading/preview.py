"""What a load would read, without a database: messages with their citations, by group and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from knowledge.archive.contents import read
from knowledge.archive.files import FileLoss, Told, scan
from knowledge.archive.merging import merged
from knowledge.archive.reading import Loss, ReadMessage
from knowledge.loading.own import Own
from knowledge.loading.owned import Owned
from knowledge.model import Citation


@dataclass(frozen=True, slots=True)
class Previewed:
    """A message as it would be cited, and the citation of the one that it replies to, if any."""

    citation: Citation
    message: ReadMessage
    reply_to: Citation | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be read: messages by group, in order; losses; files that were read, and not."""

    groups: dict[str, list[Previewed]]
    losses: tuple[FileLoss, ...]
    files: int
    unread: int


def preview(
    paths: Sequence[Path],
    zone: tzinfo,
    group: str | None = None,
    own: Sequence[Own] = (),
    progress: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> Preview:
    """Read archives as a load would; the arguments are its own. LoadError as from a load."""
    found = scan(paths)
    owned = Owned(own, group, zone)
    losses = list(found.losses)
    told = Told(losses)
    parts: dict[tuple[str, str], dict[str, list[ReadMessage]]] = {}
    unread = 0
    for done, path in enumerate(sorted(found.files)):
        progress("read", done, len(found.files))
        try:
            reading = read(path, owned.zone(path))
        except OSError as e:
            losses.append(FileLoss(path, Loss(0, f"cannot be read: {e.strerror or e}")))
            reading = None
        else:
            if reading is None:
                losses.append(FileLoss(path, Loss(0, "looks like no chat archive")))
        if reading is None:
            unread += 1
            continue
        told.add(path, reading.losses)
        for name, messages in owned.chats(path, reading).items():
            for m in messages:
                day = name, m.date
                parts.setdefault(day, {}).setdefault(path, []).append(m)
    groups: dict[str, list[Previewed]] = {}
    for (name, _), held in sorted(parts.items()):
        groups.setdefault(name, []).extend(_cited(name, held))
    groups = {name: _with_replies(messages) for name, messages in groups.items()}
    return Preview(groups, tuple(losses), len(found.files) - unread, unread)


def _cited(group: str, held: dict[str, list[ReadMessage]]) -> Iterator[Previewed]:
    for _, m, n in merged(held.items()):
        yield Previewed(Citation(group, m.date, m.time, n), m, None)


def _with_replies(messages: list[Previewed]) -> list[Previewed]:
    by_id = {p.message.id: p.citation for p in messages if p.message.id}
    return [
        Previewed(p.citation, p.message, by_id.get(p.message.reply))
        if isinstance(p.message.reply, str)
        else p
        for p in messages
    ]
