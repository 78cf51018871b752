"""Keeps the bot connected: a new connection whenever one ends, however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.terms import Contact
from bot.wire.adapter import Adapter
from bot.wire.edges import Edges, Limits, within
from bot.wire.terms import Connection, Down, GatewayError, Listener
from knowledge.errors import PalouError

_STEP = 0.25  # seconds between looks at whether a login has come


def backoff(tries: int, chance: float, limits: Limits) -> float:
    """Seconds to wait after so many tries that failed: doubling, and half of it by chance.

    By chance, so that bots that lost the same gateway do not all come back in the same moment
    ("equal jitter": Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
    """
    full = min(limits.longest, limits.first * 2.0 ** min(tries, 30))
    return full / 2 + full / 2 * chance


class Supervisor:
    """Listens to the connection of the moment; `own` is who is logged in, if anybody."""

    def __init__(
        self,
        connect: Callable[[Listener], Connection],
        adapter: Adapter,
        edges: Edges,
        limits: Limits,
    ) -> None:
        self._connect = connect
        self._adapter = adapter
        self._edges = edges
        self._status = adapter.status
        self._limits = limits
        self.own: Contact | None = None
        self._ever = False
        self._login = asyncio.Event()
        self._logout = asyncio.Event()
        self._since = 0.0
        self._patience = limits.login

    async def keep(self) -> None:
        """Stay connected, for ever; PalouError when that makes no sense."""
        tries = 0
        while True:
            up = await self._once()
            tries = 0 if up >= self._limits.settled else tries + 1
            seconds = backoff(tries, self._edges.chance(), self._limits)
            self._status("reconnect", seconds=round(seconds, 2))
            await self._edges.sleep(seconds)

    async def _once(self) -> float:
        """One connection, to its end; the seconds from its login, 0 if there was none."""
        self._status("connecting")
        self._begin()
        began = self._edges.monotonic()
        connection = self._connect(self)
        tasks = [
            asyncio.ensure_future(part)
            for part in (
                connection.run(),
                self._watch(connection),
                self._receive(connection),
                self._deliver(connection),
                self._logged_out(),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            errors = [task.exception() for task in done]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            connection.close()
        up = self._edges.monotonic() - self._since if self.own else 0.0
        self.own = None
        self._judge(errors)
        why = next((e for e in errors if e is not None), None)
        self._status("down", why=_said(why), seconds=round(self._edges.monotonic() - began, 2))
        return up

    def _judge(self, errors: list[BaseException | None]) -> None:
        """Give up where trying again is of no use: no core, or a token that never was right."""
        for error in errors:
            if isinstance(error, PalouError) and not (
                isinstance(error, GatewayError) and self._ever
            ):
                raise error

    def _begin(self) -> None:
        self.own = None
        self._login.clear()
        self._logout.clear()
        self._since = self._edges.monotonic()
        self._patience = self._limits.login

    async def _watch(self, connection: Connection) -> None:
        """End with Down when the login takes too long, or the gateway does not answer."""
        while True:
            if self.own is None and self._edges.monotonic() - self._since >= self._patience:
                raise Down(f"no login within {self._patience:.0f} s")
            if self.own is None and self._patience == self._limits.login:
                # Until the gateway has taken the connection there is nothing to be asked.
                await self._edges.sleep(_STEP)
                continue
            await self._edges.sleep(self._limits.health)
            try:
                await within(self._limits.answer, connection.probe(), self._edges)
            except TimeoutError:
                raise Down(f"no answer within {self._limits.answer:.0f} s") from None

    async def _receive(self, connection: Connection) -> None:
        """Once logged in, receive."""
        await self._login.wait()
        assert self.own is not None
        self._adapter.login(self.own)
        await self._adapter.receive(connection)

    async def _deliver(self, connection: Connection) -> None:
        """Once logged in, send."""
        await self._login.wait()
        await self._adapter.deliver(connection)

    async def _logged_out(self) -> None:
        """End with Down at a logout: the next connection brings the login, or its QR code."""
        await self._logout.wait()
        raise Down("logged out")

    def on_login(self, own: Contact) -> None:
        """Note who is logged in."""
        self.own = own
        self._ever = True
        self._status(
            "login",
            {"name": own.name},
            own=own.id,
            seconds=round(self._edges.monotonic() - self._since, 3),
        )
        self._since = self._edges.monotonic()
        self._login.set()

    def on_logout(self) -> None:
        """End this connection."""
        self._logout.set()

    def on_scan(self, url: str) -> None:
        """Give somebody the time to scan, anew with each code."""
        self._status("scan", {"url": url})
        self._since = self._edges.monotonic()
        self._patience = self._limits.scan

    def on_message(self, message_id: str) -> None:
        """Pass on what arrived."""
        self._adapter.arrived(message_id)


def _said(why: BaseException | None) -> str:
    """What ended a connection, in one line without texts of the chat."""
    if why is None:
        return "the connection ended"
    if isinstance(why, Down | OSError | PalouError):
        return str(why) or type(why).__name__
    return f"{type(why).__name__}: {str(why)[:100]}"
