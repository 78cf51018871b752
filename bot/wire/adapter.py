"""Between the core and a connection: hands over each message once, sends what is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.decision import Core, Decision
from bot.terms import Contact, Incoming, Outgoing
from bot.wire.edges import Edges, Limits, within
from bot.wire.inbox import Inbox, too_old
from bot.wire.outbox import Outbox, plain
from bot.wire.status import Status
from bot.wire.terms import Connection, Refused


class Adapter:
    """Outlives the connections: keeps the core, what was received, and what is to be sent.

    With `dry_run`, what would be sent is logged instead. `written` gives a message's text as the
    network shows it, for the log.
    """

    def __init__(
        self,
        open_core: Callable[[Contact], Core],
        edges: Edges,
        status: Status,
        limits: Limits,
        dry_run: bool = False,
        written: Callable[[Outgoing], str] = plain,
    ) -> None:
        self._open_core = open_core
        self._edges = edges
        self._status = status
        self._limits = limits
        self._dry_run = dry_run
        self._started, self._began = edges.now(), edges.monotonic()
        self._core: Core | None = None
        self._own: Contact | None = None
        self._inbox = Inbox()
        self._stuck = ""
        self.outbox = Outbox(edges, status, limits, written=written)

    def login(self, own: Contact) -> None:
        """Open the core for this account, unless it is open; PalouError: it cannot be opened."""
        if own != self._own:
            self.close()
            self._core = self._open_core(own)
            self._own = own
        self._status("ready", waiting=len(self.outbox))

    def arrived(self, message_id: str) -> None:
        """A message is at the gateway."""
        why_not = self._inbox.add(message_id)
        if why_not:
            self._status("skipped", message=message_id, reason=why_not)

    async def receive(self, connection: Connection) -> None:
        """Fetch what arrived and hand it to the core, for ever; raises when the connection is down.

        A message that the connection could not fetch before it broke is fetched by the next one.
        """
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
            if isinstance(found, str):
                self._status("skipped", message=message_id, reason=found)
            else:
                self._decide(found)

    def _lose(self, message_id: str, why: str) -> None:
        self._inbox.forget()
        self._status("lost", {"why": why}, message=message_id)

    async def deliver(self, connection: Connection) -> None:
        """Send what was decided, for ever; raises when the connection is down."""
        await self.outbox.deliver(
            lambda outgoing: within(self._limits.answer, connection.send(outgoing), self._edges)
        )

    def tick(self) -> None:
        """Have the core decide what waited for time to pass."""
        if self._core is None:
            return
        try:
            due = self._core.due(self._edges.now())
        except Exception as e:
            self._failed(e)
            return
        for decision in due:
            self._put(decision)

    def close(self) -> None:
        """Close the core, if it is open."""
        if self._core is not None:
            self._core.close()
            self._core = None

    def _decide(self, incoming: Incoming) -> None:
        """Hand a message to the core, unless it is too old for an answer."""
        now = self._edges.now()
        # A clock that was set back shows again what it showed before the start.
        ran = timedelta(seconds=self._edges.monotonic() - self._began)
        started = min(self._started, now - ran)
        reason = too_old(incoming.sent_at, started, now, self._limits)
        if reason:
            self._status("skipped", message=incoming.id, reason=reason)
            return
        assert self._core is not None, "messages are received after the login"
        began = self._edges.monotonic()
        try:
            decision = self._core.receive(incoming)
        except Exception as e:
            self._failed(e)
            return
        self._put(decision, self._edges.monotonic() - began)

    def _put(self, decision: Decision, seconds: float | None = None) -> None:
        """Log a decision and send, or log, what it says."""
        incoming = decision.incoming
        self._status(
            "decided",
            {
                "text": incoming.text,
                "name": incoming.sender.name,
                "topic": incoming.room.topic if incoming.room else None,
            },
            message=incoming.id,
            room=incoming.room.id if incoming.room else None,
            sender=incoming.sender.id,
            mentioned=incoming.mentioned,
            reason=str(decision.reason),
            sends=len(decision.sends),
            seconds=None if seconds is None else round(seconds, 4),
        )
        for outgoing in decision.sends:
            if self._dry_run:
                self._status("would send", {"text": outgoing.text}, key=outgoing.key)
            else:
                self.outbox.add(outgoing)

    def _failed(self, error: Exception) -> None:
        """The core promises not to raise; when it does, the process goes on and says so."""
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else ""
        self._status("core failed", {"error": str(error)}, kind=type(error).__name__, where=where)
