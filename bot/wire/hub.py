"""One core behind all connections: what is decided goes out over the network that it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.bounded import Bounded
from bot.decision import Core, Decision
from bot.terms import Contact, Incoming, Outgoing
from bot.wire.edges import Edges
from bot.wire.outbox import Outbox
from bot.wire.status import Status

MEMORY = 20_000
"""How many rooms and contacts are remembered by the account that heard them last."""


class Account(Protocol):
    """What hands messages to the hub and sends what it decides: an account of a network.

    `network` begins the ids of its rooms and contacts, before a colon; empty: they bear none.
    """

    network: str
    outbox: Outbox
    status: Status


class Hub:
    """Keeps the core for all accounts; with `dry_run`, what would be sent is logged instead."""

    def __init__(
        self,
        open_core: Callable[[Contact], Core],
        edges: Edges,
        status: Status,
        dry_run: bool = False,
    ) -> None:
        self._open_core = open_core
        self._edges = edges
        self._status = status
        self._dry_run = dry_run
        self._core: Core | None = None
        self._accounts: list[Account] = []
        self._heard: Bounded[str, Account] = Bounded(MEMORY)

    def join(self, account: Account) -> None:
        """Take an account in."""
        self._accounts.append(account)

    def open(self, own: Contact) -> None:
        """Open the core, unless it is open; PalouError: it cannot be opened."""
        if self._core is None:
            self._core = self._open_core(own)

    def decide(self, account: Account, incoming: Incoming) -> None:
        """Have the core decide about a message that an account heard."""
        assert self._core is not None, "messages are received after the login"
        self._note(account, incoming)
        began = self._edges.monotonic()
        try:
            decision = self._core.receive(incoming)
        except Exception as e:
            self._failed(account.status, e)
            return
        self._put(account, decision, self._edges.monotonic() - began)

    def archive(self, incoming: Incoming) -> None:
        """Have the core archive a message that nobody listened to."""
        assert self._core is not None, "messages are received after the login"
        try:
            self._core.archive(incoming)
        except Exception as e:
            self._failed(self._status, e)

    def tick(self) -> None:
        """Have the core decide what waited for time to pass."""
        if self._core is None:
            return
        try:
            due = self._core.due(self._edges.now())
        except Exception as e:
            self._failed(self._status, e)
            return
        for decision in due:
            incoming = decision.incoming
            place = incoming.room.id if incoming.room else incoming.sender.id
            self._put(self._account(place), decision)

    def close(self) -> None:
        """Close the core, if it is open."""
        if self._core is not None:
            self._core.close()
            self._core = None

    def _note(self, account: Account, incoming: Incoming) -> None:
        """Note through whom a room and a contact are reached."""
        if len(self._accounts) == 1:
            return
        for place in (incoming.room.id if incoming.room else None, incoming.sender.id):
            if place is not None:
                self._heard[place] = account

    def _account(self, place: str) -> Account | None:
        """Who reaches a room or contact: whoever heard it last, else one of its network."""
        if place in self._heard:
            return self._heard[place]
        networks = {account.network: account for account in reversed(self._accounts)}
        network, colon, _ = place.partition(":")
        return networks.get(network if colon and network in networks else "")

    def _put(
        self, account: Account | None, decision: Decision, seconds: float | None = None
    ) -> None:
        """Log a decision and send, or log, what it says."""
        incoming = decision.incoming
        status = account.status if account else self._status
        status(
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
            self._send(account, incoming, outgoing)

    def _send(self, account: Account | None, incoming: Incoming, outgoing: Outgoing) -> None:
        """Give a message to the account that reaches where it goes: mostly whence it came."""
        if outgoing.room != incoming.room or (not outgoing.room and outgoing.to != incoming.sender):
            account = self._account(outgoing.room.id if outgoing.room else outgoing.to.id)
        if self._dry_run:
            self._status("would send", {"text": outgoing.text}, key=outgoing.key)
        elif account is None:
            self._status("dropped", key=outgoing.key, reason="its network is not connected to")
        else:
            account.outbox.add(outgoing)

    def _failed(self, status: Status, error: Exception) -> None:
        """The core promises not to raise; when it does, the process goes on and says so."""
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else ""
        status("core failed", {"error": str(error)}, kind=type(error).__name__, where=where)
