"""Between the core and a connection: hands over each message once, sends what is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.terms import Contact, Outgoing
from bot.wire.edges import Edges, Limits, within
from bot.wire.hub import Hub
from bot.wire.inbox import Inbox, too_old
from bot.wire.outbox import Outbox, plain
from bot.wire.status import Status
from bot.wire.terms import Connection, Refused


class Adapter:
    """Outlives the connections of an account: keeps what was received, and what is to be sent.

    `network` begins the ids of its rooms and contacts (see `hub`). `written` gives a message's
    text as the network shows it, for the log.
    """

    def __init__(
        self,
        hub: Hub,
        edges: Edges,
        status: Status,
        limits: Limits,
        written: Callable[[Outgoing], str] = plain,
        network: str = "",
    ) -> None:
        self._hub = hub
        self._edges = edges
        self._limits = limits
        self._started, self._began = edges.now(), edges.monotonic()
        self._own: Contact | None = None
        self._inbox = Inbox()
        self._stuck = ""
        self.network = network
        self.status = status
        self.outbox = Outbox(edges, status, limits, written=written)
        hub.join(self)

    def login(self, own: Contact) -> None:
        """Have the core opened, for another account anew; PalouError: it cannot be opened."""
        if self._own is not None and own.id != self._own.id:
            self._hub.close()
        self._hub.open(own)
        self._own = own
        self.status("ready", waiting=len(self.outbox))

    def arrived(self, message_id: str) -> None:
        """A message is at the gateway."""
        why_not = self._inbox.add(message_id)
        if why_not:
            self.status("skipped", message=message_id, reason=why_not)

    async def receive(self, connection: Connection) -> None:
        """Fetch what arrived and hand it to the core, for ever; raises when the connection is down.

        A message that the connection could not fetch before it broke is fetched by the next one.
        What was missed is archived first, so that the archive keeps the order.
        """
        await self._catch_up(connection)
        while True:
            message_id = await self._inbox.first()
            try:
                found = await within(self._limits.answer, connection.fetch(message_id), self._edges)
            except Refused as e:
                self._lose(message_id, str(e))
                continue
            except Exception as e:
                # Once is the connection's fault; twice is the message's, and it would go on.
                if self._stuck == message_id:
                    self._lose(message_id, str(e))
                self._stuck = message_id
                raise
            self._inbox.done()
            reason = found if isinstance(found, str) else self._too_old(found.sent_at)
            if reason:
                self.status("skipped", message=message_id, reason=reason)
            elif not isinstance(found, str):
                self._hub.decide(self, found)

    async def _catch_up(self, connection: Connection) -> None:
        try:
            missed = await within(self._limits.missed, connection.missed(), self._edges)
        except (Refused, TimeoutError) as e:
            self.status("missed", why=str(e) or "it takes too long", messages=0)
            return
        unheard = [m for m in missed if not self._inbox.knows(m.id)]
        for incoming in unheard:
            self._hub.archive(incoming)
        if unheard:
            self.status("missed", messages=len(unheard))

    def _lose(self, message_id: str, why: str) -> None:
        self._inbox.forget()
        self.status("lost", {"why": why}, message=message_id)

    async def deliver(self, connection: Connection) -> None:
        """Send what was decided, for ever; raises when the connection is down."""
        await self.outbox.deliver(
            lambda outgoing: within(self._limits.answer, connection.send(outgoing), self._edges)
        )

    def _too_old(self, sent_at: datetime) -> str | None:
        """Why a message must not be answered any more, or None."""
        now = self._edges.now()
        # A clock that was set back shows again what it showed before the start.
        ran = timedelta(seconds=self._edges.monotonic() - self._began)
        return too_old(sent_at, min(self._started, now - ran), now, self._limits)
