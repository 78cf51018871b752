"""Makes wechaty ready for `palou run`: the gateway's address and token, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.wire.networks import NETWORKS, WECHAT
from bot.wire.terms import Connection, Listener
from bot.wire.wechat.compat import prepare
from knowledge.errors import PalouError

ENDPOINT, TOKEN = NETWORKS[WECHAT].variables


def connector(environment: Mapping[str, str]) -> Callable[[Listener], Connection]:
    """What makes a new connection each time.

    PalouError: wechaty is not installed, or something is missing in the environment.
    """
    endpoint, token = _gateway(environment)
    prepare()
    from bot.wire.wechat import connection

    return connection.connector(endpoint, token)


def _gateway(environment: Mapping[str, str]) -> tuple[str, str]:
    """The gateway's address and token. Without the address, wechaty would ask a public host."""
    if missing := NETWORKS[WECHAT].unset(environment):
        raise PalouError(f"set {' and '.join(missing)} in the environment to reach the gateway")
    endpoint, token = environment[ENDPOINT].strip(), environment[TOKEN].strip()
    host, _, port = endpoint.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise PalouError(f"{ENDPOINT} should be host:port, like 127.0.0.1:18788")
    return endpoint, token
