"""Takes a day apart into the conversations that its network keeps apart: threads and topics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.linking.network import Network
from knowledge.linking.scene import Note
from knowledge.model import Citation, Message

GROUP = ""
"""The thread of what is said in the group itself."""

_SILENCE = 3600
"""Seconds that a longer silence within a thread counts as: a conversation of its own goes on after
a night, and of two that follow each other in a topic the second is still the later one."""


@dataclass(slots=True)
class Conversation:
    """What of a day belongs to one thread, and what of the days around it does, in order.

    `guests` belong to others and reply to one of these messages.
    """

    thread: str
    day: list[Message] = field(default_factory=list)
    before: list[Message] = field(default_factory=list)
    after: list[Message] = field(default_factory=list)
    guests: list[Message] = field(default_factory=list)


def conversations(
    day: Sequence[Message],
    before: Iterable[Message],
    after: Iterable[Message],
    network: Network,
) -> list[Conversation]:
    """Take a day apart: threads in the order of their names, and what is said in the group last.

    `before` and `after` are what is known of earlier and later days, in order.
    """
    found: dict[str, Conversation] = {}
    home: dict[Citation, set[str]] = {}
    for m in day:
        for thread in _threads(m, network):
            found.setdefault(thread, Conversation(thread)).day.append(m)
            home.setdefault(m.citation, set()).add(thread)
    for m in before:
        for thread in _threads(m, network):
            if thread in found:
                found[thread].before.append(m)
    later = list(after)
    for m in later:
        for thread in _threads(m, network):
            if thread in found:
                found[thread].after.append(m)
    for m in (*day, *later):
        to = network.replies.get(m.citation)
        if to is not None:
            # What answers the root of a thread elsewhere does so in the thread.
            where = home.get(to, set()) - set(_threads(m, network))
            for thread in where - {GROUP} or where:
                found[thread].guests.append(m)
    return [found[thread] for thread in sorted(found, key=lambda t: (t == GROUP, t))]


def _threads(m: Message, network: Network) -> Iterator[str]:
    """The conversations that a message stands in: a root stands in the group as well."""
    thread = network.threads.get(m.citation, GROUP)
    yield thread
    if thread != GROUP and m.citation in network.roots:
        yield GROUP


def without_silence(notes: Sequence[Note], lo: int) -> None:
    """Shorten the silences of a thread before and behind the message at a place, which stays."""
    for places in (range(lo + 1, len(notes)), range(lo - 1, -1, -1)):
        was = now = notes[lo].at if notes else 0
        for k in places:
            step = notes[k].at - was
            was = notes[k].at
            now = notes[k].at = now + max(-_SILENCE, min(_SILENCE, step))


def meant(
    notes: Sequence[Note], replies: dict[int, int], thread: str, network: Network
) -> dict[int, int]:
    """The replies of a thread's messages, without those that only say that they belong to it.

    In some networks all messages of a thread reply to its root. That is an answer to it until
    somebody else asks.
    """
    asked: dict[int, int] = {}  # root -> the first later question of another
    roots = [
        k
        for k, x in enumerate(notes)
        if x.message.citation in network.roots and network.threads.get(x.message.citation) == thread
    ]
    for root in roots:
        for k in range(root + 1, len(notes)):
            if notes[k].asks >= 2 and notes[k].who != notes[root].who:
                asked[root] = k
                break
    return {j: to for j, to in replies.items() if asked.get(to, j) >= j}
