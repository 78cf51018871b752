"""What a network itself says of its messages: replies, threads, and who sent them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.model import Citation


@dataclass(frozen=True, slots=True)
class Network:
    """What is known beside the words of some messages, each by its citation.

    `replies` tells which message replies to which; `threads` to which conversation of the
    network's own one belongs, and `roots` are those that such a conversation began with, which
    stand in the group as well. `senders` has the key of who sent a message under a name that
    several bear (see `Senders`), and `addressed` the length of the name at its head, if it is
    said to somebody by that.
    """

    replies: Mapping[Citation, Citation] = field(default_factory=dict)
    threads: Mapping[Citation, str] = field(default_factory=dict)
    roots: frozenset[Citation] = frozenset()
    senders: Mapping[Citation, str] = field(default_factory=dict)
    addressed: Mapping[Citation, int] = field(default_factory=dict)


UNKNOWN = Network()
"""What a network says that says nothing."""
