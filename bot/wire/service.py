"""The process: all accounts under one core, from its start to a signal that ends it."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.wire.adapter import Adapter
from bot.wire.edges import Edges, Limits, within
from bot.wire.hub import Hub
from bot.wire.status import Status
from bot.wire.supervisor import Supervisor
from bot.wire.terms import Connection, Listener


@dataclass(frozen=True, slots=True)
class _Line:
    """An account with what keeps it connected."""

    adapter: Adapter
    supervisor: Supervisor
    keep: asyncio.Task[None]


class Service:
    """Runs the accounts that are added to it, and the core's clock; needs a running loop.

    Whoever makes accounts for it finds here what they share.
    """

    def __init__(self, hub: Hub, edges: Edges, status: Status, limits: Limits) -> None:
        self.hub = hub
        self.edges = edges
        self.status = status
        self.limits = limits
        self._lines: list[_Line] = []
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tick = asyncio.ensure_future(self._ticking())
        self._tick.add_done_callback(self._ended)

    def add(
        self,
        connect: Callable[[Listener], Connection],
        adapter: Adapter,
        limits: Limits | None = None,
    ) -> None:
        """Keep an account connected from now on."""
        supervisor = Supervisor(connect, adapter, self.edges, limits or self.limits)
        keep = asyncio.ensure_future(supervisor.keep())
        keep.add_done_callback(self._ended)
        self._lines.append(_Line(adapter, supervisor, keep))

    async def ended(self) -> None:
        """Wait until it makes no sense to go on, and raise why (PalouError)."""
        await asyncio.shield(self._failed)

    async def flush(self) -> None:
        """Give each outbox a moment, if there is a connection to send over."""
        waiting = sum(len(line.adapter.outbox) for line in self._lines)
        self.status("stopping", waiting=waiting)
        connected = [x.adapter.outbox for x in self._lines if x.supervisor.own is not None]
        empty = asyncio.gather(*(outbox.empty() for outbox in connected))
        try:
            await within(self.limits.flush, empty, self.edges)
        except TimeoutError:
            return

    async def close(self) -> None:
        """End all connections, then the core; raises what went wrong in any of them."""
        tasks = [*(line.keep for line in self._lines), self._tick]
        for task in tasks:
            task.cancel()
        results: list[object] = [*await asyncio.gather(*tasks, return_exceptions=True)]
        try:
            self.hub.close()
        except Exception as e:  # what it could not write is said behind the last line of the log
            results.append(e)
        counts: Counter[str] = Counter()
        for line in self._lines:
            counts.update(line.adapter.outbox.counts)
        said = {name.replace(" ", "_"): n for name, n in sorted(counts.items())}
        unsent = sum(len(line.adapter.outbox) for line in self._lines)
        self.status("stopped", **(said | {"unsent": unsent}))
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _ticking(self) -> None:
        while True:
            await self.edges.sleep(self.limits.tick)
            self.hub.tick()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Note that a part has ended, which none does by itself unless it gives up."""
        if not self._failed.done() and not task.cancelled() and (error := task.exception()):
            self._failed.set_exception(error)
            self._failed.exception()  # it is raised by `close`, too


async def serve(service: Service) -> None:
    """Run until SIGTERM or SIGINT, send what is still to be sent, and close the core.

    PalouError: it makes no sense to go on, and why.
    """
    stop = asyncio.Event()
    _on_signals(stop)
    stopped = asyncio.ensure_future(stop.wait())
    ended = asyncio.ensure_future(service.ended())
    try:
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            await service.flush()
    finally:
        stopped.cancel()
        ended.cancel()
        await asyncio.gather(stopped, ended, return_exceptions=True)
        await service.close()


def _on_signals(stop: asyncio.Event) -> None:
    """Set the event at SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()
    for which in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(which, stop.set)
        except NotImplementedError:  # on Windows
            signal.signal(which, lambda *_: loop.call_soon_threadsafe(stop.set))
