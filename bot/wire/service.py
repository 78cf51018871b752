"""The process: from its start to a signal that ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from bot.wire.adapter import Adapter
from bot.wire.edges import Edges, Limits, within
from bot.wire.status import Status
from bot.wire.supervisor import Supervisor
from bot.wire.terms import Connection, Listener


async def serve(
    connect: Callable[[Listener], Connection],
    adapter: Adapter,
    edges: Edges,
    status: Status,
    limits: Limits,
) -> None:
    """Run until SIGTERM or SIGINT, send what is still to be sent, and close the core.

    PalouError: it makes no sense to go on, and why.
    """
    supervisor = Supervisor(connect, adapter, edges, status, limits)
    stop = asyncio.Event()
    _on_signals(stop)
    keep = asyncio.ensure_future(supervisor.keep())
    tick = asyncio.ensure_future(_tick(adapter, edges, limits))
    ended = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({keep, tick, ended}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            status("stopping", waiting=len(adapter.outbox))
            await _flush(supervisor, adapter, edges, limits)
    finally:
        ended.cancel()
        tick.cancel()
        keep.cancel()
        results: list[object] = [*await asyncio.gather(keep, tick, return_exceptions=True)]
        try:
            adapter.close()
        except Exception as e:  # what it could not write is said behind the last line of the log
            results.append(e)
        counts = {name.replace(" ", "_"): n for name, n in sorted(adapter.outbox.counts.items())}
        status("stopped", **(counts | {"unsent": len(adapter.outbox)}))
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _flush(supervisor: Supervisor, adapter: Adapter, edges: Edges, limits: Limits) -> None:
    """Give the outbox a moment, if there is a connection to send over."""
    if supervisor.own is None:
        return
    try:
        await within(limits.flush, adapter.outbox.empty(), edges)
    except TimeoutError:
        return


async def _tick(adapter: Adapter, edges: Edges, limits: Limits) -> None:
    while True:
        await edges.sleep(limits.tick)
        adapter.tick()


def _on_signals(stop: asyncio.Event) -> None:
    """Set the event at SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()
    for which in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(which, stop.set)
        except NotImplementedError:  # on Windows
            signal.signal(which, lambda *_: loop.call_soon_threadsafe(stop.set))
