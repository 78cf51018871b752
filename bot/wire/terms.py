"""The terms between a connection to a chat network and what keeps it alive."""

from __future__ import annotations

from typing import Protocol

from bot.terms import Contact, Incoming, Outgoing
from knowledge.errors import PalouError


class GatewayError(PalouError):
    """The gateway cannot be used, and trying again will not mend it."""


class Down(Exception):
    """The connection has ended; says why."""


class NotSent(Down):
    """The connection was gone before a message was handed over: it can be sent on the next."""


class Refused(Exception):
    """The gateway answered, and said no."""


class Listener(Protocol):
    """What a connection reports to."""

    def on_login(self, own: Contact) -> None:
        """The account is logged in; it may happen again after a logout."""

    def on_logout(self) -> None:
        """The account is logged out; nothing can be sent."""

    def on_scan(self, url: str) -> None:
        """Somebody has to scan the QR code at this address, where the network logs in by one."""

    def on_message(self, message_id: str) -> None:
        """A message has arrived at the gateway; `Connection.fetch` gives it."""


class Connection(Protocol):
    """One connection to the gateway, from its first byte to its last; never used again."""

    async def run(self) -> None:
        """Connect and listen. Returns or raises when the connection has ended."""

    async def probe(self) -> None:
        """Have the gateway answer something; hangs when it is frozen."""

    async def fetch(self, message_id: str) -> Incoming | str:
        """The message, or why it is none for the bot. Refused: the gateway does not have it."""

    async def missed(self) -> list[Incoming]:
        """What was said while nobody listened, in its order, where that is wanted and told."""

    async def send(self, outgoing: Outgoing) -> str:
        """Send; the id of the message, or "" where the gateway gives none.

        NotSent, Refused: it was not sent. After any other end nobody can tell.
        """

    def close(self) -> None:
        """Let go of everything, without telling the gateway to stop."""
